//! What the actions of ECS answer, and what they refuse.

use serde_json::{Value, json};

use crate::trial::{Trial, WEB, web};

fn many_services(count: usize) -> String {
    (0..count).fold(WEB.to_owned(), |text, number| {
        text + &format!(
            "[[service]]\nname = 's{number:03}'\ncluster = 'main'\ntask_definition = 'web:1'\ndesired = 1\n"
        )
    })
}

fn run_input(further: Value) -> Value {
    let mut input = json!({
        "cluster": "main",
        "taskDefinition": "web:1",
        "networkConfiguration": { "awsvpcConfiguration": { "subnets": ["subnet-1"] } },
    });
    input
        .as_object_mut()
        .unwrap()
        .extend(further.as_object().unwrap().clone());
    input
}

#[test]
fn list_services_gives_10_by_default_and_100_at_most() {
    let mut trial = Trial::new(&many_services(130));
    let first = trial.ecs("ListServices", json!({ "cluster": "main" }));
    assert_eq!(first["serviceArns"].as_array().unwrap().len(), 10);
    let most = trial.ecs(
        "ListServices",
        json!({ "cluster": "main", "maxResults": 100 }),
    );
    assert_eq!(most["serviceArns"].as_array().unwrap().len(), 100);
    let input = json!({ "cluster": "main", "maxResults": 100, "nextToken": most["nextToken"] });
    let rest = trial.ecs("ListServices", input);
    assert_eq!(rest["serviceArns"].as_array().unwrap().len(), 30);
    assert_eq!(rest.get("nextToken"), None);
    let error = trial.ecs_error(
        "ListServices",
        json!({ "cluster": "main", "maxResults": 101 }),
    );
    assert_eq!(error.code, "InvalidParameterException");
}

#[test]
fn describe_services_takes_10_and_tells_what_is_missing() {
    let mut trial = Trial::new(&web(1, ""));
    let eleven = vec!["web"; 11];
    let error = trial.ecs_error(
        "DescribeServices",
        json!({ "cluster": "main", "services": eleven }),
    );
    assert_eq!(error.code, "InvalidParameterException");
    let answer = trial.ecs(
        "DescribeServices",
        json!({ "cluster": "main", "services": ["web", "gone"] }),
    );
    assert_eq!(answer["services"].as_array().unwrap().len(), 1);
    assert_eq!(answer["failures"][0]["reason"], "MISSING");
    assert!(
        answer["failures"][0]["arn"]
            .as_str()
            .unwrap()
            .ends_with(":service/main/gone")
    );
}

#[test]
fn tags_are_shown_only_when_they_are_asked_for() {
    let mut trial = Trial::new(&web(1, "tags = { team = 'a' }"));
    assert_eq!(trial.service().get("tags"), None);
    let input = json!({ "cluster": "main", "services": ["web"], "include": ["TAGS"] });
    let answer = trial.ecs("DescribeServices", input);
    assert_eq!(
        answer["services"][0]["tags"],
        json!([{ "key": "team", "value": "a" }])
    );
}

#[test]
fn an_unknown_cluster_is_not_found() {
    let mut trial = Trial::new("");
    let error = trial.ecs_error("ListTasks", json!({ "cluster": "gone" }));
    assert_eq!(error.code, "ClusterNotFoundException");
    // No cluster named means `default`, which is not there.
    assert_eq!(
        trial.ecs_error("ListTasks", json!({})).code,
        "ClusterNotFoundException"
    );
    let answer = trial.ecs("DescribeClusters", json!({ "clusters": ["main", "gone"] }));
    assert_eq!(answer["failures"][0]["reason"], "MISSING");
}

