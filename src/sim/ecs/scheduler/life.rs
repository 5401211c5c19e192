//! The way up: PROVISIONING, PENDING, ACTIVATING, RUNNING, and what happens in it.

use super::breaker::Failed;
use super::start_failure::{StartFailure, blamed, filled};
use super::{Step, words};
use crate::clock::SECOND;
use crate::ecs::TaskKey;
use crate::ecs::task::{Status, StopCode, Task};
use crate::ecs::{Due, Ecs};
use crate::world::{Between, TroubleStage};

impl Ecs {
    /// The task if `life` is still its present turn.
    fn living(&mut self, key: TaskKey, life: u32) -> Option<&mut Task> {
        let task = self.tasks.get_mut(&key)?;
        (task.life == life).then_some(task)
    }

    pub(crate) fn step_task(&mut self, key: TaskKey, life: u32, step: Step) {
        let now = self.desk.now;
        let Some(task) = self.living(key, life) else {
            return;
        };
        task.version += 1;
        match step {
            Step::Attached => {
                task.status = Status::Pending;
                task.interface.status = "ATTACHED";
                task.times.connected = Some(now);
                self.go_on(key, ("secret", (4, 15)), ("pend", (2, 5), Step::Pull));
            }
            Step::Pull => {
                task.status = Status::Activating;
                task.times.pull_started = Some(now);
                self.go_on(key, ("pull", (8, 25)), ("pull", (5, 22), Step::Pulled));
            }
            Step::Pulled => {
                task.times.pull_stopped = Some(now);
                self.unpack(key);
                self.go_on(key, ("start", (1, 4)), ("start", (1, 4), Step::Run));
            }
            Step::Run => self.task_runs(key),
            Step::Fail => self.task_fails(key),
            Step::Exit(container, way) => self.container_exits(key, container, way),
            Step::Trouble(number) => self.running_troubled(key, number),
            Step::Check(container) => self.health_settles(key, container),
            Step::Unhealthy => self.health_judged(key),
            Step::Register => self.registered_again(key),
            Step::Target(number) => self.target_checked(key, number),
            Step::Judge(number) => self.target_judged(key, number),
            Step::Signal => self.containers_signalled(key),
            Step::Ended => self.containers_ended(key),
            Step::Gone => self.task_gone(key),
        }
    }

    /// Plans the next step, or that the task fails where it now is.
    pub(super) fn go_on(
        &mut self,
        key: TaskKey,
        fails: (&str, (i64, i64)),
        next: (&str, (i64, i64), Step),
    ) {
        let Some(task) = self.tasks.get(&key) else {
            return;
        };
        let Some(failure) = self.start_failure(task) else {
            self.plan_task(key, next.0, next.1, next.2);
            return;
        };
        let life = task.life;
        let trouble = failure.trouble.and_then(|number| self.trouble(number));
        match trouble.and_then(|trouble| trouble.spec.after) {
            Some(after) => {
                let after = after.draw(&mut self.desk.random("trouble after", key.0));
                self.desk.plan(after, Due::Task(key, life, Step::Fail));
            }
            None => self.plan_task(key, fails.0, fails.1, Step::Fail),
        }
    }

    /// Gives the containers what they have once their images are there.
    pub(crate) fn unpack(&mut self, key: TaskKey) {
        let mut random = self.desk.random("runtime", key.0);
        let images = self
            .tasks
            .get(&key)
            .into_iter()
            .flat_map(|task| &task.containers);
        let digests: Vec<String> = images.map(|c| self.supply.digest(&c.image)).collect();
        let Some(task) = self.tasks.get_mut(&key) else {
            return;
        };
        for (container, digest) in task.containers.iter_mut().zip(digests) {
            container.runtime_id = Some(format!("{}-{}", task.id, random.digits(10)));
            container.digest = Some(digest);
        }
    }

    pub(crate) fn task_runs(&mut self, key: TaskKey) {
        let now = self.desk.now;
        let Some(task) = self.tasks.get_mut(&key) else {
            return;
        };
        task.status = Status::Running;
        task.times.started = Some(now);
        for container in &mut task.containers {
            container.status = "RUNNING";
        }
        let owner = task.owner;
        self.open_streams(key, now);
        self.plan_ends(key);
        self.plan_troubles(key);
        self.plan_checks(key);
        self.register_targets(key);
        self.row_of_task_starts(key);
        self.task_may_serve(key);
        if let Some((service, _)) = owner {
            self.works(key, service);
        }
    }

