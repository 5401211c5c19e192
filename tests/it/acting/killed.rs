//! The binary is killed outright while it acts, at points drawn from a seed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ecsdeck_aws::{Aws, Settings, StaticKeys};
use ecsdeck_core::act::OutcomeKind;
use ecsdeck_core::act::history::Kind;
use ecsdeck_worker::settle;
use rustix::process::Signal;
use serde_json::{Value, json};

use super::chance::{Chance, any, cases};
use super::deeds::{Deed, KINDS};
use super::disk::journal;
use super::stage::Stage;
use crate::harness::Home;

/// The key of who settles.
const SETTLER: &str = "AKIASETTLES";

/// Starts anew when nothing can arrive any more, and settles what is in doubt.
fn start_again(stage: &Stage, home: &Home) {
    stage.sim.running().advance(Duration::from_secs(8 * 60));
    let aws = Arc::new(Aws::new(Settings {
        region: Some("us-east-1".to_owned()),
        endpoint: Some(stage.sim.url()),
        credentials: Some(StaticKeys {
            access_key: SETTLER.to_owned(),
            secret_key: "secret".to_owned(),
        }),
        isolated: true,
        profile: None,
    }));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let journal = journal(home);
        for one in journal.read().unwrap().history().unsettled() {
            let settled = settle(Arc::clone(&aws), &journal, one).await.unwrap();
            assert!(settled.is_some(), "{one:?} stays in doubt");
        }
    });
}

/// Where a console is killed: after it has made `calls` calls, the last of which hangs (or is
/// carried out, and its answer hangs), or some moments later where none hangs.
#[derive(Debug)]
struct Point {
    calls: u64,
    hangs: Option<&'static str>,
    /// Microseconds.
    later: u64,
}

/// Kills a console that does this. Whether it had sent a request, and whether all was carried out.
fn kill(stage: &Stage, deed: &Deed, point: &Point) -> (bool, bool) {
    let (sim, home) = (&stage.sim, Home::on(&stage.sim));
    let seen = sim.calls().len();
    if let Some(kind) = point.hangs {
        sim.fault(json!({ "kind": kind, "skip": point.calls - 1, "who": "AKIAIOSFODNN7EXAMPLE" }));
    }
    let words = deed.words(stage);
    let following = home.begin(&words);
    let enough = seen + usize::try_from(point.calls).unwrap();
    sim.until("the calls", |all| {
        all.len() >= enough
            || all.iter().skip(seen).any(|call| {
                Some(&call.action.as_str()) == deed.writes.last() && call.status == Some(200)
            })
    });
    let until = Instant::now() + Duration::from_micros(point.later);
    while Instant::now() < until {
        std::thread::yield_now();
    }
    following.end(Signal::KILL);
    sim.heal();
    let told = format!("{words:?}, {point:?}");
    let calls = sim.calls();
    let sent = |write: &str| {
        let mut sent = calls.iter().skip(seen);
        sent.by_ref().filter(|call| call.action == write).count()
    };
    let written = journal(&home).read().unwrap();
    let kinds = written.entries.iter().map(|entry| entry.kind);
    let intents = kinds.filter(|kind| *kind == Kind::Intent).count();
    let mut has_sent = false;
    for write in deed.writes {
        assert!(sent(write) <= 1, "{write} more than once: {told}");
        has_sent |= sent(write) == 1;
    }
    assert!(
        !has_sent || intents == 1,
        "a write without an intent: {told}"
    );
    start_again(stage, &home);
    for write in deed.writes {
        let all = sim.running().calls(0);
        let by_settler = |call: &&Value| call["who"] == SETTLER && call["action"] == **write;
        let settling = all.as_array().unwrap().iter().find(by_settler);
        assert_eq!(settling, None, "settling sends nothing: {told}");
    }
    let is_done = (deed.is_done)(&stage.state());
    let written = journal(&home).read().unwrap();
    assert_eq!(written.history().unsettled().next(), None, "{told}");
    assert_eq!(written.warnings, [], "{told}");
    if let Some(last) = written.entries.last() {
        let word = last.outcome.as_ref();
        assert_eq!(
            word.is_some_and(
                |word| *word == OutcomeKind::Done || *word == OutcomeKind::AppliedByUnknown
            ),
            is_done,
            "the journal says {word:?}: {told}"
        );
    } else {
        assert!(!is_done, "{told}");
    }
    (has_sent, is_done)
}

/// How many calls each of them makes that nobody kills.
fn undisturbed(stage: &Stage, chance: &mut Chance) -> BTreeMap<&'static str, u64> {
    let mut calls = BTreeMap::new();
    for kind in KINDS {
        let deed = Deed::of(kind, stage, chance);
        let before = stage.sim.calls().len();
        Home::on(&stage.sim).run(&deed.words(stage)).ends(0);
        assert!((deed.is_done)(&stage.state()), "{kind} shows");
        let made = stage.sim.calls().len() - before;
        calls.insert(kind, u64::try_from(made).unwrap());
    }
    calls
}

#[test]
fn killed_at_any_point_no_write_is_without_an_intent_and_the_next_start_tells_the_truth() {
    let (stage, mut chance) = (Stage::set(""), Chance(5));
    let calls = undisturbed(&stage, &mut chance);
    let mut told: BTreeMap<&str, (u32, u32, u32)> = BTreeMap::new();
    let points = cases(21, 210);
    for number in 0..points {
        let kind = KINDS[usize::try_from(number).unwrap() % KINDS.len()];
        let deed = Deed::of(kind, &stage, &mut chance);
        // The last of them are those of the write itself: most of the points are there.
        let call = if chance.below(3) > 0 {
            calls[kind] - chance.below(5.min(calls[kind]))
        } else {
            1 + chance.below(calls[kind])
        };
        let point = Point {
            calls: call,
            hangs: any(&[Some("stall"), Some("stall-body"), None], &mut chance),
            later: chance.below(20_000),
        };
        let (sent, done) = kill(&stage, &deed, &point);
        let counts = told.entry(kind).or_default();
        counts.0 += 1;
        counts.1 += u32::from(sent);
        counts.2 += u32::from(done);
    }
    println!(
        "killed, of these after a request was sent, of these after all was carried out: {told:?}"
    );
    let sum = |of: fn(&(u32, u32, u32)) -> u32| told.values().map(of).sum::<u32>();
    let (sent, done) = (sum(|counts| counts.1), sum(|counts| counts.2));
    assert!(sent > 0 && done > 0 && u64::from(done) < points, "{told:?}");
}
