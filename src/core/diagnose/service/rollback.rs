//! Rollouts that AWS gave up: failed, on the way back, or undone.
//!
//! While AWS goes back, the primary deployment is the way back, and the broken revision is another entry. A rollback
//! that a person asked for is what was wanted, and no bad news once it has settled; ECS's own is, until the next success
//! or for an hour.

use super::events::{contains, faded, mentions, told, troubles, troubles_before};
use super::{ServiceSnapshot, ended, revision};
use crate::diagnose::evidence::{failures, with_first};
use crate::diagnose::messages::classify;
use crate::diagnose::{Diagnosis, Evidence, EvidenceSource, Verdict};
use crate::domain::{
    Deployment, Rollout, Service, ServiceDeploymentStatus, ServiceEvent, Task, Time,
};
use crate::text::{Clean, coarse};

/// A rollout that fails does so within an hour or so: what ended earlier was another one's, in seconds.
const HOUR_SECONDS: i64 = 3_600;

/// What was sent from here and what ECS then does are so many seconds apart, at most.
const FROM_HERE_SECONDS: i64 = 120;

/// What ECS says of one rollback in several places is so many seconds apart, at most.
const ONE_ROLLBACK_SECONDS: i64 = 600;

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

/// Whether a person asked for the rollback that began then, and who, where that is known: ECS says it in the reason of
/// the deployment (source: ECS API reference, StopServiceDeployment with stop type ROLLBACK).
struct AskedFor<'a> {
    by: Option<&'a Clean>,
}

impl<'a> AskedFor<'a> {
    fn of(snapshot: ServiceSnapshot<'a>, began: Option<Time>) -> Option<Self> {
        let apart = |then: Time| began.map(|began| began.duration_since(then).as_secs().abs());
        let from_here = snapshot
            .local
            .sent_back
            .as_ref()
            .filter(|sent| apart(sent.at).is_some_and(|seconds| seconds <= FROM_HERE_SECONDS));
        // What is known of rollouts may be older than what is known of the service: the newest one there may be another.
        let newest = snapshot.history().and_then(|all| all.deployments.first());
        let reasons = newest.into_iter().flat_map(|newest| {
            let back = newest.rollback.as_ref();
            let started = back.and_then(|back| back.started).and_then(apart);
            let of_it = started.is_none_or(|seconds| seconds <= ONE_ROLLBACK_SECONDS);
            let reason = back.and_then(|back| back.reason.as_ref());
            [reason, newest.status_reason.as_ref()].map(|reason| reason.filter(|_| of_it))
        });
        let told = snapshot
            .service
            .deployments
            .iter()
            .map(|one| one.reason.as_ref());
        let requested = reasons
            .chain(told)
            .flatten()
            .any(|reason| contains(reason, "user initiated"));
        (requested || from_here.is_some()).then_some(Self {
            by: from_here.map(|sent| &sent.by),
        })
    }

    /// `by alice`, or `on request`.
    fn words(&self) -> String {
        self.by
            .map_or_else(|| "on request".to_owned(), |by| format!("by {by}"))
    }
}

/// When ECS began to go back, as far as it says so. A way back is an old deployment: when that was created says nothing.
fn began(snapshot: ServiceSnapshot<'_>, primary: &Deployment) -> Option<Time> {
    let service = snapshot.service;
    let event = was_rolled_back_to(service, primary).and_then(|event| event.at);
    let newest = snapshot.history().and_then(|all| all.deployments.first());
    let reported = newest
        .and_then(|newest| newest.rollback.as_ref())
        .and_then(|back| back.started);
    let broken = service
        .deployments
        .iter()
        .find(|other| other.rollout == Some(Rollout::Failed));
    event
        .or(reported)
        .or(broken.and_then(|broken| broken.updated))
        .or(primary.updated)
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
    let began = began(snapshot, primary);
    let asked = AskedFor::of(snapshot, began);
    let asked = asked.map_or_else(String::new, |asked| format!(", {}", asked.words()));
    let what = format!(
        "ECS is rolling back{from} to {}{asked}",
        revision(service, primary)
    );
    Diagnosis::new(
        Verdict::RollingBack,
        with_first(what, &evidence),
        began,
        evidence,
    )
}

