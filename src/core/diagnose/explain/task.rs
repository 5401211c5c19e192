//! A task out of JSON, with whatever members are there.

use super::line::{explain_words, verdict_of};
use super::report::Report;
use super::shape::{ContainerItem, Item};
use crate::diagnose::evidence::words_of;
use crate::diagnose::messages::{classify, classify_task, rank_together};
use crate::diagnose::{Evidence, EvidenceSource, Runnable, Verdict};
use crate::domain::{Arn, Container, Health, Owner, StopCode, Task, TaskStatus};
use crate::text::Clean;

/// Explains a task.
pub(super) fn explain_task(item: &Item) -> Report {
    let task = read(item);
    let mut ranking = classify_task(&task);
    let attached = why_not_attached(item);
    if let Some(words) = attached {
        ranking = rank_together([ranking, classify(words)]);
    }
    let source = if task.is_stopped() {
        EvidenceSource::StoppedTask
    } else {
        EvidenceSource::RunningTask
    };
    let text = match (task.is_stopped(), attached) {
        (_, Some(words)) if task.reason().is_none() => Clean::new(words),
        (true, _) => words_of(&task),
        (false, _) => Clean::new(item.last_status.as_deref().unwrap_or("no status")),
    };
    let evidence = Evidence {
        source,
        at: task.stopped.or(task.started).or(task.created),
        reference: task.arn.clean().clone(),
        text,
        count: 1,
        ranking: ranking.clone(),
    };
    let mut report = Report::ranked(verdict_of(&ranking), ranking, &[evidence]);
    report.since = task.stopped.or(task.started).or(task.created);
    report.placed(&task.arn, &task.cluster);
    match &task.owner {
        Owner::Service(name) => report.service = Some(name.clone()),
        Owner::Family(name) => report.family = Some(name.clone()),
    }
    // No group: it is not known what keeps it.
    report.service = report.service.filter(|name| !name.is_empty());
    report.family = report.family.filter(|name| !name.is_empty());
    report.task = Some(task.arn.clean().clone()).filter(|arn| !arn.is_empty());
    report.deployment = task.started_by.filter(|by| by.starts_with("ecs-svc/"));
    let runnable = match &report.family {
        Some(_) => Runnable::Family,
        None => Runnable::Any,
    };
    report.narrowed(runnable)
}

/// Explains something that a describe or run call could not give.
pub(super) fn explain_failure(item: &Item) -> Report {
    let arn = Arn::new(item.arn.as_deref().unwrap_or_default());
    let words = item.reason.as_deref().unwrap_or_default();
    let mut report = explain_words(words, EvidenceSource::Line, arn.clean().clone(), None);
    report.placed(&arn, &Arn::new(""));
    match arn.resource().split('/').next() {
        Some("service") => report.service = Some(Clean::new(arn.name())),
        Some("task") => report.task = Some(arn.clean().clone()),
        _ => {}
    }
    if words == "MISSING" {
        report.verdict = Verdict::Failed;
        report.summary = Clean::literal("AWS does not have it, or has forgotten it");
    }
    report
}

/// Explains a container of a task that is not told.
pub(super) fn explain_container(item: Item) -> Report {
    let container = ContainerItem {
        name: item.name,
        last_status: item.last_status,
        reason: item.reason,
        health_status: item.health_status,
        exit_code: item.exit_code,
    };
    explain_task(&Item {
        task_arn: item.task_arn,
        containers: Some(vec![container]),
        ..Item::default()
    })
}

fn text(raw: Option<&str>) -> Option<Clean> {
    raw.filter(|raw| !raw.is_empty()).map(Clean::new)
}

