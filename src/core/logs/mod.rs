//! The log: what to ask for, what is new, and what to keep.

mod buffer;
mod follow;
mod level;
mod line_filter;
mod message;
mod trace;

pub use buffer::{LogBuffer, LogLine, StreamId};
pub use follow::Follow;
pub use level::Level;
pub use line_filter::LineFilter;
pub use message::Message;
pub(crate) use message::fields_of;
pub(crate) use trace::error_of;
