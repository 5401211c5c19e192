//! Deciding questions, end to end: `why` on scenarios, and the calls that the simulator got.

use std::collections::BTreeSet;
use std::time::Duration;

use ecsdeck_sim::{Scenario, World};
use serde_json::{Value, json};

use crate::harness::{Home, Pty, Sim, at_scenario};

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

#[test]
fn the_last_words_of_a_program_that_crashes_are_quoted_and_held_against_the_revision() {
    let (sim, home) = at_scenario("app-crash");
    let words = home.run(&["why", "short-drama-backend"]).ends(1).stdout;
    assert!(words.contains("KeyError: 'REDIS_URL'"), "{words}");
    assert!(words.contains("`REDIS_URL` is not set in :43"), "{words}");
    assert_eq!(sim.calls_of("FilterLogEvents").len(), 1);
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
    let services = status["services"].as_array().unwrap();
    let of = |verdict: &'static str| {
        let of = services.iter().filter(move |one| one["verdict"] == verdict);
        of.map(|one| one["service"].as_str().unwrap())
    };
    let steady = of("steady").next().unwrap();
    let troubled: BTreeSet<&str> = ["stuck", "progressing", "degraded", "rolled_back"]
        .into_iter()
        .flat_map(of)
        .collect();
    let listed = sim.calls_of("ListServiceDeployments");
    let looked_at: BTreeSet<&str> = listed
        .iter()
        .map(|call| call.request["service"].as_str().unwrap())
        .map(|arn| arn.rsplit('/').next().unwrap())
        .collect();
    assert_eq!(looked_at, troubled, "each of them and no other");
    assert_eq!(listed.len(), troubled.len(), "once");
    let others = |action: &String| !ROLLOUTS.contains(&action.as_str());
    assert_eq!(beyond(&sim).into_iter().find(others), None);

    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    let report = home.run(&["why", steady, "--json"]).ends(0).json();
    assert_eq!(beyond(&sim), Vec::<String>::new());
    assert_eq!(asked(&report), []);
}

#[test]
fn a_listing_of_services_that_are_all_well_costs_nothing_more() {
    let (sim, home) = at_scenario("steady");
    home.run(&["status"]).ends(0);
    assert_eq!(beyond(&sim), Vec::<String>::new());
}

