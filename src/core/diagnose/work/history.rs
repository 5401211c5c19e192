//! How deep a queue was, as far back as a rate looks.
//!
//! The invariant: samples are in the order of time, none is older than is looked at, and a reading that failed leaves
//! a gap, not a zero.

use std::collections::VecDeque;

use crate::domain::{QueueDepth, Time};

/// What is older than so many seconds is forgotten.
const KEPT_SECONDS: i64 = 1_200;
/// Readings that are kept, at most.
const MOST: usize = 240;

/// A queue at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// When it was read.
    pub at: Time,
    /// Its depth.
    pub depth: QueueDepth,
    /// Visible messages of its dead-letter queue, where there is one that could be read.
    pub dead: Option<u64>,
}

impl Sample {
    /// Messages that are not done.
    pub(super) fn backlog(&self) -> u64 {
        let depth = self.depth;
        depth
            .visible
            .saturating_add(depth.in_flight)
            .saturating_add(depth.delayed)
    }
}

/// The readings of a queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DepthHistory {
    samples: VecDeque<Sample>,
}

impl DepthHistory {
    /// Takes a reading, and forgets what is too old.
    pub fn see(&mut self, sample: Sample) {
        // A clock that was set back begins anew.
        if self.samples.back().is_some_and(|last| last.at > sample.at) {
            self.samples.clear();
        }
        self.samples.push_back(sample);
        let is_old = |old: &Sample| sample.at.duration_since(old.at).as_secs() > KEPT_SECONDS;
        while self.samples.len() > MOST || self.samples.front().is_some_and(is_old) {
            self.samples.pop_front();
        }
    }

    /// The newest reading.
    pub fn last(&self) -> Option<Sample> {
        self.samples.back().copied()
    }

    /// The readings of the last so many seconds, the oldest first.
    pub(super) fn since(&self, now: Time, seconds: i64) -> impl Iterator<Item = Sample> {
        let samples = self.samples.iter().copied();
        samples.filter(move |one| now.duration_since(one.at).as_secs() <= seconds)
    }

    /// Since when each reading had visible messages; none where the newest has not.
    pub(super) fn waiting_since(&self) -> Option<Time> {
        let waits = |one: &&Sample| one.depth.visible > 0;
        let waiting = self.samples.iter().rev().take_while(waits);
        waiting.last().map(|first| first.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::sample::ago;

    fn sample(seconds_ago: i64, visible: u64) -> Sample {
        Sample {
            at: ago(seconds_ago),
            depth: QueueDepth {
                visible,
                ..QueueDepth::default()
            },
            dead: None,
        }
    }

    #[test]
    fn it_forgets_what_no_rate_looks_at() {
        let mut history = DepthHistory::default();
        for second in (0..=3_000).rev().step_by(10) {
            history.see(sample(second, 1));
        }
        assert_eq!(history.samples.len(), 121);
        assert_eq!(history.since(ago(0), 60).count(), 7);
    }

    #[test]
    fn messages_wait_since_the_last_reading_that_had_none() {
        let mut history = DepthHistory::default();
        for (ago, visible) in [(90, 4), (60, 0), (30, 2), (0, 3)] {
            history.see(sample(ago, visible));
        }
        assert_eq!(history.waiting_since(), Some(ago(30)));
        history.see(sample(-10, 0));
        assert_eq!(history.waiting_since(), None);
    }

    #[test]
    fn a_clock_that_was_set_back_begins_anew() {
        let mut history = DepthHistory::default();
        history.see(sample(0, 5));
        history.see(sample(500, 6));
        assert_eq!(history.samples.len(), 1);
    }
}
