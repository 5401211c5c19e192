//! Tasks that end again and again, read off the events alone: no word of "unhealthy", no stopped task to be seen.
//!
//! The scheduler tells of each task that it starts and each that it stops. Whatever it started, did not stop, and
//! does not run any more has ended by itself.

use super::ServiceSnapshot;
use super::crash_loop::CRASH_LOOP;
use crate::diagnose::cause::CauseId;
use crate::diagnose::messages::Classified;
use crate::diagnose::{Evidence, EvidenceSource};
use crate::domain::{Service, Time};
use crate::text::Clean;

/// What decides what the loop is.
const WHY: &str = "the stop reason and exit code of a stopped task, and the last lines of its log";

/// Evidence of such a loop since then; none where everything that was started is accounted for.
pub(super) fn of(snapshot: ServiceSnapshot<'_>, since: Option<Time>) -> Option<Evidence> {
    let service = snapshot.service;
    let counted = count(service, since);
    let live = u64::from(service.running) + u64::from(service.pending);
    let ended = counted.started.saturating_sub(counted.stopped + live);
    let ended = usize::try_from(ended).unwrap_or(usize::MAX);
    if ended < CRASH_LOOP || counted.times < CRASH_LOOP {
        return None;
    }
    let mut ranking = vec![(CauseId::AppCrash, 0.55), (CauseId::AppExited, 0.35)];
    if service.primary().is_some_and(|primary| primary.failed > 0) {
        // AWS counts those that did not come to run.
        ranking = vec![(CauseId::StartImpaired, 0.6), (CauseId::AppCrash, 0.4)];
    }
    Some(Evidence {
        source: EvidenceSource::ServiceEvent,
        at: counted.newest,
        reference: counted.id.unwrap_or_default(),
        container: None,
        text: Clean::own(format!(
            "ECS started {} tasks and stopped {}; {live} are left: {ended} ended by themselves",
            counted.started, counted.stopped
        )),
        count: u32::try_from(ended).unwrap_or(u32::MAX),
        ranking: ranking
            .into_iter()
            .map(|(cause, confidence)| Classified {
                cause,
                confidence,
                decided_by: Some(WHY),
            })
            .collect(),
    })
}

#[derive(Default)]
struct Counted {
    started: u64,
    stopped: u64,
    /// Events that told of a start.
    times: usize,
    newest: Option<Time>,
    id: Option<Clean>,
}

/// What the events tell since then. A steady state in between ends what was before it.
fn count(service: &Service, since: Option<Time>) -> Counted {
    let mut counted = Counted::default();
    let steady = |words: &str| words.contains("has reached a steady state");
    let events = service
        .events
        .iter()
        .take_while(|event| event.at.is_none() || event.at >= since)
        .take_while(|event| !steady(&event.message));
    for event in events {
        let words = event.message.as_str();
        if let Some(tasks) = number(words, "has started ") {
            counted.started += tasks;
            counted.times += 1;
            if counted.id.is_none() {
                (counted.id, counted.newest) = (Some(event.id.clone()), event.at);
            }
        } else if let Some(tasks) = number(words, "stopped ") {
            counted.stopped += tasks;
        }
    }
    counted
}

fn number(words: &str, before: &str) -> Option<u64> {
    let at = words.find(before)? + before.len();
    let rest = words.get(at..)?;
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let is_of_tasks = rest.get(end..)?.contains("task");
    rest.get(..end)?.parse().ok().filter(|_| is_of_tasks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::sample::{NOW, ago, event, service};
    use crate::diagnose::{Facts, LocalFacts};
    use std::collections::BTreeMap;

    fn found(service: &Service) -> Option<Evidence> {
        let snapshot = ServiceSnapshot {
            service,
            tasks: &[],
            facts: &Facts::default(),
            definitions: &BTreeMap::new(),
            local: &LocalFacts::default(),
            now: Time::from_second(NOW).unwrap(),
        };
        of(snapshot, Some(ago(3_600)))
    }

    #[test]
    fn what_was_started_and_is_not_there_has_ended_by_itself() {
        let mut service = service("web");
        (service.desired, service.running, service.pending) = (1, 0, 1);
        service.events = (0..5)
            .map(|n| event("(service web) has started 1 tasks: (task a).", 60 * n))
            .collect();
        let evidence = found(&service).unwrap();
        assert_eq!(evidence.count, 4);
        assert_eq!(evidence.ranking[0].cause, CauseId::AppCrash);
    }

    #[test]
    fn what_ecs_stopped_itself_is_no_loop() {
        let mut service = service("web");
        service.events = (0..12)
            .map(|n| {
                let words = match n % 2 {
                    0 => "(service web) has started 2 tasks: (task a) (task b).",
                    _ => "(service web) has stopped 2 running tasks: (task c) (task d).",
                };
                event(words, 60 * n)
            })
            .collect();
        assert!(found(&service).is_none());
    }

    #[test]
    fn a_steady_state_ends_what_was_before_it() {
        let mut service = service("web");
        service.events = vec![event("(service web) has reached a steady state.", 10)];
        let starts = |n: i64| event("(service web) has started 9 tasks: (task a).", 60 * n);
        service.events.extend((1..5).map(starts));
        assert!(found(&service).is_none());
    }
}
