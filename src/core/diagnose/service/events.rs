//! A service's events as evidence: those that complain, and whether they still hold.
//!
//! AWS tells a trouble once and then not again for six hours unless it ends (source: ECS developer guide,
//! "Service event messages"): silence is no recovery. What speaks against an event is what came after it.

use super::ServiceSnapshot;
use super::crash_loop::is_lasting;
use crate::diagnose::cause::{CauseId, Standing, Trait};
use crate::diagnose::messages::classify_event;
use crate::diagnose::{Evidence, EvidenceSource};
use crate::domain::{Deployment, Service, ServiceEvent, Time};
use crate::text::Clean;

/// AWS says the same trouble again after this time at the latest, in seconds.
pub(super) const SILENCE_SECONDS: i64 = 6 * 3_600;
/// Lines that are kept.
const KEPT: usize = 6;

pub(super) fn contains(text: &Clean, needle: &str) -> bool {
    text.as_str().to_ascii_lowercase().contains(needle)
}

/// Whether a text names this id, and not one that only begins like it.
pub(super) fn mentions(text: &Clean, id: &Clean) -> bool {
    text.as_str().match_indices(id.as_str()).any(|(at, found)| {
        !text
            .as_str()
            .get(at + found.len()..)
            .unwrap_or_default()
            .starts_with(|c: char| c.is_ascii_digit())
    })
}

/// What an event says.
pub(super) fn told(event: &ServiceEvent) -> Evidence {
    Evidence {
        source: EvidenceSource::ServiceEvent,
        at: event.at,
        reference: event.id.clone(),
        container: None,
        ranking: classify_event(&event.message),
        text: event.message.clone(),
        count: 1,
    }
}

/// Its best cause.
pub(super) fn best(evidence: &Evidence) -> Option<CauseId> {
    evidence.ranking.first().map(|best| best.cause)
}

/// Halves what a line of evidence says: it was so, and something that came later speaks against it.
pub(super) fn faded(mut evidence: Evidence) -> Evidence {
    for ranked in &mut evidence.ranking {
        ranked.confidence /= 2.0;
    }
    evidence
}

/// Events since then that speak of trouble, newest first. A steady state ends the trouble before it.
pub(super) fn troubles(service: &Service, since: Option<Time>) -> Vec<Evidence> {
    service
        .events
        .iter()
        .take_while(|event| !contains(&event.message, "has reached a steady state"))
        // One that tells no time speaks of now, as far as anybody knows.
        .filter(|event| event.at.is_none() || event.at >= since)
        .map(told)
        .filter(|evidence| {
            best(evidence).is_some_and(|cause| {
                // That AWS gave a rollout up is said of an earlier deployment, not of the one under way.
                let of_another = [CauseId::CircuitBreakerTripped, CauseId::DeploymentAlarm];
                let wrong = matches!(cause.standing(), Standing::Fault | Standing::Symptom);
                (wrong && !of_another.contains(&cause)) || evidence.complains_unknown()
            })
        })
        .take(KEPT)
        .collect()
}

/// Events that speak of trouble before a moment, back to the steady state before it.
pub(super) fn troubles_before(service: &Service, moment: Option<Time>) -> Vec<Evidence> {
    let earlier = service
        .events
        .iter()
        .skip_while(|event| event.at.is_none() || event.at > moment);
    let earlier =
        earlier.take_while(|event| !contains(&event.message, "has reached a steady state"));
    let told = earlier.map(told).filter(|evidence| {
        best(evidence).is_some_and(|cause| {
            let given_up = [CauseId::CircuitBreakerTripped, CauseId::DeploymentAlarm];
            matches!(cause.standing(), Standing::Fault | Standing::Symptom)
                && !given_up.contains(&cause)
        })
    });
    told.take(KEPT).collect()
}

/// The troubles of a rollout: those that hold, and those that something later speaks against.
pub(super) struct Troubles {
    pub(super) standing: Vec<Evidence>,
    pub(super) overcome: Vec<Evidence>,
    /// One of them has held for longer than such a thing takes to pass.
    pub(super) lasting: bool,
}

/// Reads the events of a rollout.
pub(super) fn of_rollout(snapshot: ServiceSnapshot<'_>, primary: &Deployment) -> Troubles {
    let service = snapshot.service;
    let mut told = troubles(service, primary.created);
    if told.is_empty()
        && primary.running + primary.pending == 0
        && snapshot.since(primary.created) > 120
    {
        // Nothing starts and nothing is said: what was said before may still be so.
        let heard = snapshot.now.as_second().saturating_sub(SILENCE_SECONDS);
        told = troubles(service, Time::from_second(heard).ok());
        // What was said of another revision's image or program is no evidence of this one's.
        told.retain(|evidence| best(evidence).is_some_and(is_of_the_cluster));
    }
    let of_it = || {
        snapshot
            .tasks
            .iter()
            .filter(|task| snapshot.owns(Some(primary), task))
    };
    let newest_made = of_it().filter_map(|task| task.created).max();
    let newest_start = of_it().filter_map(|task| task.started).max();
    let (standing, overcome): (Vec<_>, Vec<_>) = told.into_iter().partition(|evidence| {
        let later = match best(evidence) {
            Some(CauseId::StartImpaired | CauseId::ContainerRuntimeError) => newest_start,
            Some(cause) if is_of_placing(cause) => newest_made,
            _ => None,
        };
        later.is_none() || later <= evidence.at
    });
    let lasting = standing.iter().any(|evidence| {
        best(evidence).is_some_and(|cause| {
            // Checks fail, and no task of it has ever come to run.
            let none = is_of_health(cause) && primary.running == 0;
            let since = if none { primary.created } else { evidence.at };
            snapshot.since(since) >= patience(cause, service)
        })
    });
    Troubles {
        standing,
        overcome: overcome.into_iter().map(faded).collect(),
        lasting,
    }
}

fn is_of_health(cause: CauseId) -> bool {
    matches!(
        cause,
        CauseId::TargetUnhealthy | CauseId::ContainerUnhealthy | CauseId::HealthGraceTooShort
    )
}

/// Whether it is the cluster's or the account's, whichever revision is to be placed.
fn is_of_the_cluster(cause: CauseId) -> bool {
    cause.has(Trait::Placing)
}

/// Whether it keeps a task from being made at all: a task that was made later speaks against it.
fn is_of_placing(cause: CauseId) -> bool {
    cause.has(Trait::Placing) || cause.has(Trait::PlacingOfRevision)
}

/// So long a trouble may last before it is more than a wait, in seconds.
///
/// A capacity provider brings an instance within minutes: its alarm waits for one, and an instance boots and
/// registers in some more (source: ECS developer guide, "Managed scaling behavior").
fn patience(cause: CauseId, service: &Service) -> i64 {
    use CauseId::*;
    if is_lasting(cause) {
        return 0;
    }
    let provided = !matches!(service.launch.as_str(), "EC2" | "FARGATE" | "EXTERNAL" | "");
    match cause {
        NoContainerInstances | InsufficientResources | HostPortConflict if provided => 600,
        // The tasks that are stopped for it tell; an event alone often heals.
        TargetUnhealthy | ContainerUnhealthy | HealthGraceTooShort => 900,
        TaskProtection => 900,
        _ => 300,
    }
}
