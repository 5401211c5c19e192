//! Every action by its key and by its command: the same lines in the journal, the same requests, and AWS is the same
//! afterwards.

use serde_json::{Value, json};

use super::stage::{Stage, is_armed};
use crate::harness::Pty;

/// An action: what was done before, the keys up to its question (`?` before a text that is waited for), and the command for what the keys were about.
struct Case {
    before: &'static [&'static [&'static str]],
    keys: &'static [&'static str],
    command: fn(&Value) -> Vec<String>,
}

/// The words of a command on the target that a line of the journal names.
fn on(verb: &str, line: &Value, more: &[&str]) -> Vec<String> {
    let arn = line["target"]["service"].as_str().unwrap();
    let name = arn.rsplit('/').next().unwrap();
    let words = [verb, name].into_iter().chain(more.iter().copied());
    words.map(str::to_owned).collect()
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

const CASES: &[Case] = &[
    Case {
        before: &[],
        keys: &["U", "7", "\r"],
        command: |line| on("scale", line, &["7"]),
    },
    Case {
        before: &[],
        keys: &["F"],
        command: |line| on("redeploy", line, &[]),
    },
    Case {
        before: &[],
        keys: &["R"],
        command: |line| on("rollback", line, &[]),
    },
    Case {
        before: &[],
        keys: &["Z"],
        command: |line| on("drain", line, &[]),
    },
    Case {
        before: &[&["drain", "stuck"]],
        keys: &[":services\r", "/", "stuck\r", "Z"],
        command: |line| on("restore", line, &[]),
    },
    Case {
        before: &[],
        keys: &["I", "?ctrl-s preview", "2", "\x13"],
        command: |line| {
            let image = line["changes"][0]["after"].as_str().unwrap();
            on("deploy", line, &["--image", image])
        },
    },
    Case {
        before: &[],
        keys: &["g", "j", "H", "?enter take", "\x13"],
        command: |line| on("hook", line, &["continue"]),
    },
    Case {
        before: &[],
        keys: &["/", "scaled\r", "A", "?ctrl-s preview", "\x13"],
        command: |line| on("autoscaling", line, &["suspend"]),
    },
    Case {
        before: &[
            &["autoscaling", "scaled", "suspend"],
            &["autoscaling", "scaled", "bounds", "1", "5"],
        ],
        keys: &["/", "scaled\r", "A", "?ctrl-s preview", "\x13"],
        command: |line| on("autoscaling", line, &["resume"]),
    },
    Case {
        before: &[],
        keys: &["\r", "S"],
        command: |line| {
            let arn = line["target"]["tasks"][0].as_str().unwrap();
            words(&["stop", arn.rsplit('/').next().unwrap()])
        },
    },
    Case {
        before: &[],
        keys: &["T", "?based on", "\r", "?JOB", "\x13"],
        command: |_| words(&["run", "one-off"]),
    },
    Case {
        before: &[],
        keys: &[":queues\r", "?jobs-dead", "D"],
        command: |_| words(&["redrive", "jobs-dead"]),
    },
    Case {
        before: &[],
        keys: &[":work\r", "?job-2", "j", "Y", "?ctrl-s preview", "\x13"],
        command: |_| words(&["retry", "job-1"]),
    },
    Case {
        before: &[&["scale", "web", "4"]],
        keys: &["X"],
        command: |_| words(&["undo"]),
    },
];

/// A stage on which the same was done before.
fn set(case: &Case) -> Stage {
    let stage = Stage::set("");
    for told in case.before {
        let told: Vec<&str> = told.iter().copied().chain(["--yes"]).collect();
        stage.home.run(&told).ends(0);
    }
    stage
}

/// How many outcomes the journal has.
fn outcomes(stage: &Stage) -> usize {
    let journal = stage.home.journal();
    journal
        .iter()
        .filter(|line| line["kind"] == "outcome")
        .count()
}

/// Presses the keys and says yes.
fn by_keys(case: &Case) -> Stage {
    let stage = set(case);
    let before = outcomes(&stage);
    let mut pty: Pty = stage.console(&[]);
    for key in case.keys {
        match key.strip_prefix('?') {
            Some(text) => drop(pty.sees(text)),
            None => pty.types(key),
        }
    }
    pty.until("the question", is_armed);
    pty.insists("y", "the write", |_| outcomes(&stage) > before);
    pty.send("\x03");
    assert_eq!(pty.ends().status.exit_code(), 0);
    stage
}

/// What the journal says of what was done last, but for ids, moments and what chains the lines.
fn told(stage: &Stage, before: usize) -> String {
    let lines = stage.home.journal();
    let lines: Vec<Value> = lines
        .into_iter()
        .filter(|line| line["kind"] != "step")
        .skip(2 * before)
        .map(|mut line| {
            let id = line["id"].as_str().unwrap_or_default().to_owned();
            if let Some(line) = line.as_object_mut() {
                for member in [
                    "at",
                    "prev",
                    "hash",
                    "sha256",
                    "request_id",
                    "request_ids",
                    "made",
                ] {
                    line.remove(member);
                }
                // The id of a write that was done before.
                if let Some(undoes) = line.get_mut("undoes") {
                    *undoes = json!(undoes.is_string());
                }
            }
            // When it was decided.
            let steps = line.get_mut("steps").and_then(Value::as_array_mut);
            for step in steps.into_iter().flatten() {
                if let Some(since) = step.pointer_mut("/goal/registered/since") {
                    *since = Value::Null;
                }
            }
            let text = line.to_string().replace(&id, "ID");
            let text = text.replace(id.get(..8).unwrap(), "ID");
            serde_json::from_str(&text).unwrap()
        })
        .collect();
    serde_json::to_string_pretty(&lines).unwrap()
}

/// What AWS has: values that a write changes, and no ids that are made anew.
fn has(state: &Value) -> Value {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let services = list(&state["services"]).into_iter().map(|service| {
        let deployments = list(&service["deployments"]).into_iter();
        let deployments = deployments.map(|one| one["task_definition"].clone());
        let records = list(&service["records"]).into_iter();
        let records = records.map(|one| one["status"].clone());
        json!([
            service["name"],
            service["desired"],
            deployments.collect::<Vec<_>>(),
            records.collect::<Vec<_>>(),
        ])
    });
    let tasks = list(&state["tasks"])
        .into_iter()
        .map(|task| json!([task["group"], task["desired"], task["stop_code"]]).to_string());
    let mut tasks: Vec<String> = tasks.collect();
    tasks.sort();
    json!({
        "services": services.collect::<Vec<_>>(),
        "tasks": tasks,
        "scalable_targets": state["scalable_targets"],
        "moves": state["moves"],
    })
}

#[test]
fn a_key_and_a_command_write_the_same_lines_and_leave_the_same_aws() {
    for case in CASES {
        let by_key = by_keys(case);
        let before = case.before.len();
        let lines = by_key.home.journal();
        let line = lines
            .iter()
            .filter(|line| line["kind"] == "intent")
            .nth(before)
            .unwrap();
        let by_command = set(case);
        let told_as = (case.command)(line);
        let words: Vec<&str> = told_as
            .iter()
            .map(String::as_str)
            .chain(["--deck", by_command.deck(), "--yes"])
            .collect();
        by_command.home.run(&words).ends(0);
        assert_eq!(
            told(&by_key, before),
            told(&by_command, before),
            "{told_as:?}"
        );
        assert_eq!(by_key.wrote(), by_command.wrote(), "{told_as:?}");
        assert_eq!(
            has(&by_key.state()),
            has(&by_command.state()),
            "{told_as:?}"
        );
    }
}
