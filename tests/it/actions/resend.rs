//! A run of which no answer came: settled at the next start, and sent again by a person alone.

use std::time::Duration;

use serde_json::{Value, json};

use super::shop::journal_is_whole;
use crate::harness::{Call, Home, Pty, Sim};

const ID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";
const VALUES: [&str; 4] = [
    "TASK_TITLE=Tidy up",
    "TASK_DETAILS=all of it",
    "BRANCH_NAME=tidy",
    "TASK_ID=0f8fad5b-d9cb-469f-a165-70867728950e",
];

/// A run whose request never arrives: its id, and when nothing can arrive any more.
fn lost(sim: &Sim, home: &Home) -> String {
    sim.fault(json!({ "service": "ecs", "action": "RunTask", "kind": "reset", "times": 1 }));
    let mut words = vec!["run", "worker", "--deck", "aipm", "--yes", "--json"];
    words.extend(VALUES.iter().flat_map(|value| ["--set", value]));
    let ran = home.run(&words).ends(4);
    assert_eq!(sim.calls_of("RunTask").len(), 1, "{ran:?}");
    sim.running().advance(Duration::from_secs(8 * 60));
    home.journal()[0]["id"].as_str().unwrap().to_owned()
}

/// The two requests are the same, token included, and the second alone has started something.
fn sent_twice_started_once(calls: &[Call]) {
    let [first, second] = calls else {
        panic!("{calls:?}")
    };
    assert_eq!(first.request, second.request);
    assert_ne!(first.status, Some(200), "it never arrived");
    assert_eq!(second.status, Some(200));
}

fn started(sim: &Sim) -> usize {
    let by = &sim.calls_of("RunTask")[0].request["startedBy"];
    let tasks = sim.ask(
        "AmazonEC2ContainerServiceV20141113.ListTasks",
        &json!({ "cluster": "aipm-cluster", "startedBy": by }),
    );
    tasks["taskArns"].as_array().unwrap().len()
}

#[test]
fn the_command_says_what_became_of_it_and_sends_it_again_once() {
    let sim = Sim::still("aipm");
    let home = Home::on(&sim);
    let id = lost(&sim, &home);
    let resend = |more: &[&'static str]| {
        let mut words: Vec<&str> = vec!["run", "--deck", "aipm", "--resend", &id];
        words.extend(more);
        home.run(&words)
    };
    // Without the values that the journal does not hold nothing is sent, and it says which.
    let asked = resend(&["--yes"]).ends(2);
    assert!(asked.stderr.contains("no task was started"), "{asked:?}");
    assert!(asked.stderr.contains("TASK_TITLE"), "{asked:?}");
    let journal = home.journal();
    let all: Vec<&str> =
        journal[0]["steps"][0]["request"]["overrides"]["containerOverrides"][0]["environment"]
            .as_array()
            .unwrap()
            .iter()
            .map(|variable| variable["name"].as_str().unwrap())
            .collect();
    assert!(all.contains(&"GITHUB_REPO"), "{all:?}");
    let mut given: Vec<&str> = VALUES.iter().flat_map(|value| ["--set", *value]).collect();
    given.extend([
        "--set",
        "GITHUB_OWNER=demian7575",
        "--set",
        "GITHUB_REPO=aipm",
    ]);
    // Without a yes nothing is sent either.
    let mut words: Vec<&str> = vec!["run", "--deck", "aipm", "--resend", &id];
    words.extend(&given);
    home.run(&words).ends(5);
    assert_eq!(sim.calls_of("RunTask").len(), 1);
    words.push("--yes");
    home.run(&words).ends(0);
    sent_twice_started_once(&sim.calls_of("RunTask"));
    // And a third time AWS knows the token.
    home.run(&words);
    assert_eq!(started(&sim), 1);
    journal_is_whole(&home);
}

#[test]
fn the_console_offers_it_and_sends_it_after_the_question_alone() {
    let sim = Sim::of("aipm");
    let home = Home::on(&sim);
    lost(&sim, &home);
    let mut pty = Pty::start(&home, (160, 40), &["--deck", "aipm"]);
    pty.sees("no task was started; T offers it again");
    pty.send("T");
    pty.sees("again: worker");
    pty.send("\r");
    pty.sees("TASK_TITLE");
    // Its id was made by hand, and is given once more; the template knows the rest.
    let fill = |pty: &mut Pty, name: &str, text: &str| {
        pty.until(name, |s| s.row("▶").contains(name));
        pty.send(&format!("\x15{text}"));
        pty.until(text, |s| s.row("▶").contains(text));
        pty.send("\t");
    };
    fill(&mut pty, "TASK_ID", ID);
    fill(&mut pty, "TASK_TITLE", "Tidy up");
    fill(&mut pty, "TASK_DETAILS", "all of it");
    fill(&mut pty, "BRANCH_NAME", "tidy");
    pty.until("the next field", |s| !s.row("▶").contains("BRANCH_NAME"));
    // What was filled in at once was no typing: a key right behind it does not count.
    pty.insists("\x13", "the question", |s| s.has("RUN?"));
    pty.sees("y does it");
    assert_eq!(sim.calls_of("RunTask").len(), 1, "not before the answer");
    pty.insists("y", "the answer", |s| !s.has("y does it"));
    pty.sees("1 task of aipm-amazon-q-worker:");
    let ok = |call: &Call| call.action == "RunTask" && call.status == Some(200);
    sim.until("the second", |calls| calls.iter().any(ok));
    sent_twice_started_once(&sim.calls_of("RunTask"));
    assert_eq!(started(&sim), 1);
    let done = |line: &Value| line["outcome"] == "done";
    pty.insists("J", "the journal", |s| s.has("Journal") && s.has("done"));
    assert!(home.journal().iter().any(done));
    pty.send("\x03");
    assert_eq!(pty.ends().status.exit_code(), 0);
}

#[test]
fn a_command_is_asked_for_again_like_a_value() {
    let sim = Sim::still("aipm");
    let home = Home::on(&sim);
    sim.fault(json!({ "service": "ecs", "action": "RunTask", "kind": "reset", "times": 1 }));
    let mut words = vec!["run", "worker", "--deck", "aipm", "--yes"];
    words.extend(VALUES.iter().flat_map(|value| ["--set", value]));
    words.extend(["--command", "python work.py --password canary"]);
    home.run(&words).ends(4);
    sim.running().advance(Duration::from_secs(8 * 60));
    let journal = home.journal();
    assert!(!journal[0].to_string().contains("canary"), "{journal:?}");
    let id = journal[0]["id"].as_str().unwrap().to_owned();
    let mut words = vec!["run", "--deck", "aipm", "--yes", "--resend", &id];
    words.extend(VALUES.iter().flat_map(|value| ["--set", value]));
    words.extend(["--set", "GITHUB_OWNER=demian7575"]);
    words.extend(["--set", "GITHUB_REPO=aipm"]);
    let ran = home.run(&words).ends(2);
    assert!(ran.stderr.contains("the command of"), "{ran:?}");
    words.extend(["--command", "python work.py --password canary"]);
    home.run(&words).ends(0);
    sent_twice_started_once(&sim.calls_of("RunTask"));
}
