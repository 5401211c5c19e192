//! A revision of a task definition, as DescribeTaskDefinition tells it.

use serde::Serialize;

use super::{Arn, Time};
use crate::text::Clean;

/// A plain environment variable. Its value may be a secret that somebody put in the wrong place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EnvironmentVariable {
    /// The variable.
    pub name: Clean,
    /// Its value.
    pub value: Clean,
}

/// A variable that is filled from Secrets Manager or Parameter Store. The value is never read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SecretReference {
    /// The variable.
    pub name: Clean,
    /// The secret's or parameter's name or resource name.
    pub from: Clean,
}

/// Where a container's output goes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogDestination {
    /// CloudWatch Logs. Stream: `prefix/container/task-id`, or the runtime's id where there is no prefix.
    CloudWatch {
        /// The log group.
        group: Clean,
        /// The region; may differ from the cluster's.
        region: Option<Clean>,
        /// The stream's prefix.
        prefix: Option<Clean>,
    },
    /// Another driver, by name: its lines are not in CloudWatch.
    Driver(Clean),
}

/// One container of a task definition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContainerDefinition {
    /// Its name.
    pub name: Clean,
    /// Its image.
    pub image: Clean,
    /// The task ends with it.
    pub essential: bool,
    /// CPU units.
    pub cpu: Option<u32>,
    /// Hard memory limit in MiB.
    pub memory: Option<u32>,
    /// Ports that it listens on.
    pub ports: Vec<u16>,
    /// Entry point and command, in order.
    pub command: Vec<Clean>,
    /// Plain variables.
    pub environment: Vec<EnvironmentVariable>,
    /// Variables from a secret store.
    pub secrets: Vec<SecretReference>,
    /// The health check's command, joined by spaces.
    pub health_check: Option<Clean>,
    /// Where its output goes; absent when it has no log configuration.
    pub log: Option<LogDestination>,
}

/// A revision of a task definition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TaskDefinition {
    /// Its resource name, ending in `family:revision`.
    pub arn: Arn,
    /// ACTIVE, INACTIVE or DELETE_IN_PROGRESS.
    pub status: Clean,
    /// CPU units of the task.
    pub cpu: Option<u32>,
    /// Memory of the task in MiB.
    pub memory: Option<u32>,
    /// awsvpc, bridge, host or none.
    pub network_mode: Option<Clean>,
    /// The role that the program has.
    pub task_role: Option<Arn>,
    /// The role that pulls images and reads secrets.
    pub execution_role: Option<Arn>,
    /// When it was registered.
    pub registered: Option<Time>,
    /// Who registered it.
    pub registered_by: Option<Arn>,
    /// Its containers.
    pub containers: Vec<ContainerDefinition>,
}
