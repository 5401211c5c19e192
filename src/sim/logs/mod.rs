//! CloudWatch Logs: groups, and streams whose lines are computed, not stored.
//!
//! Invariant: line `n` of a stream is a function of the seed, the stream and `n`,
//! so any stretch of time can be read in any order at no cost in memory. Only what a
//! container says on an occasion, and what callers put, is kept, and that is bounded.

pub(crate) mod api;
mod filter;
mod filter_events;
mod find;
mod frame;
mod get_events;
pub(crate) mod input;
mod insights;
mod lines;
mod live_tail;
mod order;
mod part;
mod put;
mod stream;
mod tail;
mod template;

pub(crate) use live_tail::Said as TailSaid;
pub(crate) use part::Logs;
pub(crate) use stream::{Group, Stream};
pub(crate) use template::fill;

#[cfg(test)]
mod tests;
