//! A service out of JSON, with whatever members are there.
//!
//! Its rollout and its counts tell how it is, where they are known; else its
//! events do. The causes are those of AWS's words since it was last well.

use std::collections::BTreeMap;

use super::read;
use super::report::{Report, unknown};
use super::shape::Item;
use crate::diagnose::cause::{CauseId, Standing};
use crate::diagnose::causes::{calm_cause, causes_of};
use crate::diagnose::messages::{Classified, classify_event, rank_together};
use crate::diagnose::{
    Evidence, EvidenceSource, Fact, Facts, LocalFacts, Question, Runnable, ServiceSnapshot,
    Verdict, diagnose_service,
};
use crate::domain::{
    DeploymentStatus, Rollout, RolloutHistory, Service, ServiceDeployment, ServiceEvent,
    ServiceStatus, Task, Time,
};
use crate::text::Clean;

/// So many lines of evidence are kept; a service has at most 100 events.
const EVIDENCE: usize = 10;

/// Explains a service with its tasks, as it is at this time.
pub(super) fn explain_service(
    item: &Item,
    tasks: &[Task],
    rollouts: Vec<ServiceDeployment>,
    now: Time,
) -> Report {
    let (service, counted) = read::service(item);
    let primary = service.primary();
    let told = matches!(
        primary.and_then(|primary| primary.rollout),
        Some(Rollout::InProgress | Rollout::Failed)
    ) || service.status != ServiceStatus::Active;
    let tasks: Vec<&Task> = tasks.iter().collect();
    let mut facts = Facts::default();
    if !rollouts.is_empty() {
        let history = RolloutHistory {
            deployments: rollouts,
            revisions: BTreeMap::new(),
        };
        facts.put(
            Question::rollouts(&service),
            now,
            Ok(Fact::Rollouts(history)),
        );
    }
    let known = told || counted || !tasks.is_empty() || !service.task_sets.is_empty();
    let found = known.then(|| {
        diagnose_service(ServiceSnapshot {
            service: &service,
            tasks: &tasks,
            facts: &facts,
            definitions: &BTreeMap::new(),
            local: &LocalFacts::default(),
            now,
        })
    });
    let heard = by_events(&service);
    // Without deployments the counts do not tell that one failed.
    let without = primary.is_none() && service.task_sets.is_empty();
    let given_up = without && matches!(heard.0, Verdict::RollingBack | Verdict::Failed);
    let report = match found.filter(|_| !given_up) {
        Some(found) => Report::diagnosed(&found, Runnable::on_service(&service), false),
        None => by_words(&service, heard),
    };
    let mut report = report.narrowed(Runnable::on_service(&service));
    report.placed(&service.arn, &service.cluster);
    report.service = Some(service.name.clone()).filter(|name| !name.is_empty());
    let newest = service.task_sets.iter().max_by_key(|set| set.created);
    let id = primary.map(|primary| &primary.id);
    let id = id.or(newest.map(|set| &set.id));
    report.deployment = id.filter(|id| !id.is_empty()).cloned();
    report
}

/// A service of which only words are known.
fn by_words(service: &Service, heard: (Verdict, Option<Time>)) -> Report {
    let primary = service.primary();
    let completed = primary.filter(|primary| primary.rollout == Some(Rollout::Completed));
    let (verdict, since) = match completed {
        Some(primary) if heard.0 == Verdict::Unknown => (Verdict::Steady, primary.updated),
        _ => heard,
    };
    let mut report = reported(verdict, &evidence(service, verdict));
    report.since = since;
    report
}

