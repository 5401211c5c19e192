//! The way up: PROVISIONING, PENDING, ACTIVATING, RUNNING, and what happens in it.

use super::start_failure::{self, StartFailure};
use super::{Step, words};
use crate::clock::SECOND;
use crate::ecs::TaskKey;
use crate::ecs::task::{Status, StopCode, Task};
use crate::engine::{Due, Engine};

impl Engine {
    /// The task if `life` is still its present turn.
    fn living(&mut self, key: TaskKey, life: u32) -> Option<&mut Task> {
        let task = self.ecs.tasks.get_mut(&key)?;
        (task.life == life).then_some(task)
    }

    pub(crate) fn step_task(&mut self, key: TaskKey, life: u32, step: Step) {
        let now = self.now;
        let Some(task) = self.living(key, life) else {
            return;
        };
        task.version += 1;
        match step {
            Step::Attached => {
                task.status = Status::Pending;
                task.interface.status = "ATTACHED";
                task.times.connected = Some(now);
                let definition = task.definition.clone();
                if start_failure::before_pull(&definition, &self.supply).is_some() {
                    self.plan_task(key, "secret", (4, 15), Step::Fail);
                } else {
                    self.plan_task(key, "pend", (2, 5), Step::Pull);
                }
            }
            Step::Pull => {
                task.status = Status::Activating;
                task.times.pull_started = Some(now);
                let definition = task.definition.clone();
                if start_failure::in_pull(&definition, &self.supply).is_some() {
                    self.plan_task(key, "pull", (8, 25), Step::Fail);
                } else {
                    self.plan_task(key, "pull", (5, 22), Step::Pulled);
                }
            }
            Step::Pulled => {
                task.times.pull_stopped = Some(now);
                let definition = task.definition.clone();
                let fails = start_failure::after_pull(&definition, &self.supply).is_some();
                self.unpack(key);
                let next = if fails { Step::Fail } else { Step::Run };
                self.plan_task(key, "start", (1, 4), next);
            }
            Step::Run => self.task_runs(key),
            Step::Fail => self.task_fails(key),
            Step::Exit(container, way) => self.container_exits(key, container, way),
            Step::Check(container) => self.health_settles(key, container),
            Step::Signal => self.containers_signalled(key),
            Step::Ended => self.containers_ended(key),
            Step::Gone => self.task_gone(key),
        }
    }

    /// Gives the containers what they have once their images are there.
    pub(crate) fn unpack(&mut self, key: TaskKey) {
        let mut random = self.random("runtime", key.0);
        let Some(task) = self.ecs.tasks.get_mut(&key) else {
            return;
        };
        for container in &mut task.containers {
            container.runtime_id = Some(format!("{}-{}", task.id, random.digits(10)));
            container.digest = Some(words::digest(&container.image));
        }
    }

    pub(crate) fn task_runs(&mut self, key: TaskKey) {
        let now = self.now;
        let Some(task) = self.ecs.tasks.get_mut(&key) else {
            return;
        };
        task.status = Status::Running;
        task.times.started = Some(now);
        for container in &mut task.containers {
            container.status = "RUNNING";
        }
        let owner = task.owner;
        let checked = task.definition.has_health_check();
        self.open_streams(key, now);
        self.plan_ends(key);
        self.plan_checks(key);
        self.row_of_task_starts(key);
        if let Some((service, deployment)) = owner {
            if !checked {
                self.deployment_proven(service, deployment);
            }
            self.plan_reconcile(service, SECOND);
            self.workers_look(service);
        }
    }

    /// Draws how each container will end by itself, where it does.
    pub(crate) fn plan_ends(&mut self, key: TaskKey) {
        let Some(task) = self.ecs.tasks.get(&key) else {
            return;
        };
        let definition = task.definition.clone();
        let life = task.life;
        let mut random = self.random("exit", key.0);
        for (number, container) in definition.containers.iter().enumerate() {
            let total: u32 = container.exits.iter().map(|exit| exit.weight).sum();
            let mut lot = random.between(1, i64::from(total));
            let way = container.exits.iter().position(|exit| {
                lot -= i64::from(exit.weight);
                lot <= 0
            });
            let Some((way, exit)) = way.and_then(|w| Some((w, container.exits.get(w)?))) else {
                continue;
            };
            let after = exit.after.draw(&mut random);
            self.plan(after, Due::Task(key, life, Step::Exit(number, way)));
        }
    }

    fn container_exits(&mut self, key: TaskKey, number: usize, way: usize) {
        let Some(task) = self.ecs.tasks.get_mut(&key) else {
            return;
        };
        let definition = task.definition.clone();
        let Some(spec) = definition.containers.get(number) else {
            return;
        };
        let Some(exit) = spec.exits.get(way) else {
            return;
        };
        if let Some(container) = task.containers.get_mut(number) {
            container.status = "STOPPED";
            container.exit_code = Some(exit.code);
            container.reason.clone_from(&exit.reason);
        }
        for line in &exit.lines {
            self.say(key, &spec.name, line);
        }
        self.close_stream(key, &spec.name);
        if spec.essential {
            self.row_of_task_ends(key, exit.code, exit.reason.as_deref());
            self.begin_stop(
                key,
                StopCode::EssentialContainerExited,
                words::ESSENTIAL_EXITED.to_owned(),
            );
        }
    }

    fn task_fails(&mut self, key: TaskKey) {
        let Some(task) = self.ecs.tasks.get(&key) else {
            return;
        };
        let definition = task.definition.clone();
        let supply = &self.supply;
        let failure = match task.status {
            Status::Pending => start_failure::before_pull(&definition, supply),
            _ if task.times.pull_stopped.is_none() => start_failure::in_pull(&definition, supply),
            _ => start_failure::after_pull(&definition, supply),
        };
        let Some(StartFailure { container, reason }) = failure else {
            // What was missing has appeared meanwhile: the retry that AWS makes succeeds.
            let pulled = task.times.pull_stopped.is_some();
            let next = match task.status {
                Status::Pending => Step::Pull,
                _ if pulled => Step::Run,
                _ => Step::Pulled,
            };
            self.plan_task(key, "retry", (2, 6), next);
            return;
        };
        let owner = task.owner;
        if let Some(task) = self.ecs.tasks.get_mut(&key) {
            for blamed in &mut task.containers {
                if container.as_ref().is_some_and(|name| *name == blamed.name) {
                    blamed.reason = Some(reason.clone());
                }
            }
        }
        self.begin_stop(key, StopCode::TaskFailedToStart, reason);
        if let Some((service, deployment)) = owner {
            self.start_failed(service, deployment);
        }
    }
}
