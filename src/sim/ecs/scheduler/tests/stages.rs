//! Lifecycle hooks, pauses, bake time, and blue/green.

use serde_json::{Value, json};

use crate::trial::{Trial, web};

fn record(trial: &mut Trial) -> Value {
    let arn = trial.service()["currentServiceDeployment"].clone();
    let input = json!({ "serviceDeploymentArns": [arn] });
    trial.ecs("DescribeServiceDeployments", input)["serviceDeployments"][0].take()
}

#[test]
fn a_pause_holds_the_deployment_until_somebody_continues() {
    let mut trial = Trial::new(&web(
        2,
        "hooks = [{ stage = 'PRE_SCALE_UP', target = 'pause' }]",
    ));
    trial.deploy(2);
    trial.minutes(60);
    let told = record(&mut trial);
    assert_eq!(told["lifecycleStage"], "PRE_SCALE_UP");
    let hook = &told["lifecycleHookDetails"][0];
    assert_eq!(
        (&hook["status"], &hook["targetType"]),
        (&json!("AWAITING_ACTION"), &json!("PAUSE"))
    );
    assert_eq!(trial.service()["pendingCount"], 0);
    let input = json!({
        "serviceDeploymentArn": told["serviceDeploymentArn"], "hookId": hook["hookId"],
    });
    trial.ecs("ContinueServiceDeployment", input.clone());
    trial.minutes(5);
    assert_eq!(record(&mut trial)["status"], "SUCCESSFUL");
    let again = trial.ecs_error("ContinueServiceDeployment", input);
    assert_eq!(again.code, "ConflictException");
}

#[test]
fn a_pause_that_is_answered_with_rollback_goes_back() {
    let mut trial = Trial::new(&web(
        2,
        "hooks = [{ stage = 'POST_SCALE_UP', target = 'pause' }]",
    ));
    trial.deploy(2);
    trial.minutes(5);
    let told = record(&mut trial);
    let input = json!({
        "serviceDeploymentArn": told["serviceDeploymentArn"],
        "hookId": told["lifecycleHookDetails"][0]["hookId"],
        "action": "ROLLBACK",
    });
    trial.ecs("ContinueServiceDeployment", input);
    trial.minutes(6);
    assert_eq!(record(&mut trial)["status"], "ROLLBACK_SUCCESSFUL");
}

#[test]
fn a_pause_times_out_after_a_day_and_rolls_back() {
    let mut trial = Trial::new(&web(
        1,
        "hooks = [{ stage = 'PRE_SCALE_UP', target = 'pause' }]",
    ));
    trial.deploy(2);
    trial.minutes(1_439);
    assert_eq!(record(&mut trial)["status"], "IN_PROGRESS");
    trial.minutes(10);
    let told = record(&mut trial);
    assert_eq!(told["status"], "ROLLBACK_SUCCESSFUL");
    assert_eq!(told["lifecycleHookDetails"][0]["status"], "TIMED_OUT");
}

#[test]
fn a_hook_that_fails_rolls_back_and_says_which_stage() {
    let hook = "hooks = [{ stage = 'PRE_SCALE_UP', answer = 'FAILED', after = '20s', \
                words = 'ECS was unable to parse the response from arn:x due to: HookStatus must not be null.' }]";
    let mut trial = Trial::new(&web(2, hook));
    trial.deploy(2);
    trial.minutes(5);
    let why = "Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed. \
               ECS was unable to parse the response from arn:x due to: HookStatus must not be null.";
    assert!(trial.events().iter().any(|event| event.ends_with(why)));
    assert_eq!(record(&mut trial)["statusReason"], why);
}

#[test]
fn blue_tasks_stay_until_green_ones_have_the_traffic_and_have_baked() {
    let mut trial = Trial::new(&web(2, "strategy = 'BLUE_GREEN'\nbake_minutes = 5"));
    trial.deploy(2);
    trial.minutes(3);
    let told = record(&mut trial);
    assert_eq!(told["lifecycleStage"], "BAKE_TIME");
    assert_eq!(
        told["targetServiceRevision"]["requestedProductionTrafficWeight"],
        100.0
    );
    assert_eq!(trial.service()["runningCount"], 4);
    trial.minutes(8);
    assert_eq!(trial.service()["runningCount"], 2);
    assert_eq!(record(&mut trial)["status"], "SUCCESSFUL");
}
