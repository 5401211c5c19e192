//! The scheduler: the life of a task, and how a service keeps its tasks.
//!
//! Invariant: whatever changes a service's tasks or wishes plans a look at it;
//! only that look launches and stops tasks of a service.

mod breaker;
mod deploy;
mod fail;
mod health;
mod launch;
mod life;
mod loss;
mod notes;
mod placement;
mod reconcile;
mod rollback;
mod settle;
mod stages;
mod start_failure;
mod start_missing;
mod stop;
mod stop_surplus;
mod targets;
mod view;
pub(crate) mod words;

pub(crate) use super::due::{HookTurn, Step};
pub(crate) use breaker::threshold;
pub(crate) use fail::Failing;
pub(crate) use launch::Launch;
pub(crate) use start_missing::launch_of;

#[cfg(test)]
mod tests;
