//! Deciding questions, end to end: `why` on scenarios, and the calls that the simulator got.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Home, Pty, Sim};

/// What the listings and the service's definitions take.
const ALWAYS: [&str; 8] = [
    "GetCallerIdentity",
    "ListClusters",
    "DescribeClusters",
    "ListServices",
    "DescribeServices",
    "ListTasks",
    "DescribeTasks",
    "DescribeTaskDefinition",
];

/// What a look at a service's rollouts takes.
const ROLLOUTS: [&str; 3] = [
    "ListServiceDeployments",
    "DescribeServiceDeployments",
    "DescribeServiceRevisions",
];

/// The calls beyond the listings, each as often as it was made.
fn beyond(sim: &Sim) -> Vec<String> {
    let mut calls: Vec<String> = sim.calls().into_iter().map(|call| call.action).collect();
    calls.retain(|action| !ALWAYS.contains(&action.as_str()));
    calls.sort();
    calls
}

fn asked(report: &Value) -> Vec<(String, bool)> {
    let asked = report["asked"].as_array().unwrap().iter();
    let asked = asked.map(|asked| {
        let answered = asked["answer"].is_string();
        assert_ne!(answered, asked["error"].is_string(), "{asked}");
        assert!(asked["at"].is_string(), "{asked}");
        (asked["question"].as_str().unwrap().to_owned(), answered)
    });
    asked.collect()
}

#[test]
fn nothing_is_asked_about_a_service_that_is_well() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    let status = home.run(&["status", "--json"]).json();
    assert_eq!(beyond(&sim), Vec::<String>::new(), "status asks nothing");
    let services = status["services"].as_array().unwrap();
    let steady = services
        .iter()
        .find(|service| service["verdict"] == "steady")
        .unwrap();
    let name = steady["service"].as_str().unwrap();
    let report = home.run(&["why", name, "--json"]).ends(0).json();
    assert_eq!(beyond(&sim), Vec::<String>::new());
    assert_eq!(asked(&report), []);
}

#[test]
fn a_service_in_trouble_is_asked_for_its_earlier_rollouts_and_no_other_service_is() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    let report = home
        .run(&["why", "short-drama-backend", "--json"])
        .ends(1)
        .json();
    let told = asked(&report);
    assert!(
        told.contains(&("the service's earlier rollouts".to_owned(), true)),
        "{told:?}"
    );
    for action in ROLLOUTS {
        assert_eq!(sim.calls_of(action).len(), 1, "{action}");
    }
    let listed = sim.calls_of("ListServiceDeployments");
    let service = listed[0].request["service"].as_str().unwrap();
    assert!(service.ends_with("/short-drama-backend"), "{service}");
}

#[test]
fn where_aws_refuses_to_answer_the_verdict_still_comes() {
    let sim = Sim::still("short-drama");
    sim.fault(json!({
        "kind": "access-denied", "service": "ecs", "action": "ListServiceDeployments",
    }));
    let home = Home::on(&sim);
    let report = home
        .run(&["why", "short-drama-backend", "--json"])
        .ends(1)
        .json();
    assert_eq!(report["verdict"], "stuck");
    let told = asked(&report);
    assert!(
        told.contains(&("the service's earlier rollouts".to_owned(), false)),
        "{told:?}"
    );
    let words = home.run(&["why", "short-drama-backend"]).ends(1).stdout;
    assert!(words.contains("not answered"), "{words}");
    assert_eq!(
        sim.calls_of("ListServiceDeployments").len(),
        2,
        "once for each command"
    );
}

#[test]
fn the_console_asks_and_does_not_ask_again_what_was_refused() {
    let sim = Sim::of("short-drama");
    sim.fault(json!({
        "kind": "access-denied", "service": "ecs", "action": "ListServiceDeployments",
    }));
    let home = Home::on(&sim);
    let mut pty = Pty::start(&home, (120, 40), &["--refresh", "1"]);
    pty.until("the verdict", |shown| shown.has("STUCK"));
    // Twenty looks at the services later each has been refused once.
    sim.until("twenty more looks", |calls| {
        let looks = calls.iter();
        looks
            .filter(|call| call.action == "DescribeServices")
            .count()
            > 20
    });
    let refused: Vec<String> = sim
        .calls_of("ListServiceDeployments")
        .iter()
        .map(|call| call.request["service"].as_str().unwrap().to_owned())
        .collect();
    let services: BTreeSet<&String> = refused.iter().collect();
    assert!(!services.is_empty());
    assert_eq!(refused.len(), services.len(), "{refused:?}");
    pty.send("\x03");
    pty.ends();
}
