//! Load balancers: registration, checks, grace, draining.

use serde_json::{Value, json};

use crate::trial::{Trial, web};

fn balanced(desired: u32, group: &str, further: &str) -> String {
    format!(
        "{}[[target_group]]\nname = 'tg'\ninterval = 10\nderegistration_delay = '60s'\n{group}\n",
        web(
            desired,
            &format!(
                "load_balancers = [{{ target_group = 'tg', container = 'app', port = 8080 }}]\n{further}"
            )
        )
    )
}

fn stopped(trial: &mut Trial) -> Vec<Value> {
    trial.tasks("STOPPED")
}

#[test]
fn a_deployment_waits_until_its_targets_are_healthy() {
    let mut trial = Trial::new(&balanced(
        1,
        "healthy_after = '90s'\nunhealthy_threshold = 10",
        "",
    ));
    trial.deploy(2);
    trial.minutes(2);
    assert_eq!(
        trial.service()["runningCount"],
        2,
        "the old task stays while the new one is checked"
    );
    trial.minutes(4);
    assert_eq!(trial.deployments()[0].1, "COMPLETED");
    let events = trial.events();
    assert!(events.iter().any(|e| {
        e.contains("registered 1 targets in (target-group arn:aws:elasticloadbalancing:")
    }));
    assert!(
        events
            .iter()
            .any(|e| e.contains("deregistered 1 targets in (target-group"))
    );
    assert!(
        events
            .iter()
            .any(|e| e.ends_with("has begun draining connections on 1 tasks."))
    );
}

#[test]
fn a_task_that_fails_elb_checks_is_replaced_and_says_so() {
    let fault = "fault = 'Health checks failed with these codes: [503]'";
    let mut trial = Trial::new(&balanced(1, fault, ""));
    trial.minutes(2);
    let task = stopped(&mut trial).remove(0);
    let reason = task["stoppedReason"].as_str().unwrap();
    assert!(reason.starts_with(
        "Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:"
    ));
    assert_eq!(task["stopCode"], "ServiceSchedulerInitiated");
    let events = trial.events();
    assert!(
        events
            .iter()
            .any(|e| e.contains("(port 8080) is unhealthy in (target-group")
                && e.ends_with("due to (reason Health checks failed with these codes: [503])."))
    );
    assert!(
        events
            .iter()
            .any(|e| e.ends_with("Amazon ECS replaced 1 tasks due to an unhealthy status."))
    );
}

#[test]
fn elb_failures_count_as_failed_tasks_but_throttle_nothing() {
    let mut trial = Trial::new(&balanced(1, "", ""));
    trial.deploy(2);
    trial
        .engine
        .ecs
        .set_target_fault("tg", Some("Request timed out".to_owned()));
    trial.minutes(45);
    assert!(trial.deployments()[0].2 > 10, "{:?}", trial.deployments());
    assert!(
        trial
            .events()
            .iter()
            .all(|e| !e.contains("unable to consistently start"))
    );
}

#[test]
fn elb_failures_trip_the_breaker() {
    let mut trial = Trial::new(&balanced(
        2,
        "",
        "breaker = { enable = true, rollback = true }",
    ));
    trial.deploy(2);
    trial
        .engine
        .ecs
        .set_target_fault("tg", Some("Health checks failed".to_owned()));
    for _ in 0..600 {
        trial.pass(1);
    }
    assert!(
        trial
            .events()
            .iter()
            .any(|e| e.contains("rolling back to deployment"))
    );
}

#[test]
fn the_grace_period_ignores_elb_checks() {
    let slow = "healthy_after = '100s'";
    let mut short = Trial::new(&balanced(1, slow, "grace = '30s'"));
    short.deploy(2);
    short.minutes(3);
    assert!(
        !stopped(&mut short).is_empty(),
        "slower than the grace period"
    );
    let mut long = Trial::new(&balanced(1, slow, "grace = '300s'"));
    long.deploy(2);
    long.minutes(8);
    assert_eq!(long.deployments()[0].1, "COMPLETED");
    let reasons: Vec<Value> = stopped(&mut long)
        .iter()
        .map(|t| t["stoppedReason"].clone())
        .collect();
    assert!(
        reasons
            .iter()
            .all(|r| r.as_str().unwrap().starts_with("Scaling activity")),
        "{reasons:?}"
    );
}

#[test]
fn a_target_drains_as_long_as_its_group_says() {
    let mut trial = Trial::new(&balanced(1, "", ""));
    let input = json!({ "cluster": "main", "service": "web", "desiredCount": 0 });
    trial.ecs("UpdateService", input);
    trial.pass(50);
    assert_eq!(stopped(&mut trial)[0]["lastStatus"], "DEACTIVATING");
    trial.pass(60);
    assert_eq!(stopped(&mut trial)[0]["lastStatus"], "STOPPED");
}

#[test]
fn targets_that_recover_in_time_keep_their_task() {
    let mut trial = Trial::new(&balanced(1, "", "grace = '600s'"));
    trial.deploy(2);
    trial.minutes(1);
    trial
        .engine
        .ecs
        .set_target_fault("tg", Some("Health checks failed".to_owned()));
    trial.minutes(2);
    trial.engine.ecs.set_target_fault("tg", None);
    trial.minutes(8);
    assert_eq!(trial.deployments()[0].1, "COMPLETED");
}
