//! A rollout under way: stuck, or on its way, and what has gone wrong so far.

use super::crash_loop::{is_repeated, standing};
use super::events::{self, faded};
use super::{
    ServiceSnapshot, breaker, draining, expected, hanging, hooks, percents, redeployed, restarts,
    revision, shift,
};
use crate::diagnose::evidence::{failures, is_failure, with_first, words_of};
use crate::diagnose::{Diagnosis, Evidence, EvidenceSource, Opening, Verdict};
use crate::domain::{Deployment, Health, Service, Task, TaskStatus, Time};
use crate::text::Clean;

/// When the newest task of a rollout that runs and is not unhealthy began to.
pub(super) fn last_healthy(snapshot: ServiceSnapshot<'_>, primary: &Deployment) -> Option<Time> {
    snapshot
        .tasks_of(Some(primary))
        .filter(|task| task.status == TaskStatus::Running && task.health != Health::Unhealthy)
        .filter_map(|task| task.started)
        .max()
}

pub(super) fn diagnose(snapshot: ServiceSnapshot<'_>, primary: &Deployment) -> Diagnosis {
    let opening = opening(snapshot, primary);
    let found = judged(snapshot, primary, opening.whole.to_string());
    Diagnosis {
        opening: Some(opening),
        ..found
    }
}

/// How its summary begins.
fn opening(snapshot: ServiceSnapshot<'_>, primary: &Deployment) -> Opening {
    let brief = revision(snapshot.service, primary);
    let (running, desired) = (primary.running, primary.desired);
    Opening {
        whole: Clean::own(format!("rollout of {brief} ({running}/{desired} new)")),
        brief: Clean::new(&brief),
    }
}

/// `what` is how the summary begins.
fn judged(snapshot: ServiceSnapshot<'_>, primary: &Deployment, what: String) -> Diagnosis {
    let service = snapshot.service;
    let tasks: Vec<&Task> = snapshot.tasks_of(Some(primary)).collect();
    let failed: Vec<&Task> = tasks
        .iter()
        .copied()
        .filter(|task| is_failure(task))
        .collect();
    let still = standing(&failed, &tasks, snapshot.now);
    let told = events::of_rollout(snapshot, primary);
    let deadlock = percents::deadlock(service);
    // As many as would trip the breaker, or everything that was started at once.
    let too_many = breaker::threshold(primary.desired).min(primary.desired.max(2));
    let too_many = usize::try_from(too_many).unwrap_or(usize::MAX);
    // AWS counts a failure before the task that failed is shown as stopped.
    let counted = failed.is_empty() && primary.failed >= 2 && primary.running == 0;
    let hung = hanging::of(snapshot, tasks.iter().copied());
    // A task that runs and is unhealthy will be replaced: one that never comes to run will not.
    let never = hung
        .iter()
        .any(|one| one.source == EvidenceSource::StartingTask);
    // Traffic goes on moving to a set that is not well, or waits for it for as long as somebody configured.
    let sick = shift::patience(&service.settings).is_some_and(|patience| {
        let mut sick = hung.iter();
        sick.any(|one| one.names_a_cause() && snapshot.since(one.at) > patience + grace(service))
    });
    let restarts = restarts::of(snapshot, primary.created).filter(|_| failed.is_empty());
    let before = redeployed::failed_before(snapshot, primary).filter(|_| failed.is_empty());
    let drains = draining::of(snapshot, primary);
    // A host that does not answer keeps its old task for ever.
    let kept = drains.as_ref().is_some_and(Evidence::names_a_cause);
    let faulty = deadlock.is_some()
        || kept
        || before.is_some()
        || told.lasting
        || counted
        || never
        || sick
        || restarts.is_some()
        || is_repeated(&still, too_many);

    let of_words = |evidence: &Evidence| still.iter().any(|task| words_of(task) == evidence.text);
    let (mut evidence, past): (Vec<_>, Vec<_>) = failures(failed.iter().copied())
        .into_iter()
        .partition(of_words);
    evidence.extend(deadlock);
    evidence.extend(hung);
    evidence.extend(before);
    evidence.extend(drains.clone().filter(|_| kept));
    // What AWS says of the whole explains less than what it says of the tasks.
    let explained = evidence.iter().any(Evidence::names_a_cause);
    let symptom = |told: Evidence| {
        let symptom = events::best(&told).is_some_and(|cause| cause.is_symptom());
        if explained && symptom {
            faded(told)
        } else {
            told
        }
    };
    evidence.extend(told.standing.into_iter().map(symptom));
    if !evidence.iter().any(Evidence::names_a_cause) {
        evidence.extend(restarts);
    }
    let wrong = !evidence.is_empty();
    let waits = hooks::held(snapshot);
    evidence.extend(waits.clone());
    let moving = shift::progress(snapshot).filter(|_| !wrong && waits.is_none());
    let drains = drains.filter(|_| !wrong && waits.is_none() && moving.is_none());
    evidence.extend(past.into_iter().map(faded));
    evidence.extend(told.overcome);

    let verdict = if faulty {
        Verdict::Stuck
    } else {
        Verdict::Progressing
    };
    if faulty && evidence.is_empty() {
        let summary = Clean::own(format!("{what}, {} failed", primary.failed));
        return Diagnosis::new(verdict, summary, primary.created, evidence);
    }
    if faulty {
        return Diagnosis::new(
            verdict,
            with_first(what, &evidence),
            primary.created,
            evidence,
        );
    }
    if waits.is_none() && expected::is_overdue(snapshot, primary) {
        let minutes = snapshot.since(primary.created) / 60;
        let what = if wrong {
            with_first(format!("{what} overdue ({minutes} min)"), &evidence)
        } else {
            Clean::own(format!("{what} overdue ({minutes} min), no failure found"))
        };
        return Diagnosis::new(Verdict::Stuck, what, primary.created, evidence);
    }
    let summary = match (waits, &moving) {
        (Some(waits), _) if !wrong => Clean::own(format!("{what}: {}", waits.text)),
        _ if wrong => with_first(format!("{what} is under way"), &evidence),
        (_, Some(moving)) => Clean::own(format!("{what}: {}", moving.text)),
        _ if drains.is_some() => with_words(what, drains.as_ref()),
        _ => Clean::own(format!("{what} is under way")),
    };
    evidence.extend(moving);
    evidence.extend(drains);
    Diagnosis::new(verdict, summary, primary.created, evidence)
}

fn grace(service: &Service) -> i64 {
    i64::from(service.grace_seconds.unwrap_or_default())
}

/// Puts the words of evidence behind what happens.
fn with_words(what: String, evidence: Option<&Evidence>) -> Clean {
    match evidence {
        Some(evidence) => Clean::own(format!("{what}: {}", evidence.text)),
        None => Clean::own(what),
    }
}
