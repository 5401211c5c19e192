//! The second memory: what the cluster's logs keep of a rollout whose stopped tasks AWS has forgotten.
//!
//! It is asked for only where something is wrong, longer than AWS remembers, and nothing that is still shown names a
//! cause. What comes is evidence like the tasks that AWS shows.

use super::{ServiceSnapshot, rolling_out};
use crate::diagnose::causes::causes_of_verdict;
use crate::diagnose::messages::classify;
use crate::diagnose::{Diagnosis, Evidence, EvidenceSource, Fact, Memory, Question, Verdict};
use crate::domain::{Rollout, Task, Time};
use crate::text::Clean;

/// AWS shows a stopped task for so many seconds (source: ECS API reference, ListTasks).
const SHOWN_SECONDS: i64 = 3_600;
/// A rollout that ECS took back had begun at most so many seconds before.
const GIVEN_UP_SECONDS: i64 = 3_600;

/// What to ask; none where AWS still shows what happened, or what it shows names the cause.
pub(super) fn question(snapshot: ServiceSnapshot<'_>, found: &Diagnosis) -> Option<Question> {
    let wrong = found.verdict.is_bad_news() && found.verdict != Verdict::Degraded;
    if !wrong || found.evidence.iter().any(Evidence::names_a_cause) {
        return None;
    }
    let since = began(snapshot, found)?;
    (snapshot.since(Some(since)) > SHOWN_SECONDS).then(|| Question::Forgotten {
        cluster: snapshot.service.cluster.clone(),
        service: snapshot.service.name.clone(),
        since,
    })
}

/// When what went wrong began.
fn began(snapshot: ServiceSnapshot<'_>, found: &Diagnosis) -> Option<Time> {
    let service = snapshot.service;
    let mut deployments = service.deployments.iter();
    let failed = deployments.find(|one| one.rollout == Some(Rollout::Failed));
    if let Some(broken) = rolling_out(service).or(failed) {
        return broken.created;
    }
    // ECS has gone back, and the deployment that failed is gone.
    let back = found
        .since
        .filter(|_| found.verdict >= Verdict::RolledBack)?;
    back.checked_sub(jiff::SignedDuration::from_secs(GIVEN_UP_SECONDS))
        .ok()
}

/// What was kept, where it was asked for.
pub(super) fn answer<'a>(
    snapshot: ServiceSnapshot<'a>,
    asked: Option<&Question>,
) -> Option<&'a Memory> {
    match snapshot.facts.fact(asked?)? {
        Fact::Forgotten(memory) => Some(memory),
        _ => None,
    }
}

/// The tasks that are known, and those that were kept of this service.
pub(super) fn with<'a>(snapshot: ServiceSnapshot<'a>, memory: &'a Memory) -> Vec<&'a Task> {
    let known = |task: &&Task| snapshot.tasks.iter().any(|own| own.arn == task.arn);
    let kept = memory.tasks.iter().filter(|task| !known(task));
    snapshot.tasks.iter().copied().chain(kept).collect()
}

/// Adds what the action logs say of the cause, where no task says it.
pub(super) fn weigh(memory: &Memory, found: &mut Diagnosis) {
    if !found.verdict.is_bad_news() || found.evidence.iter().any(Evidence::names_a_cause) {
        return;
    }
    let mut told: Vec<Evidence> = Vec::new();
    for action in &memory.actions {
        let new = Evidence {
            source: EvidenceSource::ActionLog,
            at: action.at,
            reference: Clean::default(),
            container: None,
            ranking: classify(&action.text),
            text: action.text.clone(),
            count: 1,
        };
        if !new.names_a_cause() {
            continue;
        }
        match told.iter_mut().find(|one| one.text == new.text) {
            Some(same) => {
                same.count = same.count.saturating_add(1);
                same.at = same.at.max(new.at);
            }
            None => told.push(new),
        }
    }
    told.sort_by_key(|one| std::cmp::Reverse((one.count, one.at)));
    if let Some(first) = told.first() {
        found.summary = Clean::own(format!("{}; action log: {}", found.summary, first.text));
        found.evidence.append(&mut told);
        found.causes = causes_of_verdict(found.verdict, &found.evidence);
    }
}

#[cfg(test)]
mod tests;
