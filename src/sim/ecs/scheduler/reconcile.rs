//! The service scheduler's look at a service: it launches what is missing, stops
//! what is too much, and says when it is done.
//!
//! Invariant: within a deployment the healthy running tasks never fall below the
//! floor by its doing, and running and pending ones never exceed the ceiling.

use serde_json::Value;

use super::notes::{AGAIN, may_repeat};
use super::{Launch, words};
use crate::clock::Millis;
use crate::ecs::deployment::{DeploymentStatus, Rollout};
use crate::ecs::task::StopCode;
use crate::ecs::{DeploymentKey, Service, ServiceKey, Task, TaskKey};
use crate::engine::{Due, Engine};

/// What the scheduler sees.
struct View {
    desired: u32,
    primary: DeploymentKey,
    primary_id: String,
    /// Wanted tasks of the primary deployment.
    ours: Vec<(TaskKey, bool)>,
    /// Wanted tasks of others, and whether they serve.
    others: Vec<(TaskKey, bool)>,
    /// Tasks of the service that have not stopped, wanted or not.
    live: u32,
    serving: u32,
}

fn count<T>(of: &[T]) -> u32 {
    u32::try_from(of.len()).unwrap_or(u32::MAX)
}

impl View {
    fn of(engine: &Engine, service: &Service) -> Option<Self> {
        let primary = service.primary()?;
        let tasks: Vec<&Task> = service
            .live
            .iter()
            .filter_map(|key| engine.ecs.tasks.get(key))
            .filter(|task| task.wanted)
            .collect();
        let owned = |task: &Task| task.owner.is_some_and(|(_, owner)| owner == primary.key);
        let part = |ours: bool| {
            tasks
                .iter()
                .filter(|task| owned(task) == ours)
                .map(|task| (task.key, task.serves()))
                .collect()
        };
        Some(View {
            desired: service.desired,
            primary: primary.key,
            primary_id: primary.id.clone(),
            ours: part(true),
            others: part(false),
            live: count(&tasks),
            serving: count(&tasks.iter().filter(|t| t.serves()).collect::<Vec<_>>()),
        })
    }
}

impl Engine {
    /// Has the scheduler look at a service, `after` from now or sooner.
    pub(crate) fn plan_reconcile(&mut self, key: ServiceKey, after: Millis) {
        let at = self.now + after;
        let Some(service) = self.ecs.service_mut(key) else {
            return;
        };
        if service
            .notices
            .reconcile_at
            .is_some_and(|planned| planned <= at)
        {
            return;
        }
        service.notices.reconcile_at = Some(at);
        self.plan(after, Due::Reconcile(key));
    }

    pub(crate) fn reconcile_if_due(&mut self, key: ServiceKey) {
        let now = self.now;
        let Some(service) = self.ecs.service_mut(key) else {
            return;
        };
        if service.notices.reconcile_at.is_some_and(|at| at <= now) {
            service.notices.reconcile_at = None;
            self.reconcile(key);
        }
    }

    fn reconcile(&mut self, key: ServiceKey) {
        let Some(view) = self.ecs.service(key).and_then(|s| View::of(self, s)) else {
            return;
        };
        let started = self.start_missing(key, &view);
        let stopped = self.stop_surplus(key, &view);
        self.drop_empty(key);
        if started + stopped == 0 {
            self.settle(key, &view);
        }
    }

    /// Launches what the primary deployment lacks, as far as the ceiling lets it.
    fn start_missing(&mut self, key: ServiceKey, view: &View) -> u32 {
        let Some(service) = self.ecs.service(key) else {
            return 0;
        };
        let Some(primary) = service.primary() else {
            return 0;
        };
        let missing = view.desired.saturating_sub(count(&view.ours));
        let mut room = service.ceiling().saturating_sub(view.live);
        if view.others.is_empty() {
            // Replacing what was lost is no deployment: the ceiling does not bind.
            room = room.max(missing);
        }
        let start = missing.min(room);
        if start == 0 || primary.rollout == Rollout::Failed || !service.active {
            return 0;
        }
        if primary.not_before > self.now {
            let wait = primary.not_before - self.now;
            self.plan_reconcile(key, wait);
            return 0;
        }
        let launch = Launch {
            cluster: service.cluster.clone(),
            definition: primary.definition.clone(),
            owner: Some((key, view.primary)),
            group: format!("service:{}", service.name),
            started_by: Some(view.primary_id.clone()),
            network: service.network.clone(),
            overrides: Value::Null,
            tags: Value::Null,
            execute_command: service.execute_command,
        };
        let replaced = service.notices.replacing.min(start);
        let mut ids = Vec::new();
        for _ in 0..start {
            let task = self.launch(launch.clone());
            ids.extend(self.ecs.tasks.get(&task).map(|task| task.id.clone()));
        }
        if let Some(service) = self.ecs.service_mut(key) {
            service.notices.steady_said = None;
            service.notices.replacing = 0;
        }
        for batch in ids.chunks(10) {
            self.note(key, words::started(batch, replaced));
        }
        start
    }

