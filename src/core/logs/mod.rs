//! The log: what to ask for, what is new, and what to keep.

mod buffer;
mod follow;

pub use buffer::{LogBuffer, LogLine, StreamId};
pub use follow::Follow;
