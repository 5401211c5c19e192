//! No rollout is under way: how a service is by its counts.

use super::crash_loop::{CRASH_LOOP, is_lasting, standing};
use super::events::{self, SILENCE_SECONDS, faded};
use super::{
    ServiceSnapshot, autoscaling, count_change, ended, expected, hanging, restarts, rollback,
};
use crate::diagnose::cause::CauseId;
use crate::diagnose::evidence::{failures, is_failure, stopped_by_somebody, with_first};
use crate::diagnose::messages::Classified;
use crate::diagnose::{Diagnosis, Evidence, EvidenceSource, Verdict};
use crate::domain::{Deployment, Scheduling, Service, Task, Time};
use crate::text::Clean;

/// Where all tasks run, failures count for so many seconds: what was replaced since is history.
const RECENT_SECONDS: i64 = 15 * 60;
/// The scheduler begins to start tasks within so many seconds.
const BEGIN_SECONDS: i64 = 120;
/// A task that ends within this many seconds failed at start.
const START_SECONDS: i64 = 180;
/// Where tasks are missing, failures count for so many seconds: ECS waits up to 27 minutes between two tries
/// (source: ECS developer guide, "Service throttle logic").
const BACK_OFF_SECONDS: i64 = 30 * 60;

/// How many run of those that are wanted.
pub(super) fn counts(service: &Service) -> String {
    format!("{} of {} running", service.running, service.desired)
}

/// What is said of a count, and who sets it where AWS cannot be asked.
fn owned(snapshot: ServiceSnapshot<'_>, what: String) -> String {
    match snapshot.local.owner_words() {
        Some(who) => format!("{what}; {who}"),
        None => what,
    }
}

/// The tasks of a side that ended within so many seconds.
fn recent<'a>(
    snapshot: ServiceSnapshot<'a>,
    primary: Option<&'a Deployment>,
    seconds: i64,
) -> impl Iterator<Item = &'a Task> {
    // Failures of deployments before this one are history.
    snapshot
        .tasks_of(primary)
        .filter(move |task| ended(task).is_some_and(|end| snapshot.since(Some(end)) < seconds))
}

pub(super) fn diagnose(snapshot: ServiceSnapshot<'_>, primary: Option<&Deployment>) -> Diagnosis {
    let service = snapshot.service;
    if service.scheduling == Scheduling::Daemon && service.desired == 0 && service.running == 0 {
        return no_host(snapshot);
    }
    if service.desired == 0 && service.running == 0 {
        let summary = owned(snapshot, "its desired count is 0".to_owned());
        return Diagnosis::new(Verdict::ScaledToZero, Clean::own(summary), None, Vec::new());
    }
    if service.running < service.desired {
        return too_few(snapshot, primary);
    }
    let evidence = failures(recent(snapshot, primary, RECENT_SECONDS));
    if let Some(diagnosis) = unhealthy(snapshot, &evidence) {
        return diagnosis;
    }
    let looping = |evidence: &Evidence| {
        usize::try_from(evidence.count).is_ok_and(|count| count >= CRASH_LOOP)
    };
    if evidence.iter().any(looping) {
        let summary = with_first("tasks start and die again".to_owned(), &evidence);
        return Diagnosis::new(Verdict::Degraded, summary, None, evidence);
    }
    if let Some(primary) = primary
        && let Some(undone) = rollback::undone(service, primary)
    {
        return rollback::done(snapshot, primary, undone);
    }
    enough(snapshot, primary, evidence)
}

