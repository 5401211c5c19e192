//! The instances of an account in a region, and how they start and stop.

use super::instance::{Instance, State};
use crate::bus::Bus;
use crate::clock::{SECOND, Time};
use crate::desk::Desk;
use crate::world::WorldSpec;

/// What can be due: an instance is what it was on its way to, unless its way was changed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Due(usize, u32);

/// The instances.
#[derive(Debug)]
pub(crate) struct Ec2 {
    pub(crate) desk: Desk<Due>,
    pub(crate) instances: Vec<Instance>,
}

impl Ec2 {
    /// Without any instance.
    pub(crate) fn new(desk: Desk<Due>) -> Self {
        Ec2 {
            desk,
            instances: Vec::new(),
        }
    }

    /// Takes in the instances of a world.
    pub(crate) fn furnish(&mut self, spec: &WorldSpec) {
        let epoch = self.desk.epoch;
        let fresh = spec.instance.iter().map(|spec| Instance::of(spec, epoch));
        self.instances.extend(fresh);
    }

    /// Starts or stops an instance; the state before, or `None` when it cannot be.
    pub(crate) fn switch_instance(&mut self, number: usize, on: bool) -> Option<State> {
        let now = self.desk.now;
        let instance = self.instances.get_mut(number)?;
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
        let mut random = self
            .desk
            .random("instance", u64::from(turn) * 64 + number as u64);
        let after = if on {
            starts.draw(&mut random)
        } else {
            random.between(20, 60) * SECOND
        };
        self.desk.plan(after, Due(number, turn));
        Some(before)
    }

    /// Does the next thing that is due at `now`.
    pub(crate) fn step(&mut self, now: Time, bus: &mut Bus) {
        self.desk.now = now;
        if let Some(Due(number, turn)) = self.desk.due() {
            self.instance_settles(number, turn);
        }
        self.desk.hand_over(bus);
    }

    /// What an instance was on its way to, it is now.
    fn instance_settles(&mut self, number: usize, turn: u32) {
        let Some(instance) = self.instances.get_mut(number) else {
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
