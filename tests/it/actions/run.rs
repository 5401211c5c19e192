//! Running tasks: from a template, like a service's, like an earlier task.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::shop::{does_what_it_says, journal_is_whole};
use crate::harness::{Home, Sim};

const GIVEN: [&str; 8] = [
    "--deck",
    "aipm",
    "--set",
    "TASK_TITLE=Tidy up",
    "--set",
    "TASK_DETAILS=two\nlines",
    "--set",
    "BRANCH_NAME=tidy-up",
];

fn with<'a>(arguments: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    arguments.iter().chain(more).copied().collect()
}

fn worker<'a>(more: &[&'a str]) -> Vec<&'a str> {
    with(&with(&["run", "worker"], &GIVEN), more)
}

fn started(sim: &Sim, by: &Value) -> Vec<Value> {
    let tasks = sim.ask(
        "AmazonEC2ContainerServiceV20141113.ListTasks",
        &json!({ "cluster": "aipm-cluster", "startedBy": by }),
    );
    tasks["taskArns"].as_array().unwrap().clone()
}

#[test]
fn a_template_is_filled_in_and_run_once() {
    let sim = Sim::still("aipm");
    let home = Home::on(&sim);
    let request = does_what_it_says_but_for_its_id(&sim, &home);
    assert_eq!(request["launchType"], "FARGATE");
    let environment = request["overrides"]["containerOverrides"][0]["environment"]
        .as_array()
        .unwrap();
    let value = |name: &str| {
        let found = environment.iter().find(|variable| variable["name"] == name);
        found.unwrap()["value"].as_str().unwrap().to_owned()
    };
    assert_eq!(value("TASK_DETAILS"), "two\nlines");
    assert_eq!(value("GITHUB_REPO"), "aipm", "a default");
    assert_eq!(value("TASK_ID").len(), 36, "a new id");
    assert!(
        request["startedBy"]
            .as_str()
            .unwrap()
            .starts_with("ecsdeck/")
    );
    assert_eq!(started(&sim, &request["startedBy"]).len(), 1);
    // No value is in the journal.
    let journal = home.run(&["journal", "--json"]).ends(0);
    assert!(
        !journal.stdout.contains("Tidy up") && journal.stdout.contains("TASK_TITLE"),
        "{journal:?}"
    );
    journal_is_whole(&home);
}

/// The id of the job is another one each time.
fn does_what_it_says_but_for_its_id(sim: &Sim, home: &Home) -> Value {
    let arguments = worker(&["--set", "TASK_ID=0f8fad5b-d9cb-469f-a165-70867728950e"]);
    does_what_it_says(sim, home, "RunTask", &arguments)
}

#[test]
fn eleven_are_started_with_two_requests_and_each_has_its_token() {
    let sim = Sim::still("aipm");
    let home = Home::on(&sim);
    let done = home
        .run(&worker(&["--count", "11", "--yes", "--json"]))
        .ends(0)
        .json();
    let calls = sim.calls_of("RunTask");
    let counts: Vec<&Value> = calls.iter().map(|call| &call.request["count"]).collect();
    assert_eq!(counts, [&json!(10), &json!(1)]);
    let tokens: BTreeSet<String> = calls
        .iter()
        .map(|call| call.request["clientToken"].to_string())
        .collect();
    assert_eq!(tokens.len(), 2);
    assert_eq!(done["made"]["tasks"].as_array().unwrap().len(), 11);
    assert_eq!(started(&sim, &calls[0].request["startedBy"]).len(), 11);
}

#[test]
fn an_answer_that_is_lost_starts_no_second_task() {
    let sim = Sim::still("aipm");
    let home = Home::on(&sim);
    sim.fault(json!({ "service": "ecs", "action": "RunTask", "kind": "reset-after", "times": 1 }));
    home.run(&worker(&["--yes"])).ends(0);
    let calls = sim.calls_of("RunTask");
    assert_eq!(calls.len(), 1);
    assert_eq!(started(&sim, &calls[0].request["startedBy"]).len(), 1);
}

#[test]
fn waiting_ends_with_the_tasks_and_tells_how_they_ended() {
    let sim = Sim::with("aipm", |options| options.speed = 120.0);
    let home = Home::on(&sim);
    // Its secret was never created.
    let ran = home
        .run(&worker(&["--revision", "7", "--yes", "--wait"]))
        .ends(1);
    let last = ran.stdout.lines().last().unwrap();
    assert!(
        last.starts_with("task ") && last.contains(" stopped"),
        "{ran:?}"
    );
    assert!(last.contains("secret-not-found"), "{ran:?}");
}

