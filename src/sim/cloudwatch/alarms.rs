//! The alarms of an account: evaluated each minute, and set by whoever sets them.

use serde_json::Value;

use super::CloudWatch;
use super::alarm::{Alarm, Finding};
use crate::bus::{AlarmState, Told};
use crate::clock::HOUR;

impl CloudWatch {
    /// Tells the state of an alarm to whom listens.
    fn tell_alarm(&mut self, name: &str, state: AlarmState, reason: &str) {
        self.desk.tell(Told::Alarm {
            name: name.to_owned(),
            state,
            reason: reason.to_owned(),
        });
    }

    /// Takes an alarm in, in the state that it has had for long.
    pub(crate) fn add_alarm(&mut self, mut alarm: Alarm) {
        let since = self.desk.epoch - 3 * 24 * HOUR;
        alarm.settle(&self.metrics, self.desk.now, since);
        self.tell_alarm(&alarm.spec.name, alarm.state, &alarm.reason);
        self.alarms.insert(alarm.spec.name.clone(), alarm);
    }

    /// Evaluates all alarms.
    pub(super) fn evaluate_alarms(&mut self) {
        let now = self.desk.now;
        let mut alarms = std::mem::take(&mut self.alarms);
        let mut changed = Vec::new();
        for alarm in alarms.values_mut() {
            if alarm.evaluate(&self.metrics, now) {
                changed.push((alarm.spec.name.clone(), alarm.state, alarm.reason.clone()));
            }
        }
        self.alarms = alarms;
        for (name, state, reason) in changed {
            self.tell_alarm(&name, state, &reason);
        }
    }

    /// An event sets the state of an alarm, whatever its metric says.
    pub(crate) fn force_alarm(&mut self, name: &str, state: AlarmState, reason: &str) {
        self.know_alarm(name);
        let now = self.desk.now;
        if let Some(alarm) = self.alarms.get_mut(name) {
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
        self.tell_alarm(name, state, reason);
    }

    /// Takes in an alarm that a service or an event names, if no world describes it.
    pub(super) fn know_alarm(&mut self, name: &str) {
        if !self.alarms.contains_key(name) {
            let alarm = Alarm::unknown(name, &self.desk.home);
            self.add_alarm(alarm);
        }
    }

    /// Whether an alarm is in ALARM; one that is not known is not.
    pub(crate) fn alarm_fires(&self, name: &str) -> bool {
        let alarm = self.alarms.get(name);
        alarm.is_some_and(|alarm| alarm.state == AlarmState::Alarm)
    }
}
