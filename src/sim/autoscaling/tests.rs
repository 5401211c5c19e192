//! That a policy really changes the count, and what keeps it from doing so.

use serde_json::{Value, json};

use crate::service::Service;
use crate::trial::{Trial, web};

/// A service whose tasks share a load: at 210 % of one task's CPU, 70 % is three tasks.
fn trial(load: f64) -> Trial {
    target(load, "")
}

fn target(load: f64, further: &str) -> Trial {
    Trial::new(&format!(
        "{}
[[metric]]
namespace = 'AWS/ECS'
name = 'CPUUtilization'
dimensions = {{ ClusterName = 'main', ServiceName = 'web' }}
unit = 'Percent'
value = {load:.1}
noise = 0.0
shared_by = 'web'
[[scalable_target]]
service = 'web'
min = 1
max = 6
{further}
[[scalable_target.policy]]
name = 'cpu'
target = 70.0
predefined = 'ECSServiceAverageCPUUtilization'
",
        web(2, "")
    ))
}

fn ask(trial: &mut Trial, action: &str, input: Value) -> Value {
    let mut whole = json!({ "ServiceNamespace": "ecs" });
    if let (Some(whole), Value::Object(input)) = (whole.as_object_mut(), input) {
        whole.extend(input);
    }
    trial.ask(Service::AutoScaling, action, whole).unwrap()
}

fn desired(trial: &mut Trial) -> u64 {
    trial.service()["desiredCount"].as_u64().unwrap()
}

fn register(trial: &mut Trial, input: Value) -> Value {
    let mut whole = json!({
        "ResourceId": "service/main/web", "ScalableDimension": "ecs:service:DesiredCount",
    });
    if let (Some(whole), Value::Object(input)) = (whole.as_object_mut(), input) {
        whole.extend(input);
    }
    ask(trial, "RegisterScalableTarget", whole)
}

#[test]
fn a_load_above_the_target_scales_out_to_as_many_tasks_as_bring_it_there() {
    let mut trial = trial(205.0);
    trial.minutes(12);
    assert_eq!(desired(&mut trial), 3);
    let activities = ask(&mut trial, "DescribeScalingActivities", json!({}));
    let last = &activities["ScalingActivities"][0];
    assert_eq!(last["Description"], "Setting desired count to 3.");
    assert_eq!(last["StatusCode"], "Successful");
    let cause = last["Cause"].as_str().unwrap();
    assert!(
        cause.starts_with("monitor alarm TargetTracking-service/main/web-AlarmHigh-"),
        "{cause}"
    );
    assert!(
        cause.ends_with("in state ALARM triggered policy cpu"),
        "{cause}"
    );
}

#[test]
fn a_low_load_scales_in_after_fifteen_minutes_but_not_below_the_least() {
    let mut trial = trial(10.0);
    trial.minutes(30);
    assert_eq!(desired(&mut trial), 1);
}

#[test]
fn at_the_most_nothing_is_done_and_the_activity_says_why() {
    let mut trial = trial(900.0);
    trial.minutes(30);
    assert_eq!(desired(&mut trial), 6);
    let input = json!({ "IncludeNotScaledActivities": true });
    let all = ask(&mut trial, "DescribeScalingActivities", input);
    let reason = &all["ScalingActivities"][0]["NotScaledReasons"][0];
    assert_eq!(reason["Code"], "AlreadyAtMaxCapacity");
    let scaled = ask(&mut trial, "DescribeScalingActivities", json!({}));
    let count = |answer: &Value| answer["ScalingActivities"].as_array().unwrap().len();
    assert!(count(&scaled) < count(&all));
}

#[test]
fn what_is_suspended_does_not_scale_until_it_is_resumed() {
    let mut trial = target(205.0, "suspended = true");
    let resume = |member: &str| json!({ "SuspendedState": { member: false } });
    register(&mut trial, resume("DynamicScalingInSuspended"));
    let targets = ask(&mut trial, "DescribeScalableTargets", json!({}));
    let target = &targets["ScalableTargets"][0];
    assert_eq!(
        (&target["MinCapacity"], &target["MaxCapacity"]),
        (&json!(1), &json!(6)),
        "bounds stay"
    );
    assert_eq!(target["SuspendedState"]["DynamicScalingOutSuspended"], true);
    assert_eq!(target["SuspendedState"]["DynamicScalingInSuspended"], false);
    trial.minutes(15);
    assert_eq!(desired(&mut trial), 2);
    register(&mut trial, resume("DynamicScalingOutSuspended"));
    trial.minutes(15);
    assert_eq!(desired(&mut trial), 3);
}

#[test]
fn a_manual_count_is_overwritten() {
    let mut trial = trial(205.0);
    trial.minutes(12);
    let input = json!({ "cluster": "main", "service": "web", "desiredCount": 1 });
    trial.ecs("UpdateService", input);
    trial.minutes(12);
    assert_eq!(desired(&mut trial), 3);
}

#[test]
fn a_policy_is_shown_with_the_alarms_that_it_made() {
    let mut trial = trial(100.0);
    let policies = ask(
        &mut trial,
        "DescribeScalingPolicies",
        json!({ "ResourceId": "service/main/web" }),
    );
    let policy = &policies["ScalingPolicies"][0];
    assert_eq!(
        policy["TargetTrackingScalingPolicyConfiguration"]["TargetValue"],
        70.0
    );
    let name = policy["Alarms"][0]["AlarmName"]
        .as_str()
        .unwrap()
        .to_owned();
    let alarms = trial
        .ask(
            Service::CloudWatch,
            "DescribeAlarms",
            json!({ "AlarmNames": [name] }),
        )
        .unwrap();
    assert_eq!(alarms["MetricAlarms"][0]["Threshold"], 70.0);
}

#[test]
fn a_service_that_does_not_exist_cannot_be_registered() {
    let mut trial = trial(100.0);
    let input = json!({
        "ServiceNamespace": "ecs", "ResourceId": "service/main/wbe",
        "ScalableDimension": "ecs:service:DesiredCount", "MinCapacity": 1, "MaxCapacity": 2,
    });
    let error = trial
        .ask(Service::AutoScaling, "RegisterScalableTarget", input)
        .unwrap_err();
    assert_eq!(error.message, "ECS service doesn't exist: service/main/wbe");
}
