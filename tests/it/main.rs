//! The whole product against the simulator: the real binary, in a real pseudo-terminal or
//! without one.
//!
//! Nothing here sleeps: a test waits for a state, and shows that nothing happens by what
//! happens next.
#![cfg(test)]

mod acting;
mod actions;
mod arcs;
mod bad_input;
mod choosing;
mod cli;
mod demo;
mod discovery;
mod environment;
mod explain;
mod families;
mod faults;
mod first_frame;
mod fleet;
mod hands;
mod harness;
mod house;
mod idle;
mod insights;
mod journal;
mod keymaps;
mod names;
mod outage;
mod preflight;
mod questions;
mod readme;
mod scale;
mod signals;
mod terminal_life;
mod truths;
mod unknown;
mod waiting;
mod walls;
mod why;
