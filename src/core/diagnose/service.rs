//! How a service is: read off its deployments, counts, events and tasks.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cause::{CauseId, Standing};
use super::evidence::failures;
use super::messages::{classify, classify_event};
use super::{Diagnosis, Evidence, EvidenceSource, Facts, Verdict};
use crate::domain::{
    Arn, Deployment, Health, Rollout, Service, ServiceEvent, ServiceStatus, Task, TaskDefinition,
    TaskStatus, Time,
};
use crate::text::Clean;

/// A rollout that takes longer than this without a fault is called overdue, in seconds.
///
/// AWS's own guides speak of 10 to 15 minutes for an ordinary rollout.
const OVERDUE_SECONDS: i64 = 20 * 60;

/// So many ends of the same kind are no accident: tasks that come up and die again, which AWS counts as 0
/// failed tasks.
const CRASH_LOOP: u32 = 3;
/// After a crash loop a task must have run for so many seconds to be taken for well.
const LASTING_SECONDS: i64 = 180;
/// Where no rollout is under way, failures count for so many seconds: what was replaced since is history.
const RECENT_SECONDS: i64 = 15 * 60;
/// AWS says the same trouble again after this time at the latest, in seconds (source: ECS developer guide,
/// "Service event messages").
const EVENT_SECONDS: i64 = 6 * 3_600;

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
    /// AWS's time.
    pub now: Time,
}

/// Says how a service is, and why.
pub fn diagnose_service(snapshot: ServiceSnapshot<'_>) -> Diagnosis {
    let service = snapshot.service;
    if service.status != ServiceStatus::Active {
        return plain(
            Verdict::Unknown,
            "the service is being deleted, or is gone",
            service.created,
        );
    }
    let Some(primary) = service.primary() else {
        // CODE_DEPLOY and EXTERNAL services have task sets instead of deployments.
        return by_counts(snapshot, None);
    };
    match primary.rollout {
        Some(Rollout::Failed) => failed(snapshot, primary),
        Some(Rollout::InProgress) if is_way_back(service, primary) => {
            rolling_back(snapshot, primary)
        }
        Some(Rollout::InProgress) => rolling_out(snapshot, primary),
        Some(Rollout::Completed) | None => by_counts(snapshot, Some(primary)),
    }
}

fn plain(verdict: Verdict, summary: &'static str, since: Option<Time>) -> Diagnosis {
    Diagnosis::new(verdict, Clean::literal(summary), since, Vec::new())
}

/// Whether AWS goes back to an earlier deployment. The broken revision is then *another* entry.
fn is_way_back(service: &Service, primary: &Deployment) -> bool {
    let told = |reason: &Clean| {
        contains(reason, "rolling back to deployment") && mentions(reason, &primary.id)
    };
    // The broken deployment says so itself, which holds when the event has gone out of the last hundred.
    let mut others = service.deployments.iter().filter(|other| *other != primary);
    others.any(|other| other.reason.as_ref().is_some_and(told))
        || was_rolled_back_to(service, primary).is_some()
}

/// The event that says that this deployment is a way back.
fn was_rolled_back_to<'a>(
    service: &'a Service,
    deployment: &Deployment,
) -> Option<&'a ServiceEvent> {
    service.events.iter().find(|event| {
        contains(&event.message, "rolling back to deployment")
            && mentions(&event.message, &deployment.id)
    })
}

fn contains(text: &Clean, needle: &str) -> bool {
    text.as_str().to_ascii_lowercase().contains(needle)
}

/// Whether a text names this id, and not one that only begins like it.
fn mentions(text: &Clean, id: &Clean) -> bool {
    text.as_str().match_indices(id.as_str()).any(|(at, found)| {
        !text
            .as_str()
            .get(at + found.len()..)
            .unwrap_or_default()
            .starts_with(|c: char| c.is_ascii_digit())
    })
}

/// Whether a task belongs to a deployment; where there is none to ask about, every task does.
fn is_of(task: &Task, deployment: Option<&Deployment>) -> bool {
    deployment.is_none_or(|deployment| task.started_by.as_ref() == Some(&deployment.id))
}

/// The failures of one deployment's tasks.
fn failures_of(snapshot: ServiceSnapshot<'_>, deployment: &Deployment) -> Vec<Evidence> {
    failures(
        snapshot
            .tasks
            .iter()
            .copied()
            .filter(|task| is_of(task, Some(deployment))),
    )
}

/// Events since then that speak of trouble, newest first. A steady state ends the trouble before it.
fn troubled_events(service: &Service, since: Option<Time>) -> Vec<Evidence> {
    service
        .events
        .iter()
        .take_while(|event| !contains(&event.message, "has reached a steady state"))
        .filter(|event| event.at >= since)
        .map(told)
        .filter(|evidence| {
            evidence.ranking.first().is_some_and(|best| {
                // That AWS gave a rollout up is said of an earlier deployment, not of the one under way.
                let of_another = [CauseId::CircuitBreakerTripped, CauseId::DeploymentAlarm];
                let wrong = matches!(best.cause.standing(), Standing::Fault | Standing::Symptom);
                wrong && !of_another.contains(&best.cause)
            })
        })
        .take(3)
        .collect()
}

