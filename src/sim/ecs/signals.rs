//! Signals from around ECS that deployments listen to: the states of alarms, and what
//! load balancers find when they check.
//!
//! Invariant: they are changed by what ECS is told alone, and then the service scheduler
//! looks.

use std::collections::BTreeMap;

use crate::bus::AlarmState;
use crate::clock::Time;
use crate::world::TargetGroupSpec;

/// An alarm as ECS sees it.
#[derive(Clone, Debug)]
pub(crate) struct Alarm {
    pub(crate) state: AlarmState,
    /// Since when.
    pub(crate) since: Time,
    pub(crate) reason: String,
}

/// A target group of a load balancer.
#[derive(Clone, Debug)]
pub(crate) struct TargetGroup {
    pub(crate) spec: TargetGroupSpec,
    pub(crate) arn: String,
    /// Since when its targets pass, or fail, as they now do.
    pub(crate) changed: Time,
}

/// What deployments listen to, by name.
#[derive(Debug, Default)]
pub(crate) struct Signals {
    pub(crate) alarms: BTreeMap<String, Alarm>,
    pub(crate) groups: BTreeMap<String, TargetGroup>,
}

impl Signals {
    /// Whether an alarm is in ALARM; one that is not known is not.
    pub(crate) fn in_alarm(&self, name: &str) -> bool {
        self.alarms
            .get(name)
            .is_some_and(|alarm| alarm.state == AlarmState::Alarm)
    }

    /// Takes in the state of an alarm, which it has since `now` where it is another.
    pub(crate) fn set_alarm(&mut self, name: &str, state: AlarmState, reason: &str, now: Time) {
        let alarm = self.alarms.entry(name.to_owned());
        let alarm = alarm.or_insert_with(|| Alarm {
            state: AlarmState::InsufficientData,
            since: now,
            reason: String::new(),
        });
        if alarm.state != state {
            alarm.since = now;
        }
        alarm.state = state;
        reason.clone_into(&mut alarm.reason);
    }
}