/// The newest event that says that a deployment failed.
fn given_up(service: &Service) -> Option<&ServiceEvent> {
    let mut events = service.events.iter();
    events.find(|event| contains(&event.message, "deployment failed"))
}

/// By what it is known that ECS undid the last rollout.
pub(super) struct Undone<'a> {
    at: Option<Time>,
    /// AWS's words for it.
    told: Option<Evidence>,
    /// The deployment that failed, where it is still there.
    failed: Option<&'a Deployment>,
}

/// Whether the deployment that serves is one that ECS went back to: an event says so, or one that failed is newer.
pub(super) fn undone<'a>(service: &'a Service, primary: &Deployment) -> Option<Undone<'a>> {
    if let Some(event) = was_rolled_back_to(service, primary) {
        return Some(Undone {
            at: event.at,
            told: Some(told(given_up(service).unwrap_or(event))),
            failed: None,
        });
    }
    let newer = |one: &&Deployment| {
        let later = one.created.zip(primary.created);
        let later = later.is_some_and(|(failed, serves)| failed > serves);
        one.rollout == Some(Rollout::Failed) && later
    };
    let failed = service.deployments.iter().find(newer)?;
    let words = Evidence::of_deployment(failed).filter(|words| !words.text.is_empty());
    Some(Undone {
        at: failed.updated.or(failed.created),
        told: words.or_else(|| given_up(service).map(told)),
        failed: Some(failed),
    })
}

/// The last rollout was rolled back, and all tasks run: what is said of that.
///
/// ECS's own rollback is bad news until another rollout goes through, and for an hour: then nobody waits for it any more.
/// One that a person asked for is how the service was wanted.
pub(super) fn done(
    snapshot: ServiceSnapshot<'_>,
    primary: &Deployment,
    undone: Undone<'_>,
) -> Diagnosis {
    let service = snapshot.service;
    let at = undone.at;
    let asked = AskedFor::of(snapshot, undone.at);
    let ago = || {
        let at = at.unwrap_or(snapshot.now);
        format!("{} ago", coarse(at, snapshot.now))
    };
    let to = revision(service, primary);
    let calm = match &asked {
        Some(asked) => Some(format!("rolled back to {to} {}, {}", asked.words(), ago())),
        None if snapshot.since(undone.at) > HOUR_SECONDS => Some(format!(
            "ECS rolled back the last deployment to {to} {}",
            ago()
        )),
        None => None,
    };
    if let Some(note) = calm {
        let what = format!("{} of {} running", service.running, service.desired);
        return Diagnosis::new(
            Verdict::Steady,
            Clean::own(format!("{what}; {note}")),
            undone.at,
            Vec::new(),
        );
    }
    let failed = given_up(snapshot.service);
    // AWS shows stopped tasks for an hour; those of earlier rollouts are not meant.
    let named = |task: &Task| {
        let by = task.started_by.as_ref();
        failed.is_none_or(|failed| by.is_some_and(|by| mentions(&failed.message, by)))
    };
    // Where the id names none of the tasks, their revision and time tell.
    let any_named = snapshot.tasks.iter().any(|task| named(task));
    let lately = |task: &Task| {
        let ended = ended(task).zip(undone.at);
        ended.is_none_or(|(end, back)| back.duration_since(end).as_secs() <= HOUR_SECONDS)
    };
    let other = |task: &Task| task.definition != primary.task_definition && lately(task);
    let broken = |task: &Task| {
        let of_it = match undone.failed {
            Some(failed) => snapshot.owns(Some(failed), task),
            None if any_named => named(task),
            None => other(task),
        };
        of_it && !snapshot.owns(Some(primary), task)
    };
    let mut evidence = failures_of(snapshot, broken);
    evidence.extend(troubles_before(snapshot.service, undone.at));
    evidence.extend(undone.told);
    evidence.extend(reported(snapshot));
    let evidence = explained_first(evidence);
    let what = "ECS rolled back the last deployment".to_owned();
    Diagnosis::new(
        Verdict::RolledBack,
        with_first(what, &evidence),
        undone.at,
        evidence,
    )
}