/// What an event says.
fn told(event: &ServiceEvent) -> Evidence {
    Evidence {
        source: EvidenceSource::ServiceEvent,
        at: event.at,
        reference: event.id.clone(),
        ranking: classify_event(&event.message),
        text: event.message.clone(),
        count: 1,
    }
}

fn counts(service: &Service) -> String {
    format!("{} of {} running", service.running, service.desired)
}

/// A deployment's revision: `:42` where the family is called like the service, else with the family.
fn revision(service: &Service, deployment: &Deployment) -> String {
    let definition = &deployment.task_definition;
    match definition.revision() {
        Some(revision) if definition.family() == service.name.as_str() => format!(":{revision}"),
        _ => definition.name().to_owned(),
    }
}

/// Puts the most telling words behind what happened.
fn with_first(what: String, evidence: &[Evidence]) -> Clean {
    match evidence.first() {
        Some(first) if first.count > 1 => Clean::own(format!(
            "{what}: {} (\u{d7}{})",
            first.headline(),
            first.count
        )),
        Some(first) => Clean::own(format!("{what}: {}", first.headline())),
        None => Clean::own(what),
    }
}

fn failed(snapshot: ServiceSnapshot<'_>, primary: &Deployment) -> Diagnosis {
    let mut evidence = failures_of(snapshot, primary);
    evidence.extend(deployment_words(primary));
    let summary = with_first(
        format!(
            "the rollout of {} failed",
            revision(snapshot.service, primary)
        ),
        &evidence,
    );
    Diagnosis::new(Verdict::Failed, summary, primary.updated, evidence)
}

fn deployment_words(deployment: &Deployment) -> Option<Evidence> {
    deployment.reason.clone().map(|text| Evidence {
        source: EvidenceSource::Deployment,
        at: deployment.updated,
        reference: deployment.id.clone(),
        ranking: classify(&text),
        text,
        count: 1,
    })
}

fn rolling_back(snapshot: ServiceSnapshot<'_>, primary: &Deployment) -> Diagnosis {
    let broken = snapshot
        .service
        .deployments
        .iter()
        .find(|deployment| deployment.rollout == Some(Rollout::Failed));
    let mut evidence = broken
        .map(|broken| failures_of(snapshot, broken))
        .unwrap_or_default();
    evidence.extend(deployment_words(primary));
    let from = broken.map_or_else(String::new, |broken| {
        format!(" from {}", revision(snapshot.service, broken))
    });
    let what = format!(
        "AWS is rolling back{from} to {}",
        revision(snapshot.service, primary)
    );
    Diagnosis::new(
        Verdict::RollingBack,
        with_first(what, &evidence),
        primary.created,
        evidence,
    )
}

fn rolling_out(snapshot: ServiceSnapshot<'_>, primary: &Deployment) -> Diagnosis {
    let service = snapshot.service;
    let mut evidence = failures_of(snapshot, primary);
    evidence.extend(troubled_events(service, primary.created));
    // A task of this rollout that came up after the last failure speaks against being stuck. Where tasks have
    // come up and died again and again, it must have lasted for a while.
    let last_failure = evidence.iter().filter_map(|evidence| evidence.at).max();
    let dies_again = evidence.iter().any(|e| e.count >= CRASH_LOOP);
    let lasting = |started: &Time| {
        !dies_again || snapshot.now.duration_since(*started).as_secs() >= LASTING_SECONDS
    };
    let settled_since = snapshot
        .tasks
        .iter()
        .filter(|task| is_of(task, Some(primary)) && task.status == TaskStatus::Running)
        .filter(|task| task.health != Health::Unhealthy)
        .filter_map(|task| task.started)
        .filter(lasting)
        .max();
    let recovered = primary.failed == 0 && settled_since.is_some() && settled_since > last_failure;
    let faulty = !recovered && (primary.failed > 0 || !evidence.is_empty());
    let what = format!(
        "rollout of {} ({}/{} new)",
        revision(service, primary),
        primary.running,
        primary.desired
    );
    if faulty {
        let what = if evidence.is_empty() {
            format!("{what}, {} failed", primary.failed)
        } else {
            what
        };
        return Diagnosis::new(
            Verdict::Stuck,
            with_first(what, &evidence),
            primary.created,
            evidence,
        );
    }
    let elapsed = primary
        .created
        .map_or(0, |created| snapshot.now.duration_since(created).as_secs());
    let verdict = if elapsed > OVERDUE_SECONDS {
        Verdict::Stuck
    } else {
        Verdict::Progressing
    };
    let summary = match verdict {
        Verdict::Stuck => format!(
            "{what} is overdue after {} min, and no failure is to be seen",
            elapsed / 60
        ),
        _ => format!("{what} is under way"),
    };
    Diagnosis::new(verdict, Clean::own(summary), primary.created, evidence)
}

