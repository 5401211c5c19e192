//! A task: where it is in its life, why it stopped, and its containers.

use std::sync::Arc;

use serde_json::Value;

use super::InstanceKey;
use super::definition::Definition;
use super::keys::{DeploymentKey, ServiceKey, TaskKey};
use super::target::{Target, TargetState};
use crate::clock::Time;
use crate::world::{LaunchType, StopCodeSpec};

/// `lastStatus`, in the order of life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    Provisioning,
    Pending,
    Activating,
    Running,
    Deactivating,
    Stopping,
    Deprovisioning,
    Stopped,
}

impl Status {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Status::Provisioning => "PROVISIONING",
            Status::Pending => "PENDING",
            Status::Activating => "ACTIVATING",
            Status::Running => "RUNNING",
            Status::Deactivating => "DEACTIVATING",
            Status::Stopping => "STOPPING",
            Status::Deprovisioning => "DEPROVISIONING",
            Status::Stopped => "STOPPED",
        }
    }
}

/// `healthStatus`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    Unknown,
    Healthy,
    Unhealthy,
}

impl Health {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Health::Unknown => "UNKNOWN",
            Health::Healthy => "HEALTHY",
            Health::Unhealthy => "UNHEALTHY",
        }
    }
}

/// `stopCode`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StopCode {
    TaskFailedToStart,
    EssentialContainerExited,
    UserInitiated,
    ServiceSchedulerInitiated,
    SpotInterruption,
    TerminationNotice,
    InfrastructureHealth,
}

impl From<StopCodeSpec> for StopCode {
    fn from(spec: StopCodeSpec) -> Self {
        match spec {
            StopCodeSpec::TaskFailedToStart => StopCode::TaskFailedToStart,
            StopCodeSpec::EssentialContainerExited => StopCode::EssentialContainerExited,
            StopCodeSpec::UserInitiated => StopCode::UserInitiated,
            StopCodeSpec::ServiceSchedulerInitiated => StopCode::ServiceSchedulerInitiated,
            StopCodeSpec::SpotInterruption => StopCode::SpotInterruption,
            StopCodeSpec::TerminationNotice => StopCode::TerminationNotice,
            StopCodeSpec::InfrastructureHealth => StopCode::InfrastructureHealth,
        }
    }
}

impl StopCode {
    pub(crate) fn name(self) -> &'static str {
        match self {
            StopCode::TaskFailedToStart => "TaskFailedToStart",
            StopCode::EssentialContainerExited => "EssentialContainerExited",
            StopCode::UserInitiated => "UserInitiated",
            StopCode::ServiceSchedulerInitiated => "ServiceSchedulerInitiated",
            StopCode::SpotInterruption => "SpotInterruption",
            StopCode::TerminationNotice => "TerminationNotice",
            StopCode::InfrastructureHealth => "InfrastructureHealth",
        }
    }
}

/// The elastic network interface of a Fargate task.
#[derive(Clone, Debug)]
pub(crate) struct Interface {
    pub(crate) attachment: String,
    pub(crate) status: &'static str,
    pub(crate) subnet: String,
    pub(crate) id: String,
    pub(crate) mac: String,
    pub(crate) address: String,
    /// Whether the world outside sees it under an address of its own.
    pub(crate) public: bool,
    pub(crate) security_groups: Vec<String>,
}

/// A container of a task.
#[derive(Clone, Debug)]
pub(crate) struct Container {
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) image: String,
    pub(crate) digest: Option<String>,
    pub(crate) runtime_id: Option<String>,
    pub(crate) status: &'static str,
    pub(crate) exit_code: Option<i32>,
    pub(crate) reason: Option<String>,
    pub(crate) health: Health,
}

/// When a task reached the stations of its life.
#[derive(Clone, Debug, Default)]
pub(crate) struct Times {
    pub(crate) created: Time,
    pub(crate) connected: Option<Time>,
    pub(crate) pull_started: Option<Time>,
    pub(crate) pull_stopped: Option<Time>,
    pub(crate) started: Option<Time>,
    pub(crate) stopping: Option<Time>,
    pub(crate) execution_stopped: Option<Time>,
    pub(crate) stopped: Option<Time>,
}

/// A task.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) key: TaskKey,
    /// 32 hexadecimal digits.
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) cluster: String,
    pub(crate) definition: Arc<Definition>,
    /// The service and deployment that keep it.
    pub(crate) owner: Option<(ServiceKey, DeploymentKey)>,
    pub(crate) group: String,
    pub(crate) started_by: Option<String>,
    /// Desired status RUNNING.
    pub(crate) wanted: bool,
    pub(crate) status: Status,
    pub(crate) health: Health,
    pub(crate) times: Times,
    pub(crate) stop: Option<(StopCode, String)>,
    pub(crate) containers: Vec<Container>,
    pub(crate) zone: String,
    pub(crate) interface: Interface,
    pub(crate) overrides: Value,
    pub(crate) tags: Value,
    pub(crate) execute_command: bool,
    pub(crate) launch: LaunchType,
    /// The capacity provider that was asked for it.
    pub(crate) provider: Option<String>,
    /// The container instance that it runs on.
    pub(crate) instance: Option<InstanceKey>,
    /// Its registrations in target groups.
    pub(crate) targets: Vec<Target>,
    /// It runs, but is not registered where it should be.
    pub(crate) unregistered: bool,
    /// Until when it is protected from being stopped by its service.
    pub(crate) protected: Option<Time>,
    /// Steps planned for an earlier turn of its life are void.
    pub(crate) life: u32,
    /// Counts changes, as `version` tells them.
    pub(crate) version: i64,
}

impl Task {
    /// Up and, where ECS checks that, healthy and registered.
    pub(crate) fn serves(&self) -> bool {
        self.wanted
            && self.status == Status::Running
            && !self.unregistered
            && (self.health == Health::Healthy || !self.definition.has_health_check())
            && self
                .targets
                .iter()
                .all(|target| target.state == TargetState::Healthy)
    }

    /// Whether anything but that it runs tells its health.
    pub(crate) fn checked(&self) -> bool {
        self.definition.has_health_check() || !self.targets.is_empty()
    }

    pub(crate) fn protected_at(&self, now: Time) -> bool {
        self.protected.is_some_and(|until| now < until)
    }

    /// On its way up.
    pub(crate) fn pending(&self) -> bool {
        self.wanted && self.status < Status::Running
    }

    pub(crate) fn running(&self) -> bool {
        self.status == Status::Running
    }

    /// The value of an environment variable in a container: overridden, or as defined.
    pub(crate) fn env(&self, name: &str) -> Option<&str> {
        let overridden = self
            .overrides
            .get("containerOverrides")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|container| container.get("environment")?.as_array())
            .flatten()
            .find(|pair| pair.get("name").and_then(Value::as_str) == Some(name))
            .and_then(|pair| pair.get("value")?.as_str());
        overridden.or_else(|| {
            self.definition
                .containers
                .iter()
                .find_map(|container| container.env.get(name))
                .map(String::as_str)
        })
    }
}
