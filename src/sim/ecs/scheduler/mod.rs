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

pub(crate) use breaker::threshold;
pub(crate) use fail::Failing;
pub(crate) use launch::Launch;
pub(crate) use stages::HookTurn;
pub(crate) use start_missing::launch_of;

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
    /// A trouble of that number hits the running task.
    Trouble(usize),
    /// The health check of a container turns: it passes, or has failed for good.
    Check(usize),
    /// ECS looks whether it is still unhealthy.
    Unhealthy,
    /// It is tried again to register it.
    Register,
    /// The load balancer has checked one of its targets.
    Target(usize),
    /// ECS looks whether one of its targets is still unhealthy.
    Judge(usize),
    /// Containers are told to stop: STOPPING.
    Signal,
    /// Containers have stopped: DEPROVISIONING.
    Ended,
    /// STOPPED.
    Gone,
}

#[cfg(test)]
mod tests;
