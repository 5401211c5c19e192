//! Every fault, at every place of a write, with and without a crash of the console.

use std::cell::Cell;
use std::collections::BTreeMap;

use ecsdeck_core::act::history::Kind;
use ecsdeck_core::act::{self, Outcome, Stage};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::actions::{ALL, Action, started};
use super::chance::is_long;
use super::scene::{Scene, Sent, decided};
use crate::harness::on_virtual_time;

/// Ways in which a call fails, hangs or comes back broken.
fn faults() -> Vec<(&'static str, Value)> {
    vec![
        ("throttled once", json!({ "kind": "throttle", "times": 1 })),
        ("throttled to the end", json!({ "kind": "throttle" })),
        ("500", json!({ "kind": "error", "status": 500 })),
        ("503", json!({ "kind": "error", "status": 503 })),
        (
            "500 once",
            json!({ "kind": "error", "status": 500, "times": 1 }),
        ),
        (
            "a conflict",
            json!({ "kind": "error", "code": "ConflictException", "status": 409 }),
        ),
        (
            "a code that nobody knows",
            json!({ "kind": "error", "code": "BrandNew", "status": 400 }),
        ),
        ("reset", json!({ "kind": "reset" })),
        ("reset once", json!({ "kind": "reset", "times": 1 })),
        ("carried out, then reset", json!({ "kind": "reset-after" })),
        (
            "carried out, then 500",
            json!({ "kind": "error-after", "status": 500 }),
        ),
        (
            "carried out, then 503",
            json!({ "kind": "error-after", "status": 503 }),
        ),
        ("hangs before the headers", json!({ "kind": "stall" })),
        ("hangs in the body", json!({ "kind": "stall-body" })),
        ("a slow body", json!({ "kind": "slow-body", "seconds": 4 })),
        (
            "a body that is too slow",
            json!({ "kind": "slow-body", "seconds": 60 }),
        ),
        ("cut off in the body", json!({ "kind": "truncate" })),
        ("a body that makes no sense", json!({ "kind": "malformed" })),
        ("late", json!({ "kind": "latency", "seconds": 4 })),
        ("too late", json!({ "kind": "latency", "seconds": 60 })),
        ("expired", json!({ "kind": "expired" })),
        ("wrong credentials", json!({ "kind": "wrong-credentials" })),
        ("denied", json!({ "kind": "access-denied" })),
        (
            "a clock seven minutes ahead",
            json!({ "kind": "clock-skew", "seconds": 420 }),
        ),
        (
            "a clock seven minutes behind",
            json!({ "kind": "clock-skew", "seconds": -420 }),
        ),
    ]
}

/// What a fault meets.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    /// Reading again before sending.
    Checks,
    /// The request that changes something.
    Write,
    /// The reads after it, where it was answered well.
    Reads,
    /// The reads after it, where it was carried out and its answer lost.
    ReadsOfLost,
    /// The reads after it, where it was dropped before it was carried out.
    ReadsOfDropped,
}

const PLACES: [Place; 5] = [
    Place::Checks,
    Place::Write,
    Place::Reads,
    Place::ReadsOfLost,
    Place::ReadsOfDropped,
];

/// Where the console ends by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Crash {
    Never,
    /// As soon as the simulator has received the request.
    AtTheRequest,
    /// As soon as it begins to look for the new values.
    AtTheReads,
}

const CRASHES: [Crash; 3] = [Crash::Never, Crash::AtTheRequest, Crash::AtTheReads];

/// What came of all the runs of an action.
#[derive(Debug, Default)]
struct Tally {
    runs: u32,
    outcomes: BTreeMap<&'static str, u32>,
    crashed: u32,
    resent: u32,
    settled: BTreeMap<String, u32>,
}

/// How many tasks an intent starts; none where it starts none.
fn tasks(intent: &act::Intent) -> Option<usize> {
    let started = intent.steps.iter().rev().find_map(|step| match &step.goal {
        act::Goal::Started { count, .. } => Some(*count),
        _ => None,
    });
    started.map(|count| usize::try_from(count).unwrap())
}