    /// Stops what the primary deployment has too much, and of the others what the
    /// floor lets it.
    fn stop_surplus(&mut self, key: ServiceKey, view: &View) -> u32 {
        let Some(service) = self.ecs.service(key) else {
            return 0;
        };
        let floor = service.floor();
        let failed = service
            .primary()
            .is_some_and(|primary| primary.rollout == Rollout::Failed);
        let excess = count(&view.ours).saturating_sub(view.desired);
        let mut stop: Vec<(TaskKey, bool)> = view
            .ours
            .iter()
            .rev()
            .take(usize::try_from(excess).unwrap_or_default())
            .copied()
            .collect();
        if !failed {
            let mut spare = view.serving.saturating_sub(floor);
            // With no task wanted at all there is no floor to hold.
            for (task, serves) in &view.others {
                if *serves && spare == 0 {
                    continue;
                }
                if *serves {
                    spare -= 1;
                }
                stop.push((*task, *serves));
            }
        }
        let (running, pending): (Vec<_>, Vec<_>) = stop
            .into_iter()
            .partition(|(task, _)| self.ecs.tasks.get(task).is_some_and(Task::running));
        let reason = words::scaled(&view.primary_id);
        let mut ids = Vec::new();
        for (task, _) in running.iter().chain(&pending) {
            self.begin_stop(*task, StopCode::ServiceSchedulerInitiated, reason.clone());
        }
        for (task, _) in &running {
            ids.extend(self.ecs.tasks.get(task).map(|task| task.id.clone()));
        }
        for batch in ids.chunks(10) {
            self.note(key, words::stopped_running(batch));
        }
        if !pending.is_empty() {
            self.note(key, words::stopped_pending(pending.len()));
        }
        count(&running) + count(&pending)
    }

    /// Forgets replaced deployments that have no task left.
    fn drop_empty(&mut self, key: ServiceKey) {
        let Some(service) = self.ecs.service(key) else {
            return;
        };
        let empty: Vec<DeploymentKey> = service
            .deployments
            .iter()
            .filter(|d| !d.primary && self.ecs.tasks_of(service, d.key).next().is_none())
            .map(|d| d.key)
            .collect();
        if let Some(service) = self.ecs.service_mut(key) {
            service.deployments.retain(|d| !empty.contains(&d.key));
        }
    }

    /// Nothing to start or stop: done, or waiting, or deadlocked.
    fn settle(&mut self, key: ServiceKey, view: &View) {
        let now = self.now;
        let serving = count(
            &view
                .ours
                .iter()
                .filter(|(_, serves)| *serves)
                .collect::<Vec<_>>(),
        );
        let complete = serving == view.desired && count(&view.ours) == view.desired;
        let Some(service) = self.ecs.service_mut(key) else {
            return;
        };
        if complete && service.deployments.len() == 1 {
            self.complete(key);
            return;
        }
        let deadlocked = !view.others.is_empty()
            && view.live == view.serving
            && service.ceiling() <= view.live
            && view.serving <= service.floor();
        if deadlocked && may_repeat(service.notices.deadlock_said, now) {
            service.notices.deadlock_said = Some(now);
            self.note(key, words::DEADLOCK);
        }
    }

    /// The service is steady; a deployment in progress is complete.
    fn complete(&mut self, key: ServiceKey) {
        let now = self.now;
        let Some(service) = self.ecs.service_mut(key) else {
            return;
        };
        let mut completed = None;
        if let Some(primary) = service.primary_mut()
            && primary.rollout == Rollout::InProgress
        {
            primary.rollout = Rollout::Completed;
            primary.reason = words::completed(&primary.id);
            primary.updated = now;
            completed = Some(primary.id.clone());
        }
        if let Some(ongoing) = service.ongoing_mut() {
            ongoing.finished = Some(now);
            ongoing.status = match ongoing.status {
                DeploymentStatus::RollbackInProgress => DeploymentStatus::RollbackSuccessful,
                _ => DeploymentStatus::Successful,
            };
        }
        let say = may_repeat(service.notices.steady_said, now);
        if say {
            service.notices.steady_said = Some(now);
        }
        if let Some(id) = completed {
            self.note(key, words::deployment_completed(&id));
        }
        if say {
            self.note(key, words::STEADY);
        }
        let said = self.ecs.service(key).and_then(|s| s.notices.steady_said);
        if let Some(said) = said {
            self.plan_reconcile(key, said + AGAIN - now);
        }
    }
}
