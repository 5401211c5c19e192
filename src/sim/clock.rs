//! The virtual clock: what the simulated AWS believes the time to be.
//!
//! Invariant: virtual time never goes back. It runs at `speed` times wall time,
//! or stands still while paused; only [`Clock::advance`] moves a paused clock.

use std::ops::{Add, Sub};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use jiff::Timestamp;
use serde_json::{Number, Value};

/// A span of virtual time in milliseconds; negative is before.
pub(crate) type Millis = i64;

pub(crate) const SECOND: Millis = 1_000;
pub(crate) const MINUTE: Millis = 60 * SECOND;
pub(crate) const HOUR: Millis = 60 * MINUTE;

/// A moment of virtual time: milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Time(pub(crate) i64);

impl Add<Millis> for Time {
    type Output = Time;

    fn add(self, span: Millis) -> Time {
        Time(self.0.saturating_add(span))
    }
}

impl Sub<Millis> for Time {
    type Output = Time;

    fn sub(self, span: Millis) -> Time {
        Time(self.0.saturating_sub(span))
    }
}

impl Sub for Time {
    type Output = Millis;

    fn sub(self, earlier: Time) -> Millis {
        self.0.saturating_sub(earlier.0)
    }
}

impl From<Timestamp> for Time {
    fn from(at: Timestamp) -> Self {
        Time(at.as_millisecond())
    }
}

impl Time {
    fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or_default()
    }

    /// Seconds since the epoch with a millisecond fraction, as awsJson writes timestamps.
    pub(crate) fn json_seconds(self) -> Value {
        #[expect(
            clippy::cast_precision_loss,
            reason = "milliseconds of this era fit 53 bits"
        )]
        let seconds = self.0 as f64 / 1_000.0;
        Number::from_f64(seconds).map_or(Value::Null, Value::Number)
    }

    /// The midnight before, in UTC.
    pub(crate) fn day(self) -> Time {
        Time(self.0 - self.0.rem_euclid(24 * HOUR))
    }

    /// The form of the HTTP `Date` header (RFC 9110).
    pub(crate) fn http_date(self) -> String {
        self.timestamp()
            .strftime("%a, %d %b %Y %H:%M:%S GMT")
            .to_string()
    }

    /// RFC 3339 in UTC with milliseconds.
    pub(crate) fn rfc3339(self) -> String {
        self.timestamp()
            .strftime("%Y-%m-%dT%H:%M:%S%.3fZ")
            .to_string()
    }
}

/// The clock of one simulator; shared by all connections.
#[derive(Debug)]
pub(crate) struct Clock(Mutex<Hands>);

#[derive(Debug, Clone, Copy)]
struct Hands {
    at: Time,
    since: Instant,
    speed: f64,
    paused: bool,
}

impl Hands {
    fn now(&self) -> Time {
        if self.paused {
            return self.at;
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "saturates; a run lasts less than the age of the universe"
        )]
        let passed = (self.since.elapsed().as_secs_f64() * 1_000.0 * self.speed) as i64;
        self.at + passed
    }

    /// Starts counting afresh from the present moment.
    fn settle(&mut self) {
        self.at = self.now();
        self.since = Instant::now();
    }
}

impl Clock {
    /// A clock that shows `at` now. `speed` is virtual seconds a wall second, at least 0.
    pub(crate) fn new(at: Time, speed: f64, paused: bool) -> Self {
        Clock(Mutex::new(Hands {
            at,
            since: Instant::now(),
            speed: speed.max(0.0),
            paused,
        }))
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> Time {
        self.hands().now()
    }

    /// Virtual seconds a wall second, and whether the clock stands still.
    pub(crate) fn pace(&self) -> (f64, bool) {
        let hands = self.hands();
        (hands.speed, hands.paused)
    }

    /// Changes the pace; what is `None` stays.
    pub(crate) fn set(&self, paused: Option<bool>, speed: Option<f64>) {
        let mut hands = self.hands();
        hands.settle();
        if let Some(paused) = paused {
            hands.paused = paused;
        }
        if let Some(speed) = speed.filter(|s| s.is_finite()) {
            hands.speed = speed.max(0.0);
        }
    }

    /// Moves the clock forward; a negative span does nothing.
    pub(crate) fn advance(&self, span: Millis) -> Time {
        let mut hands = self.hands();
        hands.settle();
        hands.at = hands.at + span.max(0);
        hands.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paused_clock_moves_only_when_advanced() {
        let clock = Clock::new(Time(5_000), 1_000.0, true);
        assert_eq!(clock.now(), Time(5_000));
        clock.advance(250);
        assert_eq!(clock.now(), Time(5_250));
        clock.advance(-9_000);
        assert_eq!(clock.now(), Time(5_250));
    }

    #[test]
    fn a_change_of_pace_does_not_move_the_hands() {
        let clock = Clock::new(Time(1_000), 0.0, false);
        clock.set(Some(true), Some(1e9));
        assert_eq!(clock.now(), Time(1_000));
    }

    #[test]
    fn the_http_date_is_in_the_form_of_rfc_9110() {
        assert_eq!(
            Time(784_111_777_000).http_date(),
            "Sun, 06 Nov 1994 08:49:37 GMT"
        );
    }
}
