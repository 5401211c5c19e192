//! A service as DescribeServices and UpdateService show it.

use serde_json::{Value, json};

use super::answer::{network_json, set, tags_json};
use crate::clock::SECOND;
use crate::ecs::Ecs;
use crate::ecs::{Deployment, Service, Task};
use crate::world::{Controller, HookSpec, HookTarget, LaunchType, Strategy, TimeoutAction};

pub(super) fn timeout_action(action: TimeoutAction) -> &'static str {
    match action {
        TimeoutAction::Rollback => "ROLLBACK",
        TimeoutAction::Continue => "CONTINUE",
    }
}

pub(super) fn hook_target(target: HookTarget) -> &'static str {
    match target {
        HookTarget::Lambda => "AWS_LAMBDA",
        HookTarget::Pause => "PAUSE",
    }
}

fn hook(hook: &HookSpec) -> Value {
    let mut shown = json!({
        "targetType": hook_target(hook.target),
        "lifecycleStages": [hook.stage.name()],
        "timeoutConfiguration": {
            "timeoutInMinutes": hook.timeout.0 / (60 * SECOND),
            "action": timeout_action(hook.timeout_action),
        },
    });
    set(
        &mut shown,
        "hookTargetArn",
        hook.arn.as_ref().map(|arn| json!(arn)),
    );
    shown
}

pub(super) fn deployment_configuration(service: &Service) -> Value {
    let settings = &service.settings;
    let breaker = settings.breaker;
    let mut shown = json!({
        "maximumPercent": settings.max_percent,
        "minimumHealthyPercent": settings.min_percent,
    });
    if service.controller != Controller::Ecs {
        return shown;
    }
    let circuit_breaker = json!({
        "enable": breaker.enable,
        "rollback": breaker.rollback,
        "resetOnHealthyTask": breaker.reset_on_healthy,
        "thresholdConfiguration": {
            "type": breaker.threshold.kind.name(),
            "value": breaker.threshold.value,
        },
    });
    set(&mut shown, "deploymentCircuitBreaker", circuit_breaker);
    set(&mut shown, "strategy", json!(settings.strategy.name()));
    set(
        &mut shown,
        "bakeTimeInMinutes",
        json!(settings.bake_minutes),
    );
    if let Some(alarms) = &settings.alarms {
        let alarms = json!({
            "alarmNames": alarms.names,
            "rollback": alarms.rollback,
            "enable": alarms.enable,
        });
        set(&mut shown, "alarms", alarms);
    }
    if !settings.hooks.is_empty() {
        let hooks: Vec<Value> = settings.hooks.iter().map(hook).collect();
        set(&mut shown, "lifecycleHooks", json!(hooks));
    }
    match settings.strategy {
        Strategy::Linear => set(
            &mut shown,
            "linearConfiguration",
            json!({ "stepPercent": 10.0, "stepBakeTimeInMinutes": 6 }),
        ),
        Strategy::Canary => set(
            &mut shown,
            "canaryConfiguration",
            json!({ "canaryPercent": 5.0, "canaryBakeTimeInMinutes": 10 }),
        ),
        Strategy::Rolling | Strategy::BlueGreen => {}
    }
    shown
}

/// Running and pending tasks of a deployment.
pub(super) fn counts(ecs: &Ecs, service: &Service, deployment: &Deployment) -> (usize, usize) {
    let tasks = || ecs.tasks_of(service, deployment.key);
    (
        tasks().filter(|task| task.running()).count(),
        tasks().filter(|task| Task::pending(task)).count(),
    )
}

/// Launch type or capacity provider strategy, and on Fargate the platform.
pub(super) fn show_capacity(shown: &mut Value, service: &Service, platform: &str) {
    match &service.provider {
        Some(provider) => set(
            shown,
            "capacityProviderStrategy",
            json!([{ "capacityProvider": provider, "weight": 1, "base": 0 }]),
        ),
        None => set(shown, "launchType", json!(service.launch.name())),
    }
    if service.launch == LaunchType::Fargate {
        set(shown, "platformVersion", json!(platform));
        set(shown, "platformFamily", json!("Linux"));
    }
}

/// The network configuration, which only the network mode `awsvpc` has.
pub(super) fn show_network(shown: &mut Value, service: &Service, deployment: Option<&Deployment>) {
    if deployment.is_some_and(|d| d.definition.network_mode == "awsvpc") {
        set(
            shown,
            "networkConfiguration",
            network_json(&service.network),
        );
    }
}

pub(super) fn balancers(service: &Service) -> Vec<Value> {
    let balancers = service.balancers.iter().map(|balancer| {
        json!({
            "targetGroupArn": balancer.arn,
            "containerName": balancer.container,
            "containerPort": balancer.port,
        })
    });
    balancers.collect()
}

/// How many tasks a deployment wants.
fn wanted(ecs: &Ecs, service: &Service, deployment: &Deployment) -> usize {
    if deployment.primary {
        return usize::try_from(service.desired).unwrap_or_default();
    }
    let tasks = ecs.tasks_of(service, deployment.key);
    tasks.filter(|task| task.wanted).count()
}

