//! An instance and its state.

use crate::clock::{HOUR, Time};
use crate::world::InstanceSpec;

/// The state of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Pending,
    Running,
    Stopping,
    Stopped,
}

impl State {
    pub(super) fn name(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Running => "running",
            State::Stopping => "stopping",
            State::Stopped => "stopped",
        }
    }

    pub(super) fn code(self) -> i64 {
        match self {
            State::Pending => 0,
            State::Running => 16,
            State::Stopping => 64,
            State::Stopped => 80,
        }
    }
}

/// An instance.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) spec: InstanceSpec,
    pub(crate) state: State,
    /// When it was last launched.
    pub(super) launched: Time,
    /// When it was last stopped by somebody.
    pub(super) stopped: Option<Time>,
    /// Changes of state that were planned for an earlier turn are void.
    pub(super) turn: u32,
}

impl Instance {
    pub(super) fn of(spec: &InstanceSpec, epoch: Time) -> Self {
        Instance {
            spec: spec.clone(),
            state: if spec.stopped {
                State::Stopped
            } else {
                State::Running
            },
            launched: epoch + spec.launched.map_or(-9 * 24 * HOUR, |ago| ago.0),
            stopped: spec.stopped.then(|| epoch - 10 * HOUR),
            turn: 0,
        }
    }
}
