//! Alarms: evaluated each minute over their last periods, with AWS's reasons.
//!
//! Invariant: a change of state is in the history, and only that moves `transitioned`.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Value, json};

use super::key::Key;
use super::metrics::Metrics;
use super::statistic::Statistic;
use crate::bus::AlarmState;
use crate::clock::{MINUTE, SECOND, Time};
use crate::home::Home;
use crate::world::{AlarmSpec, Comparison, MetricName, Missing};

/// How many history items are kept of each alarm.
const KEPT: usize = 200;

/// Something that happened to an alarm.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) at: Time,
    /// `HistoryItemType`
    pub(crate) kind: &'static str,
    pub(crate) summary: String,
    pub(crate) data: Value,
}

/// An alarm.
#[derive(Clone, Debug)]
pub(crate) struct Alarm {
    pub(crate) spec: AlarmSpec,
    pub(crate) arn: String,
    pub(crate) key: Key,
    pub(crate) statistic: Statistic,
    pub(crate) state: AlarmState,
    pub(crate) reason: String,
    pub(crate) reason_data: Value,
    pub(crate) updated: Time,
    pub(crate) transitioned: Time,
    /// Oldest first.
    pub(crate) history: VecDeque<Item>,
    /// Somebody has set its state; the metric no longer tells.
    forced: bool,
}

/// What an evaluation finds.
pub(super) struct Finding {
    pub(super) state: AlarmState,
    pub(super) reason: String,
    pub(super) data: Value,
}

pub(super) fn breaches(comparison: Comparison, value: f64, threshold: f64) -> bool {
    match comparison {
        Comparison::AtLeast => value >= threshold,
        Comparison::Above => value > threshold,
        Comparison::Below => value < threshold,
        Comparison::AtMost => value <= threshold,
    }
}

impl Alarm {
    pub(crate) fn of(spec: &AlarmSpec, home: &Home) -> Self {
        Alarm {
            arn: home.arn("cloudwatch", &format!("alarm:{}", spec.name)),
            key: Key::from(&spec.metric),
            statistic: Statistic::parse(&spec.statistic).unwrap_or(Statistic::Average),
            spec: spec.clone(),
            state: AlarmState::InsufficientData,
            reason: "Unchecked: Initial alarm creation".to_owned(),
            reason_data: Value::Null,
            updated: Time::default(),
            transitioned: Time::default(),
            history: VecDeque::new(),
            forced: false,
        }
    }

    /// An alarm that nobody has described, of which only the state is told.
    pub(super) fn unknown(name: &str, home: &Home) -> Self {
        let spec = AlarmSpec {
            name: name.to_owned(),
            description: None,
            metric: MetricName {
                namespace: "Custom".to_owned(),
                name: name.to_owned(),
                dimensions: BTreeMap::new(),
            },
            statistic: "Average".to_owned(),
            period: 60,
            periods: 1,
            datapoints: None,
            comparison: Comparison::AtLeast,
            threshold: 1.0,
            missing: Missing::Unknown,
            actions: Vec::new(),
        };
        let mut alarm = Alarm::of(&spec, home);
        alarm.take(AlarmState::Ok, "Threshold Crossed: 1 datapoint [0.0] was not greater than or equal to the threshold (1.0).");
        alarm
    }

    pub(super) fn take(&mut self, state: AlarmState, reason: &str) {
        self.forced = true;
        self.state = state;
        reason.clone_into(&mut self.reason);
        self.reason_data = Value::Null;
    }

    pub(super) fn needed(&self) -> usize {
        let all = self.spec.periods.max(1);
        usize::try_from(self.spec.datapoints.unwrap_or(all).clamp(1, all)).unwrap_or(1)
    }

    /// What the alarm's last periods say; `None` when they leave its state as it is.
    fn look(&self, metrics: &Metrics, now: Time) -> Option<Finding> {
        let spec = &self.spec;
        let period = i64::from(spec.period.max(60));
        let periods = i64::from(spec.periods.max(1));
        let start = now - period * SECOND * periods;
        let values = metrics.values(&self.key, &self.statistic, period, (start, now), now);
        let present = values.len();
        let absent = usize::try_from(periods)
            .unwrap_or_default()
            .saturating_sub(present);
        let over = |value: &f64| breaches(spec.comparison, *value, spec.threshold);
        let breaching = values.iter().filter(|(_, value)| over(value)).count();
        let needed = self.needed();
        let state = match spec.missing {
            _ if breaching >= needed => AlarmState::Alarm,
            Missing::Breaching if breaching + absent >= needed => AlarmState::Alarm,
            Missing::Unknown if present == 0 => AlarmState::InsufficientData,
            // What is missing could tip it: the datapoints that are there decide.
            Missing::Unknown if absent > 0 && breaching > 0 && breaching == present => {
                AlarmState::Alarm
            }
            Missing::Ignore if present == 0 => return None,
            _ => AlarmState::Ok,
        };
        Some(Finding {
            state,
            reason: self.reason_of(state, &values, absent),
            data: self.data_of(&values, now),
        })
    }

    /// Takes the state that it is in without history, as if it had been since `since`.
    pub(super) fn settle(&mut self, metrics: &Metrics, now: Time, since: Time) {
        let now = Time(now.0 - now.0.rem_euclid(MINUTE));
        let found = (!self.forced).then(|| self.look(metrics, now)).flatten();
        if let Some(found) = found {
            (self.state, self.reason, self.reason_data) = (found.state, found.reason, found.data);
        }
        (self.updated, self.transitioned) = (since, since);
    }

    /// Evaluates it; whether its state has changed.
    pub(super) fn evaluate(&mut self, metrics: &Metrics, now: Time) -> bool {
        let found = (!self.forced).then(|| self.look(metrics, now)).flatten();
        let Some(found) = found.filter(|found| found.state != self.state) else {
            return false;
        };
        self.change(found, now);
        true
    }

    pub(super) fn change(&mut self, found: Finding, now: Time) {
        let side = |state: AlarmState, reason: &str, data: &Value| json!({ "stateValue": state.name(), "stateReason": reason, "stateReasonData": data });
        let data = json!({
            "version": "1.0",
            "oldState": side(self.state, &self.reason, &self.reason_data),
            "newState": side(found.state, &found.reason, &found.data),
        });
        let summary = format!(
            "Alarm updated from {} to {}",
            self.state.name(),
            found.state.name()
        );
        self.remember(Item {
            at: now,
            kind: "StateUpdate",
            summary,
            data,
        });
        if found.state == AlarmState::Alarm {
            for action in self.spec.actions.clone() {
                let data = json!({
                    "actionState": "Succeeded",
                    "notificationResource": action,
                    "stateUpdateTimestamp": now.0,
                });
                let summary = format!("Successfully executed action {action}");
                self.remember(Item {
                    at: now,
                    kind: "Action",
                    summary,
                    data,
                });
            }
        }
        (self.state, self.reason, self.reason_data) = (found.state, found.reason, found.data);
        (self.updated, self.transitioned) = (now, now);
    }

    fn remember(&mut self, item: Item) {
        self.history.push_back(item);
        if self.history.len() > KEPT {
            self.history.pop_front();
        }
    }
}
