//! The metrics: their series, and the values that these have over periods.

use std::collections::BTreeMap;

use super::key::Key;
use super::series::{Datum, Series};
use super::statistic::Statistic;
use crate::clock::{MINUTE, Time};

/// The series of an account in a region.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    pub(crate) series: BTreeMap<Key, Series>,
}

/// The number of the minute that a moment is in, since the epoch.
pub(crate) fn minute_of(at: Time) -> i64 {
    at.0.div_euclid(MINUTE)
}

impl Metrics {
    /// Values of a metric from `start` to before `end`, one for each period that has any
    /// data, oldest first. `period` is in seconds.
    pub(crate) fn values(
        &self,
        key: &Key,
        statistic: &Statistic,
        period: i64,
        (start, end): (Time, Time),
        now: Time,
    ) -> Vec<(Time, f64)> {
        let Some(series) = self.series.get(key) else {
            return Vec::new();
        };
        let step = (period.max(60) * 1_000).max(MINUTE);
        let until = minute_of(end.min(now));
        let mut at = Time(start.0 - start.0.rem_euclid(step));
        let mut values = Vec::new();
        while at < end && minute_of(at) < until {
            let minutes = minute_of(at)..minute_of(at + step).min(until);
            let data = minutes
                .filter_map(|minute| series.datum(minute))
                .reduce(Datum::and);
            if let Some(data) = data {
                values.push((at, statistic.of(&data)));
            }
            at = at + step;
        }
        values
    }
}
