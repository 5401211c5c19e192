//! A service out of JSON, with whatever members are there.
//!
//! Its rollout and its counts tell how it is, where they are known; else its
//! events do. The causes are those of AWS's words since it was last well.

use std::collections::BTreeMap;

use super::report::{Report, unknown};
use super::shape::{DeploymentItem, EventItem, Item};
use crate::diagnose::cause::{CauseId, Standing};
use crate::diagnose::causes::{calm_cause, causes_of};
use crate::diagnose::messages::{Classified, classify, classify_event, rank_together};
use crate::diagnose::{
    Beside, BreakerCount, Diagnosis, Evidence, EvidenceSource, Facts, Runnable, ServiceSnapshot,
    Verdict, diagnose_service,
};
use crate::domain::{
    Arn, Breaker, Controller, Deployment, DeploymentSettings, DeploymentStatus, Rollout,
    Scheduling, Service, ServiceEvent, ServiceStatus, Time,
};
use crate::text::Clean;

/// So many lines of evidence are kept; a service has at most 100 events.
const EVIDENCE: usize = 10;

/// Explains a service.
pub(super) fn explain_service(item: &Item) -> Report {
    let (service, counted) = read(item);
    let newest = newest(&service);
    let primary = service.primary();
    let told = matches!(
        primary.and_then(|primary| primary.rollout),
        Some(Rollout::InProgress | Rollout::Failed)
    ) || service.status != ServiceStatus::Active;
    let found = (told || counted).then(|| {
        diagnose_service(ServiceSnapshot {
            service: &service,
            tasks: &[],
            facts: &Facts::default(),
            definitions: &BTreeMap::new(),
            beside: &Beside::default(),
            now: newest.unwrap_or_default(),
        })
    });
    let heard = by_events(&service);
    let (verdict, since) = match &found {
        // Without deployments the counts do not tell that one failed.
        Some(_)
            if primary.is_none() && matches!(heard.0, Verdict::RollingBack | Verdict::Failed) =>
        {
            heard
        }
        Some(found) => (found.verdict, found.since),
        None => heard,
    };
    let found = found.filter(|found| found.verdict == verdict);
    let completed = primary.filter(|primary| primary.rollout == Some(Rollout::Completed));
    let (verdict, since) = match completed {
        Some(primary) if verdict == Verdict::Unknown && found.is_none() => {
            (Verdict::Steady, primary.updated)
        }
        _ => (verdict, since),
    };
    let evidence = evidence(&service, verdict);
    let mut report = reported(verdict, found, &evidence).narrowed(Runnable::on_service(&service));
    report.since = since;
    report.placed(&service.arn, &service.cluster);
    report.service = Some(service.name.clone()).filter(|name| !name.is_empty());
    report.deployment = primary
        .map(|primary| primary.id.clone())
        .filter(|id| !id.is_empty());
    if let Some(primary) = primary.filter(|primary| primary.rollout == Some(Rollout::InProgress)) {
        report.breaker = BreakerCount::of(&service.settings, service.desired, primary.failed);
    }
    report
}

