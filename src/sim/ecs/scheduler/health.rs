//! Container health checks: when they settle, and what follows.

use super::breaker::Failed;
use super::{Step, words};
use crate::clock::{Millis, SECOND};
use crate::ecs::TaskKey;
use crate::ecs::task::{Health, StopCode};
use crate::ecs::{Due, Ecs};
use crate::world::HealthSpec;

/// How long after its start a check that never passes has failed for good, in seconds.
/// Failures within the start period do not count (`HealthCheck.startPeriod`).
fn gives_up_after(check: &HealthSpec) -> i64 {
    i64::from(check.start_period) + i64::from(check.retries) * i64::from(check.interval)
}

/// When the checks of one container turn, in milliseconds after its start.
struct Turns {
    /// They pass from here on.
    passes: Option<Millis>,
    /// They have failed for good, if they have not passed by then.
    gives_up: Millis,
    /// They fail again from here on.
    sick: Option<Millis>,
}

impl Turns {
    fn health(&self, after: Millis) -> Health {
        match () {
            () if self.sick.is_some_and(|at| after >= at) => Health::Unhealthy,
            () if self.passes.is_some_and(|at| after >= at) => Health::Healthy,
            () if after >= self.gives_up => Health::Unhealthy,
            () => Health::Unknown,
        }
    }

    fn moments(&self) -> impl Iterator<Item = Millis> {
        let gives_up = self.passes.is_none_or(|at| at > self.gives_up);
        self.passes
            .into_iter()
            .chain(self.sick)
            .chain(gives_up.then_some(self.gives_up))
    }
}

impl Ecs {
    fn turns(&self, key: TaskKey, number: usize, check: &HealthSpec) -> Turns {
        let number = u64::try_from(number).unwrap_or_default();
        let mut random = self.desk.random("check", key.0.wrapping_mul(32) + number);
        let passes = check.after.draw(&mut random);
        let fails = i64::from(check.retries) * i64::from(check.interval) * SECOND;
        let sick = check
            .fails_after
            .map(|after| after.draw(&mut random) + fails);
        Turns {
            passes: check.passes.then_some(passes),
            gives_up: gives_up_after(check) * SECOND,
            sick,
        }
    }

    /// Plans the moments at which the checks of a running task turn.
    pub(crate) fn plan_checks(&mut self, key: TaskKey) {
        let Some(task) = self.tasks.get(&key) else {
            return;
        };
        let (definition, life) = (task.definition.clone(), task.life);
        for (number, container) in definition.containers.iter().enumerate() {
            let Some(check) = &container.health else {
                continue;
            };
            for after in self.turns(key, number, check).moments() {
                self.desk
                    .plan(after, Due::Task(key, life, Step::Check(number)));
            }
        }
    }

    pub(crate) fn health_settles(&mut self, key: TaskKey, number: usize) {
        let now = self.desk.now;
        let Some(task) = self.tasks.get(&key) else {
            return;
        };
        let definition = task.definition.clone();
        let Some(spec) = definition.containers.get(number) else {
            return;
        };
        let Some(check) = &spec.health else {
            return;
        };
        let started = task.times.started.unwrap_or(now);
        let health = self.turns(key, number, check).health(now - started);
        let Some(task) = self.tasks.get_mut(&key) else {
            return;
        };
        if let Some(container) = task.containers.get_mut(number) {
            container.health = health;
        }
        let mut checked = task
            .containers
            .iter()
            .zip(&definition.containers)
            .filter(|(_, spec)| spec.health.is_some() && spec.essential)
            .map(|(container, _)| container.health);
        task.health = if checked.clone().any(|health| health == Health::Unhealthy) {
            Health::Unhealthy
        } else if checked.all(|health| health == Health::Healthy) {
            Health::Healthy
        } else {
            Health::Unknown
        };
        let (health, owner, life) = (task.health, task.owner, task.life);
        let grace = owner
            .and_then(|(service, _)| self.service(service))
            .map_or(0, |service| service.settings.grace);
        match health {
            Health::Healthy => self.task_may_serve(key),
            // The grace period ignores the checks of containers too.
            Health::Unhealthy => {
                let wait = (started + grace - now).max(0);
                self.desk.plan(wait, Due::Task(key, life, Step::Unhealthy));
            }
            Health::Unknown => {}
        }
    }

    /// ECS replaces a task that is still unhealthy once the grace period is over.
    pub(super) fn health_judged(&mut self, key: TaskKey) {
        let Some(task) = self.tasks.get(&key) else {
            return;
        };
        let Some((service, deployment)) = task.owner else {
            return;
        };
        if task.health != Health::Unhealthy {
            return;
        }
        let id = task.id.clone();
        self.note(service, words::failed_container_checks(&id));
        self.replace_unhealthy(key, words::FAILED_CONTAINER_CHECKS.to_owned());
        self.start_failed(service, deployment, Failed::ToServe);
    }

    /// The scheduler stops a task that is not healthy, and will replace it.
    pub(super) fn replace_unhealthy(&mut self, key: TaskKey, reason: String) {
        let owner = self.tasks.get(&key).and_then(|task| task.owner);
        if let Some(service) = owner.and_then(|(service, _)| self.service_mut(service)) {
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
            fails_after: None,
        };
        assert_eq!(gives_up_after(&check), 90);
    }

    #[test]
    fn a_check_that_passes_too_late_has_failed_before() {
        let turns = Turns {
            passes: Some(90 * SECOND),
            gives_up: 60 * SECOND,
            sick: Some(300 * SECOND),
        };
        let at = |seconds: i64| turns.health(seconds * SECOND);
        assert_eq!(at(59), Health::Unknown);
        assert_eq!(at(60), Health::Unhealthy);
        assert_eq!(at(90), Health::Healthy);
        assert_eq!(at(300), Health::Unhealthy);
        assert_eq!(turns.moments().count(), 3);
    }
}