/// Recent failures of the tasks of one side: the deployment's own, or those of others.
fn recent_failures<'a>(snapshot: ServiceSnapshot<'a>, of: impl Fn(&Task) -> bool) -> Vec<Evidence> {
    let recent = |task: &Task| {
        let since = task
            .stopped
            .map(|stopped| snapshot.now.duration_since(stopped));
        since.is_some_and(|since| since.as_secs() < RECENT_SECONDS)
    };
    let tasks = snapshot.tasks.iter().copied();
    failures(tasks.filter(|task| recent(task) && of(task)))
}

/// No rollout is under way.
fn by_counts(snapshot: ServiceSnapshot<'_>, primary: Option<&Deployment>) -> Diagnosis {
    let service = snapshot.service;
    if service.desired == 0 && service.running == 0 {
        return plain(Verdict::ScaledToZero, "its desired count is 0", None);
    }
    // Failures of deployments before this one are history.
    let evidence = recent_failures(snapshot, |task| is_of(task, primary));
    if service.running < service.desired {
        return too_few(snapshot, evidence);
    }
    if let Some(diagnosis) = unhealthy(snapshot, &evidence) {
        return diagnosis;
    }
    if evidence.iter().any(|evidence| evidence.count >= CRASH_LOOP) {
        let summary = with_first("tasks start and die again".to_owned(), &evidence);
        return Diagnosis::new(Verdict::Degraded, summary, None, evidence);
    }
    if let Some(primary) = primary
        && let Some(event) = was_rolled_back_to(service, primary)
    {
        return rolled_back(snapshot, primary, event);
    }
    let summary = if service.desired == 0 {
        format!("stopping: {} still running", service.running)
    } else {
        counts(service)
    };
    let verdict = if service.running > service.desired {
        Verdict::Progressing
    } else {
        Verdict::Steady
    };
    Diagnosis::new(
        verdict,
        Clean::own(summary),
        primary.and_then(|primary| primary.updated),
        evidence,
    )
}

fn too_few(snapshot: ServiceSnapshot<'_>, mut evidence: Vec<Evidence>) -> Diagnosis {
    let service = snapshot.service;
    if evidence.is_empty() && service.pending > 0 {
        let summary = format!("{}, {} starting", counts(service), service.pending);
        return Diagnosis::new(Verdict::Progressing, Clean::own(summary), None, evidence);
    }
    let heard = snapshot.now.as_second().saturating_sub(EVENT_SECONDS);
    evidence.extend(troubled_events(service, Time::from_second(heard).ok()));
    let summary = with_first(counts(service), &evidence);
    Diagnosis::new(Verdict::Degraded, summary, None, evidence)
}

fn unhealthy(snapshot: ServiceSnapshot<'_>, evidence: &[Evidence]) -> Option<Diagnosis> {
    let unhealthy =
        |task: &&&Task| task.status == TaskStatus::Running && task.health == Health::Unhealthy;
    let unhealthy: Vec<&&Task> = snapshot.tasks.iter().filter(unhealthy).collect();
    let first = unhealthy.first()?;
    let mut all = vec![Evidence {
        source: EvidenceSource::RunningTask,
        at: first.started,
        reference: first.arn.clean().clone(),
        // A running task's own health is that of its containers' checks, not of the load balancer's.
        ranking: classify("failed container health checks"),
        text: Clean::literal("its container health check fails"),
        count: u32::try_from(unhealthy.len()).unwrap_or(u32::MAX),
    }];
    all.extend_from_slice(evidence);
    let summary = format!(
        "{}, {} unhealthy",
        counts(snapshot.service),
        unhealthy.len()
    );
    Some(Diagnosis::new(
        Verdict::Degraded,
        Clean::own(summary),
        None,
        all,
    ))
}

/// AWS undid the last rollout; that holds until another one goes through.
fn rolled_back(
    snapshot: ServiceSnapshot<'_>,
    primary: &Deployment,
    event: &ServiceEvent,
) -> Diagnosis {
    let events = &snapshot.service.events;
    let failed = events
        .iter()
        .find(|event| contains(&event.message, "deployment failed"));
    let mut evidence = recent_failures(snapshot, |task| !is_of(task, Some(primary)));
    evidence.push(told(failed.unwrap_or(event)));
    let what = "AWS rolled the last rollout back".to_owned();
    Diagnosis::new(
        Verdict::RolledBack,
        with_first(what, &evidence),
        event.at,
        evidence,
    )
}

#[cfg(test)]
mod tests;
