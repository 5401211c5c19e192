//! How a service is: read off its deployments, counts, events, tasks, and what AWS was asked.
//!
//! What is judged here is the state; which causes fit is weighed by the words of the evidence, and decided by
//! the facts where several do.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::deciding::{Known, log_lines, revision_word};
use super::{Diagnosis, Facts, LocalFacts, Question, Verdict, deciding};
use crate::domain::{
    Arn, Deployment, Rollout, RolloutHistory, Service, ServiceStatus, Task, TaskDefinition, Time,
};
use crate::text::Clean;

mod autoscaling;
mod belongs;
mod breaker;
mod changed;
mod count_change;
mod crash_loop;
mod difference;
mod draining;
mod events;
mod expected;
mod forgotten;
mod grace;
mod hanging;
mod helps;
mod hooks;
mod lost_host;
mod no_rollout;
mod percents;
mod questions;
mod redeployed;
mod restarts;
mod rollback;
mod rollout;
mod scale_in;
mod shift;
mod task_sets;

pub use breaker::BreakerCount;
pub use changed::Change;
#[cfg(test)]
pub(super) use crash_loop::is_lasting;
pub use difference::of as changes_between;
pub(super) use hooks::waits_for;
pub(super) use percents::{locked, may_stop_first};
pub(super) use shift::progress_of;

/// What is known of a service at one moment.
#[derive(Clone, Copy, Debug)]
pub struct ServiceSnapshot<'a> {
    /// The service.
    pub service: &'a Service,
    /// Its tasks, running and stopped, of every deployment.
    pub tasks: &'a [&'a Task],
    /// What AWS was asked, of any service.
    pub facts: &'a Facts,
    /// The task definitions that were read, of any service, by the revision's resource name.
    pub definitions: &'a BTreeMap<Arn, Arc<TaskDefinition>>,
    /// What is known of it beside AWS.
    pub local: &'a LocalFacts,
    /// AWS's time.
    pub now: Time,
}

impl<'a> ServiceSnapshot<'a> {
    /// Its rollouts, where AWS was asked about them.
    fn history(self) -> Option<&'a RolloutHistory> {
        self.facts
            .rollouts(&self.service.cluster, &self.service.arn)
    }

    /// What is known around its causes. To blame is the revision that goes out, else the one that failed.
    fn known(self) -> Known<'a> {
        let mut deployments = self.service.deployments.iter();
        let failed = deployments.find(|one| one.rollout == Some(Rollout::Failed));
        let broken = rolling_out(self.service)
            .or(failed)
            .or(self.service.primary());
        Known {
            cluster: &self.service.cluster,
            name: &self.service.name,
            tasks: self.tasks,
            facts: self.facts,
            definitions: self.definitions,
            revision: broken.map(|broken| &broken.task_definition),
        }
    }

    /// Seconds from then to now; 0 where that is not known.
    fn since(self, then: Option<Time>) -> i64 {
        then.map_or(0, |then| self.now.duration_since(then).as_secs())
    }
}

/// Says how a service is, and why.
pub fn diagnose_service(snapshot: ServiceSnapshot<'_>) -> Diagnosis {
    let service = &*task_sets::seen(snapshot.service);
    let snapshot = ServiceSnapshot {
        service,
        ..snapshot
    };
    let found = judged(snapshot);
    let asked = forgotten::question(snapshot, &found);
    let Some(memory) = forgotten::answer(snapshot, asked.as_ref()) else {
        return decided(snapshot, found, asked);
    };
    let tasks = forgotten::with(snapshot, memory);
    let snapshot = ServiceSnapshot {
        tasks: &tasks,
        ..snapshot
    };
    let mut found = judged(snapshot);
    forgotten::weigh(memory, &mut found);
    decided(snapshot, found, asked)
}

/// A judgement with what AWS is asked about it, and what it answered.
fn decided(
    snapshot: ServiceSnapshot<'_>,
    mut found: Diagnosis,
    asked: Option<Question>,
) -> Diagnosis {
    let service = snapshot.service;
    found.questions = questions::of(snapshot, &found);
    found.questions.extend(asked);
    deciding::weigh(snapshot.known(), &mut found);
    grace::weigh(snapshot, &mut found);
    log_lines::weigh(snapshot.known(), &mut found);
    found.needs_attention = hooks::needs_attention(snapshot);
    found.broken = broken(snapshot, &found).cloned();
    if let Some(primary) = service.primary() {
        found.breaker = breaker::of(snapshot, primary);
        if primary.rollout == Some(Rollout::InProgress) {
            found.elapsed_seconds = u64::try_from(snapshot.since(primary.created)).ok();
            found.expected_seconds = Some(expected::seconds(snapshot));
            found.last_healthy = rollout::last_healthy(snapshot, primary);
        }
        if found.verdict.is_bad_news() || primary.rollout == Some(Rollout::InProgress) {
            found.changed = changed::of(snapshot, primary);
        }
        found.count_changed = count_change::changed(snapshot, primary);
    }
    lost_host::weigh(snapshot, &mut found);
    helps::keep(snapshot, &mut found);
    found
}

/// The revision whose tasks are in trouble; where ECS has gone back, the one that it went back from.
fn broken<'a>(snapshot: ServiceSnapshot<'a>, found: &Diagnosis) -> Option<&'a Arn> {
    if !found.verdict.is_bad_news() {
        return None;
    }
    let undone = changed::undone(snapshot).map(|(revision, _)| revision);
    match found.verdict {
        Verdict::RolledBack => undone,
        Verdict::RollingBack => undone.or(snapshot.known().revision),
        _ => snapshot.known().revision,
    }
}

fn judged(snapshot: ServiceSnapshot<'_>) -> Diagnosis {
    let service = snapshot.service;
    if service.status != ServiceStatus::Active {
        return plain(
            Verdict::Unknown,
            "the service is being deleted or no longer exists",
            service.created,
        );
    }
    let Some(primary) = service.primary() else {
        return no_rollout::diagnose(snapshot, None);
    };
    match primary.rollout {
        Some(Rollout::Failed) => rollback::failed(snapshot, primary),
        Some(Rollout::InProgress) if rolling_out(service).is_none() => {
            rollback::under_way(snapshot, primary)
        }
        Some(Rollout::InProgress) => rollout::diagnose(snapshot, primary),
        Some(Rollout::Completed) | None => no_rollout::diagnose(snapshot, Some(primary)),
    }
}

/// The deployment that is being rolled out, unless ECS goes back to it.
fn rolling_out(service: &Service) -> Option<&Deployment> {
    let primary = service.primary()?;
    let rolls = primary.rollout == Some(Rollout::InProgress);
    (rolls && !rollback::is_way_back(service, primary)).then_some(primary)
}

fn plain(verdict: Verdict, summary: &'static str, since: Option<Time>) -> Diagnosis {
    Diagnosis::new(verdict, Clean::literal(summary), since, Vec::new())
}

/// When a task ended, or was told to.
fn ended(task: &Task) -> Option<Time> {
    task.stopped.or(task.stopping)
}

/// A deployment's revision: `:42` where the family is called like the service, else with the family.
fn revision(service: &Service, deployment: &Deployment) -> String {
    revision_word(&service.name, &deployment.task_definition)
}

#[cfg(test)]
mod shift_course;
#[cfg(test)]
mod tests;
