//! Commands that wait: what passes is waited out and said, what does not pass ends them, and so does a timeout.

use rustix::process::Signal;
use serde_json::json;

use crate::harness::{Home, Sim};

#[test]
fn following_a_log_goes_on_after_cloudwatch_has_throttled_and_loses_no_line() {
    let sim = Sim::with("depot", |options| options.speed = 5.0);
    let home = Home::on(&sim).env("AWS_REGION", "us-west-2");
    let mut tail = home.begin(&["tail", "depot-api", "--since", "1m", "-f"]);
    tail.until("the past", |seen| seen.len() > 3);
    sim.fault(json!({ "kind": "throttle", "service": "logs" }));
    let throttled = |calls: &[crate::harness::Call]| {
        let of_logs = calls.iter().filter(|call| call.action == "FilterLogEvents");
        // More than one reading tries: each throttle halves the pace.
        of_logs.filter(|call| call.status == Some(400)).count() >= 5
    };
    sim.until("several calls that were throttled", throttled);
    let before = tail.seen.len();
    sim.heal();
    tail.until("lines after it", |seen| seen.len() > before + 10);
    let (status, seen) = tail.end(Signal::INT);
    assert_eq!(status.code(), Some(130));
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), seen.len(), "a line was printed twice");
}

#[test]
fn a_log_that_is_not_there_or_may_not_be_read_ends_the_wait() {
    let sim = Sim::of("depot");
    let home = Home::on(&sim).env("AWS_REGION", "us-west-2");
    home.run(&["tail", "/no/such/group", "-f"]).ends(2);
    sim.fault(json!({ "kind": "access-denied", "service": "logs" }));
    home.run(&["tail", "depot-api", "-f"]).ends(3);
}

#[test]
fn a_timeout_ends_the_wait_with_4() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    let ran = home
        .run(&["tail", "short-drama-web", "-f", "--timeout", "3s"])
        .ends(4);
    assert!(ran.stderr.contains("--timeout"), "{ran:?}");
    sim.fault(json!({ "kind": "throttle", "service": "ecs" }));
    let ran = home
        // Long enough for a slow machine to have been throttled a few times.
        .run(&["why", "short-drama-web", "--wait", "--timeout", "20s"])
        .ends(4);
    assert!(
        ran.stderr.contains("waiting until AWS answers again"),
        "{ran:?}"
    );
    home.run(&["why", "short-drama-web", "--timeout", "3s"])
        .ends(2);
}

#[test]
fn a_partial_answer_is_printed_and_says_what_is_missing() {
    let sim = Sim::still("fleet");
    sim.fault(json!({
        "kind": "access-denied", "service": "ecs", "action": "ListServices", "times": 1
    }));
    let home = Home::on(&sim);
    let ran = home.run(&["status", "--json"]).ends(3);
    assert!(!ran.json()["services"].as_array().unwrap().is_empty());
    assert!(
        ran.stderr.contains("Error: ecs:ListServices") && ran.stderr.contains("\nHint: "),
        "{}",
        ran.stderr
    );
}

#[test]
fn what_a_deck_says_and_nothing_reads_is_named_in_one_line() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    let deck = "[deck]\nname = \"mine\"\n[[queue]]\nname = \"gpu_tasks_queue\"\nmetric = { namespace = \"jobs\", name = \"depth\" }\n[[service]]\nname = \"short-drama-backend\"\n";
    let deck = home.write("mine.toml", deck).display().to_string();
    let ran = home.run(&["status", "--deck", &deck]).ends(1);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("queue.metric"), "{}", ran.stderr);
    assert_eq!(home.run(&["status"]).ends(1).stderr, "");
}