/// One run: a fault, where it strikes, and where the console ends.
async fn run(action: &Action, fault: &Value, place: Place, crash: Crash, tally: &mut Tally) {
    let scene = Scene::set().await;
    let intent = decided(action, &scene).await;
    let write = |rule: &Value| {
        for call in action.sends {
            let mut rule = rule.clone();
            rule["action"] = (*call).into();
            scene.fault(rule);
        }
    };
    match place {
        Place::Checks => drop(scene.fault(fault.clone())),
        Place::Write => write(fault),
        Place::Reads => {}
        Place::ReadsOfLost => write(&json!({ "kind": "reset-after" })),
        Place::ReadsOfDropped => write(&json!({ "kind": "reset" })),
    }
    let (reads, ended) = (Cell::new(false), Notify::new());
    let progress = |stage: Stage| match stage {
        Stage::Sending if place == Place::Checks => scene.sim.delete_faults(None),
        Stage::Reconciling if !reads.replace(true) => {
            if matches!(
                place,
                Place::Reads | Place::ReadsOfLost | Place::ReadsOfDropped
            ) {
                scene.fault(fault.clone());
            }
            if crash == Crash::AtTheReads {
                ended.notify_one();
            }
        }
        _ => {}
    };
    let crashes = async {
        if crash == Crash::AtTheRequest {
            while scene.sent(action).is_empty() {
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
        } else {
            ended.notified().await;
        }
    };
    let outcome = tokio::select! {
        biased;
        () = crashes => None,
        outcome = scene.act(&intent, progress) => Some(outcome),
    };
    let sent = scene.sent(action);
    scene.start_again().await;
    let shows = (action.shows)(&scene.state());
    let told = format!("{}: {outcome:?}, {sent:#?}, shows: {shows}", action.name);

    assert_eq!(
        scene.sent(action).len(),
        sent.len(),
        "settling sends nothing: {told}"
    );
    let may_count = |call: &&Sent| {
        !call
            .status
            .is_some_and(|status| (400..500).contains(&status))
    };
    let each = |call: &str| {
        sent.iter()
            .filter(may_count)
            .filter(|one| one.action == call)
            .count()
    };
    for call in action.sends {
        let wanted = action.sends.iter().filter(|one| *one == call).count();
        assert!(
            each(call) <= wanted,
            "more than one request that may count: {told}"
        );
    }
    let written = scene.written();
    assert_eq!(written.warnings, [], "{told}");
    let intents = written
        .entries
        .iter()
        .filter(|entry| entry.kind == Kind::Intent)
        .count();
    assert!(sent.is_empty() || intents == 1, "{told}");
    match &outcome {
        Some(Outcome::Done | Outcome::AppliedByUnknown(_)) => assert!(shows, "{told}"),
        Some(Outcome::Failed(_)) if action.sends.len() == 1 => assert!(!shows, "{told}"),
        Some(Outcome::Refused(_)) => assert!(sent.is_empty() && intents == 0, "{told}"),
        Some(Outcome::Failed(_) | Outcome::Unknown(_)) | None => {}
    }
    if let Some(wanted) = tasks(&intent) {
        assert!(started(&scene.state()).len() <= wanted, "{told}");
    }
    // After the next start nothing is in doubt, and the journal tells the truth.
    assert_eq!(written.history().unsettled().next(), None, "{told}");
    if let Some(last) = written.entries.last() {
        let word = last.outcome.as_ref().map(ToString::to_string);
        let word = word.unwrap_or_default();
        let came_about = word == "done" || word == "applied_by_unknown";
        assert_eq!(came_about, shows, "the journal says {word}: {told}");
        if last.settled {
            *tally.settled.entry(word).or_default() += 1;
        }
    }
    if intents == 1
        && let Some(wanted) = tasks(&intent)
    {
        // Whatever came of it, a person may have it sent again: then every task is there, once.
        let (by, history) = (scene.by(), written.history());
        let first = &history.records()[0];
        let again = act::resend(by.decider(), first, &act::Supplied::default()).unwrap();
        let outcome = scene.act(&again, |_| {}).await;
        assert_eq!(outcome, Outcome::Done, "sent again: {told}");
        assert_eq!(started(&scene.state()).len(), wanted, "sent again: {told}");
        tally.resent += 1;
    }
    tally.runs += 1;
    match outcome {
        Some(outcome) => *tally.outcomes.entry(outcome.word()).or_default() += 1,
        None => tally.crashed += 1,
    }
}

/// Where the console ends and what a fault meets, for the fault of that number: all there is, or,
/// in the short form, the write without a crash and two more that differ from fault to fault.
fn cells(number: usize) -> Vec<(Place, Crash)> {
    let all = PLACES
        .into_iter()
        .flat_map(|place| CRASHES.map(|crash| (place, crash)));
    let all: Vec<_> = all.collect();
    if is_long() {
        return all;
    }
    let crashed = CRASHES[1 + number % 2];
    let elsewhere: Vec<_> = all
        .into_iter()
        .filter(|(place, _)| *place != Place::Write)
        .collect();
    let elsewhere = elsewhere[(number * 5) % elsewhere.len()];
    vec![
        (Place::Write, Crash::Never),
        (Place::Write, crashed),
        elsewhere,
    ]
}

fn every_fault(action: &Action) {
    let mut tally = Tally::default();
    for (number, (name, fault)) in faults().into_iter().enumerate() {
        for (place, crash) in cells(number) {
            // Printed by a test that fails.
            println!("{}: {name}, {place:?}, crash {crash:?}", action.name);
            on_virtual_time(run(action, &fault, place, crash, &mut tally));
        }
    }
    println!("{}: {tally:?}", action.name);
    for word in ["done", "failed", "refused"] {
        assert!(
            tally.outcomes.contains_key(word),
            "no run is {word}: {tally:?}"
        );
    }
    assert!(tally.settled.contains_key("failed"), "{tally:?}");
    // Of several requests the first alone is out when the console ends at it.
    assert!(
        action.sends.len() > 1
            || tally.settled.contains_key("done")
            || tally.settled.contains_key("applied_by_unknown"),
        "{tally:?}"
    );
    assert!(tally.crashed >= 20, "{tally:?}");
}

/// In two halves, so that two cores have something to do.
fn half(rest: usize) {
    for (_, action) in ALL
        .iter()
        .enumerate()
        .filter(|(number, _)| number % 2 == rest)
    {
        every_fault(action);
    }
}

#[test]
fn whatever_fails_a_write_counts_at_most_once_and_the_journal_ends_with_the_truth() {
    half(0);
}

#[test]
fn whatever_fails_a_write_counts_at_most_once_and_the_journal_ends_with_the_truth_too() {
    half(1);
}
