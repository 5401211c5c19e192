//! Which readings are under way, how old their data are, and what went wrong.
//!
//! The invariant: a part of an answer counts only when it belongs to the
//! newest reading of its slot. What was read before stays beside its age and
//! the error until something newer comes.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::slot::{RequestId, Slot};
use crate::domain::{CloudError, Time};

/// One slot's readings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The reading under way.
    pub in_flight: Option<RequestId>,
    /// When the newest reading that went through ended, on AWS's clock.
    pub read_at: Option<Time>,
    /// What the newest reading ended with, where it did not go through.
    pub error: Option<CloudError>,
    /// Readings in a row that did not go through.
    pub failures: u32,
    /// When the last reading began and ended, since the console started.
    began: Option<Duration>,
    ended: Option<Duration>,
    /// Somebody asked for it anew.
    wanted_now: bool,
}

impl Reading {
    /// Whether it was ever read to the end.
    pub fn is_known(&self) -> bool {
        self.read_at.is_some()
    }

    /// Whether somebody asked for it anew.
    pub fn is_wanted_now(&self) -> bool {
        self.wanted_now
    }

    /// When the newest reading began, since the console started.
    pub fn began(&self) -> Option<Duration> {
        self.began
    }

    /// Next poll time for an interval, slower while it fails.
    pub fn due(&self, every: Duration) -> Duration {
        let slowed = every
            .saturating_mul(1_u32 << self.failures.min(4))
            .min(every.max(SLOWEST));
        self.due_however_it_went(slowed)
    }

    /// Next poll time for a fixed interval, ignoring failures.
    pub fn due_however_it_went(&self, every: Duration) -> Duration {
        match (self.began, self.ended) {
            _ if self.wanted_now => Duration::ZERO,
            (None, _) | (Some(_), None) => Duration::ZERO,
            // From one beginning to the next, but never without a pause after a slow one.
            (Some(began), Some(ended)) => began
                .saturating_add(every)
                .max(ended.saturating_add(every / 4)),
        }
    }
}

/// Failing readings are tried at least this often.
const SLOWEST: Duration = Duration::from_secs(60);

/// The readings of all slots.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Readings {
    slots: BTreeMap<Slot, Reading>,
    last: u64,
    /// Slots whose reading was taken back, of which the worker does not know yet.
    cancelled: BTreeSet<Slot>,
}

impl Readings {
    /// A slot's readings.
    pub fn get(&self, slot: &Slot) -> Option<&Reading> {
        self.slots.get(slot)
    }

    /// All slots and their readings.
    pub fn iter(&self) -> impl Iterator<Item = (&Slot, &Reading)> {
        self.slots.iter()
    }

    /// Begins a reading: it replaces the one under way.
    pub fn begin(&mut self, slot: Slot, elapsed: Duration) -> RequestId {
        self.last = self.last.saturating_add(1);
        let request = RequestId(self.last);
        // The worker lets go of the old one by itself.
        self.cancelled.remove(&slot);
        let reading = self.slots.entry(slot).or_default();
        reading.in_flight = Some(request);
        reading.began = Some(elapsed);
        reading.wanted_now = false;
        request
    }

    /// Whether a part belongs to the newest reading of its slot.
    pub fn accepts(&self, slot: &Slot, request: RequestId) -> bool {
        self.slots
            .get(slot)
            .is_some_and(|reading| reading.in_flight == Some(request))
    }

    /// Ends a reading. Gives whether it was the newest one.
    pub fn end(
        &mut self,
        slot: &Slot,
        request: RequestId,
        error: Option<CloudError>,
        now: Time,
        elapsed: Duration,
    ) -> bool {
        let Some(reading) = self
            .slots
            .get_mut(slot)
            .filter(|reading| reading.in_flight == Some(request))
        else {
            return false;
        };
        reading.in_flight = None;
        reading.ended = Some(elapsed);
        match error {
            None => {
                reading.read_at = Some(now);
                reading.failures = 0;
                reading.error = None;
            }
            Some(error) => {
                reading.failures = reading.failures.saturating_add(1);
                reading.error = Some(error);
            }
        }
        true
    }

    /// Takes back a reading that nobody waits for any more; the next one is due at once.
    pub fn cancel(&mut self, slot: &Slot) {
        if let Some(reading) = self.slots.get_mut(slot) {
            reading.began = None;
            if reading.in_flight.take().is_some() {
                self.cancelled.insert(slot.clone());
            }
        }
    }

    /// Forgets slots for good, with their ages and errors.
    pub fn forget(&mut self, gone: impl Fn(&Slot) -> bool) {
        for (slot, reading) in self.slots.extract_if(.., |slot, _| gone(slot)) {
            if reading.in_flight.is_some() {
                self.cancelled.insert(slot);
            }
        }
    }

    /// The slots whose reading was taken back since this was asked last.
    pub fn take_cancelled(&mut self) -> BTreeSet<Slot> {
        std::mem::take(&mut self.cancelled)
    }

    /// Asks for a slot anew at once.
    pub fn want(&mut self, slot: &Slot) {
        if let Some(reading) = self.slots.get_mut(slot) {
            reading.wanted_now = true;
        }
    }