fn deployment_json(ecs: &Ecs, service: &Service, deployment: &Deployment) -> Value {
    let (running, pending) = counts(ecs, service, deployment);
    let mut shown = json!({
        "id": deployment.id,
        "status": deployment.status(),
        "taskDefinition": deployment.definition.arn,
        "desiredCount": wanted(ecs, service, deployment),
        "pendingCount": pending,
        "runningCount": running,
        "failedTasks": deployment.failed,
        "createdAt": deployment.created.json_seconds(),
        "updatedAt": deployment.updated.json_seconds(),
        "rolloutState": deployment.rollout.name(),
        "rolloutStateReason": deployment.reason,
    });
    show_capacity(&mut shown, service, "1.4.0");
    show_network(&mut shown, service, Some(deployment));
    shown
}

/// A deployment of another controller: a task set.
pub(super) fn task_set(ecs: &Ecs, service: &Service, deployment: &Deployment) -> Value {
    let (running, pending) = counts(ecs, service, deployment);
    let wanted = wanted(ecs, service, deployment);
    let path = service.arn.replacen(":service/", ":task-set/", 1);
    let steady = running == wanted && pending == 0;
    let mut shown = json!({
        "id": deployment.id,
        "taskSetArn": format!("{path}/{}", deployment.id),
        "serviceArn": service.arn,
        "clusterArn": ecs.desk.home.arn("ecs", &format!("cluster/{}", service.cluster)),
        "startedBy": if service.controller == Controller::CodeDeploy { "CODE_DEPLOY" } else { "EXTERNAL" },
        "status": deployment.status(),
        "taskDefinition": deployment.definition.arn,
        "computedDesiredCount": wanted,
        "pendingCount": pending,
        "runningCount": running,
        "createdAt": deployment.created.json_seconds(),
        "updatedAt": deployment.updated.json_seconds(),
        "loadBalancers": balancers(service),
        "serviceRegistries": [],
        "scale": { "value": 100.0, "unit": "PERCENT" },
        "stabilityStatus": if steady { "STEADY_STATE" } else { "STABILIZING" },
        "stabilityStatusAt": deployment.updated.json_seconds(),
        "tags": [],
    });
    show_capacity(&mut shown, service, "1.4.0");
    show_network(&mut shown, service, Some(deployment));
    shown
}

/// The service revisions that have tasks, or are to have some.
fn current_revisions(ecs: &Ecs, service: &Service) -> Vec<Value> {
    service
        .deployments
        .iter()
        .filter(|deployment| deployment.inactive.is_none())
        .filter_map(|deployment| {
            let revision = service.revisions.get(deployment.revision)?;
            let (running, pending) = counts(ecs, service, deployment);
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

/// What only the service's own controller knows: deployments and their records, or task sets.
fn show_deployments(ecs: &Ecs, service: &Service, shown: &mut Value) {
    let each = |show: fn(&Ecs, &Service, &Deployment) -> Value| -> Vec<Value> {
        let deployments = service.deployments.iter();
        deployments.map(|d| show(ecs, service, d)).collect()
    };
    if service.controller != Controller::Ecs {
        set(shown, "taskSets", json!(each(task_set)));
        set(shown, "deployments", json!([]));
        return;
    }
    set(shown, "deployments", json!(each(deployment_json)));
    let revisions = current_revisions(ecs, service);
    set(shown, "currentServiceRevisions", json!(revisions));
    let current = service
        .history
        .last()
        .map(|deployment| json!(deployment.arn));
    set(shown, "currentServiceDeployment", current);
}

pub(super) fn show(ecs: &Ecs, service: &Service, tags: bool) -> Value {
    let tasks = || service.live.iter().filter_map(|key| ecs.tasks.get(key));
    let cluster = ecs
        .desk
        .home
        .arn("ecs", &format!("cluster/{}", service.cluster));
    let role = "role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS";
    let mut shown = json!({
        "serviceArn": service.arn,
        "serviceName": service.name,
        "clusterArn": cluster,
        "loadBalancers": balancers(service),
        "serviceRegistries": [],
        "status": status(service),
        "desiredCount": service.desired,
        "runningCount": tasks().filter(|task| task.running()).count(),
        "pendingCount": tasks().filter(|task| Task::pending(task)).count(),
        "deploymentConfiguration": deployment_configuration(service),
        "roleArn": format!("arn:aws:iam::{}:{role}", ecs.desk.home.account),
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
        "placementConstraints": [],
        "placementStrategy": [],
        "healthCheckGracePeriodSeconds": service.settings.grace / SECOND,
        "schedulingStrategy": if service.daemon { "DAEMON" } else { "REPLICA" },
        "deploymentController": { "type": service.controller.name() },
        "createdBy": format!("arn:aws:iam::{}:role/deployer", ecs.desk.home.account),
        "enableECSManagedTags": true,
        "propagateTags": "NONE",
        "enableExecuteCommand": service.execute_command,
        "availabilityZoneRebalancing": "DISABLED",
    });
    show_capacity(&mut shown, service, "LATEST");
    show_network(&mut shown, service, service.primary());
    let definition = service
        .primary()
        .map(|primary| json!(primary.definition.arn));
    set(&mut shown, "taskDefinition", definition);
    show_deployments(ecs, service, &mut shown);
    if tags {
        set(&mut shown, "tags", tags_json(&service.tags));
    }
    shown
}

/// One that was deleted drains until its last task has stopped.
fn status(service: &Service) -> &'static str {
    match (service.active, service.live.is_empty()) {
        (true, _) => "ACTIVE",
        (false, false) => "DRAINING",
        (false, true) => "INACTIVE",
    }
}
