//! A series: what a metric was in each minute.

use std::collections::VecDeque;

use crate::clock::{HOUR, MINUTE, Time};
use crate::ecs::keys::ServiceKey;
use crate::random::{Random, mix};
use crate::sqs::QueueKey;
use crate::world::MetricKind;

/// How many measured minutes are kept.
const KEPT: usize = 12 * 60;

/// What was measured in a minute, or in several.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Datum {
    pub(crate) sum: f64,
    pub(crate) samples: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    /// p99 by p50.
    pub(crate) spread: f64,
}

impl Datum {
    /// So many of it.
    pub(crate) fn times(self, count: i64) -> Datum {
        if count == 1 {
            return self;
        }
        #[expect(clippy::cast_precision_loss, reason = "minutes of an hour")]
        let count = count as f64;
        Datum {
            sum: self.sum * count,
            samples: self.samples * count,
            ..self
        }
    }

    pub(crate) fn and(self, other: Datum) -> Datum {
        Datum {
            sum: self.sum + other.sum,
            samples: self.samples + other.samples,
            min: self.min.min(other.min),
            max: self.max.max(other.max),
            spread: self.spread.max(other.spread),
        }
    }
}

/// A value that strays and rises and falls, and is changed now and then.
#[derive(Clone, Debug)]
pub(crate) struct Wave {
    pub(crate) seed: u64,
    /// From when on it is what on average; `None` while nobody publishes it.
    pub(crate) changes: Vec<(Time, Option<f64>)>,
    pub(crate) noise: f64,
    pub(crate) wave: f64,
    pub(crate) most: f64,
}

impl Wave {
    #[expect(clippy::cast_precision_loss, reason = "minutes of a day")]
    /// Its value in a minute, without regard to the most that it may be.
    pub(super) fn free(&self, minute: i64) -> Option<f64> {
        let at = Time(minute * MINUTE);
        let (_, value) = self.changes.iter().rev().find(|(since, _)| *since <= at)?;
        let mean = (*value)?;
        let day = (minute * MINUTE).rem_euclid(24 * HOUR) as f64 / (24 * HOUR) as f64;
        // Highest in the afternoon, UTC.
        let tide = 1.0 + self.wave * (std::f64::consts::TAU * (day - 0.375)).sin();
        let mut random = Random::of(mix(self.seed), "minute", minute.unsigned_abs());
        let stray = 1.0 + self.noise * (random.fraction() * 2.0 - 1.0);
        Some((mean * tide * stray).max(0.0))
    }

    pub(crate) fn at(&self, minute: i64) -> Option<f64> {
        self.free(minute).map(|value| value.min(self.most))
    }
}

/// What is measured of the state each minute.
#[derive(Clone, Debug)]
pub(crate) enum Measured {
    Visible(QueueKey),
    InFlight(QueueKey),
    /// Seconds since the oldest message was sent.
    Oldest(QueueKey),
    Sent(QueueKey),
    Desired(ServiceKey),
    Running(ServiceKey),
    Pending(ServiceKey),
    /// Running tasks of a cluster, whoever started them.
    Tasks(String),
    /// The depth of a queue that is not SQS's, while somebody publishes it.
    Published(Wave, QueueKey),
    /// A value that the running tasks of a service share.
    Shared(Wave, ServiceKey),
    HealthyHosts(String),
    UnhealthyHosts(String),
}

/// Where values come from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Computed(Wave),
    Measured(Measured, VecDeque<(i64, f64)>),
}

/// A series.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    pub(crate) kind: MetricKind,
    pub(crate) unit: String,
    pub(crate) spread: f64,
    pub(crate) source: Source,
}

impl Series {
    pub(crate) fn measured(kind: MetricKind, unit: &str, what: Measured) -> Self {
        Series {
            kind,
            unit: unit.to_owned(),
            spread: 1.0,
            source: Source::Measured(what, VecDeque::new()),
        }
    }

    /// Keeps the value of a minute.
    pub(crate) fn keep(&mut self, minute: i64, value: f64) {
        let Source::Measured(_, points) = &mut self.source else {
            return;
        };
        points.push_back((minute, value));
        if points.len() > KEPT {
            points.pop_front();
        }
    }

    fn value(&self, minute: i64) -> Option<f64> {
        match &self.source {
            Source::Computed(wave) => wave.at(minute),
            Source::Measured(_, points) => {
                let at = points.partition_point(|(known, _)| *known < minute);
                points
                    .get(at)
                    .filter(|(known, _)| *known == minute)
                    .map(|(_, value)| *value)
            }
        }
    }

    /// What was measured in a minute; `None` when nothing was.
    pub(crate) fn datum(&self, minute: i64) -> Option<Datum> {
        let value = self.value(minute)?;
        let level = Datum {
            sum: value,
            samples: 1.0,
            min: value,
            max: value,
            spread: 1.0,
        };
        match self.kind {
            MetricKind::Level => Some(level),
            MetricKind::Count => {
                let count = value.round();
                (count > 0.0).then_some(Datum {
                    sum: count,
                    samples: count,
                    min: 1.0,
                    max: 1.0,
                    spread: 1.0,
                })
            }
            MetricKind::Spread => {
                const SAMPLES: f64 = 60.0;
                Some(Datum {
                    sum: value * SAMPLES,
                    samples: SAMPLES,
                    min: value * 0.3,
                    max: value * self.spread * 1.2,
                    spread: self.spread,
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(changes: Vec<(Time, Option<f64>)>) -> Wave {
        Wave {
            seed: 3,
            changes,
            noise: 0.1,
            wave: 0.2,
            most: f64::MAX,
        }
    }

    #[test]
    fn a_wave_is_the_same_however_often_it_is_asked() {
        let wave = wave(vec![(Time(i64::MIN), Some(50.0))]);
        let day: Vec<f64> = (0..1_440).map(|minute| wave.at(minute).unwrap()).collect();
        assert_eq!(
            day,
            (0..1_440)
                .map(|minute| wave.at(minute).unwrap())
                .collect::<Vec<_>>()
        );
        assert!(day.iter().all(|value| (35.0..67.0).contains(value)));
        assert!(day[15 * 60] > day[3 * 60], "more by day than by night");
    }

    #[test]
    fn a_change_holds_from_its_minute_on() {
        let wave = wave(vec![(Time(i64::MIN), Some(1.0)), (Time(10 * MINUTE), None)]);
        assert!(wave.at(9).is_some());
        assert!(wave.at(10).is_none());
    }

    #[test]
    fn a_minute_without_anything_to_count_has_no_data() {
        let mut series = Series::measured(MetricKind::Count, "Count", Measured::Sent(QueueKey(0)));
        series.keep(5, 0.0);
        series.keep(6, 3.0);
        assert!(series.datum(5).is_none());
        assert_eq!(series.datum(6).unwrap().samples, 3.0);
    }
}
