//! The way down: DEACTIVATING, STOPPING, DEPROVISIONING, STOPPED, and forgotten.

use super::Step;
use crate::clock::{HOUR, SECOND};
use crate::ecs::TaskKey;
use crate::ecs::task::{Status, StopCode};
use crate::engine::{Due, Engine};

/// How long a stopped task is still shown: "at least an hour" (DescribeTasks).
const SHOWN: i64 = HOUR;

impl Engine {
    /// Turns a task's life towards its end; the first reason stays.
    pub(crate) fn begin_stop(&mut self, key: TaskKey, code: StopCode, reason: String) {
        let now = self.now;
        let Some(task) = self.ecs.tasks.get_mut(&key) else {
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
        task.status = match code {
            StopCode::UserInitiated | StopCode::ServiceSchedulerInitiated if was_running => {
                Status::Deactivating
            }
            _ => Status::Deprovisioning,
        };
        let (id, owner, deactivating) = (
            task.id.clone(),
            task.owner,
            task.status == Status::Deactivating,
        );
        if let Some(cluster) = self.ecs.clusters.get_mut(&task.cluster) {
            cluster.wanted.remove(&id);
            cluster.unwanted.insert(id, key);
        }
        if deactivating {
            self.plan_task(key, "deactivate", (1, 3), Step::Signal);
        } else {
            if was_running {
                self.end_containers(key);
            }
            self.plan_task(key, "deprovision", (8, 22), Step::Gone);
        }
        self.worker_leaves(key);
        if let Some((service, _)) = owner {
            self.plan_reconcile(service, SECOND);
        }
    }

    pub(crate) fn containers_signalled(&mut self, key: TaskKey) {
        if let Some(task) = self.ecs.tasks.get_mut(&key) {
            task.status = Status::Stopping;
        }
        self.plan_task(key, "stop", (1, 9), Step::Ended);
    }

    pub(crate) fn containers_ended(&mut self, key: TaskKey) {
        self.end_containers(key);
        if let Some(task) = self.ecs.tasks.get_mut(&key) {
            task.status = Status::Deprovisioning;
        }
        self.plan_task(key, "deprovision", (8, 22), Step::Gone);
    }

    /// Ends what still runs: with 143 where SIGTERM ends it, with 0 where it is handled.
    fn end_containers(&mut self, key: TaskKey) {
        let now = self.now;
        let mut random = self.random("signal", key.0);
        let Some(task) = self.ecs.tasks.get_mut(&key) else {
            return;
        };
        task.times.execution_stopped = Some(now);
        let mut ended = Vec::new();
        for container in &mut task.containers {
            if container.status == "RUNNING" {
                container.status = "STOPPED";
                container.exit_code = Some(if random.chance(0.5) { 143 } else { 0 });
                ended.push(container.name.clone());
            }
        }
        for name in ended {
            self.close_stream(key, &name);
        }
    }

    pub(crate) fn task_gone(&mut self, key: TaskKey) {
        let now = self.now;
        let Some(task) = self.ecs.tasks.get_mut(&key) else {
            return;
        };
        task.status = Status::Stopped;
        task.times.stopped = Some(now);
        task.interface.status = "DELETED";
        for container in &mut task.containers {
            container.status = "STOPPED";
        }
        let owner = task.owner;
        if let Some((service, _)) = owner {
            if let Some(service) = self.ecs.service_mut(service) {
                service.live.remove(&key);
                service.stopped.insert(key);
            }
            self.plan_reconcile(service, SECOND);
        }
        self.plan(SHOWN, Due::Forget(key));
    }

    pub(crate) fn forget_task(&mut self, key: TaskKey) {
        let Some(task) = self.ecs.tasks.remove(&key) else {
            return;
        };
        self.ecs.task_ids.remove(&task.id);
        if let Some(cluster) = self.ecs.clusters.get_mut(&task.cluster) {
            cluster.unwanted.remove(&task.id);
            if let Some(tasks) = cluster.standalone.get_mut(&task.definition.family) {
                tasks.remove(&key);
            }
        }
        if let Some((service, _)) = task.owner
            && let Some(service) = self.ecs.service_mut(service)
        {
            service.stopped.remove(&key);
        }
    }
}
