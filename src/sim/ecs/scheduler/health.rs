//! Container health checks: when they settle, and what follows.

use super::breaker::Failed;
use super::{Step, words};
use crate::clock::SECOND;
use crate::ecs::TaskKey;
use crate::ecs::task::{Health, StopCode};
use crate::engine::{Due, Engine};
use crate::world::HealthSpec;

/// How long after its start a check that never passes has failed for good, in seconds.
/// Failures within the start period do not count (`HealthCheck.startPeriod`).
fn gives_up_after(check: &HealthSpec) -> i64 {
    i64::from(check.start_period) + i64::from(check.retries) * i64::from(check.interval)
}

impl Engine {
    /// Plans the moment at which the checks of a running task settle.
    pub(crate) fn plan_checks(&mut self, key: TaskKey) {
        let Some(task) = self.ecs.tasks.get(&key) else {
            return;
        };
        let (definition, life) = (task.definition.clone(), task.life);
        let mut random = self.random("check", key.0);
        for (number, container) in definition.containers.iter().enumerate() {
            let Some(check) = &container.health else {
                continue;
            };
            let after = if check.passes {
                check.after.draw(&mut random)
            } else {
                gives_up_after(check) * SECOND
            };
            self.plan(after, Due::Task(key, life, Step::Check(number)));
        }
    }

    pub(crate) fn health_settles(&mut self, key: TaskKey, number: usize) {
        let Some(task) = self.ecs.tasks.get_mut(&key) else {
            return;
        };
        let definition = task.definition.clone();
        let Some(spec) = definition.containers.get(number) else {
            return;
        };
        let passes = spec.health.as_ref().is_some_and(|check| check.passes);
        if let Some(container) = task.containers.get_mut(number) {
            container.health = if passes {
                Health::Healthy
            } else {
                Health::Unhealthy
            };
        }
        let mut checked = task
            .containers
            .iter()
            .zip(&definition.containers)
            .filter(|(_, spec)| spec.health.is_some())
            .map(|(container, _)| container.health);
        task.health = if checked.clone().any(|health| health == Health::Unhealthy) {
            Health::Unhealthy
        } else if checked.all(|health| health == Health::Healthy) {
            Health::Healthy
        } else {
            Health::Unknown
        };
        let (health, owner, id) = (task.health, task.owner, task.id.clone());
        let serves = task.serves();
        let Some((service, deployment)) = owner else {
            return;
        };
        match health {
            Health::Healthy if serves => {
                self.deployment_proven(service, deployment);
                self.plan_reconcile(service, SECOND);
            }
            Health::Unhealthy if spec.essential => {
                self.note(service, words::failed_container_checks(&id));
                let reason = words::FAILED_CONTAINER_CHECKS.to_owned();
                self.replace_unhealthy(key, reason);
                self.start_failed(service, deployment, Failed::ToServe);
            }
            Health::Healthy | Health::Unhealthy | Health::Unknown => {}
        }
    }

    /// The scheduler stops a task that is not healthy, and will replace it.
    pub(super) fn replace_unhealthy(&mut self, key: TaskKey, reason: String) {
        let owner = self.ecs.tasks.get(&key).and_then(|task| task.owner);
        if let Some(service) = owner.and_then(|(service, _)| self.ecs.service_mut(service)) {
            service.notices.replacing += 1;
        }
        self.begin_stop(key, StopCode::ServiceSchedulerInitiated, reason);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Between;

    #[test]
    fn a_check_gives_up_after_its_start_period_and_its_retries() {
        let check = HealthSpec {
            command: Vec::new(),
            interval: 10,
            timeout: 5,
            retries: 3,
            start_period: 60,
            passes: false,
            after: Between::seconds(0, 0),
        };
        assert_eq!(gives_up_after(&check), 90);
    }
}
