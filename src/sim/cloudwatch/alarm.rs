//! Alarms: evaluated each minute over their last periods, with AWS's reasons.
//!
//! Invariant: a change of state is in the history, and only that moves `transitioned`.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Value, json};

use super::{CloudWatch, Key, Statistic};
use crate::clock::{MINUTE, SECOND, Time};
use crate::engine::signals::AlarmState;
use crate::engine::{Engine, Home};
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
struct Finding {
    state: AlarmState,
    reason: String,
    data: Value,
}

fn breaches(comparison: Comparison, value: f64, threshold: f64) -> bool {
    match comparison {
        Comparison::AtLeast => value >= threshold,
        Comparison::Above => value > threshold,
        Comparison::Below => value < threshold,
        Comparison::AtMost => value <= threshold,
    }
}

impl Comparison {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Comparison::AtLeast => "GreaterThanOrEqualToThreshold",
            Comparison::Above => "GreaterThanThreshold",
            Comparison::Below => "LessThanThreshold",
            Comparison::AtMost => "LessThanOrEqualToThreshold",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Comparison::AtLeast => "greater than or equal to",
            Comparison::Above => "greater than",
            Comparison::Below => "less than",
            Comparison::AtMost => "less than or equal to",
        }
    }
}

impl Missing {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Missing::Unknown => "missing",
            Missing::Ignore => "ignore",
            Missing::Breaching => "breaching",
            Missing::NotBreaching => "notBreaching",
        }
    }
}

/// A number as Java prints a double: always with a fraction.
fn number(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.1}")
    } else {
        value.to_string()
    }
}

/// `dd/MM/yy HH:mm:ss`, as the reasons write times.
fn stamp(at: Time) -> String {
    let text = at.rfc3339();
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    format!(
        "{}/{}/{} {}",
        part(8, 10),
        part(5, 7),
        part(2, 4),
        part(11, 19)
    )
}