#[test]
fn status_tells_a_rollout_that_waits_for_somebody_from_one_that_works() {
    let (_sim, home) = at_scenario("waiting-on-hook");
    let status = home.run(&["status", "--json"]).json();
    let services = status["services"].as_array().unwrap();
    let held = services
        .iter()
        .find(|one| one["service"] == "aistudio-dev")
        .unwrap();
    let summary = held["summary"].as_str().unwrap();
    assert!(summary.contains("waiting for someone"), "{summary}");
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
    let status = home.run(&["status"]).ends(1).stdout;
    assert!(status.contains("stuck"), "{status}");
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

/// Asks why, where a scenario's trouble shows: the cause is named, the deciding question was answered, and it
/// cost these calls, each once, and no other beyond the listings and a look at the rollouts.
#[track_caller]
fn decided(scenario: &str, service: &str, question: &str, calls: &[&str]) {
    let (sim, home) = at_scenario(scenario);
    let report = home.run(&["why", service, "--json"]).json();
    assert_eq!(report["causes"][0]["id"], scenario, "{report}");
    let told = asked(&report);
    let deciding = told.iter().find(|(asked, _)| asked.starts_with(question));
    assert!(deciding.is_some_and(|(_, answered)| *answered), "{told:?}");
    let mut beyond = beyond(&sim);
    beyond.retain(|action| !ROLLOUTS.contains(&action.as_str()));
    assert_eq!(beyond, calls, "{scenario}");
    if report["verdict"] == "rolled_back" {
        // Not the revision that AWS went back to.
        let changed = report["changed"]["what"].as_str().unwrap();
        assert!(!changed.ends_with("(force new deployment)"), "{changed}");
        assert!(report["changed"]["at"].is_string(), "{report}");
    }
}

#[test]
fn an_image_that_is_not_there_is_asked_of_the_registry_alone() {
    decided(
        "image-not-found",
        "aistudio-dev",
        "is image ",
        &["DescribeImages"],
    );
}

#[test]
fn a_secret_that_is_not_there_is_asked_of_secrets_manager_alone() {
    decided(
        "secret-not-found",
        "euglena-gateway",
        "does secret ",
        &["DescribeSecret"],
    );
}

#[test]
fn a_log_group_that_is_not_there_is_asked_of_cloudwatch_logs_alone() {
    decided(
        "log-driver-failed",
        "short-drama-notifier",
        "does log group /ecs/short-drama/notifier",
        &["DescribeLogGroups"],
    );
}

#[test]
fn targets_that_fail_are_asked_of_the_load_balancer_alone() {
    decided(
        "target-unhealthy",
        "aistudio-dev",
        "the health of target group ",
        &["DescribeTargetGroups", "DescribeTargetHealth"],
    );
}

#[test]
fn room_that_is_missing_is_asked_of_the_hosts_alone() {
    decided(
        "insufficient-resources",
        "depot-api",
        "the instances of cluster ",
        &["DescribeContainerInstances", "ListContainerInstances"],
    );
}

#[test]
fn a_count_that_was_set_back_is_asked_of_autoscaling_alone() {
    decided(
        "autoscaler-override",
        "aistudio-dev",
        "what scales the service",
        &[
            "DescribeScalableTargets",
            "DescribeScalingActivities",
            "DescribeScalingPolicies",
        ],
    );
}

/// Every call that `why` makes of what a scenario is about: how many, and those beyond the listings.
fn calls_of_why(name: &str) -> (usize, Vec<String>) {
    let (sim, home) = at_scenario(name);
    let scenario = Scenario::builtin(name).unwrap();
    let truth = &scenario.truth()[0];
    let subject = truth
        .service
        .as_deref()
        .or(truth.family.as_deref())
        .unwrap();
    home.run(&["why", subject]);
    (sim.calls().len(), beyond(&sim))
}

#[test]
fn why_asks_nothing_beyond_the_listings_where_all_is_well_and_few_things_elsewhere() {
    let long = std::env::var_os("ECSDECK_LONG_TESTS").is_some();
    let names = Scenario::builtin_names();
    let some = [
        "steady",
        "scaled-to-zero",
        "scheduler-activity",
        "app-crash",
        "image-not-found",
        "start-impaired",
    ];
    for name in names.into_iter().filter(|name| long || some.contains(name)) {
        let (all, beyond) = calls_of_why(name);
        println!(
            "{name:<28}{all:>4} calls, beyond the listings {}: {}",
            beyond.len(),
            beyond.join(" ")
        );
        assert!(
            beyond.len() <= if name == "steady" { 0 } else { 16 },
            "{name}: {beyond:?}"
        );
    }
}

/// What captures the events of a cluster: a task whose log is the group that they are captured in.
const CAPTURE: &str = r#"
[[task_definition]]
family = "capture"
revision = 1
[[task_definition.container]]
name = "app"
image = "capture:1"
[task_definition.container.log]
group = "/aws/events/ecs/containerinsights/aistudio-dev/performance"
rate = 0.02
lines = ['EVENT']
[[service]]
name = "capture"
cluster = "aistudio-dev"
task_definition = "capture:1"
desired = 1
created = "-10d"
history = [{ at = "-3d", task_definition = "capture:1" }]
"#;

#[test]
fn what_aws_still_shows_is_not_looked_up_in_the_events_that_were_captured() {
    let event = json!({
        "version": "0", "detail-type": "ECS Task State Change", "source": "aws.ecs", "time": "2026-03-10T08:53:00Z",
        "detail": {
            "taskArn": "arn:aws:ecs:us-east-1:123456789012:task/aistudio-dev/0123456789abcdef0123456789abcdef",
            "clusterArn": "arn:aws:ecs:us-east-1:123456789012:cluster/aistudio-dev",
            "taskDefinitionArn": "arn:aws:ecs:us-east-1:123456789012:task-definition/aistudio-dev:32",
            "group": "service:aistudio-dev", "lastStatus": "STOPPED", "desiredStatus": "STOPPED",
            "createdAt": "2026-03-10T08:52:20Z", "stoppedAt": "2026-03-10T08:53:00Z", "stopCode": "TaskFailedToStart",
            "stoppedReason": "CannotPullContainerError: manifest for aistudio-dev:build-122 not found: manifest unknown",
            "containers": [{"name": "web", "lastStatus": "STOPPED"}],
        },
    });
    let world = include_str!("../../worlds/aistudio.toml");
    let world = format!("{world}{}", CAPTURE.replace("EVENT", &event.to_string()));
    let sim = Sim::with("aistudio", |options| {
        options.worlds = vec![World::parse(&world, "captured.toml").unwrap()];
        options.scenarios = vec![Scenario::builtin("circuit-breaker-tripped").unwrap()];
        options.epoch = Some("2026-03-10T09:00:00Z".parse().unwrap());
        options.paused = true;
    });
    let home = Home::on(&sim);
    let report = home.run(&["why", "aistudio-dev", "--json"]).ends(1).json();
    assert_eq!(report["verdict"], "rolled_back", "{report:#}");
    assert_eq!(report["causes"][0]["id"], "image-not-found", "{report:#}");
    // ECS's rollback is a note once its tasks are forgotten.
    sim.running().advance(Duration::from_secs(75 * 60));
    let report = home.run(&["why", "aistudio-dev", "--json"]).ends(0).json();
    assert_eq!(report["verdict"], "steady", "{report:#}");
    let lines = sim.calls_of("FilterLogEvents");
    assert!(lines.is_empty(), "{:?}", sim.counts());
}
