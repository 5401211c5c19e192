//! Application Auto Scaling: target tracking of services, by alarms of its own.
//!
//! Invariant: it changes a desired count only when an alarm of a policy fires, nothing
//! suspends that direction, and the count stays within the bounds: below the least only
//! scaling out raises it, above the most only scaling in lowers it.

mod activity;
pub(crate) mod api;
mod furnish;
pub(crate) mod input;
mod part;
mod scale;
mod target;
#[cfg(test)]
mod tests;

pub(crate) use part::AutoScaling;
