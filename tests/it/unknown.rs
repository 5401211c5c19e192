//! What could not be read is unknown, and never "there is nothing".

use serde_json::{Value, json};

use crate::harness::{Home, Sim};

/// Operations that fail, and commands that cannot do without them.
const CASES: [(&str, &[&str]); 9] = [
    ("ListClusters", &["status", "--json"]),
    ("DescribeClusters", &["tasks"]),
    ("ListServices", &["status", "--json"]),
    ("ListServices", &["why", "short-drama-web"]),
    ("DescribeServices", &["tasks", "--json"]),
    (
        "DescribeServices",
        &["scale", "short-drama-web", "3", "--dry-run"],
    ),
    ("DescribeServices", &["tail", "short-drama-web"]),
    ("ListTasks", &["tasks", "--json"]),
    ("DescribeTasks", &["queues", "--json"]),
];

#[test]
fn a_read_that_fails_is_named_and_never_shown_as_nothing() {
    let faults = ["throttle", "error", "reset", "truncate", "malformed"];
    for (at, (operation, command)) in CASES.iter().enumerate() {
        let sim = Sim::still("short-drama");
        let fault = faults[at % faults.len()];
        sim.fault(json!({ "kind": fault, "service": "ecs", "action": operation }));
        let home = Home::on(&sim);
        let ran = home.run(command).ends(3);
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(
            ran.stderr.contains(&format!("ecs:{operation}")),
            "{fault} of {operation} in {command:?} is not named: {said}"
        );
        for nothing in ["there is no", "no longer there", "AWS has forgotten"] {
            assert!(!said.contains(nothing), "{fault} of {operation}: {said}");
        }
    }
}

#[test]
fn what_could_be_read_is_given_and_marked_as_partial() {
    let sim = Sim::still("short-drama");
    let whole = Home::on(&sim).run(&["status", "--json"]).json();
    assert_eq!(
        (&whole["partial"], &whole["errors"]),
        (&json!(false), &json!([]))
    );
    sim.fault(json!({ "kind": "access-denied", "service": "ecs", "action": "ListTasks" }));
    let part = Home::on(&sim).run(&["status", "--json"]).ends(3).json();
    assert_eq!(part["partial"], true);
    let error = part["errors"][0].as_str().unwrap();
    assert!(error.contains("ecs:ListTasks"), "{error}");
    let names = |document: &Value| -> Vec<Value> {
        let services = document["services"].as_array().unwrap().iter();
        services.map(|service| service["service"].clone()).collect()
    };
    assert_eq!(names(&part), names(&whole));
}

#[test]
fn an_endpoint_that_is_none_is_told_before_the_screen_is_taken() {
    for (value, words) in [("", "AWS_ENDPOINT_URL is empty"), ("nowhere", "no URL")] {
        let home = Home::new().env("AWS_ENDPOINT_URL", value);
        let ran = home.run(&["status"]).ends(2);
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
}

#[test]
fn retry_settings_that_the_sdk_does_not_know_do_no_harm() {
    let sim = Sim::still("short-drama");
    for (name, value) in [("AWS_RETRY_MODE", "legacy"), ("AWS_MAX_ATTEMPTS", "0")] {
        let home = Home::on(&sim).env(name, value);
        home.run(&["status"]).ends(1);
    }
}
