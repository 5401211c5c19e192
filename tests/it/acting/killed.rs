//! The binary is killed outright while it acts, at points drawn from a seed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ecsdeck_aws::{Aws, Settings, StaticKeys};
use ecsdeck_worker::journal::Kind;
use ecsdeck_worker::settle;
use rustix::process::Signal;
use serde_json::json;

use super::chance::{Chance, cases};
use super::disk::{WEB, journal};
use crate::harness::{Home, Sim};

fn desired(sim: &Sim) -> u64 {
    let body = json!({ "cluster": "short-drama-cluster", "services": [WEB] });
    let found = sim.ask("AmazonEC2ContainerServiceV20141113.DescribeServices", &body);
    found["services"][0]["desiredCount"].as_u64().unwrap()
}

/// Starts anew when nothing can arrive any more, and settles what is in doubt.
fn start_again(sim: &Sim, home: &Home) {
    sim.running().advance(Duration::from_secs(8 * 60));
    let aws = Arc::new(Aws::new(Settings {
        region: Some("us-east-1".to_owned()),
        endpoint: Some(sim.url()),
        credentials: Some(StaticKeys {
            access_key: "AKIASETTLES".to_owned(),
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
        for one in journal.read().unwrap().unsettled() {
            let settled = settle(Arc::clone(&aws), &journal, &one).await.unwrap();
            assert!(settled.is_some(), "{one:?} stays in doubt");
        }
    });
}

/// Kills a console that scales to `count`: after it has made `calls` calls, the last of which hangs
/// (or is carried out, and its answer hangs), or some moments later where none hangs.
/// Whether it had sent the request, and whether the request was carried out.
fn kill(sim: &Sim, count: u64, calls: u64, hangs: Option<&str>, moments: u64) -> (bool, bool) {
    let home = Home::on(sim);
    let (before, seen) = (desired(sim), sim.calls().len());
    if let Some(kind) = hangs {
        // The call that `desired` makes is over by now.
        sim.fault(json!({ "kind": kind, "skip": calls - 1, "who": "AKIAIOSFODNN7EXAMPLE" }));
    }
    let following = home.begin(&["scale", WEB, &count.to_string(), "--yes"]);
    let enough = seen + usize::try_from(calls).unwrap();
    sim.until("the calls", |all| {
        all.len() >= enough
            || all
                .iter()
                .skip(seen)
                .any(|call| call.action == "UpdateService" && call.status == Some(200))
    });
    let until = Instant::now() + Duration::from_micros(moments);
    while Instant::now() < until {
        std::thread::yield_now();
    }
    following.end(Signal::KILL);
    sim.heal();
    let told = format!("to {count}, call {calls}, {hangs:?}, {moments} µs later");
    let sent = sim
        .calls()
        .into_iter()
        .skip(seen)
        .filter(|call| call.action == "UpdateService");
    let sent = sent.count();
    let written = journal(&home).read().unwrap();
    let intents = written
        .entries
        .iter()
        .filter(|entry| entry.kind == Kind::Intent)
        .count();
    assert!(sent <= 1, "{told}");
    assert!(
        sent == 0 || intents == 1,
        "a write without an intent: {told}"
    );
    start_again(sim, &home);
    let after = desired(sim);
    assert!([before, count].contains(&after), "{told}");
    let written = journal(&home).read().unwrap();
    assert_eq!(
        (written.unsettled(), written.warnings.as_slice()),
        (vec![], &[][..]),
        "{told}"
    );
    if let Some(last) = written.entries.last() {
        let word = last.outcome.as_deref();
        assert_eq!(
            word == Some("done"),
            after == count,
            "the journal says {word:?}: {told}"
        );
    } else {
        assert_eq!(after, before, "{told}");
    }
    (sent > 0, after == count)
}

#[test]
fn killed_at_any_point_no_write_is_without_an_intent_and_the_next_start_tells_the_truth() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    let (start, from) = (sim.calls().len(), desired(&sim));
    home.run(&["scale", WEB, &(from + 1).to_string(), "--yes"])
        .ends(0);
    // All but the one that asked for the count.
    let calls = u64::try_from(sim.calls().len() - start - 1).unwrap();
    let (mut chance, mut sent, mut applied) = (Chance(5), 0, 0);
    let points = cases(20, 200);
    for point in 0..points {
        let now = desired(&sim);
        let count = 1 + (now + 1 + chance.below(5)) % 7;
        let count = if count == now { 8 } else { count };
        // The last of them are those of the write itself: half of the points are there.
        let call = if point % 2 == 0 {
            calls - chance.below(5.min(calls))
        } else {
            1 + chance.below(calls)
        };
        let hangs = [Some("stall"), Some("stall-body"), None];
        let hangs = hangs[usize::try_from(chance.below(3)).unwrap()];
        let (was_sent, was_applied) = kill(&sim, count, call, hangs, chance.below(20_000));
        sent += usize::from(was_sent);
        applied += usize::from(was_applied);
    }
    println!(
        "killed at {points} points: {sent} after the request was sent, {applied} after it was carried out"
    );
    assert!(sent > 0 && applied > 0 && applied < usize::try_from(points).unwrap());
}
