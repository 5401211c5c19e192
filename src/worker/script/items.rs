//! Things that the scripted cloud holds, with all that a test does not care about filled in.

use ecsdeck_core::act::{Decider, Intent, IntentId, scale};
use ecsdeck_core::domain::{
    Arn, CloudError, Cluster, ContainerDefinition, ContainerInstance, Controller,
    DeploymentSettings, ErrorKind, Failure, Health, Identity, LogEvent, LogSource, Owner, Queue,
    QueueDepth, Resources, Row, ScalingActivity, Scheduling, Service, ServiceDeployment,
    ServiceDeploymentStatus, ServiceRevision, ServiceStatus, Task, TaskDefinition, TaskStatus,
    Time,
};
use ecsdeck_core::text::Clean;

/// An error of this kind; a throttle in AWS's own form.
pub(crate) fn error(kind: ErrorKind) -> CloudError {
    let error = CloudError::new("ecs:ListServices", kind, Clean::literal("scripted"));
    if kind != ErrorKind::Throttled {
        return error;
    }
    // As AWS itself throttles.
    CloudError {
        code: Some(Clean::literal("ThrottlingException")),
        request_id: Some(Clean::literal("throttled-1")),
        ..error
    }
}

pub(crate) fn identity() -> Identity {
    Identity {
        account: Clean::literal("123456789012"),
        arn: Arn::new("arn:aws:sts::123456789012:assumed-role/OnCall/ann"),
    }
}

pub(crate) fn cluster_arn() -> Arn {
    Arn::new("arn:aws:ecs:us-east-1:123456789012:cluster/prod")
}

pub(crate) fn service_arn(name: impl std::fmt::Display) -> Arn {
    Arn::new(&format!(
        "arn:aws:ecs:us-east-1:123456789012:service/prod/{name}"
    ))
}

pub(crate) fn task_arn(id: impl std::fmt::Display) -> Arn {
    Arn::new(&format!(
        "arn:aws:ecs:us-east-1:123456789012:task/prod/{id}"
    ))
}

pub(crate) fn revision_arn(family: &str, revision: u32) -> Arn {
    Arn::new(&format!(
        "arn:aws:ecs:us-east-1:123456789012:task-definition/{family}:{revision}"
    ))
}

/// The revision that is registered with this document when a write of the tests is decided.
pub(super) fn definition(arn: &Arn, document: &serde_json::Value) -> TaskDefinition {
    let containers = document["containerDefinitions"].as_array().unwrap();
    let text = |value: &serde_json::Value| Clean::new(value.as_str().unwrap());
    TaskDefinition {
        arn: arn.clone(),
        registered: Some("2026-01-01T00:00:00Z".parse().unwrap()),
        containers: containers
            .iter()
            .map(|one| ContainerDefinition {
                name: text(&one["name"]),
                image: text(&one["image"]),
                ..ContainerDefinition::default()
            })
            .collect(),
        ..TaskDefinition::default()
    }
}

pub(crate) fn service(arn: &Arn, desired: u32) -> Service {
    Service {
        arn: arn.clone(),
        name: Clean::new(arn.name()),
        cluster: cluster_arn(),
        status: ServiceStatus::Active,
        desired,
        running: desired,
        pending: 0,
        launch: Clean::literal("FARGATE"),
        controller: Controller::Ecs,
        scheduling: Scheduling::Replica,
        task_definition: Arn::new("arn:aws:ecs:us-east-1:123456789012:task-definition/web:7"),
        deployments: Vec::new(),
        events: Vec::new(),
        settings: DeploymentSettings::default(),
        grace_seconds: None,
        load_balancers: Vec::new(),
        network: None,
        exec: false,
        task_sets: Vec::new(),
        created: None,
    }
}

