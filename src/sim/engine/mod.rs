//! The engine: the parts of one account in one region, and what happens in them.
//!
//! Invariant: the state is a function of the worlds, the seed, virtual time and
//! the calls made. Nothing here reads a clock or waits; [`Engine::advance`] lets
//! everything happen that is due until a moment, in order. A part is stepped alone, and
//! what it has told is heard before the next one is. No part knows the engine.

pub(crate) mod actions;
mod dump;
mod happenings;
mod hear;
pub(crate) mod lag;
mod parts;
mod run_task;
mod start;

pub(crate) use parts::Engine;

#[cfg(test)]
mod tests;