fn reported(verdict: Verdict, found: Option<Diagnosis>, evidence: &[Evidence]) -> Report {
    let ranking = rank_together(evidence.iter().map(|evidence| evidence.ranking.clone()));
    let wrong =
        |one: &Classified| matches!(one.cause.standing(), Standing::Fault | Standing::Symptom);
    let mut causes = Vec::new();
    let summary = found.map(|found| found.summary);
    if !ranking.first().is_some_and(wrong)
        && let Some(calm) = calm_cause(verdict, summary.clone().unwrap_or_default())
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
        let words = summary.clone().unwrap_or_default();
        causes = unknown(words, EvidenceSource::Counts);
    }
    let summary = summary
        .or_else(|| causes.first().map(|first| first.summary.clone()))
        .unwrap_or_default();
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
            ranking: classify_event(&event.message),
            text: event.message.clone(),
            count: 1,
        })
        .collect();
    said.extend(service.deployments.iter().filter_map(|deployment| {
        let telling = deployment.status == DeploymentStatus::Primary
            || deployment.rollout == Some(Rollout::Failed);
        let text = deployment.reason.clone().filter(|_| telling)?;
        Some(Evidence {
            source: EvidenceSource::Deployment,
            at: deployment.updated,
            reference: deployment.id.clone(),
            ranking: classify(&text),
            text,
            count: 1,
        })
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

/// The newest moment that is told: the snapshot is not older than that.
fn newest(service: &Service) -> Option<Time> {
    let events = service.events.iter().map(|event| event.at);
    let deployments = service.deployments.iter();
    let deployments = deployments.flat_map(|one| [one.created, one.updated]);
    events.chain(deployments).flatten().max()
}

fn count(raw: Option<i64>) -> u32 {
    u32::try_from(raw.unwrap_or_default().max(0)).unwrap_or(u32::MAX)
}

fn named(raw: Option<&str>) -> Arn {
    Arn::new(raw.unwrap_or_default())
}

/// The service, and whether its counts are told.
fn read(item: &Item) -> (Service, bool) {
    let mut deployments: Vec<Deployment> =
        item.deployments.iter().flatten().map(deployment).collect();
    // A deployment by itself.
    if item.deployments.is_none()
        && (item.rollout_state.is_some() || item.rollout_state_reason.is_some())
    {
        deployments.push(deployment(&DeploymentItem {
            id: item.id.clone(),
            status: None,
            task_definition: item.task_definition.clone(),
            desired_count: item.desired_count,
            running_count: item.running_count,
            pending_count: item.pending_count,
            failed_tasks: item.failed_tasks,
            rollout_state: item.rollout_state.clone(),
            rollout_state_reason: item.rollout_state_reason.clone(),
            created_at: item.created_at,
            updated_at: item.updated_at,
        }));
    }
    choose_primary(&mut deployments);
    for one in deployments
        .iter_mut()
        .filter(|one| one.task_definition.as_str().is_empty())
    {
        one.task_definition = Arn::new(item.task_definition.as_deref().unwrap_or("this revision"));
    }
    let mut primary = item.deployments.iter().flatten();
    let primary = primary.find(|one| one.status.as_deref() == Some("PRIMARY"));
    // The service's counts are the sum of its deployments'; the primary one has the desired count.
    let desired = item
        .desired_count
        .or(primary.and_then(|primary| primary.desired_count));
    let all = item
        .deployments
        .iter()
        .flatten()
        .filter_map(|one| one.running_count);
    let running = item
        .running_count
        .or((all.clone().count() > 0).then(|| all.sum()));
    let counted = desired.is_some() && running.is_some();
    let mut events: Vec<ServiceEvent> = item.events.iter().flatten().map(event).collect();
    if events.iter().all(|event| event.at.is_some()) {
        // Newest first, as AWS gives them; of the same moment the order stays.
        events.sort_by_key(|event| std::cmp::Reverse(event.at));
    }
    let breaker = item
        .deployment_configuration
        .as_ref()
        .and_then(|configuration| configuration.deployment_circuit_breaker.as_ref());
    let arn = named(item.service_arn.as_deref());
    let name = match item.service_name.as_deref() {
        Some(name) => Clean::new(name),
        None => Clean::new(arn.name()),
    };
    let service = Service {
        name,
        arn,
        cluster: named(item.cluster_arn.as_deref()),
        status: match item.status.as_deref() {
            Some("DRAINING") => ServiceStatus::Draining,
            Some("INACTIVE") => ServiceStatus::Inactive,
            // A deployment by itself has another word there.
            _ => ServiceStatus::Active,
        },
        desired: count(desired),
        running: count(running),
        pending: count(item.pending_count),
        launch: Clean::default(),
        controller: controller(item),
        scheduling: match item.scheduling_strategy.as_deref() {
            Some("DAEMON") => Scheduling::Daemon,
            _ => Scheduling::Replica,
        },
        task_definition: named(item.task_definition.as_deref()),
        deployments,
        events,
        settings: DeploymentSettings {
            minimum_percent: None,
            maximum_percent: None,
            breaker: breaker.map_or_else(Breaker::default, |breaker| Breaker {
                enabled: breaker.enable.unwrap_or_default(),
                rollback: breaker.rollback.unwrap_or_default(),
            }),
        },
        grace_seconds: None,
        load_balancers: Vec::new(),
        network: None,
        exec: false,
        created: item.created_at.and_then(|moment| moment.0),
    };
    (service, counted)
}

fn controller(item: &Item) -> Controller {
    let controller = item.deployment_controller.as_ref();
    match controller.and_then(|controller| controller.r#type.as_deref()) {
        Some("CODE_DEPLOY") => Controller::CodeDeploy,
        Some("EXTERNAL") => Controller::External,
        _ => Controller::Ecs,
    }
}

/// Where no deployment says its place, the one under way is the newest, else the first.
fn choose_primary(deployments: &mut [Deployment]) {
    if deployments
        .iter()
        .any(|one| one.status != DeploymentStatus::Other)
    {
        return;
    }
    let under_way = |one: &Deployment| one.rollout == Some(Rollout::InProgress);
    let at = deployments.iter().position(under_way).unwrap_or_default();
    if let Some(primary) = deployments.get_mut(at) {
        primary.status = DeploymentStatus::Primary;
    }
}

fn deployment(item: &DeploymentItem) -> Deployment {
    Deployment {
        id: Clean::new(item.id.as_deref().unwrap_or_default()),
        status: match item.status.as_deref() {
            Some("PRIMARY") => DeploymentStatus::Primary,
            Some("ACTIVE") => DeploymentStatus::Active,
            Some("INACTIVE") => DeploymentStatus::Inactive,
            _ => DeploymentStatus::Other,
        },
        task_definition: named(item.task_definition.as_deref()),
        desired: count(item.desired_count),
        pending: count(item.pending_count),
        running: count(item.running_count),
        failed: count(item.failed_tasks),
        rollout: match item.rollout_state.as_deref() {
            Some("IN_PROGRESS") => Some(Rollout::InProgress),
            Some("COMPLETED") => Some(Rollout::Completed),
            Some("FAILED") => Some(Rollout::Failed),
            _ => None,
        },
        reason: item
            .rollout_state_reason
            .as_deref()
            .filter(|reason| !reason.is_empty())
            .map(Clean::new),
        created: item.created_at.and_then(|moment| moment.0),
        updated: item.updated_at.and_then(|moment| moment.0),
    }
}

fn event(item: &EventItem) -> ServiceEvent {
    ServiceEvent {
        id: Clean::new(item.id.as_deref().unwrap_or_default()),
        at: item.created_at.and_then(|moment| moment.0),
        message: Clean::new(item.message.as_deref().unwrap_or_default()),
    }
}
