//! A task as a target of a target group: what the load balancer thinks of it.

use crate::clock::Time;

/// `TargetHealth.State`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TargetState {
    Initial,
    Healthy,
    Unhealthy,
    Draining,
}

impl TargetState {
    pub(crate) fn name(self) -> &'static str {
        match self {
            TargetState::Initial => "initial",
            TargetState::Healthy => "healthy",
            TargetState::Unhealthy => "unhealthy",
            TargetState::Draining => "draining",
        }
    }
}

/// A registration in a target group. It is there from shortly after the task runs until
/// the task has drained.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// The name of the target group.
    pub(crate) group: String,
    pub(crate) container: String,
    pub(crate) port: u16,
    pub(crate) state: TargetState,
    /// Since when it is in this state.
    pub(crate) since: Time,
    pub(crate) registered: Time,
    /// When the program begins to answer the check.
    pub(crate) answers: Time,
    /// Why this one never passes, in ELB's words.
    pub(crate) fault: Option<String>,
}
