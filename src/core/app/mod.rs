//! The application: its state, what happens to it, what it wants done.

mod age;
mod effect;
mod filter;
mod fleet;
mod list;
mod msg;
mod query;
mod reading;

pub use effect::Effect;
pub use msg::{Msg, Stamp};
pub use query::{Answer, LogQuery, Query, RequestId, Slot, WorkQuery};