/// A daemon has one task on each instance that fits, and no count that anybody sets: it wants none because none fits.
fn no_host(snapshot: ServiceSnapshot<'_>) -> Diagnosis {
    let service = snapshot.service;
    let decided_by = Some("the cluster's container instances and their attributes");
    let may = |cause, confidence| Classified {
        cause,
        confidence,
        decided_by,
    };
    let evidence = Evidence {
        source: EvidenceSource::Counts,
        at: None,
        reference: service.arn.clean().clone(),
        container: None,
        text: Clean::literal(
            "a DAEMON service with 0 tasks: no container instance of the cluster fits",
        ),
        count: 1,
        ranking: vec![
            may(CauseId::NoContainerInstances, 0.7),
            may(CauseId::PlacementConstraint, 0.5),
        ],
    };
    let mut evidence = vec![evidence];
    evidence.extend(events::troubles(service, heard(snapshot)));
    let summary = with_first("0 of 0 running".to_owned(), &evidence);
    Diagnosis::new(Verdict::Degraded, summary, None, evidence)
}

/// Tasks that died in their start, where none that came later has lived for longer yet: nobody knows whether the
/// replacement does better.
fn in_doubt(snapshot: ServiceSnapshot<'_>, primary: Option<&Deployment>) -> Vec<Evidence> {
    let tasks: Vec<&Task> = snapshot.tasks_of(primary).collect();
    let died_young = |task: &&Task| {
        let life = task.started.zip(ended(task));
        let young =
            life.is_some_and(|(start, end)| end.duration_since(start).as_secs() < START_SECONDS);
        young && is_failure(task) && snapshot.since(ended(task)) < RECENT_SECONDS
    };
    let failed: Vec<&Task> = tasks.iter().copied().filter(died_young).collect();
    failures(standing(&failed, &tasks, snapshot.now).into_iter())
}

/// Nothing is missing.
fn enough(
    snapshot: ServiceSnapshot<'_>,
    primary: Option<&Deployment>,
    failed: Vec<Evidence>,
) -> Diagnosis {
    let service = snapshot.service;
    let since = primary.and_then(|primary| primary.updated);
    let overridden = autoscaling::overrode(snapshot, primary);
    let doubt = in_doubt(snapshot, primary);
    if !doubt.is_empty() && service.running == service.desired {
        let what = format!("{}, not yet stable", counts(service));
        return Diagnosis::new(Verdict::Progressing, with_first(what, &doubt), since, doubt);
    }
    let mut evidence: Vec<Evidence> = overridden.into_iter().collect();
    if service.running > service.desired {
        // Fewer are wanted than run: something may hold the others.
        evidence.extend(events::troubles(service, heard(snapshot)));
        let what = if service.desired == 0 {
            format!("stopping: {} still running", service.running)
        } else {
            counts(service)
        };
        let summary = if evidence.is_empty() {
            Clean::own(owned(snapshot, what))
        } else {
            with_first(what, &evidence)
        };
        evidence.extend(failed.into_iter().map(faded));
        return Diagnosis::new(Verdict::Progressing, summary, since, evidence);
    }
    let summary = with_first(counts(service), &evidence);
    evidence.extend(count_change::explained(snapshot, primary));
    evidence.extend(failed.into_iter().map(faded));
    Diagnosis::new(Verdict::Steady, summary, since, evidence)
}

/// Events from then on count.
fn heard(snapshot: ServiceSnapshot<'_>) -> Option<Time> {
    let seconds = snapshot.now.as_second().saturating_sub(SILENCE_SECONDS);
    Time::from_second(seconds).ok()
}

