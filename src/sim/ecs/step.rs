//! How time moves ECS, and what it makes of what other parts tell it.

use super::{Due, Ecs, ServiceKey};
use crate::bus::{AlarmState, Bus};
use crate::clock::{SECOND, Time};

impl Ecs {
    /// Does the next thing that is due at `now`.
    pub(crate) fn step(&mut self, now: Time, bus: &mut Bus) {
        self.desk.now = now;
        match self.desk.due() {
            Some(Due::Reconcile(service)) => self.reconcile_if_due(service),
            Some(Due::Task(task, life, step)) => self.step_task(task, life, step),
            Some(Due::Forget(task)) => self.forget_task(task),
            Some(Due::Founded(service)) => self.service_founded(service),
            Some(Due::Hook(service, hook, turn)) => self.hook_turns(service, &hook, turn),
            None => {}
        }
        self.desk.hand_over(bus);
    }

    /// CloudWatch tells the state of an alarm. Deployments that watch it are looked at
    /// within seconds.
    pub(crate) fn alarm_told(&mut self, name: &str, state: AlarmState, reason: &str) {
        self.signals.set_alarm(name, state, reason, self.desk.now);
        let watching: Vec<ServiceKey> = self
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

    /// Application Auto Scaling sets how many tasks a service is to have.
    pub(crate) fn count_told(&mut self, service: ServiceKey, count: u32) {
        if let Some(service) = self.service_mut(service) {
            service.desired = count;
        }
        self.plan_reconcile(service, SECOND);
    }

    /// Sets why the targets of a group fail their checks, in ELB's words; none lets them pass.
    pub(crate) fn set_target_fault(&mut self, group: &str, fault: Option<String>) {
        let now = self.desk.now;
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