    /// Asks for everything anew.
    pub fn want_all(&mut self) {
        for reading in self.slots.values_mut() {
            reading.wanted_now = true;
        }
    }

    /// The newest error about credentials that still stands. A deciding question may go to a region that the account
    /// has not switched on, which refuses good credentials too: that is not one.
    pub fn credentials_error(&self) -> Option<&CloudError> {
        self.slots
            .iter()
            .filter(|(slot, _)| !matches!(slot, Slot::Asked(_)))
            .filter_map(|(_, reading)| reading.error.as_ref())
            .find(|error| error.is_about_credentials())
    }

    /// After a login: forgets errors about credentials and asks anew where they stood.
    pub fn forgive_credentials(&mut self) {
        for reading in self.slots.values_mut() {
            if reading
                .error
                .as_ref()
                .is_some_and(CloudError::is_about_credentials)
            {
                reading.error = None;
                reading.failures = 0;
                // What is under way will tell by itself.
                reading.wanted_now = reading.in_flight.is_none();
            }
        }
    }

    /// The error of the slots that match, the first.
    pub fn error_of(&self, matches: impl Fn(&Slot) -> bool) -> Option<&CloudError> {
        self.slots
            .iter()
            .filter(|(slot, _)| matches(slot))
            .find_map(|(_, reading)| reading.error.as_ref())
    }

    /// The age of the oldest data among the slots that match, in AWS's time; absent when one was never read.
    pub fn oldest(&self, matches: impl Fn(&Slot) -> bool) -> Option<Time> {
        let mut oldest = None;
        for reading in self
            .slots
            .iter()
            .filter(|(slot, _)| matches(slot))
            .map(|(_, reading)| reading)
        {
            let read_at = reading.read_at?;
            oldest = Some(oldest.map_or(read_at, |oldest: Time| oldest.min(read_at)));
        }
        oldest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Arn, ErrorKind};
    use crate::text::Clean;

    const NOW: Time = Time::UNIX_EPOCH;
    const SECOND: Duration = Duration::from_secs(1);

    fn error(kind: ErrorKind) -> CloudError {
        CloudError {
            operation: "ecs:ListClusters",
            kind,
            code: None,
            message: Clean::new("x"),
            request_id: None,
        }
    }

    #[test]
    fn only_the_newest_reading_of_a_slot_counts() {
        let mut readings = Readings::default();
        let old = readings.begin(Slot::Clusters, Duration::ZERO);
        let new = readings.begin(Slot::Clusters, SECOND);
        assert!(!readings.accepts(&Slot::Clusters, old) && readings.accepts(&Slot::Clusters, new));
        assert!(!readings.end(&Slot::Clusters, old, None, NOW, SECOND));
        assert!(readings.end(&Slot::Clusters, new, None, NOW, SECOND));
        assert!(
            !readings.accepts(&Slot::Clusters, new),
            "a reading that ended takes nothing more"
        );
    }

    #[test]
    fn an_error_leaves_the_age_of_the_data_as_it_was() {
        let mut readings = Readings::default();
        let first = readings.begin(Slot::Queues, Duration::ZERO);
        readings.end(&Slot::Queues, first, None, NOW, SECOND);
        let second = readings.begin(Slot::Queues, SECOND);
        readings.end(
            &Slot::Queues,
            second,
            Some(error(ErrorKind::TimedOut)),
            NOW + SECOND,
            SECOND,
        );
        let reading = readings.get(&Slot::Queues).unwrap();
        assert_eq!((reading.read_at, reading.failures), (Some(NOW), 1));
    }

    #[test]
    fn failing_readings_are_tried_more_and_more_slowly_up_to_a_minute() {
        let mut readings = Readings::default();
        let mut waits = Vec::new();
        for _ in 0..6 {
            let request = readings.begin(Slot::Queues, Duration::ZERO);
            readings.end(
                &Slot::Queues,
                request,
                Some(error(ErrorKind::TimedOut)),
                NOW,
                Duration::ZERO,
            );
            waits.push(
                readings
                    .get(&Slot::Queues)
                    .unwrap()
                    .due(5 * SECOND)
                    .as_secs(),
            );
        }
        assert_eq!(waits, [10, 20, 40, 60, 60, 60]);
    }

    #[test]
    fn what_is_taken_back_is_told_to_the_worker_once_unless_it_is_read_anew() {
        let mut readings = Readings::default();
        readings.begin(Slot::Logs, SECOND);
        readings.begin(Slot::Queues, SECOND);
        readings.cancel(&Slot::Logs);
        readings.cancel(&Slot::Queues);
        readings.begin(Slot::Queues, SECOND);
        assert_eq!(readings.take_cancelled(), BTreeSet::from([Slot::Logs]));
        assert_eq!(readings.take_cancelled(), BTreeSet::new());
    }

    #[test]
    fn a_slot_that_is_gone_leaves_no_error_behind() {
        let mut readings = Readings::default();
        let gone = Slot::Services(Arn::new("gone"));
        let request = readings.begin(gone.clone(), SECOND);
        let failed = Some(error(ErrorKind::NotFound));
        readings.end(&gone, request, failed, NOW, SECOND);
        readings.forget(|slot| slot.cluster().is_some());
        assert_eq!(readings.error_of(|_| true), None);
    }
}
