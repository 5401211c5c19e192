//! What must hold of every write, whatever fails and wherever the console ends: at most one
//! request that may count, none without a line in the journal before it, no outcome that is not
//! true, and nothing left in doubt after the next start.
//!
//! The real worker, adapter and journal against the simulator, in one thread whose clock is
//! tokio's paused one: a limit of fifteen seconds takes none. An action is a line in [`actions`].
//!
//! And of every key: nothing is sent but what a question showed and somebody confirmed. The binary in
//! a terminal, and the model with a worker, against the same simulator; an opening is a line in
//! [`openings`].

mod actions;
pub(crate) mod chance;
mod deeds;
pub(crate) mod desk;
mod disk;
mod dropped;
mod keys;
mod killed;
mod matrix;
mod no_writer;
mod openings;
mod parity;
mod pasted;
mod read_only;
pub(crate) mod scene;
mod schedules;
pub(crate) mod stage;
mod undo;
pub(crate) mod world;
