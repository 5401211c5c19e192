//! What ECS plans for later.

use super::keys::{ServiceKey, TaskKey};

/// What can be due.
#[derive(Clone, Debug)]
pub(crate) enum Due {
    /// The service scheduler looks at a service.
    Reconcile(ServiceKey),
    /// A task takes its next step, unless its life has taken another turn.
    Task(TaskKey, u32, Step),
    /// A stopped task is no longer shown.
    Forget(TaskKey),
    /// A service is created, with its first deployment.
    Founded(ServiceKey),
    /// A lifecycle hook of a service deployment answers, or its time is over.
    Hook(ServiceKey, String, HookTurn),
}

/// What a lifecycle hook comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HookTurn {
    /// The function answers.
    Answer,
    /// Its time is over.
    Timeout,
}

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
