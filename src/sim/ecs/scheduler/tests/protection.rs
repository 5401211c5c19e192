//! Task protection, and controllers other than ECS.

use serde_json::{Value, json};

use crate::trial::{Trial, WEB, web};

fn protect(trial: &mut Trial, enabled: bool) -> Value {
    let tasks: Vec<Value> = trial
        .tasks("RUNNING")
        .iter()
        .map(|t| t["taskArn"].clone())
        .collect();
    let input = json!({ "cluster": "main", "tasks": tasks, "protectionEnabled": enabled, "expiresInMinutes": 60 });
    trial.ecs("UpdateTaskProtection", input)
}

#[test]
fn protected_tasks_are_not_scaled_in_until_they_are_free() {
    let mut trial = Trial::new(&web(3, ""));
    let answer = protect(&mut trial, true);
    assert_eq!(answer["protectedTasks"].as_array().unwrap().len(), 3);
    assert_eq!(answer["protectedTasks"][0]["protectionEnabled"], true);
    let input = json!({ "cluster": "main", "service": "web", "desiredCount": 1 });
    trial.ecs("UpdateService", input);
    trial.minutes(30);
    assert_eq!(trial.service()["runningCount"], 3);
    assert!(trial.events()[0].contains("was unable to scale in. Reason: The number of protected tasks are more than the desired count"));
    trial.minutes(32);
    assert_eq!(trial.service()["runningCount"], 1, "protection expires");
}

#[test]
fn protected_tasks_hold_up_a_deployment() {
    let mut trial = Trial::new(&web(2, ""));
    protect(&mut trial, true);
    trial.deploy(2);
    trial.minutes(20);
    assert_eq!(trial.deployments()[0].1, "IN_PROGRESS");
    assert_eq!(trial.service()["runningCount"], 4);
    let old = trial
        .tasks("RUNNING")
        .into_iter()
        .filter(|t| t["taskDefinitionArn"].as_str().unwrap().ends_with("web:1"));
    let old: Vec<Value> = old.map(|t| t["taskArn"].clone()).collect();
    let input = json!({ "cluster": "main", "tasks": old, "protectionEnabled": false });
    trial.ecs("UpdateTaskProtection", input);
    trial.minutes(3);
    assert_eq!(trial.deployments()[0].1, "COMPLETED");
}

#[test]
fn only_tasks_of_services_can_be_protected() {
    let mut trial = Trial::new(WEB);
    let input = json!({
        "cluster": "main", "taskDefinition": "web:1", "launchType": "FARGATE",
        "networkConfiguration": { "awsvpcConfiguration": { "subnets": ["subnet-1"] } },
    });
    let task = trial.ecs("RunTask", input)["tasks"][0]["taskArn"].take();
    let input =
        json!({ "cluster": "main", "tasks": [task, "0".repeat(32)], "protectionEnabled": true });
    let answer = trial.ecs("UpdateTaskProtection", input);
    assert_eq!(answer["protectedTasks"], json!([]));
    assert_eq!(answer["failures"][0]["reason"], "TASK_NOT_VALID");
    assert_eq!(answer["failures"][1]["reason"], "MISSING");
}

#[test]
fn code_deploy_services_have_task_sets_and_refuse_a_task_definition() {
    let mut trial = Trial::new(&web(2, "controller = 'CODE_DEPLOY'"));
    let service = trial.service();
    assert_eq!(service["deployments"], json!([]));
    assert_eq!(service["taskSets"][0]["status"], "PRIMARY");
    assert_eq!(service["taskSets"][0]["runningCount"], 2);
    let input = |member: Value| {
        let mut all = json!({ "cluster": "main", "service": "web" });
        all.as_object_mut()
            .unwrap()
            .extend(member.as_object().unwrap().clone());
        all
    };
    let error = trial.ecs_error("UpdateService", input(json!({ "taskDefinition": "web:2" })));
    assert_eq!(error.code, "InvalidParameterException");
    assert_eq!(
        error.message,
        "Unable to update task definition on services with a CODE_DEPLOY deployment controller. \
         Use AWS CodeDeploy to trigger a new deployment."
    );
    trial.ecs("UpdateService", input(json!({ "desiredCount": 3 })));
    trial.minutes(3);
    assert_eq!(trial.service()["runningCount"], 3);
    assert!(trial.events()[1].starts_with("(service web, taskSet ecs-svc/"));
    let error = trial.ecs_error("ListServiceDeployments", input(json!({})));
    assert_eq!(error.code, "UnsupportedFeatureException");
}

#[test]
fn external_services_refuse_their_deployment_configuration_too() {
    let mut trial = Trial::new(&web(1, "controller = 'EXTERNAL'"));
    let input = json!({
        "cluster": "main", "service": "web", "deploymentConfiguration": { "maximumPercent": 150 },
    });
    assert_eq!(
        trial.ecs_error("UpdateService", input).code,
        "InvalidParameterException"
    );
}
