//! Container instances, capacity providers, Fargate: where tasks fit and where not.

use serde_json::{Value, json};

use crate::trial::{EPOCH, Trial, WEB};
use crate::world::InstanceState;

/// Instances, and a definition for them that wants 1,024 CPU units and 2,048 MiB.
fn fleet(instances: &str, definition: &str, service: &str) -> String {
    format!(
        "{WEB}[[task_definition]]\nfamily = 'big'\nrevision = 1\ncpu = 1024\nmemory = 2048\n\
         network_mode = 'bridge'\nrequires = ['EC2']\n{definition}\n\
         [[task_definition.container]]\nname = 'app'\nimage = 'registry/web:1'\nport = 80\n\
         {instances}\n[[service]]\nname = 'web'\ncluster = 'main'\ntask_definition = 'big:1'\n\
         launch = 'EC2'\n{service}\n"
    )
}

fn instance(further: &str) -> String {
    format!("[[container_instance]]\ncluster = 'main'\nec2 = 'i-1'\n{further}\n")
}

fn scale(trial: &mut Trial, count: u32) {
    let input = json!({ "cluster": "main", "service": "web", "desiredCount": count });
    trial.ecs("UpdateService", input);
}

/// The newest event of a service of two tasks, one of which does not fit.
fn refused(instances: &str, definition: &str) -> String {
    let mut trial = Trial::new(&fleet(instances, definition, "desired = 0"));
    scale(&mut trial, 9);
    trial.minutes(3);
    trial
        .events()
        .into_iter()
        .find(|event| event.contains("unable to place"))
        .unwrap()
}

#[test]
fn a_task_that_fits_nowhere_is_not_placed_and_the_event_says_what_lacks() {
    let small = instance("cpu = 2048\nmemory = 16000");
    assert!(refused(&small, "").contains("has insufficient CPU units available"));
    let forgetful = instance("cpu = 20480\nmemory = 4096");
    assert!(refused(&forgetful, "").contains("has insufficient memory available"));
    let plain = instance("cpu = 20480\nmemory = 40960");
    let picky = "attributes = { rack = 'a' }";
    assert!(refused(&plain, picky).contains("is missing an attribute required by your task"));
    let deaf = instance("cpu = 20480\nmemory = 40960\nagent_connected = false");
    assert!(refused(&deaf, "").contains("encountered error \"AGENT\""));
    let event = refused(&small, "");
    assert!(event.starts_with(
        "(service web) was unable to place a task because no container instance met all of its requirements. \
         The closest matching (container-instance "
    ));
}

#[test]
fn a_cluster_without_instances_says_so() {
    assert!(refused("", "").contains("Reason: No Container Instances were found in your cluster."));
}

#[test]
fn an_empty_capacity_provider_says_so() {
    let provider = "[[capacity_provider]]\nname = 'gpu'\ncluster = 'main'";
    let mut trial = Trial::new(&fleet(
        provider,
        "",
        "desired = 1\ncapacity_provider = 'gpu'",
    ));
    trial.minutes(2);
    let why = "No Container Instances were found in your capacity provider.";
    assert!(trial.events()[0].contains(why));
    let service = trial.service();
    assert_eq!(
        service["capacityProviderStrategy"][0]["capacityProvider"],
        "gpu"
    );
    assert_eq!(service.get("launchType"), None);
}

#[test]
fn a_fixed_host_port_lets_one_task_on_each_instance() {
    let rest = fleet(&instance("cpu = 20480\nmemory = 40960"), "", "desired = 0")
        .replace("port = 80", "port = 80\nhost_port = 8080");
    let mut trial = Trial::new(&rest);
    scale(&mut trial, 2);
    trial.minutes(3);
    assert_eq!(trial.service()["runningCount"], 1);
    assert!(trial.events()[0].contains("is already using a port required by your task"));
}

#[test]
fn a_gpu_is_taken_by_one_task_only() {
    let rest = fleet(
        &instance("cpu = 20480\nmemory = 40960\ngpus = 1"),
        "",
        "desired = 0",
    )
    .replace("port = 80", "port = 80\ngpus = 1");
    let mut trial = Trial::new(&rest);
    scale(&mut trial, 2);
    trial.minutes(3);
    assert_eq!(trial.service()["runningCount"], 1);
    let input = json!({ "cluster": "main", "taskDefinition": "big:1", "launchType": "EC2" });
    let answer = trial.ecs("RunTask", input);
    assert_eq!(answer["tasks"], json!([]));
    assert_eq!(answer["failures"][0]["reason"], "RESOURCE:GPU");
}

#[test]
fn run_task_answers_with_tasks_and_failures_in_one_200() {
    let mut trial = Trial::new(&fleet(&instance("cpu = 2048"), "", "desired = 0"));
    let input = json!({
        "cluster": "main", "taskDefinition": "big:1", "launchType": "EC2", "count": 5,
    });
    let answer = trial.ecs("RunTask", input);
    assert_eq!(answer["tasks"].as_array().unwrap().len(), 2);
    let failure = &answer["failures"][0];
    assert_eq!(failure["reason"], "RESOURCE:CPU");
    assert!(
        failure["arn"]
            .as_str()
            .unwrap()
            .contains(":container-instance/main/")
    );
}

#[test]
fn run_task_refuses_ec2_where_there_is_no_instance() {
    let mut trial = Trial::new(&fleet("", "", "desired = 0"));
    let input = json!({ "cluster": "main", "taskDefinition": "big:1", "launchType": "EC2" });
    let error = trial.ecs_error("RunTask", input);
    assert_eq!(
        error.message,
        "No Container Instances were found in your cluster."
    );
}