fn too_few(snapshot: ServiceSnapshot<'_>, primary: Option<&Deployment>) -> Diagnosis {
    let service = snapshot.service;
    let mut evidence = failures(recent(snapshot, primary, BACK_OFF_SECONDS));
    let asked = recent(snapshot, primary, RECENT_SECONDS);
    let asked: Vec<Evidence> = stopped_by_somebody(asked).into_iter().collect();
    let told = events::troubles(service, heard(snapshot));
    let hung = hanging::of(snapshot, snapshot.tasks_of(primary));
    evidence.extend(hung);
    if evidence.is_empty() {
        let lately = snapshot.now.as_second().saturating_sub(BACK_OFF_SECONDS);
        evidence.extend(restarts::of(snapshot, Time::from_second(lately).ok()));
    }
    // Some start; what another try does not mend keeps the others.
    let missing = service.desired.saturating_sub(service.running);
    let lasting = |one: &Evidence| events::best(one).is_some_and(is_lasting);
    let blocked = service.pending < missing && told.iter().any(lasting);
    if evidence.is_empty() && service.pending > 0 && !blocked {
        let what = format!("{}, {} starting", counts(service), service.pending);
        // Some start; what keeps the others is named all the same.
        let summary = match told.is_empty() {
            true => Clean::own(owned(snapshot, what)),
            false => with_first(what, &told),
        };
        let evidence = told.into_iter().chain(asked).collect();
        return Diagnosis::new(Verdict::Progressing, summary, None, evidence);
    }
    let explained = evidence.iter().any(Evidence::names_a_cause);
    // No task went: more are wanted than were before, and the scheduler takes a while to begin.
    let lost = recent(snapshot, primary, RECENT_SECONDS).next().is_some();
    let since = snapshot.local.raised;
    let just_now = since.is_some() && snapshot.since(since) < BEGIN_SECONDS;
    if evidence.is_empty() && told.is_empty() && !lost && just_now {
        let summary = format!("{}, starting more", counts(service));
        let summary = Clean::own(owned(snapshot, summary));
        return Diagnosis::new(Verdict::Progressing, summary, since, Vec::new());
    }
    if evidence.is_empty() && told.is_empty() && !lost && follows(snapshot, primary) {
        let summary = format!("{}, deployed early: the rest follows", counts(service));
        let since = primary.and_then(|primary| primary.updated);
        return Diagnosis::new(Verdict::Progressing, Clean::own(summary), since, Vec::new());
    }
    // What AWS says of the whole explains less than what it says of the tasks.
    evidence.extend(told.into_iter().map(|told| {
        let symptom = events::best(&told).is_some_and(|cause| cause.is_symptom());
        if explained && symptom {
            faded(told)
        } else {
            told
        }
    }));
    evidence.extend(asked);
    let summary = with_first(counts(service), &evidence);
    Diagnosis::new(Verdict::Degraded, summary, None, evidence)
}

/// Whether the deployment was complete before all of its tasks ran, as it was configured, and the others have had no
/// time yet (source: ECS developer guide, "early success criteria").
fn follows(snapshot: ServiceSnapshot<'_>, primary: Option<&Deployment>) -> bool {
    let service = snapshot.service;
    let Some(percent) = service.settings.early_success_percent else {
        return false;
    };
    let enough = (u64::from(service.desired) * u64::from(percent)).div_ceil(100);
    let complete = primary.and_then(|primary| primary.updated);
    let late = snapshot.since(complete)
        > i64::try_from(2 * expected::seconds(snapshot)).unwrap_or(i64::MAX);
    complete.is_some() && !late && u64::from(service.running) >= enough
}

/// Tasks that run and are not well: their check fails, a part of them has died, their host does not answer.
fn unhealthy(snapshot: ServiceSnapshot<'_>, evidence: &[Evidence]) -> Option<Diagnosis> {
    let running = snapshot
        .tasks
        .iter()
        .copied()
        .filter(|task| hanging::is_running(task));
    let mut all = hanging::of(snapshot, running);
    let count: u32 = all.iter().map(|one| one.count).sum();
    if all.is_empty() {
        return None;
    }
    let sick = |one: &Evidence| events::best(one) == Some(CauseId::ContainerUnhealthy);
    let what = if all.iter().all(sick) {
        format!("{}, {count} unhealthy", counts(snapshot.service))
    } else {
        with_first(
            format!("{}, {count} impaired", counts(snapshot.service)),
            &all,
        )
        .to_string()
    };
    all.extend_from_slice(evidence);
    Some(Diagnosis::new(
        Verdict::Degraded,
        Clean::own(what),
        None,
        all,
    ))
}
