//! Breakers, alarms, rollbacks, and where they end.

use serde_json::{Value, json};

use crate::bus::AlarmState;
use crate::trial::{Trial, web};

const BREAKER: &str = "breaker = { enable = true, rollback = true }";

fn record(trial: &mut Trial, at: usize) -> Value {
    let input = json!({ "cluster": "main", "service": "web" });
    let list = trial.ecs("ListServiceDeployments", input);
    let arn = list["serviceDeployments"][at]["serviceDeploymentArn"].clone();
    let input = json!({ "serviceDeploymentArns": [arn] });
    trial.ecs("DescribeServiceDeployments", input)["serviceDeployments"][0].take()
}

fn image(trial: &mut Trial, tag: &str, exists: bool) {
    trial.engine.ecs.supply.set_tag("registry/web", tag, exists);
}

#[test]
fn without_a_completed_deployment_a_failed_one_is_stalled() {
    let fresh = web(
        2,
        "breaker = { enable = true, rollback = true }\nfresh = true\ncreated = '-10s'",
    )
    .replace("task_definition = 'web:1'", "task_definition = 'web:3'");
    let mut trial = Trial::new(&fresh);
    trial.minutes(10);
    let deployments = trial.deployments();
    assert_eq!(deployments.len(), 1);
    assert_eq!(deployments[0].1, "FAILED");
    assert!(deployments[0].2 >= 3);
    let before = trial.tasks("STOPPED").len();
    trial.minutes(30);
    assert_eq!(
        trial.tasks("STOPPED").len(),
        before,
        "a stalled deployment starts nothing"
    );
    assert!(
        trial
            .events()
            .iter()
            .all(|event| !event.contains("rolling back"))
    );
}

#[test]
fn a_deployment_that_replaces_a_rollback_in_progress_stalls_when_it_fails() {
    let mut trial = Trial::new(&web(2, BREAKER));
    trial.deploy(3);
    while !trial.events()[0].contains("rolling back") {
        trial.pass(1);
    }
    // Now the rollback is under way; another bad deployment replaces it at once.
    trial.deploy(3);
    let input = json!({ "cluster": "main", "service": "web", "forceNewDeployment": true });
    trial.ecs("UpdateService", input);
    trial.minutes(10);
    let deployments = trial.deployments();
    assert_eq!(
        (deployments[0].0.as_str(), deployments[0].1.as_str()),
        ("PRIMARY", "FAILED")
    );
    assert_eq!(record(&mut trial, 0)["status"], "STOPPED");
}

#[test]
fn a_rollback_that_fails_too_ends_as_rollback_failed() {
    let mut trial = Trial::new(&web(
        2,
        &format!("{BREAKER}\nmin_percent = 0\nmax_percent = 100"),
    ));
    trial.deploy(3);
    image(&mut trial, "1", false);
    trial.minutes(20);
    let failed = record(&mut trial, 0);
    assert_eq!(failed["status"], "ROLLBACK_FAILED");
    assert!(
        failed["rollback"]["reason"]
            .as_str()
            .unwrap()
            .contains("circuit breaker")
    );
    assert_eq!(trial.deployments()[0].1, "FAILED");
    assert_eq!(trial.service()["runningCount"], 0);
}

#[test]
fn the_target_of_a_rolled_back_deployment_is_the_bad_revision() {
    let mut trial = Trial::new(&web(2, BREAKER));
    let good = trial.service()["currentServiceRevisions"][0]["arn"].clone();
    trial.deploy(3);
    trial.minutes(10);
    let record = record(&mut trial, 0);
    assert_eq!(record["status"], "ROLLBACK_SUCCESSFUL");
    assert_eq!(record["rollback"]["serviceRevisionArn"], good);
    assert_ne!(record["targetServiceRevision"]["arn"], good);
    assert_eq!(record["deploymentCircuitBreaker"]["status"], "TRIGGERED");
    assert_eq!(record["deploymentCircuitBreaker"]["failureCount"], 3);
}

#[test]
fn a_threshold_of_type_count_trips_after_as_many_failures() {
    let count =
        "breaker = { enable = true, rollback = false, threshold = { type = 'COUNT', value = 5 } }";
    let mut trial = Trial::new(&web(1, count));
    trial.deploy(3);
    trial.minutes(30);
    assert_eq!(trial.deployments()[0].2, 5);
    assert_eq!(
        record(&mut trial, 0)["deploymentCircuitBreaker"]["threshold"],
        5
    );
}

/// A revision 5 of which every other task fails for a while, so that some run in between.
fn flaky(further: &str) -> String {
    format!(
        "{}[[task_definition]]\nfamily = 'web'\nrevision = 5\nlike = 1\n\
         [[trouble]]\nname = 'flaky'\nstage = 'start'\ntask_definition = 'web:5'\nshare = 0.7\n\
         reason = 'CannotStartContainerError: x'\n",
        web(4, further)
    )
}

