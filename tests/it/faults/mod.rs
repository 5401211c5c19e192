//! Each fault of AWS and of what stands before it, at each operation that each command and each pane calls: what could
//! not be read is never shown as nothing, the error is named, and calls, time and memory stay within bounds.
//!
//! The operations are those of a run without a fault, so that a new one, and a new command, takes part by itself. In
//! this process on a clock that stands still; a part of the commands' through the real binary.

mod binary;
mod commands;
mod ground;
mod judge;
mod kinds;
mod panes;
