//! The metrics: their series, and the values that these have over periods.

use std::collections::BTreeMap;

use super::key::Key;
use super::series::{Datum, Series};
use super::statistic::Statistic;
use crate::clock::{HOUR, MINUTE, Millis, Time};

/// How long datapoints are kept, and from what age on only those of 5 minutes and of an hour.
///
/// source: CloudWatch user guide, cloudwatch_concepts ("Metrics retention").
pub(super) const KEPT_FOR: Millis = 455 * 24 * HOUR;
const FINE_FOR: Millis = 15 * 24 * HOUR;
const MIDDLING_FOR: Millis = 63 * 24 * HOUR;

/// How many minutes a datapoint of that age stands for.
fn resolution(age: Millis) -> i64 {
    match age {
        age if age <= FINE_FOR => 1,
        age if age <= MIDDLING_FOR => 5,
        _ => 60,
    }
}

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
    /// Those of some keys alone, to be asked while the others go on.
    pub(crate) fn only<'a>(&self, keys: impl Iterator<Item = &'a Key>) -> Metrics {
        let series = keys.filter_map(|key| self.series.get_key_value(key));
        Metrics {
            series: series
                .map(|(key, series)| (key.clone(), series.clone()))
                .collect(),
        }
    }

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
        let data = self.data(key, period, (start, end), now);
        data.into_iter()
            .map(|(at, datum)| (at, statistic.of(&datum)))
            .collect()
    }

    /// What was measured from `start` to before `end`, one for each period that has any data.
    pub(crate) fn data(
        &self,
        key: &Key,
        period: i64,
        (start, end): (Time, Time),
        now: Time,
    ) -> Vec<(Time, Datum)> {
        let Some(series) = self.series.get(key) else {
            return Vec::new();
        };
        let start = start.max(now - KEPT_FOR);
        let step = (period.max(60) * 1_000).max(MINUTE);
        let until = minute_of(end.min(now));
        let mut at = Time(start.0 - start.0.rem_euclid(step));
        let mut values = Vec::new();
        while at < end && minute_of(at) < until {
            let coarse = resolution(now - at);
            let minutes = minute_of(at)..minute_of(at + step).min(until);
            let data = minutes
                .filter(|minute| minute.rem_euclid(coarse) == 0)
                .filter_map(|minute| series.datum(minute))
                .map(|datum| datum.times(coarse))
                .reduce(Datum::and);
            if let Some(data) = data {
                values.push((at, data));
            }
            at = at + step;
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloudwatch::{Source, Wave};
    use crate::world::MetricKind;

    #[test]
    fn what_is_asked_for_longer_than_it_is_kept_costs_no_more_than_what_is_kept() {
        let wave = Wave {
            seed: 1,
            changes: vec![(Time(i64::MIN), Some(10.0))],
            noise: 0.0,
            wave: 0.0,
            most: f64::MAX,
        };
        let series = Series {
            kind: MetricKind::Level,
            unit: "Count".to_owned(),
            spread: 1.0,
            source: Source::Computed(wave),
        };
        let key = Key::of("N", "m", []);
        let metrics = Metrics {
            series: BTreeMap::from([(key.clone(), series)]),
        };
        let now = Time(2_000_000_000_000);
        let ever = (Time(i64::MIN / 2), now);
        let points = metrics.data(&key, 60, ever, now);
        assert!((44_000..45_000).contains(&points.len()), "{}", points.len());
        assert!(points[0].0 >= now - KEPT_FOR - MINUTE);
        let days = metrics.data(&key, 86_400, ever, now);
        let (_, old) = &days[1];
        let mean = old.sum / old.samples;
        assert!(
            (mean - 10.0).abs() < 1e-9 && old.samples >= 1_440.0,
            "{old:?}"
        );
    }
}
