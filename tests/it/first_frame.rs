//! What is there before AWS has said anything, and how soon there is a verdict.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{Gate, Home, Pty, Sim, names_the_cause};

/// The words of a screen on which nothing has been read yet.
const NOTHING_YET: &str = "asking AWS";

#[test]
fn the_skeleton_is_there_and_keys_work_while_nothing_is_answered() {
    let sim = Sim::of("short-drama");
    sim.fault(json!({ "kind": "stall" }));
    let home = Home::on(&sim);
    let mut pty = Pty::start(&home, (80, 24), &[]);
    let shown = pty.sees(NOTHING_YET);
    assert!(
        shown.has("us-east-1") && shown.has("Services") && shown.has("Logs"),
        "{}",
        shown.text()
    );
    // A key is answered at once: the help, and back.
    pty.send("?");
    pty.sees("Move to the next row");
    pty.send("\x1b");
    pty.sees("Services");
    assert!(
        sim.calls().iter().all(|call| call.status.is_none()),
        "nothing was answered: {:?}",
        sim.counts()
    );
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
fn the_skeleton_needs_no_credentials() {
    let sim = Sim::of("short-drama");
    // A source of credentials that takes its time, as a single sign-on's does.
    let home = Home::on(&sim).without_keys();
    home.write(".aws/config", "[default]\nregion = us-east-1\ncredential_process = /bin/sh -c \"read never < $HOME/fifo\"\n");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        home.path().join("fifo"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    let mut pty = Pty::start(&home, (80, 24), &[]);
    pty.sees(NOTHING_YET);
    pty.send("?");
    pty.sees("Move to the next row");
    assert_eq!(sim.calls().len(), 0);
    pty.send("\x03");
    let ended = pty.ends();
    ended.gave_back();
}

#[test]
fn three_rounds_of_calls_show_the_verdict_on_the_screen() {
    let sim = Sim::of("short-drama");
    let gate = Gate::before(&sim);
    let home = Home::at(&gate.url());
    let mut pty = Pty::start(&home, (120, 40), &[]);
    pty.sees(NOTHING_YET);
    let rounds: Vec<_> = (0..3).map(|_| gate.round()).collect();
    assert!(rounds[0].contains(&"ListClusters".to_owned()), "{rounds:?}");
    pty.until("the verdict", |s| {
        s.has("STUCK") && names_the_cause(&s.words())
    });
    pty.send("\x03");
    pty.ends();
}

#[test]
fn status_makes_three_rounds_of_calls_and_three_about_the_rollouts_of_what_is_in_trouble() {
    let sim = Sim::still("short-drama");
    let gate = Gate::before(&sim);
    let home = Home::at(&gate.url());
    let ran = std::thread::scope(|scope| {
        let running = scope.spawn(|| home.run(&["status", "--json"]));
        for _ in 0..3 {
            gate.round();
        }
        // One after the other: each names what the next one describes.
        for action in [
            "ListServiceDeployments",
            "DescribeServiceDeployments",
            "DescribeServiceRevisions",
        ] {
            assert_eq!(gate.round(), [action]);
        }
        running.join().unwrap()
    });
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(!gate.is_waited_at());
    let services = ran.json()["services"].clone();
    let stuck = |service: &serde_json::Value| service["verdict"] == "stuck";
    assert!(services.as_array().unwrap().iter().any(stuck), "{services}");
}
