//! EC2: the instances that a world has beside its tasks, and network interfaces of both.
//!
//! Invariant: an instance changes its state only by a call or an event, and then by
//! `pending` or `stopping` for as long as AWS takes.

pub(crate) mod api;
mod instances;
mod interfaces;

use crate::clock::{HOUR, SECOND, Time};
use crate::engine::random::{Random, name_key};
use crate::engine::{Due, Engine};
use crate::world::InstanceSpec;

/// The XML namespace of EC2's replies.
pub(crate) const NAMESPACE: &str = "http://ec2.amazonaws.com/doc/2016-11-15/";

/// The state of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Pending,
    Running,
    Stopping,
    Stopped,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Running => "running",
            State::Stopping => "stopping",
            State::Stopped => "stopped",
        }
    }

    fn code(self) -> i64 {
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
    launched: Time,
    /// When it was last stopped by somebody.
    stopped: Option<Time>,
    /// Changes of state that were planned for an earlier turn are void.
    turn: u32,
}

/// The VPC that everything is in.
pub(crate) const VPC: &str = "vpc-0f1ee700000000001";

impl Instance {
    fn of(spec: &InstanceSpec, epoch: Time) -> Self {
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

/// An address that the world outside sees, the same for the same thing.
pub(crate) fn public_address(of: &str) -> String {
    let mut random = Random::of(0, "public address", name_key(of));
    format!(
        "3.{}.{}.{}",
        random.between(80, 99),
        random.between(1, 254),
        random.between(1, 254)
    )
}

impl Engine {
    pub(crate) fn add_instances(&mut self, specs: &[InstanceSpec], epoch: Time) {
        let fresh = specs.iter().map(|spec| Instance::of(spec, epoch));
        self.neighbours.instances.extend(fresh);
    }

    /// Starts or stops an instance; the state before, or `None` when it cannot be.
    pub(crate) fn switch_instance(&mut self, number: usize, on: bool) -> Option<State> {
        let now = self.now;
        let instance = self.neighbours.instances.get_mut(number)?;
        let before = instance.state;
        match (on, before) {
            (true, State::Stopped) => {
                instance.state = State::Pending;
                instance.launched = now;
                instance.stopped = None;
            }
            (false, State::Running | State::Pending) => {
                instance.state = State::Stopping;
                instance.stopped = Some(now);
            }
            (true, State::Running | State::Pending) | (false, State::Stopped | State::Stopping) => {
                return Some(before);
            }
            // AWS refuses to start what is still stopping.
            (true, State::Stopping) => return None,
        }
        instance.turn += 1;
        let (turn, starts) = (instance.turn, instance.spec.starts_within);
        let mut random = self.random("instance", u64::from(turn) * 64 + number as u64);
        let after = if on {
            starts.draw(&mut random)
        } else {
            random.between(20, 60) * SECOND
        };
        self.plan(after, Due::Instance(number, turn));
        Some(before)
    }

    /// What an instance was on its way to, it is now.
    pub(crate) fn instance_settles(&mut self, number: usize, turn: u32) {
        let Some(instance) = self.neighbours.instances.get_mut(number) else {
            return;
        };
        if instance.turn != turn {
            return;
        }
        instance.state = match instance.state {
            State::Pending => State::Running,
            State::Stopping => State::Stopped,
            settled => settled,
        };
    }
}
