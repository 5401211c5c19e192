//! AWS's clock, read off the `Date` headers of its replies.
//!
//! Ages and log windows go by it, so that a laptop whose clock is wrong shows
//! the truth. `Date` has whole seconds: the true time lies in the second that
//! begins with it, and an estimate that lies there already is kept as it is,
//! so that the clock does not tremble with every reply.

use std::time::{Duration, Instant};

use ecsdeck_core::domain::Time;

use crate::ports::{DateSample, Reads};

/// An estimate of the time on AWS's clock.
///
/// Between samples it runs as fast as the wall's clock; a sample that shows
/// another time (a clock that was wrong, a simulator that runs faster) moves it
/// to the nearest bound of the sample's second, backwards too.
#[derive(Clone, Copy, Debug)]
pub struct CloudClock {
    time: Time,
    at: Instant,
    sampled: Option<Instant>,
}

impl CloudClock {
    /// Starts with the local clock's `time` at the moment `at`, until the first sample.
    pub fn new(time: Time, at: Instant) -> Self {
        Self {
            time,
            at,
            sampled: None,
        }
    }

    /// Takes a sample into account. One that is not newer than the last changes nothing.
    pub fn observe(&mut self, sample: DateSample) {
        if self.sampled.is_some_and(|last| sample.at <= last) {
            return;
        }
        let last = Duration::from_nanos(999_999_999);
        let latest = sample.date.checked_add(last).unwrap_or(sample.date);
        self.time = self.now(sample.at).clamp(sample.date, latest);
        self.at = sample.at;
        self.sampled = Some(sample.at);
    }

    /// Whether it has seen a reply of AWS: before, it is the local clock.
    pub fn is_sampled(&self) -> bool {
        self.sampled.is_some()
    }

    /// The time at a moment. A moment before the last sample counts as that sample's.
    pub fn now(&self, at: Instant) -> Time {
        let passed = at.saturating_duration_since(self.at);
        self.time.checked_add(passed).unwrap_or(self.time)
    }
}

/// The time on AWS's clock, whose samples have whole seconds; before any reply of AWS, the local clock's.
pub(crate) fn now<R: Reads>(reads: &R) -> Time {
    reads.date().map_or_else(Time::now, |sample| {
        sample.date.checked_add(sample.age()).unwrap_or(sample.date)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Time {
        text.parse().unwrap()
    }

    fn clock_and_start() -> (CloudClock, Instant) {
        let start = Instant::now();
        (
            CloudClock::new(time("2026-01-01T00:00:00.5Z"), start),
            start,
        )
    }

    #[test]
    fn before_the_first_sample_it_is_the_local_clock() {
        let (clock, start) = clock_and_start();
        assert!(!clock.is_sampled());
        assert_eq!(
            clock.now(start + Duration::from_secs(2)),
            time("2026-01-01T00:00:02.5Z")
        );
    }

    #[test]
    fn an_estimate_inside_the_second_is_kept() {
        let (mut clock, start) = clock_and_start();
        clock.observe(DateSample {
            date: time("2026-01-01T00:00:00Z"),
            at: start,
        });
        assert!(clock.is_sampled());
        assert_eq!(clock.now(start), time("2026-01-01T00:00:00.5Z"));
    }

    #[test]
    fn a_slow_clock_moves_to_the_beginning_of_the_second() {
        let (mut clock, start) = clock_and_start();
        clock.observe(DateSample {
            date: time("2026-01-01T00:10:00Z"),
            at: start,
        });
        assert_eq!(clock.now(start), time("2026-01-01T00:10:00Z"));
    }

    #[test]
    fn a_fast_clock_moves_back_to_the_end_of_the_second() {
        let (mut clock, start) = clock_and_start();
        clock.observe(DateSample {
            date: time("2025-12-31T23:50:00Z"),
            at: start,
        });
        assert_eq!(clock.now(start), time("2025-12-31T23:50:00.999999999Z"));
    }

    #[test]
    fn ten_times_the_speed_is_followed_from_sample_to_sample() {
        let (mut clock, start) = clock_and_start();
        for second in 0..60 {
            let at = start + Duration::from_secs(second);
            let date = time("2026-01-01T00:00:00Z") + Duration::from_secs(second * 10);
            clock.observe(DateSample { date, at });
            let off = clock.now(at).duration_since(date).as_secs_f64();
            assert!((0.0..1.0).contains(&off), "{off} s off after {second} s");
        }
    }

    #[test]
    fn an_older_sample_changes_nothing() {
        let (mut clock, start) = clock_and_start();
        clock.observe(DateSample {
            date: time("2026-01-01T01:00:00Z"),
            at: start + Duration::from_secs(5),
        });
        clock.observe(DateSample {
            date: time("2026-01-01T00:00:00Z"),
            at: start,
        });
        assert_eq!(
            clock.now(start + Duration::from_secs(5)),
            time("2026-01-01T01:00:00Z")
        );
    }
}
