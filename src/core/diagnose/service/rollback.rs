//! Rollouts that AWS gave up: failed, on the way back, or undone.
//!
//! While AWS goes back, the primary deployment is the way back, and the broken revision is another entry.

use super::events::{contains, faded, mentions, told, troubles, troubles_before};
use super::{ServiceSnapshot, ended, revision};
use crate::diagnose::evidence::{failures, with_first};
use crate::diagnose::messages::classify;
use crate::diagnose::{Diagnosis, Evidence, EvidenceSource, Verdict};
use crate::domain::{Deployment, Rollout, Service, ServiceDeploymentStatus, ServiceEvent, Task};
use crate::text::Clean;

/// A rollout that fails does so within an hour or so: what ended earlier was another one's, in seconds.
const HOUR_SECONDS: i64 = 3_600;

/// Whether AWS goes back to an earlier deployment. The broken revision is then *another* entry.
pub(super) fn is_way_back(service: &Service, primary: &Deployment) -> bool {
    let told = |reason: &Clean| {
        contains(reason, "rolling back to deployment") && mentions(reason, &primary.id)
    };
    // The broken deployment says so itself, which holds when the event has gone out of the last hundred.
    let mut others = service.deployments.iter().filter(|other| *other != primary);
    others.any(|other| other.reason.as_ref().is_some_and(told))
        || was_rolled_back_to(service, primary).is_some()
}

/// The event that says that this deployment is a way back.
pub(super) fn was_rolled_back_to<'a>(
    service: &'a Service,
    deployment: &Deployment,
) -> Option<&'a ServiceEvent> {
    service.events.iter().find(|event| {
        contains(&event.message, "rolling back to deployment")
            && mentions(&event.message, &deployment.id)
    })
}

/// What AWS says of the newest service deployment that it gave up.
fn reported(snapshot: ServiceSnapshot<'_>) -> Option<Evidence> {
    use ServiceDeploymentStatus as Status;
    let newest = snapshot.history()?.deployments.first()?;
    let given_up = matches!(
        newest.status,
        Status::RollbackRequested
            | Status::RollbackInProgress
            | Status::RollbackSuccessful
            | Status::RollbackFailed
            | Status::Stopped
    );
    let reason = newest
        .rollback
        .as_ref()
        .and_then(|back| back.reason.as_ref());
    let text = reason
        .or(newest.status_reason.as_ref())
        .filter(|_| given_up)?;
    Some(Evidence {
        source: EvidenceSource::ServiceDeployment,
        at: newest.rollback.as_ref().and_then(|back| back.started),
        reference: newest.arn.clean().clone(),
        container: None,
        ranking: classify(text),
        text: text.clone(),
        count: 1,
    })
}

/// What names a cause comes before what only says that the rollout was given up.
fn explained_first(mut evidence: Vec<Evidence>) -> Vec<Evidence> {
    evidence.sort_by_key(|one| !one.names_a_cause());
    evidence
}

fn failures_of(snapshot: ServiceSnapshot<'_>, of: impl Fn(&Task) -> bool) -> Vec<Evidence> {
    failures(snapshot.tasks.iter().copied().filter(|task| of(task)))
}

pub(super) fn failed(snapshot: ServiceSnapshot<'_>, primary: &Deployment) -> Diagnosis {
    let mut evidence = failures_of(snapshot, |task| snapshot.owns(Some(primary), task));
    if evidence.is_empty() {
        // The way back failed too, or its tasks are gone: what the other revision's said is the best there is.
        let other =
            |one: &&Deployment| one.id != primary.id && one.rollout == Some(Rollout::Failed);
        let broken = snapshot.service.deployments.iter().find(other);
        if broken.is_some() {
            evidence.extend(
                failures_of(snapshot, |task| snapshot.owns(broken, task))
                    .into_iter()
                    .map(faded),
            );
        }
    }
    evidence.extend(troubles(snapshot.service, primary.created));
    evidence.extend(Evidence::of_deployment(primary));
    evidence.extend(reported(snapshot));
    let evidence = explained_first(evidence);
    let what = format!(
        "the rollout of {} failed",
        revision(snapshot.service, primary)
    );
    Diagnosis::new(
        Verdict::Failed,
        with_first(what, &evidence),
        primary.updated,
        evidence,
    )
}

pub(super) fn under_way(snapshot: ServiceSnapshot<'_>, primary: &Deployment) -> Diagnosis {
    let service = snapshot.service;
    let broken = service
        .deployments
        .iter()
        .find(|deployment| deployment.rollout == Some(Rollout::Failed));
    let mut evidence = match broken {
        Some(broken) => failures_of(snapshot, |task| snapshot.owns(Some(broken), task)),
        None => Vec::new(),
    };
    // The way back can fail as well.
    evidence.extend(failures_of(snapshot, |task| {
        snapshot.owns(Some(primary), task)
    }));
    if let Some(broken) = broken {
        evidence.extend(troubles(service, broken.created));
    }
    evidence.extend(Evidence::of_deployment(primary));
    evidence.extend(given_up(service).map(told));
    evidence.extend(reported(snapshot));
    let evidence = explained_first(evidence);
    let from = broken.map_or_else(String::new, |broken| {
        format!(" from {}", revision(service, broken))
    });
    let what = format!(
        "ECS is rolling back{from} to {}",
        revision(service, primary)
    );
    Diagnosis::new(
        Verdict::RollingBack,
        with_first(what, &evidence),
        primary.created,
        evidence,
    )
}

/// The newest event that says that a deployment failed.
fn given_up(service: &Service) -> Option<&ServiceEvent> {
    let mut events = service.events.iter();
    events.find(|event| contains(&event.message, "deployment failed"))
}

/// AWS undid the last rollout; that holds until another one goes through.
pub(super) fn done(
    snapshot: ServiceSnapshot<'_>,
    primary: &Deployment,
    event: &ServiceEvent,
) -> Diagnosis {
    let failed = given_up(snapshot.service);
    // AWS shows stopped tasks for an hour; those of earlier rollouts are not meant.
    let named = |task: &Task| {
        let by = task.started_by.as_ref();
        failed.is_none_or(|failed| by.is_some_and(|by| mentions(&failed.message, by)))
    };
    // Where the id names none of the tasks, their revision and time tell.
    let any_named = snapshot.tasks.iter().any(|task| named(task));
    let lately = |task: &Task| {
        let ended = ended(task).zip(event.at);
        ended.is_none_or(|(end, back)| back.duration_since(end).as_secs() <= HOUR_SECONDS)
    };
    let other = |task: &Task| task.definition != primary.task_definition && lately(task);
    let broken = |task: &Task| {
        let of_it = if any_named { named(task) } else { other(task) };
        of_it && !snapshot.owns(Some(primary), task)
    };
    let mut evidence = failures_of(snapshot, broken);
    evidence.extend(troubles_before(snapshot.service, event.at));
    evidence.push(told(failed.unwrap_or(event)));
    evidence.extend(reported(snapshot));
    let evidence = explained_first(evidence);
    let what = "ECS rolled back the last deployment".to_owned();
    Diagnosis::new(
        Verdict::RolledBack,
        with_first(what, &evidence),
        event.at,
        evidence,
    )
}
