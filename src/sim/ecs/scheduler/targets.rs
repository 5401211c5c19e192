//! Targets: how a task is registered with load balancers, what their checks find, and
//! that a task that fails them after its grace period is replaced.
//!
//! A target passes from `initial` with the first check that it answers, fails after
//! `unhealthy_threshold` checks and comes back after `healthy_threshold` ones.

use super::breaker::Failed;
use super::start_failure::filled;
use super::{Step, words};
use crate::clock::{MINUTE, Millis, SECOND, Time};
use crate::ecs::TaskKey;
use crate::ecs::target::{Target, TargetState};
use crate::ecs::{Due, Ecs};
use crate::world::{TargetGroupSpec, TroubleStage};

/// How long ECS waits before it tries again to register a task.
const TRY_AGAIN: Millis = MINUTE;

/// How long so many checks take.
fn checks(spec: &TargetGroupSpec, number: u32) -> Millis {
    i64::from(spec.interval) * i64::from(number) * SECOND
}

/// What becomes of a target at a moment: its state, and when to look again.
fn judged(
    target: &Target,
    spec: &TargetGroupSpec,
    changed: Time,
    now: Time,
) -> (TargetState, Vec<Time>) {
    let faulty = spec.fault.is_some() || target.fault.is_some();
    let passes = !faulty && now >= target.answers;
    if target.state == TargetState::Draining {
        return (TargetState::Draining, Vec::new());
    }
    if passes {
        let back = target.answers.max(changed) + checks(spec, spec.healthy_threshold);
        return match target.state {
            TargetState::Unhealthy if now < back => (TargetState::Unhealthy, vec![back]),
            _ => (TargetState::Healthy, Vec::new()),
        };
    }
    let since = if faulty {
        target.registered.max(changed)
    } else {
        target.registered
    };
    let fails = since + checks(spec, spec.unhealthy_threshold);
    let mut again = Vec::new();
    if !faulty {
        again.push(target.answers);
    }
    if now >= fails {
        return (TargetState::Unhealthy, again);
    }
    again.push(fails);
    (target.state, again)
}

impl Ecs {
    /// Registers a task that has just come up with the load balancers of its service.
    pub(super) fn register_targets(&mut self, key: TaskKey) {
        let Some(task) = self.tasks.get(&key) else {
            return;
        };
        let Some((owner, _)) = task.owner else {
            return;
        };
        let victim = self.victim(task);
        if let Some(trouble) = self.trouble_at(TroubleStage::Register, victim) {
            self.stay_unregistered(key, trouble);
            return;
        }
        let balancers = self
            .service(owner)
            .map(|service| service.balancers.clone())
            .unwrap_or_default();
        let mut random = self.desk.random("target", key.0);
        let trouble = self.trouble_at(TroubleStage::Target, victim);
        let trouble = trouble
            .and_then(|number| self.trouble(number))
            .map(|t| &t.spec);
        let slow = trouble.and_then(|spec| spec.after);
        let fault = trouble
            .filter(|spec| !spec.reason.is_empty())
            .map(|spec| filled(&spec.reason, task, spec));
        let now = self.desk.now;
        let mut targets = Vec::new();
        for balancer in balancers {
            let Some(group) = self.signals.groups.get(&balancer.group) else {
                continue;
            };
            targets.push(Target {
                group: balancer.group,
                container: balancer.container,
                port: balancer.port,
                state: TargetState::Initial,
                since: now,
                registered: now,
                answers: now + slow.unwrap_or(group.spec.healthy_after).draw(&mut random),
                fault: fault.clone(),
            });
            self.note(owner, words::registered(1, &balancer.arn));
        }
        if let Some(task) = self.tasks.get_mut(&key) {
            task.unregistered = false;
            task.targets = targets;
        }
        self.look_at_targets(key);
    }

    fn stay_unregistered(&mut self, key: TaskKey, trouble: usize) {
        let event = self.trouble(trouble).and_then(|t| t.spec.event.clone());
        let Some(task) = self.tasks.get_mut(&key) else {
            return;
        };
        task.unregistered = true;
        let (life, owner) = (task.life, task.owner);
        if let (Some((service, _)), Some(event)) = (owner, event) {
            self.note_once(service, &format!("register: {event}"), event);
        }
        self.desk
            .plan(TRY_AGAIN, Due::Task(key, life, Step::Register));
    }

