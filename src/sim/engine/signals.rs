//! Signals from around ECS that deployments listen to: the states of alarms, and what
//! load balancers find when they check.
//!
//! Invariant: they are changed through [`Engine::set_alarm`] and
//! [`Engine::set_target_fault`] alone, which have the service scheduler look.

use std::collections::BTreeMap;

use super::Engine;
use crate::clock::{SECOND, Time};
use crate::ecs::ServiceKey;
use crate::world::TargetGroupSpec;

/// `StateValue` of a CloudWatch alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AlarmState {
    Ok,
    Alarm,
    InsufficientData,
}

impl AlarmState {
    pub(crate) fn name(self) -> &'static str {
        match self {
            AlarmState::Ok => "OK",
            AlarmState::Alarm => "ALARM",
            AlarmState::InsufficientData => "INSUFFICIENT_DATA",
        }
    }
}

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
}

impl Engine {
    /// Sets an alarm's state. Deployments that watch it are looked at within seconds.
    pub(crate) fn set_alarm(&mut self, name: &str, state: AlarmState, reason: &str) {
        let now = self.now;
        let alarm = self.signals.alarms.entry(name.to_owned());
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
        let watching: Vec<ServiceKey> = self
            .ecs
            .services
            .iter()
            .filter(|service| {
                let alarms = service.settings.alarms.as_ref();
                alarms.is_some_and(|alarms| alarms.names.iter().any(|watched| watched == name))
            })
            .map(|service| service.key)
            .collect();
        for service in watching {
            self.plan_reconcile(service, 5 * SECOND);
        }
    }

    /// Sets why the targets of a group fail their checks, in ELB's words; none lets them pass.
    pub(crate) fn set_target_fault(&mut self, group: &str, fault: Option<String>) {
        let now = self.now;
        let Some(known) = self.signals.groups.get_mut(group) else {
            return;
        };
        if known.spec.fault.is_some() != fault.is_some() {
            known.changed = now;
        }
        known.spec.fault = fault;
        self.check_targets_of(group);
    }
}
