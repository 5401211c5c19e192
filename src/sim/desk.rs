//! A desk: what every part works at. It tells where and when that is, holds what the part
//! has planned, and collects what it has to tell the others.
//!
//! Invariant: a part learns the time from its desk alone, and the desk from who steps it.
//! All desks of an account draw their numbers from one counter, so that of two things
//! due at the same moment the one planned first comes first, whichever part planned it.

use std::sync::Arc;

use crate::agenda::{Agenda, Numbers};
use crate::bus::{Bus, Told};
use crate::clock::{Millis, Time};
use crate::home::Home;
use crate::random::Random;

/// What is the same for all parts of an account in a region.
#[derive(Clone, Debug, Default)]
pub(crate) struct Setting {
    /// What the clock showed when the simulator started.
    pub(crate) epoch: Time,
    pub(crate) seed: u64,
    pub(crate) home: Arc<Home>,
    pub(crate) numbers: Numbers,
}

/// The desk of a part that plans things of type `D`.
#[derive(Debug)]
pub(crate) struct Desk<D> {
    pub(crate) now: Time,
    pub(crate) epoch: Time,
    pub(crate) seed: u64,
    pub(crate) home: Arc<Home>,
    agenda: Agenda<D>,
    told: Vec<Told>,
}

impl<D> Desk<D> {
    pub(crate) fn new(setting: &Setting, now: Time) -> Self {
        Desk {
            now,
            epoch: setting.epoch,
            seed: setting.seed,
            home: Arc::clone(&setting.home),
            agenda: Agenda::new(setting.numbers.clone()),
            told: Vec::new(),
        }
    }

    /// Plans something `after` from now.
    pub(crate) fn plan(&mut self, after: Millis, what: D) {
        self.agenda.plan(self.now + after.max(0), what);
    }

    /// Plans something for a moment.
    pub(crate) fn plan_at(&mut self, at: Time, what: D) {
        self.agenda.plan(at, what);
    }

    /// What is due now, or was before.
    pub(crate) fn due(&mut self) -> Option<D> {
        self.agenda.due(self.now).map(|(_, what)| what)
    }

    /// When the next thing is due, and its number.
    pub(crate) fn next(&self) -> Option<(Time, u64)> {
        self.agenda.next()
    }

    /// How much is still to come.
    pub(crate) fn planned(&self) -> usize {
        self.agenda.len()
    }

    /// Has something to tell another part.
    pub(crate) fn tell(&mut self, told: Told) {
        self.told.push(told);
    }

    /// Puts on the bus what there is to tell.
    pub(crate) fn hand_over(&mut self, bus: &mut Bus) {
        bus.extend(self.told.drain(..));
    }

    /// The chance of the `number`th thing called `what`.
    pub(crate) fn random(&self, what: &str, number: u64) -> Random {
        Random::of(self.seed, what, number)
    }
}