    /// It is tried again to register a task.
    pub(super) fn registered_again(&mut self, key: TaskKey) {
        self.register_targets(key);
        self.task_may_serve(key);
    }

    /// Has all targets of a task checked now.
    pub(crate) fn look_at_targets(&mut self, key: TaskKey) {
        let Some(task) = self.tasks.get(&key) else {
            return;
        };
        let (life, count) = (task.life, task.targets.len());
        for number in 0..count {
            self.desk
                .plan(0, Due::Task(key, life, Step::Target(number)));
        }
    }

    /// Has all targets of a group checked now.
    pub(crate) fn check_targets_of(&mut self, group: &str) {
        let affected: Vec<TaskKey> = self
            .tasks
            .values()
            .filter(|task| task.targets.iter().any(|target| target.group == group))
            .map(|task| task.key)
            .collect();
        for task in affected {
            self.look_at_targets(task);
        }
    }

    /// The load balancer has checked a target.
    pub(super) fn target_checked(&mut self, key: TaskKey, number: usize) {
        let now = self.desk.now;
        let Some(task) = self.tasks.get_mut(&key) else {
            return;
        };
        let Some(target) = task.targets.get_mut(number) else {
            return;
        };
        let Some(group) = self.signals.groups.get(&target.group) else {
            return;
        };
        let (state, again) = judged(target, &group.spec, group.changed, now);
        let was = std::mem::replace(&mut target.state, state);
        if was != state {
            target.since = now;
        }
        let (life, owner) = (task.life, task.owner);
        let started = task.times.started.unwrap_or(now);
        for at in again.into_iter().filter(|at| *at > now) {
            self.desk
                .plan(at - now, Due::Task(key, life, Step::Target(number)));
        }
        if was == state {
            return;
        }
        let grace = owner
            .and_then(|(service, _)| self.service(service))
            .map_or(0, |service| service.settings.grace);
        match state {
            TargetState::Healthy => self.task_may_serve(key),
            TargetState::Unhealthy => {
                let wait = (started + grace - now).max(0);
                self.desk
                    .plan(wait, Due::Task(key, life, Step::Judge(number)));
            }
            TargetState::Initial | TargetState::Draining => {}
        }
    }

    /// ECS replaces a task whose target is unhealthy, once the grace period is over.
    pub(super) fn target_judged(&mut self, key: TaskKey, number: usize) {
        let Some(task) = self.tasks.get(&key) else {
            return;
        };
        let Some(target) = task.targets.get(number) else {
            return;
        };
        let (Some(group), Some((service, deployment))) =
            (self.signals.groups.get(&target.group), task.owner)
        else {
            return;
        };
        if target.state != TargetState::Unhealthy {
            return;
        }
        let arn = group.arn.clone();
        let fault = target.fault.as_deref().or(group.spec.fault.as_deref());
        let fault = fault.unwrap_or("Request timed out");
        let event = words::target_unhealthy(&task.id, target.port, &arn, fault);
        self.note(service, event);
        self.replace_unhealthy(key, words::failed_elb_checks(&arn));
        self.start_failed(service, deployment, Failed::ToServe);
    }

    /// A task that stops takes no new connections: its targets drain, and are gone
    /// with it. For how long, at most.
    pub(super) fn drain_targets(&mut self, key: TaskKey) -> Option<Millis> {
        let now = self.desk.now;
        let task = self.tasks.get_mut(&key)?;
        let owner = task.owner;
        let mut groups = Vec::new();
        for target in &mut task.targets {
            target.state = TargetState::Draining;
            target.since = now;
            groups.push(target.group.clone());
        }
        let (service, _) = owner?;
        let mut longest = None;
        for name in groups {
            let Some(group) = self.signals.groups.get(&name) else {
                continue;
            };
            longest = longest.max(Some(group.spec.deregistration_delay.0));
            let event = words::deregistered(1, &group.arn);
            self.note(service, event);
        }
        if longest.is_some() {
            self.note(service, words::DRAINING);
        }
        longest
    }

    /// A task may have become able to serve: its deployment is proven then.
    pub(super) fn task_may_serve(&mut self, key: TaskKey) {
        let Some(task) = self.tasks.get(&key) else {
            return;
        };
        let (serves, owner) = (task.serves(), task.owner);
        if let Some((service, deployment)) = owner {
            if serves {
                self.deployment_proven(service, deployment);
                self.resolved(service, "register: ");
            }
            self.plan_reconcile(service, SECOND);
        }
    }
}
