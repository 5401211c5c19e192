//! A task out of JSON, with whatever members are there.

use super::line::{explain_words, verdict_of};
use super::read;
use super::report::Report;
use super::shape::{ContainerItem, Item};
use crate::diagnose::evidence::{named, words_of};
use crate::diagnose::hanging::{TaskContext, hangs};
use crate::diagnose::messages::{classify, classify_task, rank_together};
use crate::diagnose::{Evidence, EvidenceSource, Runnable, Verdict, is_failure};
use crate::domain::{Arn, Owner, Task, Time};
use crate::text::Clean;

/// Explains a task, as it is at this time.
pub(super) fn explain_task(task: &Task, now: Time) -> Report {
    let mut report = match hangs(task, TaskContext::default(), now) {
        Some(evidence) => Report::ranked(Verdict::Failed, evidence.ranking.clone(), &[evidence]),
        None => as_told(task),
    };
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
    let by = task.started_by.clone();
    report.deployment = by.filter(|by| by.starts_with("ecs-svc/"));
    let runnable = match &report.family {
        Some(_) => Runnable::Family,
        None => Runnable::Any,
    };
    report.narrowed(runnable)
}

/// What AWS says of a task.
fn as_told(task: &Task) -> Report {
    let mut ranking = classify_task(task);
    let attached = task.attachments.iter().find_map(|one| one.reason.as_ref());
    if let Some(words) = attached {
        ranking = rank_together([ranking, classify(words)]);
    }
    let source = if task.is_stopped() {
        EvidenceSource::StoppedTask
    } else {
        EvidenceSource::RunningTask
    };
    let text = match (task.is_stopped(), attached) {
        (_, Some(words)) if task.reason().is_none() => words.clone(),
        (true, _) => words_of(task),
        (false, _) => Clean::own(format!("the task is {:?}", task.status).to_uppercase()),
    };
    let evidence = Evidence {
        source,
        at: task.stopped.or(task.started).or(task.created),
        reference: task.arn.clean().clone(),
        container: named(task),
        text,
        count: 1,
        ranking: ranking.clone(),
    };
    let mut verdict = verdict_of(&ranking);
    // Its end is a failure, whatever AWS's words mean.
    if verdict == Verdict::Unknown && is_failure(task) && task.stop_code.is_some() {
        verdict = Verdict::Failed;
    }
    Report::ranked(verdict, ranking, &[evidence])
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
        report.summary = Clean::literal("AWS does not have this resource (or no longer)");
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
        image: None,
        runtime_id: None,
        restart_count: item.restart_count,
        known_status: item.known_status,
    };
    let task = read::task(&Item {
        task_arn: item.task_arn,
        containers: Some(vec![container]),
        ..Item::default()
    });
    explain_task(&task, Time::default())
}
