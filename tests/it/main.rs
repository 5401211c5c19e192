//! The whole product against the simulator: the real binary, in a real pseudo-terminal or
//! without one.
//!
//! Nothing here sleeps: a test waits for a state, and shows that nothing happens by what
//! happens next.
#![cfg(test)]

mod demo;
mod fleet;
mod harness;
mod readme;
mod walls;