#[test]
fn failures_are_not_evaluated_any_more_once_a_task_has_run() {
    let mut trial = Trial::new(&flaky(BREAKER));
    trial.deploy(5);
    trial.minutes(60);
    assert!(
        trial
            .deployments()
            .iter()
            .all(|(_, rollout, _)| rollout != "FAILED")
    );
}

#[test]
fn without_reset_on_healthy_task_failures_add_up() {
    let counting = "breaker = { enable = true, rollback = true, reset_on_healthy = false }";
    let mut trial = Trial::new(&flaky(counting));
    trial.deploy(5);
    trial.minutes(10);
    assert_eq!(
        record(&mut trial, 0)["deploymentCircuitBreaker"]["status"],
        "TRIGGERED"
    );
}

const ALARMS: &str = "alarms = { names = ['web-5xx'], rollback = true }";

#[test]
fn an_alarm_fails_the_deployment_and_rolls_it_back() {
    let mut trial = Trial::new(&web(2, ALARMS));
    let before = trial.service()["taskDefinition"].clone();
    trial.deploy(2);
    trial.minutes(1);
    trial
        .engine
        .ecs
        .alarm_told("web-5xx", AlarmState::Alarm, "Threshold Crossed");
    trial.pass(10);
    let events = trial.events();
    assert!(
        events
            .iter()
            .any(|e| e.ends_with("deployment failed: alarm detected.")),
        "{events:?}"
    );
    let told = record(&mut trial, 0);
    assert_eq!(told["alarms"]["status"], "TRIGGERED");
    assert_eq!(told["alarms"]["triggeredAlarmNames"], json!(["web-5xx"]));
    trial.minutes(10);
    assert_eq!(trial.service()["taskDefinition"], before);
    assert_eq!(record(&mut trial, 0)["status"], "ROLLBACK_SUCCESSFUL");
}

#[test]
fn an_alarm_already_in_alarm_at_the_start_disables_monitoring() {
    let mut trial = Trial::new(&web(2, ALARMS));
    trial
        .engine
        .ecs
        .alarm_told("web-5xx", AlarmState::Alarm, "Threshold Crossed");
    trial.deploy(2);
    trial.minutes(10);
    let told = record(&mut trial, 0);
    assert_eq!(
        (&told["status"], &told["alarms"]["status"]),
        (&json!("SUCCESSFUL"), &json!("DISABLED"))
    );
}

#[test]
fn with_alarms_a_deployment_is_in_progress_through_its_bake_time() {
    let mut trial = Trial::new(&web(1, ALARMS));
    trial.deploy(2);
    trial.minutes(3);
    assert_eq!(trial.deployments()[0].1, "IN_PROGRESS");
    assert_eq!(record(&mut trial, 0)["lifecycleStage"], "BAKE_TIME");
    trial.minutes(4);
    assert_eq!(trial.deployments()[0].1, "COMPLETED");
}

#[test]
fn a_stop_goes_through_rollback_requested_and_may_be_asked_for_twice() {
    let mut trial = Trial::new(&web(2, ""));
    trial.deploy(3);
    let arn = trial.service()["currentServiceDeployment"].clone();
    assert_eq!(record(&mut trial, 0)["status"], "PENDING");
    trial.minutes(1);
    let input = json!({ "serviceDeploymentArn": arn });
    trial.ecs("StopServiceDeployment", input.clone());
    assert_eq!(record(&mut trial, 0)["status"], "ROLLBACK_REQUESTED");
    trial.ecs("StopServiceDeployment", input.clone());
    trial.pass(2);
    assert_eq!(record(&mut trial, 0)["status"], "ROLLBACK_IN_PROGRESS");
    trial.ecs("StopServiceDeployment", input.clone());
    trial.minutes(5);
    assert_eq!(record(&mut trial, 0)["status"], "ROLLBACK_SUCCESSFUL");
    let error = trial.ecs_error("StopServiceDeployment", input);
    assert_eq!(error.code, "ConflictException");
}

#[test]
fn a_newer_deployment_moves_the_older_to_stop_requested_and_stopped() {
    let mut trial = Trial::new(&web(2, ""));
    trial.deploy(3);
    trial.minutes(1);
    trial.deploy(2);
    assert_eq!(record(&mut trial, 1)["status"], "STOP_REQUESTED");
    trial.pass(5);
    assert_eq!(record(&mut trial, 1)["status"], "STOPPED");
}

#[test]
fn a_replaced_deployment_is_active_then_inactive_then_gone() {
    let mut trial = Trial::new(&web(1, ""));
    trial.deploy(2);
    let mut seen: Vec<String> = Vec::new();
    for _ in 0..300 {
        trial.pass(1);
        let others = trial.deployments().into_iter().skip(1);
        let status = others.map(|(status, ..)| status).next();
        let status = status.unwrap_or_else(|| "gone".to_owned());
        if seen.last() != Some(&status) {
            seen.push(status);
        }
    }
    assert_eq!(seen, ["ACTIVE", "INACTIVE", "gone"]);
}