#[test]
fn like_an_earlier_task_it_gets_what_that_one_got() {
    let sim = Sim::still("aipm");
    let home = Home::on(&sim);
    let state = sim.ask(
        "AmazonEC2ContainerServiceV20141113.ListTasks",
        &json!({ "cluster": "aipm-cluster", "startedBy": "lambda/aipm-backend-prod-api" }),
    );
    let arn = state["taskArns"][0].as_str().unwrap().to_owned();
    let like = format!("like:{}", arn.rsplit('/').next().unwrap());
    let document = home
        .run(&["run", &like, "--deck", "aipm", "--dry-run", "--json"])
        .ends(0)
        .json();
    let overrides = &document["request"]["overrides"]["containerOverrides"][0];
    assert_eq!(overrides["name"], "amazon-q-worker");
    let names: Vec<&str> = overrides["environment"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert!(
        names.contains(&"TASK_ID") && names.contains(&"BRANCH_NAME"),
        "{names:?}"
    );
    let network = &document["request"]["networkConfiguration"]["awsvpcConfiguration"];
    assert_eq!(
        network["securityGroups"][0], "sg-0ad4bc9d85549a7c7",
        "as the template says"
    );
}

#[test]
fn like_a_service_it_runs_where_the_service_does() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    let arguments = [
        "run",
        "like:short-drama-web",
        "--command",
        "node migrate.js --dry",
        "--cpu",
        "512",
        "--memory",
        "1024",
    ];
    let request = does_what_it_says(&sim, &home, "RunTask", &arguments);
    assert!(
        request["taskDefinition"]
            .as_str()
            .unwrap()
            .ends_with("short-drama-web:17")
    );
    let overrides = &request["overrides"];
    assert_eq!(
        overrides["containerOverrides"][0]["command"],
        json!(["node", "migrate.js", "--dry"])
    );
    assert_eq!(
        (&overrides["cpu"], &overrides["memory"]),
        (&json!("512"), &json!("1024"))
    );
    let network = &request["networkConfiguration"]["awsvpcConfiguration"];
    assert_eq!(network["subnets"].as_array().unwrap().len(), 2);
}

#[test]
fn a_work_item_is_retried_with_what_its_task_was_given() {
    let sim = Sim::still("aipm");
    let home = Home::on(&sim);
    let arguments = [
        "retry",
        "task-1764400000004",
        "--revision",
        "6",
        "--deck",
        "aipm",
        "--dry-run",
        "--json",
    ];
    let document = home.run(&arguments).ends(0).json();
    let request = &document["request"];
    assert!(
        request["taskDefinition"].as_str().unwrap().ends_with(":6"),
        "{request}"
    );
    assert!(
        request["overrides"].to_string().contains("try-token"),
        "{request}"
    );
    // The task of this one has been forgotten: the template wants more.
    let ran = home
        .run(&["retry", "task-1764300000003", "--deck", "aipm", "--yes"])
        .ends(2);
    assert!(ran.stderr.contains("TASK_TITLE is missing"), "{ran:?}");
    let ran = home
        .run(&["retry", "task-0", "--deck", "aipm", "--yes"])
        .ends(2);
    assert!(ran.stderr.contains("no work item task-0"), "{ran:?}");
    assert_eq!(sim.calls_of("RunTask").len(), 0);
}

#[test]
fn orders_that_make_no_sense_are_refused_before_anything_is_sent() {
    let sim = Sim::still("aipm");
    let home = Home::on(&sim);
    let long = format!("TASK_DETAILS={}", "x".repeat(9_000));
    for (arguments, code, why) in [
        (worker(&["--count", "0"]), 2, "from 1 to 100"),
        (worker(&["--count", "100000"]), 2, "from 1 to 100"),
        (worker(&["--count", "many"]), 2, "whole number"),
        (
            worker(&["--set", "BRANCH_NAME=two words"]),
            2,
            "BRANCH_NAME does not match",
        ),
        (
            worker(&["--set", "TASK_TITLE="]),
            2,
            "TASK_TITLE is missing",
        ),
        (worker(&["--set", &long]), 2, "too long"),
        (worker(&["--set", "novalue"]), 2, "NAME=VALUE"),
        (
            worker(&["--revision", "99"]),
            2,
            "no task definition named aipm-amazon-q-worker:99",
        ),
        (
            worker(&["--container", "amazon-q-wroker"]),
            2,
            "did you mean amazon-q-worker?",
        ),
        (worker(&["--command", "echo 'open"]), 2, "--command"),
        (with(&["run", "wroker"], &GIVEN), 2, "did you mean worker?"),
        (
            with(&["run", "like:nothing-here"], &GIVEN),
            2,
            "no service, task or task family named nothing-here",
        ),
    ] {
        let ran = home.run(&with(&arguments, &["--yes"])).ends(code);
        assert!(ran.stderr.contains(why), "{arguments:?}: {ran:?}");
    }
    assert_eq!(sim.calls_of("RunTask").len(), 0);
    assert!(home.journal().is_empty());
}
