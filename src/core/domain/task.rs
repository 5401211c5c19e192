//! A task and its containers, as DescribeTasks tells them.

use serde::{Deserialize, Serialize};

use super::{Arn, Time};
use crate::text::{Clean, Values};

/// Where a task is in its life, in the order in which it goes through.
///
/// Source: ECS developer guide, "Amazon ECS task lifecycle".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskStatus {
    /// Waits for its network interface and capacity.
    Provisioning,
    /// Waits for the agent.
    Pending,
    /// Pulls images, registers with the load balancer.
    Activating,
    /// Runs.
    Running,
    /// Leaves the load balancer.
    Deactivating,
    /// Its containers are told to stop.
    Stopping,
    /// Gives its network interface back.
    Deprovisioning,
    /// Ended.
    Stopped,
    /// Gone.
    Deleted,
    /// A word that this version does not know.
    Other,
}

/// Why AWS says a task stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopCode {
    /// It never ran.
    TaskFailedToStart,
    /// A container that it cannot do without ended.
    EssentialContainerExited,
    /// A person or an API call.
    UserInitiated,
    /// The service's own scheduler.
    ServiceSchedulerInitiated,
    /// Spot interrupted the task.
    SpotInterruption,
    /// The host was told to go.
    TerminationNotice,
    /// The host was not well.
    InfrastructureHealth,
    /// A word that this version does not know.
    Other,
}

/// What a health check says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// It passes.
    Healthy,
    /// It fails.
    Unhealthy,
    /// There is none, or it has not answered yet.
    #[default]
    Unknown,
}

/// What keeps a task: read off its group (`service:NAME` or `family:NAME`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// A service, by name.
    Service(Clean),
    /// Nothing: it was run by itself. The family of its definition, or its own group name.
    Family(Clean),
}

/// Something that is attached to a task: its network interface, or a volume.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Attachment {
    /// ElasticNetworkInterface, AmazonElasticBlockStorage …
    pub kind: Clean,
    /// PRECREATED, CREATED, ATTACHING, ATTACHED, DETACHING, DETACHED, DELETED or FAILED.
    pub status: Clean,
    /// AWS's words for why it did not attach.
    pub reason: Option<Clean>,
}

/// A container of a task.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Container {
    /// Its name in the task definition.
    pub name: Clean,
    /// PENDING, RUNNING, STOPPED …
    pub status: Clean,
    /// What it returned; absent when it never ran.
    pub exit_code: Option<i32>,
    /// AWS's words for why it ended.
    pub reason: Option<Clean>,
    /// Its health check.
    pub health: Health,
    /// The image as the definition names it.
    pub image: Option<Clean>,
    /// The image's digest.
    pub digest: Option<Clean>,
    /// The runtime's own id; names the log stream where there is no prefix.
    pub runtime_id: Option<Clean>,
    /// How often its restart policy has restarted it. DescribeTasks does not tell; the task metadata endpoint and
    /// Container Insights do (source: ECS developer guide, "Restart individual containers in Amazon ECS tasks").
    pub restarts: Option<u32>,
}

/// An environment variable given for this run of a container.
///
/// The value may be a secret: it is shown only on request and never journalled.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EnvironmentOverride {
    /// The container.
    pub container: Clean,
    /// The variable.
    pub name: Clean,
    /// Its value.
    pub value: Clean,
}

/// A command given for this run of a container.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CommandOverride {
    /// The container.
    pub container: Clean,
    /// Its words.
    pub command: Vec<Clean>,
}