    /// Draws how each container will end by itself, where it does.
    pub(crate) fn plan_ends(&mut self, key: TaskKey) {
        let Some(task) = self.tasks.get(&key) else {
            return;
        };
        let definition = task.definition.clone();
        let life = task.life;
        let mut random = self.desk.random("exit", key.0);
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
            self.desk
                .plan(after, Due::Task(key, life, Step::Exit(number, way)));
        }
    }

    /// Plans what the world says goes wrong with a running task.
    pub(crate) fn plan_troubles(&mut self, key: TaskKey) {
        let Some(task) = self.tasks.get(&key) else {
            return;
        };
        let life = task.life;
        let Some(number) = self.trouble_at(TroubleStage::Run, self.victim(task)) else {
            return;
        };
        let after = self.trouble(number).and_then(|trouble| trouble.spec.after);
        let after = after.unwrap_or(Between::seconds(20, 60));
        let after = after.draw(&mut self.desk.random("trouble after", key.0));
        self.desk
            .plan(after, Due::Task(key, life, Step::Trouble(number)));
    }

    fn running_troubled(&mut self, key: TaskKey, number: usize) {
        let (Some(trouble), Some(task)) = (self.trouble(number), self.tasks.get(&key)) else {
            return;
        };
        let spec = trouble.spec.clone();
        let reason = filled(&spec.reason, task, &spec);
        let container = blamed(task, &spec);
        let containers = &task.definition.containers;
        let blamed = containers
            .iter()
            .position(|c| Some(&c.name) == container.as_ref());
        self.trouble_hit(number);
        match (spec.exit_code, blamed) {
            (Some(code), Some(blamed)) => {
                let reason = Some(reason).filter(|reason| !reason.is_empty());
                self.container_ends(key, blamed, (code, reason), &spec.lines);
            }
            _ => {
                let code = spec.code.map_or(StopCode::UserInitiated, Into::into);
                self.begin_stop(key, code, reason);
            }
        }
    }

    fn container_exits(&mut self, key: TaskKey, number: usize, way: usize) {
        let Some(task) = self.tasks.get(&key) else {
            return;
        };
        let definition = task.definition.clone();
        let container = definition.containers.get(number);
        if let Some(exit) = container.and_then(|container| container.exits.get(way)) {
            self.container_ends(key, number, (exit.code, exit.reason.clone()), &exit.lines);
        }
    }

    /// A container ends by itself, with an exit code and perhaps a reason.
    fn container_ends(
        &mut self,
        key: TaskKey,
        number: usize,
        (code, reason): (i32, Option<String>),
        lines: &[String],
    ) {
        let Some(task) = self.tasks.get_mut(&key) else {
            return;
        };
        let definition = task.definition.clone();
        let Some(spec) = definition.containers.get(number) else {
            return;
        };
        let (owner, unproven) = (task.owner, task.checked() && !task.serves());
        if let Some(container) = task.containers.get_mut(number) {
            container.status = "STOPPED";
            container.exit_code = Some(code);
            container.reason.clone_from(&reason);
        }
        for line in lines {
            self.say(key, &spec.name, line);
        }
        self.close_stream(key, &spec.name);
        if !spec.essential {
            return;
        }
        self.row_of_task_ends(key, code, reason.as_deref());
        let reason = words::ESSENTIAL_EXITED.to_owned();
        self.begin_stop(key, StopCode::EssentialContainerExited, reason);
        // Who ends before it was ever healthy has failed the second stage.
        if let Some((service, deployment)) = owner.filter(|_| unproven) {
            self.start_failed(service, deployment, Failed::ToServe);
        }
    }

    fn task_fails(&mut self, key: TaskKey) {
        let Some(task) = self.tasks.get(&key) else {
            return;
        };
        let Some(failure) = self.start_failure(task) else {
            // What was missing has appeared meanwhile: the retry that AWS makes succeeds.
            let next = match task.status {
                Status::Provisioning => Step::Attached,
                Status::Pending => Step::Pull,
                _ if task.times.pull_stopped.is_some() => Step::Run,
                _ => Step::Pulled,
            };
            self.plan_task(key, "retry", (2, 6), next);
            return;
        };
        let (owner, on_instance) = (task.owner, task.instance.is_some());
        let StartFailure {
            container, reason, ..
        } = failure;
        if let Some(task) = self.tasks.get_mut(&key) {
            for blamed in &mut task.containers {
                if container.as_ref().is_some_and(|name| *name == blamed.name) {
                    blamed.reason = Some(reason.clone());
                    blamed.exit_code = failure.exit_code;
                }
            }
        }
        if let Some(name) = &container {
            for line in &failure.lines {
                self.say(key, name, line);
            }
        }
        // On Fargate the task repeats what its container says; on EC2 it does not.
        let stopped = failure.stopped_reason.unwrap_or_else(|| {
            if on_instance && container.is_some() {
                words::FAILED_TO_START.to_owned()
            } else {
                reason
            }
        });
        self.begin_stop(key, failure.code, stopped);
        if let Some(trouble) = failure.trouble {
            self.trouble_hit(trouble);
        }
        if let Some((service, deployment)) = owner {
            self.start_failed(service, deployment, Failed::ToStart);
            self.plan_reconcile(service, SECOND);
        }
    }
}
