//! Keys, what they do, and the files that say so.
//!
//! The invariant: everything that is told about keys (help, hint bar,
//! which-key box, palette, README) comes from the one table in `action` and
//! from the keymap that is loaded, so that none of it can be wrong.

mod action;
mod check;
mod chord;
mod command;
mod draft;
mod key;
mod keymap;
mod layer;
mod listing;
mod load;
mod problem;
mod scope;
mod trie;

pub use action::{Action, ActionInfo, Command, Group, Pane, Scope};
pub(crate) use action::{other_actions, pane_actions, write_actions};
pub use chord::Chord;
pub use command::About;
pub use key::{BadKey, Code, Key};
pub use keymap::{Continuation, Keymap, Outcome};
pub use layer::Source;
pub use listing::{Help, Hint};
pub use load::BUILTIN;
pub use problem::{KeymapError, Problem};
