//! A service as DescribeServices and UpdateService show it.

use serde_json::{Value, json};

use super::{network_json, set, tags_json};
use crate::ecs::{Deployment, Service, Task};
use crate::engine::Engine;

pub(super) fn deployment_configuration(service: &Service) -> Value {
    json!({
        "deploymentCircuitBreaker": {
            "enable": service.breaker,
            "rollback": service.breaker_rolls_back,
        },
        "maximumPercent": service.max_percent,
        "minimumHealthyPercent": service.min_percent,
        "strategy": "ROLLING",
        "bakeTimeInMinutes": 0,
    })
}

/// Running and pending tasks of a deployment.
pub(super) fn counts(
    engine: &Engine,
    service: &Service,
    deployment: &Deployment,
) -> (usize, usize) {
    let tasks = || engine.ecs.tasks_of(service, deployment.key);
    (
        tasks().filter(|task| task.running()).count(),
        tasks().filter(|task| Task::pending(task)).count(),
    )
}

fn deployment_json(engine: &Engine, service: &Service, deployment: &Deployment) -> Value {
    let (running, pending) = counts(engine, service, deployment);
    let desired = if deployment.primary {
        usize::try_from(service.desired).unwrap_or_default()
    } else {
        engine
            .ecs
            .tasks_of(service, deployment.key)
            .filter(|task| task.wanted)
            .count()
    };
    json!({
        "id": deployment.id,
        "status": if deployment.primary { "PRIMARY" } else { "ACTIVE" },
        "taskDefinition": deployment.definition.arn,
        "desiredCount": desired,
        "pendingCount": pending,
        "runningCount": running,
        "failedTasks": deployment.failed,
        "createdAt": deployment.created.json_seconds(),
        "updatedAt": deployment.updated.json_seconds(),
        "launchType": "FARGATE",
        "platformVersion": "1.4.0",
        "platformFamily": "Linux",
        "networkConfiguration": network_json(&service.network),
        "rolloutState": deployment.rollout.name(),
        "rolloutStateReason": deployment.reason,
    })
}

/// The service revisions that have tasks, or are to have some.
fn current_revisions(engine: &Engine, service: &Service) -> Vec<Value> {
    service
        .deployments
        .iter()
        .filter_map(|deployment| {
            let revision = service.revisions.get(deployment.revision)?;
            let (running, pending) = counts(engine, service, deployment);
            let requested = if deployment.primary {
                service.desired
            } else {
                0
            };
            Some(json!({
                "arn": revision.arn,
                "requestedTaskCount": requested,
                "runningTaskCount": running,
                "pendingTaskCount": pending,
            }))
        })
        .collect()
}

pub(super) fn show(engine: &Engine, service: &Service, tags: bool) -> Value {
    let tasks = || {
        service
            .live
            .iter()
            .filter_map(|key| engine.ecs.tasks.get(key))
    };
    let cluster = engine
        .home
        .arn("ecs", &format!("cluster/{}", service.cluster));
    let definition = service.primary().map(|primary| &primary.definition.arn);
    let role = "role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS";
    let mut shown = json!({
        "serviceArn": service.arn,
        "serviceName": service.name,
        "clusterArn": cluster,
        "loadBalancers": [],
        "serviceRegistries": [],
        "status": if service.active { "ACTIVE" } else { "INACTIVE" },
        "desiredCount": service.desired,
        "runningCount": tasks().filter(|task| task.running()).count(),
        "pendingCount": tasks().filter(|task| Task::pending(task)).count(),
        "launchType": "FARGATE",
        "platformVersion": "LATEST",
        "platformFamily": "Linux",
        "taskDefinition": definition,
        "deploymentConfiguration": deployment_configuration(service),
        "deployments": service
            .deployments
            .iter()
            .map(|deployment| deployment_json(engine, service, deployment))
            .collect::<Vec<_>>(),
        "roleArn": format!("arn:aws:iam::{}:{role}", engine.home.account),
        "events": service
            .events
            .iter()
            .map(|event| json!({
                "id": event.id,
                "createdAt": event.at.json_seconds(),
                "message": event.message,
            }))
            .collect::<Vec<_>>(),
        "createdAt": service.created.json_seconds(),
        "currentServiceRevisions": current_revisions(engine, service),
        "placementConstraints": [],
        "placementStrategy": [],
        "networkConfiguration": network_json(&service.network),
        "healthCheckGracePeriodSeconds": 0,
        "schedulingStrategy": if service.daemon { "DAEMON" } else { "REPLICA" },
        "deploymentController": { "type": "ECS" },
        "createdBy": format!("arn:aws:iam::{}:role/deployer", engine.home.account),
        "enableECSManagedTags": true,
        "propagateTags": "NONE",
        "enableExecuteCommand": service.execute_command,
        "availabilityZoneRebalancing": "DISABLED",
    });
    let current = service
        .history
        .last()
        .map(|deployment| json!(deployment.arn));
    set(&mut shown, "currentServiceDeployment", current);
    if tags {
        set(&mut shown, "tags", tags_json(&service.tags));
    }
    shown
}