/// Makes an intent of somebody on call.
pub(crate) fn with_decider(make: impl FnOnce(Decider<'_>) -> Intent) -> Intent {
    make(Decider {
        id: IntentId::new(7),
        at: "2026-01-01T00:00:00Z".parse().unwrap(),
        identity: &identity(),
        region: &Clean::literal("us-east-1"),
    })
}

/// The intent to scale the service `web` from 2, as it was seen, to a count.
pub(crate) fn intent(count: u32) -> Intent {
    let seen = service(&service_arn("web"), 2);
    with_decider(|decider| scale(decider, &seen, &count.to_string()).unwrap())
}

/// A queue with messages, and perhaps another for its dead letters.
pub(crate) fn queue(name: &str, visible: u64, dead_letter: Option<&str>) -> Queue {
    let arn = |name: &str| Arn::new(&format!("arn:aws:sqs:us-east-1:123456789012:{name}"));
    Queue {
        url: Clean::own(format!(
            "https://sqs.us-east-1.amazonaws.com/123456789012/{name}"
        )),
        arn: arn(name),
        name: Clean::new(name),
        depth: QueueDepth {
            visible,
            in_flight: 0,
            delayed: 0,
        },
        dead_letter: dead_letter.map(|name| ecsdeck_core::domain::DeadLetter {
            arn: arn(name),
            max_receives: 3,
            depth: None,
        }),
    }
}

pub(crate) fn row(attributes: &[(&'static str, &str)]) -> Row {
    Row(attributes
        .iter()
        .map(|(name, value)| (Clean::literal(name), Clean::new(value)))
        .collect())
}

pub(crate) fn source(group: &str, streams: usize) -> LogSource {
    LogSource {
        group: Clean::new(group),
        region: None,
        streams: (0..streams)
            .map(|n| Clean::own(format!("app/{n}")))
            .collect(),
    }
}

pub(crate) fn event(group: &str, n: usize) -> LogEvent {
    LogEvent {
        id: Clean::own(format!("{group}-{n}")),
        group: Clean::new(group),
        stream: Clean::literal("app/0"),
        at: "2026-01-01T00:00:00Z".parse().unwrap(),
        ingested: None,
        message: Clean::own(format!("line {n}")),
    }
}

/// A rollout from the revision before it to its own, asked for at this second.
pub(crate) fn rollout(number: u32, status: ServiceDeploymentStatus) -> ServiceDeployment {
    let arn = |kind: &str, number: u32| {
        Arn::new(&format!(
            "arn:aws:ecs:us-east-1:123456789012:{kind}/prod/web/{number}"
        ))
    };
    ServiceDeployment {
        arn: arn("service-deployment", number),
        service: service_arn("web"),
        status,
        status_reason: None,
        created: Time::from_second(i64::from(number)).ok(),
        started: None,
        finished: None,
        stopped: None,
        sources: vec![arn("service-revision", number - 1)],
        target: Some(arn("service-revision", number)),
        stage: None,
        strategy: None,
        bake_minutes: None,
        target_weight: None,
        hooks: Vec::new(),
        rollback: None,
        breaker: None,
        alarms: None,
    }
}

/// What AWS says of something that is not there.
pub(super) fn missing(arn: &Arn) -> Failure {
    Failure {
        arn: arn.clone(),
        reason: Clean::literal("MISSING"),
        detail: None,
    }
}

/// An empty cluster.
pub(super) fn cluster(arn: &Arn) -> Cluster {
    Cluster {
        arn: arn.clone(),
        name: Clean::new(arn.name()),
        status: Clean::literal("ACTIVE"),
        running: 0,
        pending: 0,
        services: 0,
        instances: 0,
    }
}

/// A running task of the service `web`.
pub(super) fn task(arn: &Arn) -> Task {
    Task {
        arn: arn.clone(),
        cluster: cluster_arn(),
        definition: Arn::new("web:7"),
        owner: Owner::Service(Clean::literal("web")),
        started_by: None,
        status: TaskStatus::Running,
        desired: Clean::literal("RUNNING"),
        health: Health::Unknown,
        created: None,
        pull_started: None,
        pull_stopped: None,
        started: None,
        stopping: None,
        stopped: None,
        stop_code: None,
        stopped_reason: None,
        containers: Vec::new(),
        launch: Clean::literal("FARGATE"),
        cpu: None,
        memory: None,
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

/// A revision that says nothing but what ran.
pub(super) fn service_revision(arn: &Arn) -> ServiceRevision {
    ServiceRevision {
        arn: arn.clone(),
        task_definition: Arn::new("web:7"),
        created: None,
        launch: Clean::literal("FARGATE"),
        network: None,
        load_balancers: Vec::new(),
        images: Vec::new(),
    }
}

/// An empty host.
pub(super) fn instance(arn: &Arn) -> ContainerInstance {
    ContainerInstance {
        arn: arn.clone(),
        ec2_id: None,
        status: Clean::literal("ACTIVE"),
        agent_connected: true,
        running: 0,
        registered: Resources::default(),
        remaining: Resources::default(),
        attributes: Vec::new(),
    }
}

/// An activity that began at this second.
pub(super) fn activity(second: i64) -> ScalingActivity {
    ScalingActivity {
        id: Clean::new(&second.to_string()),
        started: Time::from_second(second).ok(),
        ended: None,
        status: Clean::literal("Successful"),
        description: Clean::literal("Setting desired count to 4."),
        cause: Clean::default(),
        message: None,
        not_scaled: None,
    }
}
