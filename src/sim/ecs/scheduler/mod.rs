//! The scheduler: the life of a task, and how a service keeps its tasks.
//!
//! Invariant: whatever changes a service's tasks or wishes plans a look at it;
//! only that look launches and stops tasks of a service.

mod breaker;
mod deploy;
mod health;
mod launch;
mod life;
mod notes;
mod reconcile;
mod rollback;
mod start_failure;
mod stop;
pub(crate) mod words;

pub(crate) use breaker::threshold;
pub(crate) use launch::Launch;

/// A step in the life of a task.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// The network interface is attached: PENDING.
    Attached,
    /// Images are pulled: ACTIVATING.
    Pull,
    /// They are there.
    Pulled,
    /// Containers are up: RUNNING.
    Run,
    /// It cannot start.
    Fail,
    /// A container ends by itself: its number, and which of its ways.
    Exit(usize, usize),
    /// The health check of a container passes for the first time, or has failed for good.
    Check(usize),
    /// Containers are told to stop: STOPPING.
    Signal,
    /// Containers have stopped: DEPROVISIONING.
    Ended,
    /// STOPPED.
    Gone,
}

#[cfg(test)]
mod tests;
