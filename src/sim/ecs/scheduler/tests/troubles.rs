//! Troubles: how worlds and scenarios have tasks fail in AWS's words.

use serde_json::{Value, json};

use crate::trial::{Trial, WEB, web};

fn troubled(desired: u32, service: &str, trouble: &str) -> Trial {
    Trial::new(&format!(
        "{}[[trouble]]\nname = 't'\ntask_definition = 'web:2'\n{trouble}\n",
        web(desired, service)
    ))
}

/// The first task that stopped for a trouble in a deployment of `web:2`.
fn victim(trouble: &str) -> Value {
    let mut trial = troubled(1, "", trouble);
    trial.deploy(2);
    trial.minutes(6);
    let arn = ":task-definition/web:2";
    let ours = |task: &Value| task["taskDefinitionArn"].as_str().unwrap().ends_with(arn);
    trial.tasks("STOPPED").into_iter().find(ours).unwrap()
}

#[test]
fn a_network_interface_that_is_not_made_stops_the_task_before_it_is_connected() {
    let reason = "Timeout waiting for network interface provisioning to complete.";
    let task = victim(&format!("stage = 'provision'\nreason = '{reason}'"));
    assert_eq!(
        (&task["stopCode"], &task["stoppedReason"]),
        (&json!("TaskFailedToStart"), &json!(reason))
    );
    assert_eq!(task.get("connectivityAt"), None);
}

#[test]
fn a_pull_that_fails_blames_the_container_and_names_its_image() {
    let task = victim(
        "stage = 'pull'\nreason = 'CannotPullContainerError: failed to resolve ref {image}: dial tcp: i/o timeout'",
    );
    let reason =
        "CannotPullContainerError: failed to resolve ref registry/web:1: dial tcp: i/o timeout";
    assert_eq!(task["containers"][0]["reason"], reason);
    assert_eq!(task["stoppedReason"], reason);
    assert_eq!(task["containers"][0].get("exitCode"), None);
    assert_ne!(task.get("pullStartedAt"), None);
}

#[test]
fn a_program_that_is_not_there_has_an_exit_code_though_it_never_ran() {
    let task = victim(
        "stage = 'start'\nexit_code = 127\nreason = 'CannotStartContainerError: exec: q: not found'",
    );
    assert_eq!(task["containers"][0]["exitCode"], 127);
    assert_eq!(task.get("startedAt"), None);
}

#[test]
fn a_container_that_is_killed_for_memory_has_code_137_and_says_why() {
    let task = victim(
        "stage = 'run'\nafter = '30s'\nexit_code = 137\nreason = 'OutOfMemoryError: Container killed due to memory usage'",
    );
    assert_eq!(task["stopCode"], "EssentialContainerExited");
    assert_eq!(task["stoppedReason"], "Essential container in task exited");
    let container = &task["containers"][0];
    assert_eq!(container["exitCode"], 137);
    assert_eq!(
        container["reason"],
        "OutOfMemoryError: Container killed due to memory usage"
    );
}

#[test]
fn spot_takes_tasks_back_with_its_own_stop_code() {
    let task = victim(
        "stage = 'run'\nafter = '20s'\ncode = 'SpotInterruption'\nreason = 'Your Spot Task was interrupted.'",
    );
    assert_eq!(task["stopCode"], "SpotInterruption");
    assert_eq!(task["stoppedReason"], "Your Spot Task was interrupted.");
}

#[test]
fn without_fargate_capacity_no_task_is_made_and_the_event_is_not_repeated() {
    let mut trial = troubled(
        1,
        "",
        "stage = 'place'\nreason = 'Capacity is unavailable at this time. Please try again later or in a different availability zone'",
    );
    trial.deploy(2);
    trial.minutes(120);
    let events: Vec<String> = trial
        .events()
        .into_iter()
        .filter(|e| e.contains("Capacity is unavailable"))
        .collect();
    assert_eq!(
        events.len(),
        1,
        "suppressed until it is resolved or six hours pass"
    );
    assert!(events[0].starts_with(
        "(service web) was unable to place a task. Reason: Capacity is unavailable at this time."
    ));
    assert_eq!(
        trial.deployments()[0].2,
        0,
        "what was never launched did not fail"
    );
    trial.minutes(360);
    let again = trial
        .events()
        .iter()
        .filter(|e| e.contains("Capacity is unavailable"))
        .count();
    assert_eq!(again, 2);
}

