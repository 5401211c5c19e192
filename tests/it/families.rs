//! Tasks that belong to no service are rows of their own, by the family of their definition.

use std::time::Duration;

use ecsdeck_sim::World;
use serde_json::Value;

use crate::harness::{Home, Pty, Sim};

const FAMILY: &str = "aipm-amazon-q-worker";
const TABLE: &str = "aipm-amazon-q-queue";

const DECKS: [&[&str]; 2] = [&[], &["--deck", "aipm"]];

fn with<'a>(command: &[&'a str], deck: &[&'a str]) -> Vec<&'a str> {
    command.iter().chain(deck).copied().collect()
}

#[test]
fn one_shot_workers_are_a_row_with_their_tasks_log_and_table() {
    for deck in DECKS {
        let sim = Sim::of("aipm");
        let home = Home::on(&sim);
        let mut pty = Pty::start(&home, (120, 40), deck);
        pty.until("the family", |s| {
            s.rows[0].contains("728378229251") && s.has("Services 1") && s.rows[1].contains(FAMILY)
        });
        pty.until("its tasks", |s| s.has(" running ") && s.has(" stopped "));
        pty.until("why one could not start", |s| {
            s.words().contains("ResourceInitializationError")
        });
        pty.until("the table", |s| s.has("task-17644") && s.has("processing"));
        pty.until("a log line", |s| s.has(" > "));
        // A family has no count to change.
        pty.send("U");
        pty.send("?");
        let shown = pty.sees("Move to the next row");
        assert!(!shown.has("desired count "), "{}", shown.text());
        pty.send("\x03");
        pty.ends().gave_back();
    }
}

#[test]
fn commands_tell_families_apart_from_services() {
    for deck in DECKS {
        let sim = Sim::still("aipm");
        let home = Home::on(&sim);
        let status = home.run(&with(&["status", "--json"], deck)).json();
        let rows = status["services"].as_array().unwrap();
        assert_eq!(rows.len(), 1, "{status:#}");
        assert_eq!(
            (&rows[0]["family"], &rows[0]["service"]),
            (&Value::from(FAMILY), &Value::Null)
        );
        assert!(rows[0]["desired"].is_null());
        let tasks = home.run(&with(&["tasks", "--json"], deck)).ends(0).json();
        let tasks = tasks["tasks"].as_array().unwrap();
        assert!(
            tasks.len() >= 5
                && tasks
                    .iter()
                    .all(|task| task["family"] == FAMILY && task["service"].is_null()),
            "{tasks:#?}"
        );
        let work = home.run(&with(&["work", "--json"], deck)).ends(0).json();
        let tables = work["tables"].as_array().unwrap();
        assert_eq!(
            (tables.len(), &tables[0]["table"]),
            (1, &Value::from(TABLE)),
            "{work:#}"
        );
        let tail = home
            .run(&with(&["tail", FAMILY, "--since", "30m"], deck))
            .ends(0);
        assert!(tail.stdout.contains("Starting Amazon Q worker"), "{tail:?}");
        let scale = home
            .run(&with(&["scale", FAMILY, "3", "--yes"], deck))
            .ends(2);
        assert!(scale.stderr.contains("no service named"), "{scale:?}");
    }
}

/// A nightly job whose last run failed two minutes ago.
const NIGHTLY: &str = r#"
[world]
name = "nightly"
title = "a nightly job"
account = "123456789012"
region = "us-east-1"
warm_up = "50m"
[[cluster]]
name = "jobs"
[[task_definition]]
family = "report"
revision = 3
[[task_definition.container]]
name = "app"
image = "report:1"
exits = [{ after = "20s", code = 1, lines = ["ValueError: bad row 7"] }]
log = { group = "/ecs/report", rate = 1.0, lines = ["row {n:1..99}"] }
[[event]]
at = "-2m"
do = "run-task"
cluster = "jobs"
task_definition = "report:3"
started_by = "events-rule/nightly"
"#;

#[test]
fn a_run_that_failed_is_told_long_after_aws_has_forgotten_it() {
    let sim = Sim::with("short-drama", |options| {
        options.worlds = vec![World::parse(NIGHTLY, "nightly.toml").unwrap()];
        options.paused = true;
    });
    let home = Home::on(&sim);
    let before = home.run(&["why", "report", "--json"]).ends(1).json();
    assert!(
        before["summary"]
            .as_str()
            .unwrap()
            .contains("ValueError: bad row 7"),
        "its log is read: {before:#}"
    );
    sim.running().advance(Duration::from_secs(7_300));
    let status = home.run(&["status", "--json"]).ends(1).json();
    let row = &status["services"][0];
    assert_eq!(
        (&row["family"], &row["verdict"]),
        (&"report".into(), &"failed".into())
    );
    let tasks = home.run(&["tasks", "--json"]).ends(0).json();
    let tasks = tasks["tasks"].as_array().unwrap();
    assert_eq!(tasks.len(), 1, "{tasks:#?}");
    assert_eq!(tasks[0]["exit_code"], 1);
    assert!(tasks[0]["kept_since"].is_string(), "{tasks:#?}");
    let told = home.run(&["why", "report"]).ends(1).stdout;
    assert!(
        told.contains("last, 2h ago") && told.contains("ValueError: bad row 7"),
        "{told}"
    );
    // A day later nobody knows what has become of it.
    sim.running().advance(Duration::from_secs(86_400));
    home.run(&["why", "report"]).ends(2);
}
