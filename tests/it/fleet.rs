//! Three clusters, 250 services, about 1,200 tasks: each once, for the calls that it must cost.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::harness::{Home, Pty, Sim};

/// What the simulator holds, counted.
struct Held {
    /// Services by cluster.
    services: BTreeMap<String, BTreeSet<String>>,
    tasks: BTreeSet<String>,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn held(sim: &Sim) -> Held {
    let state = sim.state();
    let world = find(&state, "services").unwrap();
    let mut services: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for service in world["services"].as_array().unwrap() {
        services
            .entry(text(&service["cluster"]))
            .or_default()
            .insert(text(&service["name"]));
    }
    let tasks = world["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| text(&task["id"]))
        .collect();
    Held { services, tasks }
}

/// The first object that has a member, from outside in.
fn find<'a>(value: &'a Value, member: &str) -> Option<&'a Value> {
    match value {
        Value::Object(members) if members.contains_key(member) => Some(value),
        Value::Object(members) => members.values().find_map(|value| find(value, member)),
        Value::Array(values) => values.iter().find_map(|value| find(value, member)),
        _ => None,
    }
}

#[test]
fn every_service_is_listed_and_none_twice() {
    let sim = Sim::still("fleet");
    let home = Home::on(&sim);
    let ran = home.run(&["status", "--json"]).ends(1);
    let document = ran.json();
    let mut listed: Vec<(String, String)> = document["services"]
        .as_array()
        .unwrap()
        .iter()
        .map(|service| (text(&service["cluster"]), text(&service["service"])))
        .collect();
    listed.sort();
    let held = held(&sim).services;
    let expected: Vec<(String, String)> = held
        .iter()
        .flat_map(|(cluster, services)| services.iter().map(|name| (cluster.clone(), name.clone())))
        .collect();
    assert_eq!((held.len(), expected.len()), (3, 250));
    assert_eq!(listed, expected);
}

#[test]
fn every_task_is_listed_and_none_twice() {
    let sim = Sim::still("fleet");
    let home = Home::on(&sim);
    let document = home.run(&["tasks", "--json"]).ends(0).json();
    let mut listed: Vec<String> = document["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| text(&task["id"]))
        .collect();
    listed.sort();
    let expected: Vec<String> = held(&sim).tasks.into_iter().collect();
    assert!(expected.len() > 1_150, "{}", expected.len());
    assert_eq!(listed, expected);
}

#[test]
fn the_calls_are_those_of_the_batching_formula() {
    for command in ["status", "tasks"] {
        let sim = Sim::still("fleet");
        let home = Home::on(&sim);
        let document = home.run(&["tasks", "--json"]).json();
        // Where a task belongs is told apart by its own resource name.
        let mut tasks: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for task in document["tasks"].as_array().unwrap() {
            let cluster = text(&task["cluster"])
                .rsplit('/')
                .next()
                .unwrap()
                .to_owned();
            let (running, stopped) = tasks.entry(cluster).or_default();
            // ListTasks splits by the desired status: a task that is stopping is among the stopped.
            *(match text(&task["desired"]).as_str() {
                "STOPPED" => stopped,
                "RUNNING" | "PENDING" => running,
                other => panic!("a desired status that ListTasks does not know: {other}"),
            }) += 1;
        }
        // Else the formula's half for stopped tasks would go unseen.
        let stopped: usize = tasks.values().map(|(_, stopped)| stopped).sum();
        assert!(stopped > 0, "no task of the fleet has stopped");
        let before = sim.calls().len();
        home.run(&[command, "--json"]);
        let mut made: BTreeMap<String, usize> = BTreeMap::new();
        for call in sim.calls().into_iter().skip(before) {
            *made.entry(call.action).or_default() += 1;
        }
        // A few of those that roll out or are in trouble are looked at more closely where verdicts are told.
        let looks = made.remove("ListServiceDeployments").unwrap_or_default();
        let looked = if command == "status" { 1..=6 } else { 0..=0 };
        assert!(looked.contains(&looks), "{command}: {looks}");
        for action in ["DescribeServiceDeployments", "DescribeServiceRevisions"] {
            assert!(
                made.remove(action).unwrap_or_default() <= looks,
                "{command}: {action}"
            );
        }
        let pages = |items: usize, size: usize| items.div_ceil(size).max(1);
        let mut expected = BTreeMap::from([
            ("GetCallerIdentity", 1),
            ("ListClusters", 1),
            ("DescribeClusters", 1),
        ]);
        for (cluster, services) in held(&sim).services {
            let (running, stopped) = tasks[&cluster];
            for (action, calls) in [
                ("ListServices", pages(services.len(), 100)),
                ("DescribeServices", services.len().div_ceil(10)),
                ("ListTasks", pages(running, 100) + pages(stopped, 100)),
                ("DescribeTasks", (running + stopped).div_ceil(100)),
            ] {
                *expected.entry(action).or_default() += calls;
            }
        }
        let expected: BTreeMap<String, usize> = expected
            .into_iter()
            .map(|(action, calls)| (action.to_owned(), calls))
            .collect();
        assert_eq!(made, expected, "{command}");
    }
}

#[test]
fn the_screen_counts_them_too_and_the_broken_ones_are_on_top() {
    let sim = Sim::of("fleet");
    let home = Home::on(&sim);
    let mut pty = Pty::start(&home, (120, 40), &[]);
    let shown = pty.until("all services", |s| s.has("Services 250"));
    let title = shown
        .rows
        .iter()
        .position(|row| row.contains("Services 250"))
        .unwrap();
    // Below the headings.
    let first = &shown.rows[title + 2];
    assert!(
        first.contains("stuck") || first.contains("degraded"),
        "{}",
        shown.text()
    );
    // To the last row and back.
    pty.send("G");
    pty.until("the last row", |s| {
        s.has("of 250") && !s.has(first.as_str())
    });
    pty.send("g");
    pty.until("the first row", |s| {
        s.rows[title + 2].contains("stuck") || s.rows[title + 2].contains("degraded")
    });
    pty.send("\x03");
    pty.ends();
}
