//! The log: what to ask for, what is new, and what to keep.

mod buffer;
mod follow;
pub mod insights;
mod level;
mod line_filter;
mod message;
mod pattern;
mod trace;

pub use buffer::{LogBuffer, LogLine, StreamId};
pub use follow::Follow;
pub use level::Level;
pub use line_filter::LineFilter;
pub use message::Message;
pub(crate) use message::fields_of;
pub use pattern::pattern_fault;
pub(crate) use trace::{PYTHON, error_of};