#[test]
fn list_tasks_means_desired_status_running_and_pending_has_nothing() {
    let mut trial = Trial::new(&web(3, ""));
    let count = |trial: &mut Trial, input: Value| {
        trial.ecs("ListTasks", input)["taskArns"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(count(&mut trial, json!({ "cluster": "main" })), 3);
    assert_eq!(
        count(
            &mut trial,
            json!({ "cluster": "main", "desiredStatus": "PENDING" })
        ),
        0
    );
    assert_eq!(
        count(
            &mut trial,
            json!({ "cluster": "main", "desiredStatus": "STOPPED" })
        ),
        0
    );
    assert_eq!(
        count(&mut trial, json!({ "cluster": "main", "family": "web" })),
        3
    );
    assert_eq!(
        count(&mut trial, json!({ "cluster": "main", "family": "other" })),
        0
    );
}

#[test]
fn list_tasks_takes_started_by_only_alone() {
    let mut trial = Trial::new(&web(2, ""));
    let deployment = trial.service()["deployments"][0]["id"].clone();
    let alone = trial.ecs(
        "ListTasks",
        json!({ "cluster": "main", "startedBy": deployment }),
    );
    assert_eq!(alone["taskArns"].as_array().unwrap().len(), 2);
    let input = json!({ "cluster": "main", "startedBy": deployment, "serviceName": "web" });
    assert_eq!(
        trial.ecs_error("ListTasks", input).code,
        "InvalidParameterException"
    );
}

#[test]
fn list_tasks_gives_pages_of_100_that_hold_each_task_once() {
    let mut trial = Trial::new(&web(230, ""));
    let mut seen = std::collections::BTreeSet::new();
    let mut token = Value::Null;
    let mut pages = 0;
    loop {
        let page = trial.ecs(
            "ListTasks",
            json!({ "cluster": "main", "nextToken": token }),
        );
        let arns = page["taskArns"].as_array().unwrap();
        seen.extend(arns.iter().map(Value::to_string));
        pages += 1;
        token = page["nextToken"].clone();
        if token.is_null() {
            break;
        }
        assert_eq!(arns.len(), 100);
    }
    assert_eq!((seen.len(), pages), (230, 3));
}

#[test]
fn a_task_definition_is_found_by_family_revision_and_arn() {
    let mut trial = Trial::new(WEB);
    let arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/web:2";
    for (name, revision) in [("web", 3), ("web:2", 2), (arn, 2), ("web:4", 4)] {
        let answer = trial.ecs("DescribeTaskDefinition", json!({ "taskDefinition": name }));
        assert_eq!(answer["taskDefinition"]["revision"], revision, "{name}");
    }
    let error = trial.ecs_error(
        "DescribeTaskDefinition",
        json!({ "taskDefinition": "web:9" }),
    );
    assert_eq!(error.message, "Unable to describe task definition.");
}

#[test]
fn a_desired_count_starts_no_deployment() {
    let mut trial = Trial::new(&web(1, ""));
    let before = trial.service()["deployments"][0]["id"].clone();
    trial.ecs(
        "UpdateService",
        json!({ "cluster": "main", "service": "web", "desiredCount": 3 }),
    );
    trial.minutes(3);
    let service = trial.service();
    assert_eq!(service["deployments"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&service["deployments"][0]["id"], &service["runningCount"]),
        (&before, &json!(3))
    );
}

#[test]
fn a_forced_deployment_has_the_same_task_definition_and_another_id() {
    let mut trial = Trial::new(&web(1, ""));
    let before = trial.service();
    trial.ecs(
        "UpdateService",
        json!({ "cluster": "main", "service": "web", "forceNewDeployment": true }),
    );
    trial.minutes(5);
    let after = trial.service();
    assert_eq!(before["taskDefinition"], after["taskDefinition"]);
    assert_ne!(
        before["deployments"][0]["id"],
        after["deployments"][0]["id"]
    );
}

#[test]
fn a_deleted_service_drains_and_is_no_longer_listed() {
    let mut trial = Trial::new(&web(1, ""));
    let body = json!({ "cluster": "main", "service": "web" });
    let error = trial.ecs_error("DeleteService", body.clone());
    assert_eq!(error.code, "InvalidParameterException");
    let mut forced = body.clone();
    forced["force"] = true.into();
    let answer = trial.ecs("DeleteService", forced.clone());
    assert_eq!(answer["service"]["status"], "DRAINING");
    let listed = trial.ecs("ListServices", json!({ "cluster": "main" }));
    assert_eq!(listed["serviceArns"], json!([]));
    trial.minutes(5);
    let service = trial.service();
    assert_eq!(
        (&service["status"], &service["runningCount"]),
        (&json!("INACTIVE"), &json!(0))
    );
    for action in ["DeleteService", "UpdateService"] {
        let error = trial.ecs_error(action, body.clone());
        // Each has its own error for that (source: ECS API reference).
        let code = match action {
            "DeleteService" => "ServiceNotFoundException",
            _ => "ServiceNotActiveException",
        };
        assert_eq!(error.code, code, "{action}");
    }
}

#[test]
fn update_service_refuses_what_cannot_be() {
    let mut trial = Trial::new(&web(1, "daemon = true"));
    let mut code = |input: Value| {
        let mut all = json!({ "cluster": "main", "service": "web" });
        all.as_object_mut()
            .unwrap()
            .extend(input.as_object().unwrap().clone());
        trial.ecs_error("UpdateService", all)
    };
    assert_eq!(
        code(json!({ "service": "gone" })).code,
        "ServiceNotFoundException"
    );
    assert_eq!(
        code(json!({ "taskDefinition": "web:4" })).message,
        "TaskDefinition is inactive"
    );
    assert_eq!(
        code(json!({ "taskDefinition": "web:9" })).code,
        "ClientException"
    );
    assert!(
        code(json!({ "desiredCount": 2 }))
            .message
            .starts_with("The daemon scheduling strategy")
    );
}

#[test]
fn run_task_with_the_same_token_starts_nothing_twice() {
    let mut trial = Trial::new(WEB);
    let input = run_input(json!({ "count": 2, "clientToken": "press-1", "startedBy": "alice" }));
    let first = trial.ecs("RunTask", input.clone());
    let again = trial.ecs("RunTask", input);
    assert_eq!(first["tasks"][1]["taskArn"], again["tasks"][1]["taskArn"]);
    assert_eq!(trial.engine.ecs.tasks.len(), 2);
    let other = run_input(json!({ "count": 3, "clientToken": "press-1", "startedBy": "alice" }));
    let error = trial.ecs_error("RunTask", other);
    assert_eq!(error.code, "ConflictException");
    assert_eq!(error.members[0].1.as_array().unwrap().len(), 2);
}

#[test]
fn run_task_refuses_more_than_10_and_what_does_not_fit() {
    let mut trial = Trial::new(WEB);
    let mut code = |further: Value| trial.ecs_error("RunTask", run_input(further));
    assert_eq!(
        code(json!({ "count": 11 })).code,
        "InvalidParameterException"
    );
    assert!(
        code(json!({ "networkConfiguration": {} }))
            .message
            .contains("awsvpc")
    );
    let overrides = json!({ "containerOverrides": [{ "name": "other" }] });
    assert!(
        code(json!({ "overrides": overrides }))
            .message
            .contains("named other is not a container")
    );
    assert_eq!(
        code(json!({ "taskDefinition": "web:4" })).message,
        "TaskDefinition is inactive"
    );
    let both = json!({ "launchType": "FARGATE", "capacityProviderStrategy": [{ "capacityProvider": "FARGATE" }] });
    assert_eq!(code(both).code, "InvalidParameterException");
    assert!(trial.engine.ecs.tasks.is_empty());
}

#[test]
fn a_task_that_is_run_and_stopped_by_a_user_says_so() {
    let mut trial = Trial::new(WEB);
    let task = trial.ecs("RunTask", run_input(json!({})))["tasks"][0].take();
    assert_eq!(task["group"], "family:web");
    trial.minutes(2);
    let input = json!({ "cluster": "main", "task": task["taskArn"], "reason": "enough" });
    trial.ecs("StopTask", input);
    trial.minutes(2);
    let answer = trial.ecs(
        "DescribeTasks",
        json!({ "cluster": "main", "tasks": [task["taskArn"]] }),
    );
    let stopped = &answer["tasks"][0];
    assert_eq!(
        (&stopped["stopCode"], &stopped["stoppedReason"]),
        (&json!("UserInitiated"), &json!("enough"))
    );
    let error = trial.ecs_error(
        "StopTask",
        json!({ "cluster": "main", "task": "0".repeat(32) }),
    );
    assert_eq!(error.message, "The referenced task was not found.");
}

#[test]
fn stop_service_deployment_rolls_back_and_refuses_when_nothing_is_under_way() {
    let mut trial = Trial::new(&web(2, ""));
    let before = trial.service();
    let current = json!({ "serviceDeploymentArn": before["currentServiceDeployment"] });
    assert_eq!(
        trial.ecs_error("StopServiceDeployment", current).code,
        "ConflictException"
    );
    trial.deploy(3);
    trial.minutes(1);
    let arn = trial.service()["currentServiceDeployment"].clone();
    trial.ecs(
        "StopServiceDeployment",
        json!({ "serviceDeploymentArn": arn, "stopType": "ROLLBACK" }),
    );
    trial.minutes(5);
    let after = trial.service();
    assert_eq!(after["taskDefinition"], before["taskDefinition"]);
    assert_eq!(after["deployments"].as_array().unwrap().len(), 1);
    let told = trial.ecs(
        "DescribeServiceDeployments",
        json!({ "serviceDeploymentArns": [arn] }),
    );
    let told = &told["serviceDeployments"][0];
    assert_eq!(told["status"], "ROLLBACK_SUCCESSFUL");
    let back = json!({ "serviceRevisionArns": [told["rollback"]["serviceRevisionArn"]] });
    let revision = trial.ecs("DescribeServiceRevisions", back);
    assert_eq!(
        revision["serviceRevisions"][0]["taskDefinition"],
        before["taskDefinition"]
    );
}

fn register_input(image: &str) -> Value {
    json!({
        "family": "web",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": "256",
        "memory": "512",
        "containerDefinitions": [{
            "name": "app", "image": image, "essential": true,
            "environment": [{ "name": "MODE", "value": "blue" }],
            "logConfiguration": {
                "logDriver": "awslogs",
                "options": { "awslogs-group": "/ecs/web", "awslogs-stream-prefix": "ecs" },
            },
        }],
    })
}

#[test]
fn a_registered_revision_is_the_next_and_reads_as_it_was_given() {
    let mut trial = Trial::new(&web(1, ""));
    let fresh = trial.ecs("RegisterTaskDefinition", register_input("registry/web:1"));
    assert_eq!(fresh["taskDefinition"]["revision"], 5);
    let input = json!({ "taskDefinition": "web:5" });
    let told = trial.ecs("DescribeTaskDefinition", input);
    assert_eq!(told["taskDefinition"], fresh["taskDefinition"]);
    let container = &told["taskDefinition"]["containerDefinitions"][0];
    assert_eq!(container["environment"][0]["value"], "blue");
    trial.deploy(5);
    trial.minutes(5);
    assert_eq!(trial.deployments()[0].1, "COMPLETED");
}

#[test]
fn a_registered_revision_of_a_missing_image_fails_as_a_declared_one() {
    let mut trial = Trial::new(&web(1, ""));
    trial.ecs(
        "RegisterTaskDefinition",
        register_input("registry/web:nowhere"),
    );
    trial.deploy(5);
    trial.minutes(3);
    assert!(trial.deployments()[0].2 > 0);
}

#[test]
fn register_task_definition_refuses_sizes_that_fargate_does_not_have() {
    let mut trial = Trial::new(WEB);
    let mut input = register_input("registry/web:1");
    input["memory"] = json!("3000");
    let error = trial.ecs_error("RegisterTaskDefinition", input);
    assert_eq!(
        error.message,
        "No Fargate configuration exists for given values."
    );
    let empty = json!({ "family": "web", "containerDefinitions": [] });
    assert_eq!(
        trial.ecs_error("RegisterTaskDefinition", empty).code,
        "ClientException"
    );
}

#[test]
fn a_deregistered_revision_is_inactive_and_no_service_may_take_it() {
    let mut trial = Trial::new(&web(1, ""));
    let input = json!({ "taskDefinition": "web:2" });
    let gone = trial.ecs("DeregisterTaskDefinition", input);
    assert_eq!(gone["taskDefinition"]["status"], "INACTIVE");
    assert!(gone["taskDefinition"]["deregisteredAt"].is_number());
    let input = json!({ "cluster": "main", "service": "web", "taskDefinition": "web:2" });
    assert_eq!(
        trial.ecs_error("UpdateService", input).message,
        "TaskDefinition is inactive"
    );
    let list = trial.ecs("ListTaskDefinitions", json!({ "familyPrefix": "web" }));
    assert_eq!(list["taskDefinitionArns"].as_array().unwrap().len(), 2);
}

#[test]
fn list_task_definitions_pages_by_100_and_can_descend() {
    let many = (1..=130).fold(String::new(), |text, revision| {
        text + &format!(
            "[[task_definition]]\nfamily = 'many'\nrevision = {revision}\n\
             [[task_definition.container]]\nname = 'app'\n"
        )
    });
    let mut trial = Trial::new(&many);
    let first = trial.ecs("ListTaskDefinitions", json!({ "sort": "DESC" }));
    let arns = first["taskDefinitionArns"].as_array().unwrap();
    assert_eq!(arns.len(), 100);
    assert!(arns[0].as_str().unwrap().ends_with("many:130"));
    let input = json!({ "sort": "DESC", "nextToken": first["nextToken"] });
    let rest = trial.ecs("ListTaskDefinitions", input);
    assert_eq!(rest["taskDefinitionArns"].as_array().unwrap().len(), 30);
    assert_eq!(rest.get("nextToken"), None);
}

#[test]
fn overrides_may_have_8192_characters() {
    let mut trial = Trial::new(WEB);
    let overrides = |length: usize| {
        let value = "x".repeat(length);
        let environment = json!([{ "name": "A", "value": value }]);
        let overrides =
            json!({ "containerOverrides": [{ "name": "app", "environment": environment }] });
        run_input(json!({ "overrides": overrides }))
    };
    trial.ecs("RunTask", overrides(8_000));
    let error = trial.ecs_error("RunTask", overrides(8_192));
    assert_eq!(error.code, "InvalidParameterException");
}

#[test]
fn a_client_token_is_forgotten_an_hour_after_its_task_ended() {
    let mut trial = Trial::new(WEB);
    let input = run_input(json!({ "clientToken": "press-1" }));
    let first = trial.ecs("RunTask", input.clone())["tasks"][0]["taskArn"].take();
    trial.minutes(2);
    trial.ecs("StopTask", json!({ "cluster": "main", "task": first }));
    trial.minutes(59);
    assert_eq!(
        trial.ecs("RunTask", input.clone())["tasks"][0]["taskArn"],
        first
    );
    trial.minutes(5);
    assert_ne!(trial.ecs("RunTask", input)["tasks"][0]["taskArn"], first);
}

#[test]
fn another_network_starts_a_deployment() {
    let mut trial = Trial::new(&web(1, "subnets = ['subnet-1']"));
    let before = trial.service()["deployments"][0]["id"].clone();
    let network = json!({ "awsvpcConfiguration": { "subnets": ["subnet-2"] } });
    let input = json!({ "cluster": "main", "service": "web", "networkConfiguration": network });
    trial.ecs("UpdateService", input);
    let after = trial.service();
    assert_ne!(after["deployments"][0]["id"], before);
    assert_eq!(
        after["networkConfiguration"]["awsvpcConfiguration"]["subnets"],
        json!(["subnet-2"])
    );
}

#[test]
fn service_deployments_are_listed_20_at_a_time_and_for_90_days() {
    let mut trial = Trial::new(&web(1, ""));
    for _ in 0..24 {
        let input = json!({ "cluster": "main", "service": "web", "forceNewDeployment": true });
        trial.ecs("UpdateService", input);
        trial.minutes(1);
    }
    let input = json!({ "cluster": "main", "service": "web" });
    let list = trial.ecs("ListServiceDeployments", input.clone());
    assert_eq!(list["serviceDeployments"].as_array().unwrap().len(), 20);
    trial.minutes(91 * 24 * 60);
    let list = trial.ecs("ListServiceDeployments", input);
    assert_eq!(list["serviceDeployments"], json!([]));
}

#[test]
fn a_token_is_good_for_its_own_query_only() {
    let mut trial = Trial::new(&many_services(30));
    let first = trial.ecs(
        "ListServices",
        json!({ "cluster": "main", "maxResults": 5 }),
    );
    let token = first["nextToken"].clone();
    let other = json!({ "nextToken": token });
    let error = trial.ecs_error("ListTaskDefinitions", other);
    assert_eq!(error.code, "InvalidParameterException");
    let daemons = json!({ "cluster": "main", "schedulingStrategy": "DAEMON", "nextToken": token });
    assert_eq!(
        trial.ecs_error("ListServices", daemons).code,
        "InvalidParameterException"
    );
    let larger = json!({ "cluster": "main", "maxResults": 100, "nextToken": token });
    let rest = trial.ecs("ListServices", larger);
    assert_eq!(rest["serviceArns"].as_array().unwrap().len(), 25);
}

#[test]
fn a_service_that_code_deploy_deploys_has_task_sets() {
    let mut trial = Trial::new(&web(2, "controller = 'CODE_DEPLOY'"));
    let input = json!({ "cluster": "main", "service": "web" });
    let sets = trial.ecs("DescribeTaskSets", input)["taskSets"].take();
    let [set] = sets.as_array().unwrap().as_slice() else {
        panic!("{sets}");
    };
    assert_eq!(set["status"], "PRIMARY");
    assert_eq!(set["runningCount"], 2);
    let arn = set["taskSetArn"].as_str().unwrap();
    assert!(arn.contains(":task-set/main/web/ecs-svc/"), "{arn}");
    let by_arn = json!({ "cluster": "main", "service": "web", "taskSets": [arn] });
    assert_eq!(trial.ecs("DescribeTaskSets", by_arn)["taskSets"], sets);
}

#[test]
fn a_created_service_is_deployed_and_a_second_of_its_name_refused() {
    let mut trial = Trial::new(&web(1, ""));
    let input = json!({
        "cluster": "main", "serviceName": "made", "taskDefinition": "web:1", "desiredCount": 2,
        "launchType": "FARGATE",
        "networkConfiguration": { "awsvpcConfiguration": { "subnets": ["subnet-1"] } },
    });
    let made = trial.ecs("CreateService", input.clone())["service"].take();
    assert_eq!(made["deployments"][0]["rolloutState"], "IN_PROGRESS");
    let again = trial.ecs_error("CreateService", input);
    assert_eq!(again.message, "Creation of service was not idempotent.");
    trial.minutes(5);
    let input = json!({ "cluster": "main", "services": ["made"] });
    let made = trial.ecs("DescribeServices", input)["services"][0].take();
    assert_eq!(made["runningCount"], 2);
    assert_eq!(made["deployments"][0]["rolloutState"], "COMPLETED");
}

#[test]
fn what_a_definition_asks_of_an_instance_follows_from_its_containers() {
    let mut trial = Trial::new("");
    let container = json!({
        "name": "app", "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1", "memory": 64,
        "secrets": [{ "name": "A", "valueFrom": "arn:aws:ssm:us-east-1:123456789012:parameter/a" }],
    });
    let input = json!({
        "family": "asks", "containerDefinitions": [container],
        "executionRoleArn": "arn:aws:iam::123456789012:role/runs",
    });
    let told = trial.ecs("RegisterTaskDefinition", input)["taskDefinition"].take();
    let names: Vec<&str> = told["requiresAttributes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attribute| attribute["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "com.amazonaws.ecs.capability.ecr-auth",
            "ecs.capability.execution-role-ecr-pull",
            "ecs.capability.secrets.ssm.environment-variables",
        ]
    );
    assert_eq!(told["compatibilities"], json!(["EXTERNAL", "EC2"]));
}