#[test]
fn run_task_tells_missing_capacity_as_a_failure() {
    let mut trial = troubled(
        1,
        "",
        "stage = 'place'\nreason = 'Capacity is unavailable at this time.'",
    );
    let network = json!({ "awsvpcConfiguration": { "subnets": ["subnet-1"] } });
    let input = json!({
        "cluster": "main", "taskDefinition": "web:2", "networkConfiguration": network,
        "launchType": "FARGATE", "count": 2,
    });
    let answer = trial.ecs("RunTask", input);
    assert_eq!(answer["tasks"], json!([]));
    assert_eq!(
        answer["failures"],
        json!([{ "reason": "Capacity is unavailable at this time." }])
    );
}

#[test]
fn a_task_that_is_registered_nowhere_holds_the_deployment() {
    let mut trial = troubled(
        1,
        "",
        "stage = 'register'\nevent = 'was unable to register instances in service discovery.'\nuntil = '10m'",
    );
    trial.deploy(2);
    trial.minutes(8);
    assert_eq!(trial.deployments()[0].1, "IN_PROGRESS");
    assert!(trial.events()[0].ends_with("service discovery."));
    trial.minutes(8);
    assert_eq!(trial.deployments()[0].1, "COMPLETED");
}

#[test]
fn a_trouble_that_hits_only_the_first_tasks_lets_the_next_through() {
    let mut trial = troubled(
        1,
        "",
        "stage = 'start'\nfirst = 2\nreason = 'CannotStartContainerError: x'",
    );
    trial.deploy(2);
    trial.minutes(15);
    assert_eq!(trial.deployments()[0].1, "COMPLETED");
    let failed = trial
        .tasks("STOPPED")
        .iter()
        .filter(|t| t["stopCode"] == "TaskFailedToStart")
        .count();
    assert_eq!(failed, 2);
}

#[test]
fn on_ec2_the_task_only_says_that_it_failed_to_start() {
    let mut trial = Trial::new(&format!(
        "{WEB}[[task_definition]]\nfamily = 'ec2'\nrevision = 1\nnetwork_mode = 'bridge'\nrequires = ['EC2']\n\
         [[task_definition.container]]\nname = 'app'\nimage = 'registry/web:missing'\n\
         [[container_instance]]\ncluster = 'main'\n\
         [[service]]\nname = 'web'\ncluster = 'main'\ntask_definition = 'ec2:1'\nlaunch = 'EC2'\ndesired = 1\n\
         fresh = true\ncreated = '0s'\n"
    ));
    trial.minutes(2);
    let task = trial.tasks("STOPPED").remove(0);
    assert_eq!(task["stoppedReason"], "Task failed to start");
    assert!(
        task["containers"][0]["reason"]
            .as_str()
            .unwrap()
            .starts_with("CannotPullContainerError")
    );
}

#[test]
fn who_ignores_sigterm_is_killed_after_30_seconds() {
    let stubborn = web(1, "").replace("name = 'app'\n", "name = 'app'\nignores_sigterm = true\n");
    let mut trial = Trial::new(&stubborn);
    let input = json!({ "cluster": "main", "service": "web", "desiredCount": 0 });
    trial.ecs("UpdateService", input);
    trial.pass(25);
    assert_eq!(trial.tasks("STOPPED")[0]["lastStatus"], "STOPPING");
    trial.minutes(1);
    assert_eq!(trial.tasks("STOPPED")[0]["containers"][0]["exitCode"], 137);
}
