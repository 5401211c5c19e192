//! Clusters, services and tasks to test with: whole, well, and changed where a test says so.

use crate::domain::{
    Arn, Breaker, Cluster, Container, ContainerDefinition, Controller, Deployment,
    DeploymentSettings, DeploymentStatus, EnvironmentVariable, Health, LogDestination, Owner,
    Rollout, Scheduling, Service, ServiceEvent, ServiceStatus, StopCode, Task, TaskDefinition,
    TaskStatus, Time,
};
use crate::text::Clean;

pub(crate) const NOW: i64 = 1_000_000;

/// A moment, in seconds before [`NOW`].
pub(crate) fn ago(seconds: i64) -> Time {
    Time::from_second(NOW - seconds).unwrap()
}

pub(crate) fn cluster(name: &str) -> Cluster {
    Cluster {
        arn: cluster_arn(name),
        name: Clean::new(name),
        status: Clean::new("ACTIVE"),
        running: 2,
        pending: 0,
        services: 2,
        instances: 0,
    }
}

pub(crate) fn cluster_arn(name: &str) -> Arn {
    Arn::new(&format!(
        "arn:aws:ecs:us-east-1:123456789012:cluster/{name}"
    ))
}

pub(crate) fn service_arn(name: &str) -> Arn {
    Arn::new(&format!(
        "arn:aws:ecs:us-east-1:123456789012:service/prod/{name}"
    ))
}

pub(crate) fn revision(name: &str) -> Arn {
    Arn::new(&format!(
        "arn:aws:ecs:us-east-1:123456789012:task-definition/{name}"
    ))
}

/// The primary deployment: it was completed an hour ago, and two tasks run.
pub(crate) fn deployment(id: &str, definition: &str) -> Deployment {
    Deployment {
        id: Clean::new(id),
        status: DeploymentStatus::Primary,
        task_definition: revision(definition),
        desired: 2,
        pending: 0,
        running: 2,
        failed: 0,
        rollout: Some(Rollout::Completed),
        reason: None,
        created: Some(ago(3_600)),
        updated: Some(ago(3_500)),
    }
}

/// A service of the cluster `prod` in its steady state: two tasks of `NAME:1`.
pub(crate) fn service(name: &str) -> Service {
    Service {
        arn: service_arn(name),
        name: Clean::new(name),
        cluster: cluster_arn("prod"),
        status: ServiceStatus::Active,
        desired: 2,
        running: 2,
        pending: 0,
        launch: Clean::new("FARGATE"),
        controller: Controller::Ecs,
        scheduling: Scheduling::Replica,
        task_definition: revision(&format!("{name}:1")),
        deployments: vec![deployment("ecs-svc/1", &format!("{name}:1"))],
        events: Vec::new(),
        settings: DeploymentSettings {
            minimum_percent: Some(100),
            maximum_percent: Some(200),
            breaker: Breaker {
                enabled: true,
                rollback: true,
            },
            ..DeploymentSettings::default()
        },
        grace_seconds: None,
        load_balancers: Vec::new(),
        network: None,
        exec: false,
        task_sets: Vec::new(),
        created: Some(ago(86_400)),
    }
}

pub(crate) fn event(message: &str, seconds_ago: i64) -> ServiceEvent {
    ServiceEvent {
        id: Clean::new(&format!("event-{seconds_ago}")),
        at: Some(ago(seconds_ago)),
        message: Clean::new(message),
    }
}

/// A task of a service of `prod` that has been running for half an hour.
pub(crate) fn task(service: &str, id: &str) -> Task {
    Task {
        arn: Arn::new(&format!(
            "arn:aws:ecs:us-east-1:123456789012:task/prod/{id}"
        )),
        cluster: cluster_arn("prod"),
        definition: revision(&format!("{service}:1")),
        owner: Owner::Service(Clean::new(service)),
        started_by: Some(Clean::new("ecs-svc/1")),
        status: TaskStatus::Running,
        desired: Clean::new("RUNNING"),
        health: Health::Healthy,
        created: Some(ago(1_830)),
        pull_started: None,
        pull_stopped: None,
        started: Some(ago(1_800)),
        stopping: None,
        stopped: None,
        stop_code: None,
        stopped_reason: None,
        containers: vec![container("app")],
        launch: Clean::new("FARGATE"),
        cpu: Some(256),
        memory: Some(512),
        zone: None,
        private_ip: None,
        interface: None,
        subnet: None,
        instance: None,
        connected: None,
        connected_since: None,
        attachments: Vec::new(),
        overrides: Vec::new(),
        commands: Vec::new(),
    }
}

pub(crate) fn container(name: &str) -> Container {
    Container {
        name: Clean::new(name),
        status: Clean::new("RUNNING"),
        exit_code: None,
        reason: None,
        health: Health::Unknown,
        image: None,
        digest: None,
        runtime_id: None,
        restarts: None,
    }
}

/// Lets a task have ended by itself, with this exit code.
pub(crate) fn ended(mut task: Task, code: i32, seconds_ago: i64) -> Task {
    task.status = TaskStatus::Stopped;
    task.stop_code = Some(StopCode::EssentialContainerExited);
    task.stopped_reason = Some(Clean::new("Essential container in task exited"));
    task.stopped = Some(ago(seconds_ago));
    for container in &mut task.containers {
        container.exit_code = Some(code);
        container.status = Clean::new("STOPPED");
    }
    task
}

/// Lets a task never have started, with these words of AWS.
pub(crate) fn unstarted(mut task: Task, reason: &str, seconds_ago: i64) -> Task {
    task.status = TaskStatus::Stopped;
    task.stop_code = Some(StopCode::TaskFailedToStart);
    task.stopped_reason = Some(Clean::new(reason));
    task.started = None;
    task.stopped = Some(ago(seconds_ago));
    task
}

/// A revision whose one container `app` logs to `/ecs/GROUP` with the prefix `ecs`.
pub(crate) fn definition(name: &str, group: &str) -> TaskDefinition {
    TaskDefinition {
        arn: revision(name),
        status: Clean::new("ACTIVE"),
        cpu: Some(256),
        memory: Some(512),
        network_mode: Some(Clean::new("awsvpc")),
        containers: vec![ContainerDefinition {
            name: Clean::new("app"),
            image: Clean::new("app:1"),
            essential: true,
            environment: vec![EnvironmentVariable {
                name: Clean::new("JOBS_QUEUE"),
                value: Clean::new("jobs"),
            }],
            log: Some(LogDestination::CloudWatch {
                group: Clean::new(&format!("/ecs/{group}")),
                region: None,
                prefix: Some(Clean::new("ecs")),
                creates: false,
            }),
            ..ContainerDefinition::default()
        }],
        ..TaskDefinition::default()
    }
}
