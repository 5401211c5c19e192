//! The network hangs or breaks in the middle: the console stays usable, says how old its data
//! are, and recovers.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{Home, Pty, Shown, Sim};

fn is_stale(shown: &Shown) -> bool {
    shown.rows[0].contains("stale")
}

fn is_live(shown: &Shown) -> bool {
    shown.rows[0].contains("live")
}

fn connected(sim: &Sim) -> (Home, Pty) {
    let home = Home::on(sim);
    let mut pty = Pty::start(&home, (120, 40), &["--refresh", "1"]);
    pty.until("live data", |s| {
        is_live(s) && s.has("STUCK") && s.has("gpu_tasks_queue")
    });
    (home, pty)
}

#[test]
fn while_nothing_answers_keys_work_and_data_show_their_age() {
    let sim = Sim::of("short-drama");
    let (_home, mut pty) = connected(&sim);
    sim.fault(json!({ "kind": "stall" }));
    // The old data stay.
    let shown = pty.until("the age", is_stale);
    assert!(
        shown.has("STUCK") && shown.has("short-drama-web"),
        "{}",
        shown.text()
    );
    pty.send("j");
    pty.until("the next service's verdict", |s| {
        s.rows[1].contains("short-drama-notifier")
    });
    pty.send("k");
    pty.until("the first service's verdict", |s| {
        s.rows[1].contains("STUCK")
    });
    pty.send("?");
    pty.sees("Move to the next row");
    pty.send("\x1b");
    pty.sees("Services 3");
    let at = Instant::now();
    pty.send("q");
    let ended = pty.ends();
    assert!(
        at.elapsed() < Duration::from_secs(2),
        "q took {:?}",
        at.elapsed()
    );
    assert_eq!(ended.status.exit_code(), 0);
    ended.gave_back();
}

#[test]
fn what_hung_recovers_by_itself() {
    let sim = Sim::of("short-drama");
    let (_home, mut pty) = connected(&sim);
    sim.fault(json!({ "kind": "stall" }));
    pty.until("the age", is_stale);
    sim.heal();
    pty.until("live data again", is_live);
    pty.send("\x03");
    pty.ends();
}

#[test]
fn what_is_reset_or_fails_is_said_beside_the_old_data_and_recovers() {
    let faults = [
        json!({ "kind": "reset" }),
        json!({ "kind": "error", "code": "ServerException", "status": 500, "message": "it is us" }),
        json!({ "kind": "throttle", "service": "ecs" }),
    ];
    for fault in faults {
        let sim = Sim::of("short-drama");
        let (_home, mut pty) = connected(&sim);
        sim.fault(fault.clone());
        let shown = pty.until(&format!("the age, with {fault}"), |s| {
            is_stale(s) && s.has("failed")
        });
        assert!(shown.has("short-drama-web"), "{}", shown.text());
        sim.heal();
        pty.until(&format!("live data again, after {fault}"), |s| {
            is_live(s) && !s.has("failed, ")
        });
        pty.send("\x03");
        pty.ends();
    }
}

#[test]
fn one_service_that_is_denied_leaves_the_others_alone() {
    let sim = Sim::of("short-drama");
    sim.fault(json!({ "kind": "access-denied", "service": "sqs" }));
    let home = Home::on(&sim);
    let mut pty = Pty::start(&home, (120, 40), &[]);
    pty.until("the verdict and the work", |s| {
        is_live(s) && s.has("STUCK") && s.has("task_store")
    });
    let shown = pty.until("the failure in its pane", |s| {
        s.words().contains("AccessDenied")
    });
    assert!(
        shown.row("AccessDenied").contains("sqs:"),
        "{}",
        shown.text()
    );
    pty.send("\x03");
    pty.ends();
}
