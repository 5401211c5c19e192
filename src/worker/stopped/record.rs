//! What is kept of a stopped task: what tells why it ended, and where its log is.

use ecsdeck_core::app::ExpiredTask;
use ecsdeck_core::domain::{
    Arn, Container, EnvironmentOverride, Health, Owner, StopCode, Task, TaskStatus, Time,
};
use ecsdeck_core::text::Clean;
use serde::{Deserialize, Serialize};

/// What stands in place of a value that was given to a run: somebody's secret may be among them.
const WITHHELD: &str = "<withheld>";

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Record {
    /// When it was written down, on AWS's clock.
    kept: Time,
    pub(super) arn: Arn,
    cluster: Arn,
    definition: Arn,
    /// The service that kept it; else its family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    service: Option<Clean>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    family: Option<Clean>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    started_by: Option<Clean>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created: Option<Time>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    started: Option<Time>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stopping: Option<Time>,
    pub(super) stopped: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stop_code: Option<StopCode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<Clean>,
    #[serde(default)]
    containers: Vec<Ended>,
    #[serde(default)]
    launch: Clean,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<Clean>,
    /// Names of variables that were given to the run; their values are not kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    overrides: Vec<Given>,
}

/// How a container ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Ended {
    name: Clean,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exit_code: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<Clean>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    image: Option<Clean>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<Clean>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    runtime_id: Option<Clean>,
}

/// A variable that was given to a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Given {
    container: Clean,
    name: Clean,
}

impl Record {
    /// What is kept of a task; nothing of one that has not stopped.
    pub(super) fn of(task: &Task, kept: Time) -> Option<Self> {
        let (service, family) = match &task.owner {
            Owner::Service(name) => (Some(name.clone()), None),
            Owner::Family(name) => (None, Some(name.clone())),
        };
        let containers = task.containers.iter().map(|own| Ended {
            name: own.name.clone(),
            exit_code: own.exit_code,
            reason: own.reason.clone(),
            image: own.image.clone(),
            digest: own.digest.clone(),
            runtime_id: own.runtime_id.clone(),
        });
        let overrides = task.overrides.iter().map(|given| Given {
            container: given.container.clone(),
            name: given.name.clone(),
        });
        Some(Self {
            kept,
            arn: task.arn.clone(),
            cluster: task.cluster.clone(),
            definition: task.definition.clone(),
            service,
            family,
            started_by: task.started_by.clone(),
            created: task.created,
            started: task.started,
            stopping: task.stopping,
            stopped: task.stopped?,
            stop_code: task.stop_code,
            reason: task.stopped_reason.clone(),
            containers: containers.collect(),
            launch: task.launch.clone(),
            zone: task.zone.clone(),
            overrides: overrides.collect(),
        })
    }

    /// The task as far as it was kept, and since when.
    pub(super) fn task(self) -> ExpiredTask {
        let owner = match (self.service, self.family) {
            (Some(service), _) => Owner::Service(service),
            (None, Some(family)) => Owner::Family(family),
            (None, None) => Owner::Family(Clean::new(self.definition.family())),
        };
        let containers = self.containers.into_iter().map(|own| Container {
            name: own.name,
            status: Clean::literal("STOPPED"),
            exit_code: own.exit_code,
            reason: own.reason,
            health: Health::Unknown,
            image: own.image,
            digest: own.digest,
            runtime_id: own.runtime_id,
            restarts: None,
        });
        let overrides = self.overrides.into_iter().map(|given| EnvironmentOverride {
            container: given.container,
            name: given.name,
            value: Clean::literal(WITHHELD),
        });
        let task = Task {
            arn: self.arn,
            cluster: self.cluster,
            definition: self.definition,
            owner,
            started_by: self.started_by,
            status: TaskStatus::Stopped,
            desired: Clean::literal("STOPPED"),
            health: Health::Unknown,
            created: self.created,
            pull_started: None,
            pull_stopped: None,
            started: self.started,
            stopping: self.stopping,
            stopped: Some(self.stopped),
            stop_code: self.stop_code,
            stopped_reason: self.reason,
            containers: containers.collect(),
            launch: self.launch,
            cpu: None,
            memory: None,
            zone: self.zone,
            private_ip: None,
            interface: None,
            subnet: None,
            instance: None,
            connected: None,
            connected_since: None,
            attachments: Vec::new(),
            overrides: overrides.collect(),
            // A command may hold a secret too.
            commands: Vec::new(),
        };
        ExpiredTask {
            since: self.kept,
            task,
        }
    }
}
