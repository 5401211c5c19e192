//! Actions by hand: the keys, the form and the question in a real terminal, and what the simulator receives.

use serde_json::Value;

use crate::harness::{Call, Home, Pty, Sim};

const SIZE: (u16, u16) = (120, 40);

/// Answers the question that must be on the screen, once it takes answers.
fn confirm(pty: &mut Pty, verb: &str) {
    pty.sees(&format!("{verb}?"));
    pty.sees("y does it");
    pty.insists("y", "the answer", |s| !s.has("y does it"));
}

/// The calls of an action that were applied.
fn applied(sim: &Sim, action: &str, count: usize) -> Vec<Call> {
    let ok = |call: &&Call| call.action == action && call.status == Some(200);
    sim.until(&format!("{count} {action}"), |calls| {
        calls.iter().filter(ok).count() >= count
    });
    let calls = sim.calls_of(action);
    assert_eq!(calls.len(), count, "{calls:?}");
    calls
}

/// Fills in the field that keys go to and goes on to the next one.
fn fill(pty: &mut Pty, text: &str) {
    pty.send(text);
    pty.sees(text);
    pty.send("\t");
    // A key that goes on counts only where it comes alone.
    pty.until("the next field", |s| {
        let at = s.rows.iter().find(|row| row.starts_with('▶'));
        at.is_some_and(|row| !row.contains(text))
    });
}

#[test]
fn a_task_is_run_from_its_template_and_its_log_is_shown() {
    let sim = Sim::of("aipm");
    let home = Home::on(&sim);
    let mut pty = Pty::start(&home, SIZE, &["--deck", "aipm"]);
    pty.until("the tasks", |s| s.has(" running "));
    pty.send("T");
    // Where a task is selected already it can be run from that too: the template comes first.
    let shown = pty.until("a form", |s| s.has("based on") || s.has("TASK_TITLE*"));
    if shown.has("based on") {
        pty.send("\r");
    }
    pty.sees("TASK_TITLE*");
    // What is missing is said in its place, and nothing is asked.
    pty.send("\x13");
    pty.sees("this is required");
    assert_eq!(sim.calls_of("RunTask").len(), 0);
    fill(&mut pty, "Fix the login page");
    fill(&mut pty, "The button does nothing");
    fill(&mut pty, "fix/login");
    // What was filled in at once was no typing: a key right behind it does not count.
    pty.insists("\x13", "the question", |s| s.has("RUN?"));
    confirm(&mut pty, "RUN");
    let calls = applied(&sim, "RunTask", 1);
    let request = &calls[0].request;
    assert_eq!(request["count"], 1);
    let given = &request["overrides"]["containerOverrides"][0];
    assert_eq!(given["name"], "amazon-q-worker");
    let value = |name: &str| {
        let variables = given["environment"].as_array().unwrap();
        let found = variables.iter().find(|variable| variable["name"] == name);
        found.map(|variable| variable["value"].as_str().unwrap().to_owned())
    };
    assert_eq!(value("TASK_TITLE").as_deref(), Some("Fix the login page"));
    assert_eq!(value("BRANCH_NAME").as_deref(), Some("fix/login"));
    assert_eq!(value("TASK_ID").map(|id| id.len()), Some(36));
    assert!(
        request["startedBy"]
            .as_str()
            .unwrap()
            .starts_with("ecsdeck/")
    );
    // The log of the task that was started is the one that is shown; what is selected stays.
    let shown = pty.sees("Logs of task");
    let id = shown
        .row("Logs of task")
        .split_whitespace()
        .nth(3)
        .unwrap()
        .to_owned();
    let state = sim.state().to_string();
    assert!(state.contains(&id), "{id} is none of the simulator's tasks");
    pty.send("\x03");
    assert_eq!(pty.ends().status.exit_code(), 0);
}

#[test]
fn a_stuck_rollout_is_rolled_back_with_two_keys() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    let mut pty = Pty::start(&home, SIZE, &["--deck", "short-drama"]);
    pty.until("the verdict", |s| s.rows[1].contains("STUCK"));
    pty.send("R");
    let shown = pty.sees("ROLLBACK?");
    assert!(
        shown
            .words()
            .contains("short-drama-backend:42 → short-drama-backend:41")
    );
    confirm(&mut pty, "ROLLBACK");
    let calls = applied(&sim, "StopServiceDeployment", 1);
    assert_eq!(calls[0].request["stopType"], "ROLLBACK");
    // The tasks of before still run, so that the way back may be over at once: what was wanted is no bad news.
    pty.until("the end of the story", |s| {
        let banner = s.rows[1..3].join(" ");
        banner.contains("STEADY") && banner.contains("after your rollback")
    });
    pty.until("who did it, in the list", |s| {
        s.row("steady   short-drama-backend").contains("recovered")
    });
    pty.send("\x03");
    assert_eq!(pty.ends().status.exit_code(), 0);
}

#[test]
fn two_marked_tasks_are_stopped_and_no_other() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    let mut pty = Pty::start(&home, SIZE, &["--deck", "short-drama"]);
    pty.until("the verdict", |s| s.rows[1].contains("STUCK"));
    pty.send("\r");
    pty.sees("▶ Tasks");
    pty.send(" ");
    pty.sees("1 marked");
    pty.send(" ");
    pty.sees("2 marked");
    pty.send("S");
    confirm(&mut pty, "STOP");
    let calls = applied(&sim, "StopTask", 2);
    let tasks: Vec<&Value> = calls.iter().map(|call| &call.request["task"]).collect();
    assert_ne!(tasks[0], tasks[1]);
    pty.send("\x03");
    assert_eq!(pty.ends().status.exit_code(), 0);
}

#[test]
fn a_scale_is_undone_with_two_keys_and_both_are_in_the_journal() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    let mut pty = Pty::start(&home, SIZE, &["--deck", "short-drama"]);
    pty.until("the verdict", |s| s.rows[1].contains("STUCK"));
    pty.send("U");
    pty.sees("desired count (now 2)");
    pty.send("3");
    pty.sees("desired count (now 2): 3");
    pty.send("\r");
    confirm(&mut pty, "SCALE");
    assert_eq!(
        applied(&sim, "UpdateService", 1)[0].request["desiredCount"],
        3
    );
    pty.sees("scale short-drama-backend 2 → 3: done");
    pty.send("X");
    let shown = pty.sees("UNDO?");
    assert!(
        shown.words().contains("desired count: 3 → 2"),
        "{}",
        shown.text()
    );
    confirm(&mut pty, "UNDO");
    assert_eq!(
        applied(&sim, "UpdateService", 2)[1].request["desiredCount"],
        2
    );
    pty.sees("undo short-drama-backend 3 → 2: done");
    pty.send("J");
    pty.until("the journal", |s| {
        let words = s.words();
        words.contains("done undo short-drama-backend desired count 3 → 2")
            && words.contains("undone scale short-drama-backend desired count 2 → 3;")
    });
    pty.send("\x03");
    assert_eq!(pty.ends().status.exit_code(), 0);
}