/// `yyyy-MM-ddTHH:mm:ss.SSS+0000`, as the data of a reason write times.
fn long_stamp(at: Time) -> String {
    at.rfc3339().replace('Z', "+0000")
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
    fn unknown(name: &str, home: &Home) -> Self {
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

    fn take(&mut self, state: AlarmState, reason: &str) {
        self.forced = true;
        self.state = state;
        reason.clone_into(&mut self.reason);
        self.reason_data = Value::Null;
    }

    fn needed(&self) -> usize {
        let all = self.spec.periods.max(1);
        usize::try_from(self.spec.datapoints.unwrap_or(all).clamp(1, all)).unwrap_or(1)
    }

    /// What the alarm's last periods say; `None` when they leave its state as it is.
    fn look(&self, metrics: &CloudWatch, now: Time) -> Option<Finding> {
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

    fn reason_of(&self, state: AlarmState, values: &[(Time, f64)], absent: usize) -> String {
        if values.is_empty() && state == AlarmState::InsufficientData {
            let plural = if absent == 1 {
                "datapoint was"
            } else {
                "datapoints were"
            };
            return format!("Insufficient Data: {absent} {plural} unknown.");
        }
        let threshold = number(self.spec.threshold);
        let words = self.spec.comparison.words();
        let treated = match self.spec.missing {
            Missing::Breaching => "Breaching",
            _ => "NonBreaching",
        };
        if values.is_empty() {
            let (were, treated_as) = if absent == 1 {
                (
                    "no datapoint was received for 1 period and 1 missing datapoint was",
                    treated,
                )
            } else {
                return format!(
                    "Threshold Crossed: no datapoints were received for {absent} periods and \
                     {absent} missing datapoints were treated as [{treated}]."
                );
            };
            return format!("Threshold Crossed: {were} treated as [{treated_as}].");
        }
        let over = |value: f64| breaches(self.spec.comparison, value, self.spec.threshold);
        let alarm = state == AlarmState::Alarm;
        let telling: Vec<String> = values
            .iter()
            .rev()
            .filter(|(_, value)| over(*value) == alarm)
            .map(|(at, value)| format!("{} ({})", number(*value), stamp(*at)))
            .collect();
        let listed = telling.join(", ");
        let not = if alarm { "" } else { "not " };
        let all = usize::try_from(self.spec.periods.max(1)).unwrap_or(1);
        if all == 1 {
            return format!(
                "Threshold Crossed: 1 datapoint [{listed}] was {not}{words} the threshold ({threshold})."
            );
        }
        let (needed, way) = if alarm {
            (self.needed(), "OK -> ALARM")
        } else {
            (all - self.needed() + 1, "ALARM -> OK")
        };
        let plural = if needed == 1 {
            "datapoint"
        } else {
            "datapoints"
        };
        let were = if telling.len() == 1 { "was" } else { "were" };
        format!(
            "Threshold Crossed: {} out of the last {all} datapoints [{listed}] {were} {not}{words} the \
             threshold ({threshold}) (minimum {needed} {plural} for {way} transition).",
            telling.len(),
        )
    }

    fn data_of(&self, values: &[(Time, f64)], now: Time) -> Value {
        let recent: Vec<f64> = values.iter().map(|(_, value)| *value).collect();
        let evaluated: Vec<Value> = values
            .iter()
            .rev()
            .map(|(at, value)| json!({ "timestamp": long_stamp(*at), "value": value }))
            .collect();
        json!({
            "version": "1.0",
            "queryDate": long_stamp(now),
            "startDate": values.first().map(|(at, _)| long_stamp(*at)),
            "statistic": self.spec.statistic,
            "period": self.spec.period,
            "recentDatapoints": recent,
            "threshold": self.spec.threshold,
            "evaluatedDatapoints": evaluated,
        })
    }

    /// Takes the state that it is in without history, as if it had been since `since`.
    pub(super) fn settle(&mut self, metrics: &CloudWatch, now: Time, since: Time) {
        let now = Time(now.0 - now.0.rem_euclid(MINUTE));
        let found = (!self.forced).then(|| self.look(metrics, now)).flatten();
        if let Some(found) = found {
            (self.state, self.reason, self.reason_data) = (found.state, found.reason, found.data);
        }
        (self.updated, self.transitioned) = (since, since);
    }

    /// Evaluates it; whether its state has changed.
    fn evaluate(&mut self, metrics: &CloudWatch, now: Time) -> bool {
        let found = (!self.forced).then(|| self.look(metrics, now)).flatten();
        let Some(found) = found.filter(|found| found.state != self.state) else {
            return false;
        };
        self.change(found, now);
        true
    }

    fn change(&mut self, found: Finding, now: Time) {
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

impl Engine {
    pub(super) fn evaluate_alarms(&mut self) {
        let now = self.now;
        let mut alarms = std::mem::take(&mut self.neighbours.cloudwatch.alarms);
        let mut changed = Vec::new();
        for alarm in alarms.values_mut() {
            if alarm.evaluate(&self.neighbours.cloudwatch, now) {
                changed.push((alarm.spec.name.clone(), alarm.state, alarm.reason.clone()));
            }
        }
        self.neighbours.cloudwatch.alarms = alarms;
        for (name, state, reason) in changed {
            self.set_alarm(&name, state, &reason);
        }
    }

    /// An event sets the state of an alarm, whatever its metric says.
    pub(crate) fn force_alarm(&mut self, name: &str, state: AlarmState, reason: &str) {
        self.know_alarm(name);
        let now = self.now;
        if let Some(alarm) = self.neighbours.cloudwatch.alarms.get_mut(name) {
            let found = Finding {
                state,
                reason: reason.to_owned(),
                data: Value::Null,
            };
            if alarm.state != state {
                alarm.change(found, now);
            }
            alarm.take(state, reason);
        }
        self.set_alarm(name, state, reason);
    }

    /// Takes in an alarm that a service or an event names, if no world describes it.
    pub(super) fn know_alarm(&mut self, name: &str) {
        if !self.neighbours.cloudwatch.alarms.contains_key(name) {
            let alarm = Alarm::unknown(name, &self.home);
            self.add_alarm(alarm);
        }
    }

    /// Whether an alarm is in ALARM; one that is not known is not.
    pub(crate) fn alarm_fires(&self, name: &str) -> bool {
        let alarm = self.neighbours.cloudwatch.alarms.get(name);
        alarm.is_some_and(|alarm| alarm.state == AlarmState::Alarm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_reasons_have_the_day_first() {
        assert_eq!(stamp(Time(1_795_000_000_000)), "18/11/26 11:06:40");
        assert_eq!(number(80.0), "80.0");
        assert_eq!(number(80.25), "80.25");
    }
}