/// An ECS task, running or stopped.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Task {
    /// Its resource name; the last part is its id.
    pub arn: Arn,
    /// The cluster's resource name.
    pub cluster: Arn,
    /// The revision that it runs.
    pub definition: Arn,
    /// What keeps it.
    pub owner: Owner,
    /// A deployment's id, or who ran it.
    pub started_by: Option<Clean>,
    /// Where it is.
    pub status: TaskStatus,
    /// Where it is going: RUNNING or STOPPED.
    pub desired: Clean,
    /// Its health.
    pub health: Health,
    /// When it was asked for.
    pub created: Option<Time>,
    /// When the first image pull began.
    pub pull_started: Option<Time>,
    /// When the last image pull ended.
    pub pull_stopped: Option<Time>,
    /// When it reached RUNNING.
    pub started: Option<Time>,
    /// When it was told to stop.
    pub stopping: Option<Time>,
    /// When it had stopped.
    pub stopped: Option<Time>,
    /// Why it stopped.
    pub stop_code: Option<StopCode>,
    /// Why it stopped, in AWS's words.
    pub stopped_reason: Option<Clean>,
    /// Its containers.
    pub containers: Vec<Container>,
    /// FARGATE, EC2, EXTERNAL, or the capacity provider.
    pub launch: Clean,
    /// CPU units of the task: 1024 are one vCPU.
    pub cpu: Option<u32>,
    /// Memory of the task in MiB.
    pub memory: Option<u32>,
    /// The availability zone.
    pub zone: Option<Clean>,
    /// The address inside the VPC.
    pub private_ip: Option<Clean>,
    /// The network interface's id.
    pub interface: Option<Clean>,
    /// The subnet that it is in.
    pub subnet: Option<Clean>,
    /// The container instance that it was put on; absent on Fargate.
    pub instance: Option<Arn>,
    /// Whether its agent is connected; absent where AWS does not say.
    pub connected: Option<bool>,
    /// Since when it is so.
    pub connected_since: Option<Time>,
    /// Its network interface and volumes.
    pub attachments: Vec<Attachment>,
    /// Variables that were given to this run.
    pub overrides: Vec<EnvironmentOverride>,
    /// Commands that were given to this run.
    pub commands: Vec<CommandOverride>,
}

impl Task {
    /// The task as it may be shown: what it was given may be a secret.
    #[must_use]
    pub fn shown(&self, values: Values) -> Self {
        let mut task = self.clone();
        for variable in &mut task.overrides {
            variable.value = Clean::new(&values.value(&variable.name, &variable.value));
        }
        for given in &mut task.commands {
            let shown = values.command(&given.command);
            given.command = shown.iter().map(|word| Clean::new(word)).collect();
        }
        task
    }

    /// The task's id.
    pub fn id(&self) -> &str {
        self.arn.name()
    }

    /// The first eight characters of the id: enough for a person to tell tasks apart.
    pub fn short_id(&self) -> &str {
        self.id().get(..8).unwrap_or(self.id())
    }

    /// Whether it has ended.
    pub fn is_stopped(&self) -> bool {
        matches!(self.status, TaskStatus::Stopped | TaskStatus::Deleted)
    }

    /// The most telling exit code: that of the container of which AWS gives a reason, else one of a program's own
    /// before those of signals, and 0 last.
    pub fn exit_code(&self) -> Option<i32> {
        let says = |code: i32| match code {
            0 => 4,
            143 => 3,
            137 => 2,
            132..=136 | 139 => 1,
            _ => 0,
        };
        let ended = self
            .containers
            .iter()
            .filter_map(|container| Some((container.reason.is_none(), container.exit_code?)));
        let telling = ended.min_by_key(|(silent, code)| (*silent, says(*code)));
        telling.map(|(_, code)| code)
    }

    /// The container's reason that says most: where there is none, the task's own.
    pub fn reason(&self) -> Option<&Clean> {
        let own = self.stopped_reason.as_ref();
        // That an essential container exited or the task failed to start says nothing that a container's own reason
        // does not say better.
        let vague = own.is_none_or(|reason| {
            let reason = reason.as_str();
            reason.starts_with("Essential container")
                || reason.trim_end_matches('.') == "Task failed to start"
        });
        let inner = self
            .containers
            .iter()
            .find_map(|container| container.reason.as_ref());
        if vague { inner.or(own) } else { own }
    }
}
