//! The way down: DEACTIVATING, STOPPING, DEPROVISIONING, STOPPED, and forgotten.

use super::Step;
use crate::clock::{HOUR, Millis, SECOND};
use crate::ecs::TaskKey;
use crate::ecs::task::{Status, StopCode};
use crate::ecs::{Due, Ecs};

/// How long a stopped task is still shown: here not longer than is promised.
///
/// source: ECS API reference, DescribeTasks ("currently, stopped tasks appear in the returned
/// results for at least one hour").
const SHOWN: i64 = HOUR;

impl Ecs {
    /// Turns a task's life towards its end; the first reason stays.
    pub(crate) fn begin_stop(&mut self, key: TaskKey, code: StopCode, reason: String) {
        let orderly = !matches!(
            code,
            StopCode::TaskFailedToStart | StopCode::EssentialContainerExited
        );
        self.turn_down(key, code, reason, orderly, false);
    }

    /// A task is gone with its host: nobody saw its containers end.
    pub(crate) fn lose_task(&mut self, key: TaskKey, code: StopCode, reason: String) {
        self.turn_down(key, code, reason, false, true);
    }

    fn turn_down(
        &mut self,
        key: TaskKey,
        code: StopCode,
        reason: String,
        orderly: bool,
        lost: bool,
    ) {
        let now = self.desk.now;
        let Some(task) = self.tasks.get_mut(&key) else {
            return;
        };
        if !task.wanted {
            return;
        }
        let was_running = task.running();
        task.wanted = false;
        task.life += 1;
        task.version += 1;
        task.stop = Some((code, reason));
        task.times.stopping = Some(now);
        task.protected = None;
        let deactivating = was_running && orderly;
        task.status = if deactivating {
            Status::Deactivating
        } else {
            Status::Deprovisioning
        };
        let (id, owner) = (task.id.clone(), task.owner);
        if let Some(cluster) = self.clusters.get_mut(&task.cluster) {
            cluster.wanted.remove(&id);
            cluster.unwanted.insert(id, key);
        }
        let drains = self.drain_targets(key);
        if deactivating {
            self.plan_deactivated(key, drains);
        } else {
            if was_running {
                self.end_containers(key, lost);
            }
            self.plan_task(key, "deprovision", (8, 22), Step::Gone);
        }
        self.worker_leaves(key, owner.map(|(service, _)| service));
        if let Some((service, _)) = owner {
            self.plan_reconcile(service, SECOND);
        }
    }

    /// DEACTIVATING lasts as long as targets drain.
    fn plan_deactivated(&mut self, key: TaskKey, drains: Option<Millis>) {
        let Some(task) = self.tasks.get(&key) else {
            return;
        };
        let life = task.life;
        match drains {
            Some(drains) => self.desk.plan(drains, Due::Task(key, life, Step::Signal)),
            None => self.plan_task(key, "deactivate", (1, 3), Step::Signal),
        }
    }

    pub(crate) fn containers_signalled(&mut self, key: TaskKey) {
        let Some(task) = self.tasks.get_mut(&key) else {
            return;
        };
        task.status = Status::Stopping;
        // Who does not heed SIGTERM is killed when `stopTimeout` has passed, 30 seconds.
        let stubborn = task.definition.containers.iter().any(|c| c.stubborn);
        let takes = if stubborn { (30, 30) } else { (1, 9) };
        self.plan_task(key, "stop", takes, Step::Ended);
    }

    pub(crate) fn containers_ended(&mut self, key: TaskKey) {
        self.end_containers(key, false);
        if let Some(task) = self.tasks.get_mut(&key) {
            task.status = Status::Deprovisioning;
        }
        self.plan_task(key, "deprovision", (8, 22), Step::Gone);
    }

    /// Ends what still runs: with 143 where SIGTERM ends it, with 0 where it is handled,
    /// with 137 where it is not heeded, without any code where nobody saw it.
    fn end_containers(&mut self, key: TaskKey, lost: bool) {
        let now = self.desk.now;
        let mut random = self.desk.random("signal", key.0);
        let Some(task) = self.tasks.get_mut(&key) else {
            return;
        };
        task.times.execution_stopped = Some(now);
        let mut ended = Vec::new();
        let definition = task.definition.clone();
        for (container, spec) in task.containers.iter_mut().zip(&definition.containers) {
            if container.status == "RUNNING" {
                container.status = "STOPPED";
                let code = match random.chance(0.5) {
                    _ if spec.stubborn => 137,
                    true => 143,
                    false => 0,
                };
                container.exit_code = Some(code).filter(|_| !lost);
                ended.push(container.name.clone());
            }
        }
        for name in ended {
            self.close_stream(key, &name);
        }
    }

    pub(crate) fn task_gone(&mut self, key: TaskKey) {
        let now = self.desk.now;
        let Some(task) = self.tasks.get_mut(&key) else {
            return;
        };
        task.status = Status::Stopped;
        task.times.stopped = Some(now);
        task.interface.status = "DELETED";
        task.targets.clear();
        let (instance, definition) = (task.instance, task.definition.clone());
        for container in &mut task.containers {
            container.status = "STOPPED";
        }
        let owner = task.owner;
        match instance.and_then(|instance| self.instance_mut(instance)) {
            Some(instance) => instance.release(key, &definition),
            None => self.fargate_cpu = self.fargate_cpu.saturating_sub(definition.cpu),
        }
        if let Some((service, _)) = owner {
            if let Some(service) = self.service_mut(service) {
                service.live.remove(&key);
                service.stopped.insert(key);
            }
            self.plan_reconcile(service, SECOND);
        }
        self.desk.plan(SHOWN, Due::Forget(key));
    }

    pub(crate) fn forget_task(&mut self, key: TaskKey) {
        let Some(task) = self.tasks.remove(&key) else {
            return;
        };
        self.task_ids.remove(&task.id);
        if let Some(cluster) = self.clusters.get_mut(&task.cluster) {
            cluster.unwanted.remove(&task.id);
            if let Some(tasks) = cluster.standalone.get_mut(&task.definition.family) {
                tasks.remove(&key);
            }
        }
        if let Some((service, _)) = task.owner
            && let Some(service) = self.service_mut(service)
        {
            service.stopped.remove(&key);
        }
    }
}