#[test]
fn fargate_spot_is_no_launch_type() {
    let mut trial = Trial::new(WEB);
    let network = json!({ "awsvpcConfiguration": { "subnets": ["subnet-1"] } });
    let mut input = json!({
        "cluster": "main", "taskDefinition": "web:1", "networkConfiguration": network,
        "launchType": "FARGATE_SPOT",
    });
    assert_eq!(
        trial.ecs_error("RunTask", input.clone()).code,
        "InvalidParameterException"
    );
    let members = input.as_object_mut().unwrap();
    members.remove("launchType");
    let strategy = json!([{ "capacityProvider": "FARGATE_SPOT" }]);
    members.insert("capacityProviderStrategy".to_owned(), strategy);
    let answer = trial.ecs("RunTask", input);
    assert_eq!(answer["tasks"][0]["capacityProviderName"], "FARGATE_SPOT");
    assert_eq!(answer["tasks"][0]["launchType"], "FARGATE");
}

#[test]
fn the_quota_of_vcpus_stops_fargate_tasks() {
    let rest = format!("[fargate]\nvcpus = 1\n{}", crate::trial::web(4, ""));
    let mut trial = Trial::new(&rest);
    scale(&mut trial, 6);
    trial.minutes(2);
    assert_eq!(trial.service()["runningCount"], 4);
    assert!(trial.events()[0].contains(
        "was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can run concurrently"
    ));
}

#[test]
fn a_daemon_runs_one_task_on_each_active_instance() {
    let three = "[[container_instance]]\ncluster = 'main'\ncount = 3";
    let mut trial = Trial::new(&fleet(
        three,
        "",
        "daemon = true\nmin_percent = 0\nmax_percent = 100",
    ));
    trial.minutes(3);
    let service = trial.service();
    assert_eq!(
        (&service["desiredCount"], &service["runningCount"]),
        (&json!(3), &json!(3))
    );
    let hosts: std::collections::BTreeSet<String> = trial
        .tasks("RUNNING")
        .iter()
        .map(|task| task["containerInstanceArn"].to_string())
        .collect();
    assert_eq!(hosts.len(), 3);
}

fn two_instances() -> String {
    let second = instance("cpu = 4096").replace("i-1", "i-2");
    fleet(
        &format!("{}{second}", instance("cpu = 4096")),
        "",
        "desired = 2",
    )
}

fn change(trial: &mut Trial, ec2: &str, state: InstanceState) {
    let found = trial.engine.ecs.instances.iter().find(|i| i.ec2 == ec2);
    let key = found.unwrap().key;
    trial.engine.ecs.set_instance(key, state);
}

#[test]
fn tasks_of_a_terminated_host_stop_with_its_name_and_run_elsewhere() {
    let mut trial = Trial::new(&two_instances());
    change(&mut trial, "i-1", InstanceState::Terminated);
    trial.minutes(3);
    let stopped = trial.tasks("STOPPED");
    assert_eq!(
        stopped[0]["stoppedReason"],
        "Host EC2 (instance i-1) terminated."
    );
    assert_eq!(stopped[0]["stopCode"], "TerminationNotice");
    assert_eq!(stopped[0]["containers"][0].get("exitCode"), None);
    assert_eq!(trial.service()["runningCount"], 2);
    let list = trial.ecs("ListContainerInstances", json!({ "cluster": "main" }));
    assert_eq!(list["containerInstanceArns"].as_array().unwrap().len(), 1);
}

#[test]
fn a_draining_instance_gives_its_tasks_away_without_falling_below_the_floor() {
    let mut trial = Trial::new(&two_instances());
    change(&mut trial, "i-1", InstanceState::Draining);
    for _ in 0..180 {
        trial.pass(1);
        assert!(trial.service()["runningCount"].as_u64().unwrap() >= 2);
    }
    let describe = |trial: &mut Trial| -> Vec<Value> {
        let arns = trial.ecs("ListContainerInstances", json!({ "cluster": "main" }));
        let input = json!({
            "cluster": "main", "containerInstances": arns["containerInstanceArns"],
        });
        let answer = trial.ecs("DescribeContainerInstances", input);
        answer["containerInstances"].as_array().unwrap().clone()
    };
    let drained = describe(&mut trial)
        .into_iter()
        .find(|instance| instance["ec2InstanceId"] == "i-1")
        .unwrap();
    assert_eq!(
        (&drained["status"], &drained["runningTasksCount"]),
        (&json!("DRAINING"), &json!(0))
    );
}

#[test]
fn a_task_whose_agent_is_not_heard_is_disconnected() {
    let mut trial = Trial::new(&two_instances());
    change(&mut trial, "i-1", InstanceState::AgentDisconnected);
    let states: Vec<Value> = trial
        .tasks("RUNNING")
        .iter()
        .map(|t| t["connectivity"].clone())
        .collect();
    assert!(states.contains(&json!("CONNECTED")) && states.contains(&json!("DISCONNECTED")));
    assert_eq!(trial.engine.now(), EPOCH);
}

#[test]
fn describe_capacity_providers_tells_fargate_and_ones_own() {
    let provider = "[[capacity_provider]]\nname = 'gpu'\ncluster = 'main'";
    let mut trial = Trial::new(&fleet(provider, "", "desired = 0"));
    let all = trial.ecs("DescribeCapacityProviders", json!({}));
    let names: Vec<&str> = all["capacityProviders"]
        .as_array()
        .unwrap()
        .iter()
        .map(|provider| provider["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["FARGATE", "FARGATE_SPOT", "gpu"]);
    let input = json!({ "capacityProviders": ["gone"] });
    let missing = trial.ecs("DescribeCapacityProviders", input);
    assert_eq!(missing["failures"][0]["reason"], "MISSING");
}
