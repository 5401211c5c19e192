//! A grace period that ends before tasks have come up: how long good starts took, against how long they are given.
//!
//! A program that is broken is stopped at the end of the grace period as well, so that this alone is a mere
//! possibility. What decides is that no start that went well was quick enough. AWS tells no time at which a task
//! became healthy: it is what was seen from here, else when the scheduler first acted upon it.

use super::events::contains;
use super::{ServiceSnapshot, ended, rolling_out};
use crate::diagnose::cause::CauseId;
use crate::diagnose::causes::causes_of_verdict;
use crate::diagnose::evidence::is_failure;
use crate::diagnose::messages::{Classified, classify_task};
use crate::diagnose::{Diagnosis, Evidence, EvidenceSource};
use crate::domain::{Health, HealthCheck, Task, TaskStatus};
use crate::text::Clean;

/// From the moment at which health counts to the order to stop, in seconds: a check and a turn of the scheduler.
const SLACK_SECONDS: i64 = 45;
/// What the scheduler did later than this after a start was not for that start, in seconds.
const START_SECONDS: i64 = 30 * 60;
/// The checks of a target group that fail before it calls a target unhealthy, in seconds, where the group was not
/// read: 2, 30 s apart (source: Elastic Load Balancing, "Health checks for target groups").
const CHECKED_SECONDS: i64 = 60;

/// Whose check failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Check {
    Target,
    Container,
}

/// Weighs whether tasks are stopped for coming up too slowly.
pub(super) fn weigh(snapshot: ServiceSnapshot<'_>, found: &mut Diagnosis) {
    let is_of_health = |id| matches!(id, CauseId::TargetUnhealthy | CauseId::ContainerUnhealthy);
    let mut suspects = found.causes.iter();
    if !suspects.any(|cause| is_of_health(cause.id) && cause.confidence >= 0.5) {
        return;
    }
    if let Some(evidence) = too_short(snapshot) {
        found.evidence.push(evidence);
        found.causes = causes_of_verdict(found.verdict, &found.evidence);
    }
}

fn too_short(snapshot: ServiceSnapshot<'_>) -> Option<Evidence> {
    // A rollout under way is judged by its own tasks alone.
    let stopped = || {
        let tasks = snapshot.tasks_of(rolling_out(snapshot.service));
        tasks.filter_map(|task| Some((task, failed_check(task)?, lived(task)?)))
    };
    let (newest, check, _) = stopped().max_by_key(|(task, ..)| ended(task))?;
    let alike =
        || stopped().filter(|(task, of, _)| task.started_by == newest.started_by && *of == check);
    let longest = alike().map(|(.., lived)| lived).max()?;
    let (given, named) = given(snapshot, newest, check)?;
    if longest > given + SLACK_SECONDS {
        return None;
    }
    let good = snapshot.tasks.iter().filter(|task| !is_failure(task));
    // What the scheduler did while a rollout failed says nothing of that rollout's own tasks.
    let came_up = |task: &&Task| {
        let of_another = task.started_by != newest.started_by;
        let acted = acted_upon(snapshot, task).filter(|_| of_another);
        seen_healthy(snapshot, task).into_iter().chain(acted).min()
    };
    let quickest = good.filter_map(came_up).min();
    let count = alike().count();
    let stops = format!(
        "{count} stopped within {longest} s of their start, as soon as health counted ({named})"
    );
    let (confidence, decided_by, text) = match quickest {
        Some(quickest) if quickest > given => (
            0.97,
            None,
            format!("{stops}, and the quickest good start took {quickest} s"),
        ),
        Some(quickest) => (
            0.4,
            Some(WHAT_DECIDES),
            format!("{stops}; the quickest good start took {quickest} s"),
        ),
        None => (
            0.45,
            Some(WHAT_DECIDES),
            format!("{stops}; how long a good start takes was not seen"),
        ),
    };
    Some(Evidence {
        source: EvidenceSource::StoppedTask,
        at: ended(newest),
        reference: newest.arn.clean().clone(),
        container: None,
        text: Clean::own(text),
        count: u32::try_from(count).unwrap_or(u32::MAX),
        ranking: vec![Classified {
            cause: CauseId::HealthGraceTooShort,
            confidence,
            decided_by,
        }],
    })
}