fn read(item: &Item) -> Task {
    let moment = |moment: Option<super::moment::Moment>| moment.and_then(|moment| moment.0);
    let named = |name: &Option<String>| Arn::new(name.as_deref().unwrap_or_default());
    let definition = named(&item.task_definition_arn);
    let mut containers: Vec<Container> = item.containers.iter().flatten().map(container).collect();
    // Some events carry the task's own exit code.
    if containers.is_empty() && item.exit_code.is_some() {
        containers.push(container(&ContainerItem {
            exit_code: item.exit_code,
            reason: item.reason.clone(),
            ..ContainerItem::default()
        }));
    }
    Task {
        arn: named(&item.task_arn),
        cluster: named(&item.cluster_arn),
        owner: owner(item.group.as_deref()),
        definition,
        started_by: text(item.started_by.as_deref()),
        status: status(item),
        desired: Clean::default(),
        health: health(item.health_status.as_deref()),
        created: moment(item.created_at),
        pull_started: None,
        pull_stopped: None,
        started: moment(item.started_at),
        stopping: None,
        stopped: moment(item.stopped_at),
        stop_code: item.stop_code.as_deref().and_then(stop_code),
        stopped_reason: text(item.stopped_reason.as_deref()),
        containers,
        launch: Clean::default(),
        cpu: None,
        memory: None,
        zone: None,
        private_ip: None,
        interface: None,
        subnet: None,
        overrides: Vec::new(),
        commands: Vec::new(),
    }
}

fn container(item: &ContainerItem) -> Container {
    Container {
        name: Clean::new(item.name.as_deref().unwrap_or_default()),
        status: Clean::new(item.last_status.as_deref().unwrap_or_default()),
        // Windows' codes are unsigned in some places and signed in others: the bits are the same.
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the low 32 bits are the code"
        )]
        exit_code: item.exit_code.map(|code| code as i32),
        reason: text(item.reason.as_deref()),
        health: health(item.health_status.as_deref()),
        image: None,
        digest: None,
        runtime_id: None,
    }
}

/// Where nothing tells what keeps a task, a service is taken for it: the end of its program is then no success.
fn owner(group: Option<&str>) -> Owner {
    match group.map(|group| group.split_once(':').unwrap_or(("", group))) {
        Some(("service", name)) => Owner::Service(Clean::new(name)),
        Some((_, name)) if !name.is_empty() => Owner::Family(Clean::new(name)),
        _ => Owner::Service(Clean::default()),
    }
}

/// Where a task is: where it does not say so, its end tells.
fn status(item: &Item) -> TaskStatus {
    match item.last_status.as_deref() {
        Some("PROVISIONING") => TaskStatus::Provisioning,
        Some("PENDING") => TaskStatus::Pending,
        Some("ACTIVATING") => TaskStatus::Activating,
        Some("RUNNING") => TaskStatus::Running,
        Some("DEACTIVATING") => TaskStatus::Deactivating,
        Some("STOPPING") => TaskStatus::Stopping,
        Some("DEPROVISIONING") => TaskStatus::Deprovisioning,
        Some("STOPPED") => TaskStatus::Stopped,
        Some("DELETED") => TaskStatus::Deleted,
        Some(_) => TaskStatus::Other,
        None => {
            let over = |one: &ContainerItem| one.exit_code.is_some() || one.reason.is_some();
            let ended = item.stopped_at.is_some()
                || item.stop_code.is_some()
                || item.stopped_reason.is_some()
                || item.exit_code.is_some()
                || item.containers.iter().flatten().any(over);
            match item.started_at {
                _ if ended => TaskStatus::Stopped,
                Some(_) => TaskStatus::Running,
                None => TaskStatus::Other,
            }
        }
    }
}

fn health(raw: Option<&str>) -> Health {
    match raw {
        Some("HEALTHY") => Health::Healthy,
        Some("UNHEALTHY") => Health::Unhealthy,
        _ => Health::Unknown,
    }
}

fn stop_code(raw: &str) -> Option<StopCode> {
    Some(match raw {
        "" => return None,
        "TaskFailedToStart" => StopCode::TaskFailedToStart,
        "EssentialContainerExited" => StopCode::EssentialContainerExited,
        "UserInitiated" => StopCode::UserInitiated,
        "ServiceSchedulerInitiated" => StopCode::ServiceSchedulerInitiated,
        "SpotInterruption" => StopCode::SpotInterruption,
        "TerminationNotice" => StopCode::TerminationNotice,
        "InfrastructureHealth" => StopCode::InfrastructureHealth,
        _ => StopCode::Other,
    })
}

/// AWS's words for why a volume or an interface did not attach.
fn why_not_attached(item: &Item) -> Option<&str> {
    let details = item
        .attachments
        .iter()
        .flatten()
        .filter_map(|one| one.details.as_ref());
    details
        .flatten()
        .find(|detail| detail.name.as_deref() == Some("statusReason"))
        .and_then(|detail| detail.value.as_deref())
        .filter(|words| !words.is_empty())
}
