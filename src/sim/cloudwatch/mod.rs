//! CloudWatch: metrics by the minute, and the alarms on them.
//!
//! Invariant: what a world describes is computed, a function of the seed and the minute;
//! what follows from the state of the engine is measured each minute and kept. A minute
//! can be read once it is over.

mod alarm;
pub(crate) mod api;
mod data;
mod describe;
mod expression;
mod furnish;
mod measure;
mod series;
mod statistic;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub(crate) use alarm::Alarm;
pub(crate) use series::{Measured, Series, Source, Wave};
pub(crate) use statistic::Statistic;

use crate::clock::{MINUTE, Time};
use crate::engine::{Due, Engine};
use crate::world::MetricName;

/// A metric: its namespace, its name and its dimensions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) dimensions: BTreeMap<String, String>,
}

impl Key {
    pub(crate) fn of<const N: usize>(
        namespace: &str,
        name: &str,
        dimensions: [(&str, &str); N],
    ) -> Self {
        let dimensions = dimensions.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Key {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            dimensions: dimensions.into(),
        }
    }
}

impl From<&MetricName> for Key {
    fn from(name: &MetricName) -> Self {
        Key {
            namespace: name.namespace.clone(),
            name: name.name.clone(),
            dimensions: name.dimensions.clone(),
        }
    }
}

/// The metrics and alarms of an account in a region.
#[derive(Debug, Default)]
pub(crate) struct CloudWatch {
    pub(crate) series: BTreeMap<Key, Series>,
    /// By name.
    pub(crate) alarms: BTreeMap<String, Alarm>,
}

/// The number of the minute that a moment is in, since the epoch.
pub(crate) fn minute_of(at: Time) -> i64 {
    at.0.div_euclid(MINUTE)
}

impl CloudWatch {
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
                .reduce(series::Datum::and);
            if let Some(data) = data {
                values.push((at, statistic.of(&data)));
            }
            at = at + step;
        }
        values
    }
}

impl Engine {
    /// A minute is over: it is measured, alarms are evaluated, and what scales by them scales.
    pub(crate) fn minute_over(&mut self) {
        self.sent_minute_over();
        self.measure();
        self.evaluate_alarms();
        self.scale();
        self.plan_minute();
    }

    /// Plans the end of the present minute.
    pub(crate) fn plan_minute(&mut self) {
        let left = MINUTE - self.now.0.rem_euclid(MINUTE);
        self.plan(left, Due::Minute);
    }
}