const WHAT_DECIDES: &str = "how long the program takes until its check passes: its log";

/// Whose check a task was stopped for.
fn failed_check(task: &Task) -> Option<Check> {
    if !is_failure(task) {
        return None;
    }
    match classify_task(task).first()?.cause {
        CauseId::TargetUnhealthy => Some(Check::Target),
        CauseId::ContainerUnhealthy => Some(Check::Container),
        _ => None,
    }
}

/// Seconds from a start to the order to stop.
fn lived(task: &Task) -> Option<i64> {
    let end = task.stopping.or(task.stopped)?;
    Some(end.duration_since(task.started?).as_secs())
}

/// So long a task may take to become healthy, in seconds, and by what settings.
fn given(snapshot: ServiceSnapshot<'_>, task: &Task, check: Check) -> Option<(i64, String)> {
    // The grace period is for every kind of check (source: ECS API reference, healthCheckGracePeriodSeconds).
    let grace = i64::from(snapshot.service.grace_seconds.unwrap_or_default());
    let (checks, named) = match check {
        Check::Target => {
            let balancers = snapshot.service.load_balancers.iter();
            let groups = balancers.filter_map(|balancer| balancer.target_group.as_ref());
            let checks = groups.filter_map(|group| {
                let group = snapshot.facts.target_group(group)?;
                Some(i64::from(group.interval_seconds?) * i64::from(group.unhealthy_threshold?))
            });
            let checks = checks.max().unwrap_or(CHECKED_SECONDS);
            (checks, format!("its target group's checks {checks} s"))
        }
        Check::Container => {
            let definition = snapshot.definitions.get(&task.definition)?;
            let checks = definition
                .containers
                .iter()
                .filter_map(|one| one.health_check.as_ref());
            let check = checks.max_by_key(|check| check.patience_seconds())?;
            (i64::from(check.patience_seconds()), patience(check))
        }
    };
    Some((
        grace.max(checks),
        format!("grace period {grace} s, {named}"),
    ))
}

fn patience(check: &HealthCheck) -> String {
    format!(
        "container check {} s: startPeriod {} + {} \u{d7} ({} + {})",
        check.patience_seconds(),
        check.start_period_seconds,
        check.retries,
        check.interval_seconds,
        check.timeout_seconds
    )
}

/// Seconds from a task's start to its being seen healthy for the first time; absent where nobody looked.
fn seen_healthy(snapshot: ServiceSnapshot<'_>, task: &Task) -> Option<i64> {
    let at = snapshot.local.healthy_since.get(&task.arn)?;
    let seconds = at.duration_since(task.started?).as_secs();
    (seconds >= 0).then_some(seconds)
}

/// Seconds from a task's start to the first thing that the scheduler does once a task is well; absent where it said
/// nothing while the task ran, or the task is not well.
fn acted_upon(snapshot: ServiceSnapshot<'_>, task: &Task) -> Option<i64> {
    let started = task.started?;
    if task.status == TaskStatus::Running && task.health == Health::Unhealthy {
        return None;
    }
    let end = task.stopping.or(task.stopped);
    let acted = |message: &Clean| {
        contains(message, "has begun draining")
            || contains(message, "has reached a steady state")
            || contains(message, "deployment completed")
    };
    let events = snapshot.service.events.iter();
    events
        .filter(|event| acted(&event.message))
        .filter_map(|event| event.at)
        .filter(|at| end.is_none_or(|end| *at < end))
        .map(|at| at.duration_since(started).as_secs())
        .filter(|seconds| (1..=START_SECONDS).contains(seconds))
        .min()
}

#[cfg(test)]
mod tests;