fn reported(verdict: Verdict, evidence: &[Evidence]) -> Report {
    let ranking = rank_together(evidence.iter().map(|evidence| evidence.ranking.clone()));
    let wrong =
        |one: &Classified| matches!(one.cause.standing(), Standing::Fault | Standing::Symptom);
    let mut causes = Vec::new();
    if !ranking.first().is_some_and(wrong)
        && let Some(calm) = calm_cause(verdict, Clean::default())
    {
        causes.push(calm);
    }
    for cause in causes_of(ranking, evidence) {
        let known = causes.first().is_some_and(|first| first.id == cause.id);
        if !known && (causes.is_empty() || cause.id != CauseId::Unknown) {
            causes.push(cause);
        }
    }
    if causes.is_empty() {
        causes = unknown(Clean::default(), EvidenceSource::Counts);
    }
    let first = causes.first().map(|first| first.summary.clone());
    let summary = first.unwrap_or_default();
    Report::new(verdict, summary, causes)
}

/// How a service is of which only events are known.
fn by_events(service: &Service) -> (Verdict, Option<Time>) {
    let says =
        |event: &ServiceEvent, words: &str| event.message.to_ascii_lowercase().contains(words);
    let well = |event: &ServiceEvent| says(event, "has reached a steady state");
    let mut well_since = None;
    let mut worst: Option<(Verdict, Option<Time>)> = None;
    for event in &service.events {
        if says(event, "rolling back to deployment") {
            let verdict = if well_since.is_some() {
                Verdict::RolledBack
            } else {
                Verdict::RollingBack
            };
            return (verdict, event.at);
        }
        if well(event) {
            if well_since.is_some() {
                // It was well again before: what came earlier is history.
                break;
            }
            well_since = Some(event.at);
            continue;
        }
        if well_since.is_some() {
            continue;
        }
        if says(event, "deployment failed") {
            return (Verdict::Failed, event.at);
        }
        let ranking = classify_event(&event.message);
        let verdict = match ranking.first().map(|first| first.cause.standing()) {
            Some(Standing::Fault | Standing::Symptom) => Verdict::Degraded,
            Some(Standing::Calm) => Verdict::Progressing,
            Some(Standing::Unknown) | None => continue,
        };
        if worst.is_none_or(|(worst, _)| verdict > worst) {
            worst = Some((verdict, event.at));
        }
    }
    worst
        .or(well_since.map(|at| (Verdict::Steady, at)))
        .unwrap_or((Verdict::Unknown, None))
}

/// AWS's words since the service was last well: those that complain, or the newest where none does.
fn evidence(service: &Service, verdict: Verdict) -> Vec<Evidence> {
    let mut events = service.events.as_slice();
    if verdict == Verdict::RolledBack {
        // It is well again; what it was rolled back for lies before that.
        let back = |event: &ServiceEvent| {
            event
                .message
                .to_ascii_lowercase()
                .contains("rolling back to deployment")
        };
        let at = events.iter().position(back).unwrap_or_default();
        events = events.get(at..).unwrap_or_default();
    }
    let begun = service
        .primary()
        .filter(|_| matches!(verdict, Verdict::Stuck | Verdict::Progressing))
        .and_then(|primary| primary.created);
    let mut said: Vec<Evidence> = events
        .iter()
        .take_while(|event| {
            !event
                .message
                .to_ascii_lowercase()
                .contains("has reached a steady state")
        })
        .filter(|event| event.at.is_none() || event.at >= begun)
        .map(|event| Evidence {
            source: EvidenceSource::ServiceEvent,
            at: event.at,
            reference: event.id.clone(),
            container: None,
            ranking: classify_event(&event.message),
            text: event.message.clone(),
            count: 1,
        })
        .collect();
    said.extend(service.deployments.iter().filter_map(|deployment| {
        let telling = deployment.status == DeploymentStatus::Primary
            || deployment.rollout == Some(Rollout::Failed);
        telling.then(|| Evidence::of_deployment(deployment))?
    }));
    let complains = |evidence: &Evidence| {
        evidence.ranking.first().is_some_and(|first| {
            matches!(first.cause.standing(), Standing::Fault | Standing::Symptom)
        })
    };
    if said.iter().any(complains) {
        said.retain(complains);
    }
    said.truncate(EVIDENCE);
    said
}
