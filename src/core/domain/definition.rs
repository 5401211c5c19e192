//! A revision of a task definition, as DescribeTaskDefinition tells it.

use serde::Serialize;

use super::{Arn, CloudError, Time};
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
        /// The group is made where it is not there.
        creates: bool,
    },
    /// Another driver: its lines are not where this program reads.
    Driver {
        /// The driver's name, `awsfirelens`.
        name: Clean,
        /// Where it sends lines, as far as its options say: an output plugin, an address, a group.
        to: Option<Clean>,
    },
}

/// A container's own health check. Absent times are AWS's defaults (source: ECS API reference, HealthCheck).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HealthCheck {
    /// The command, joined by spaces; begins with CMD or CMD-SHELL.
    pub command: Clean,
    /// Seconds between two checks: 5 to 300, by default 30.
    pub interval_seconds: u32,
    /// Seconds until a check counts as failed: 2 to 60, by default 5.
    pub timeout_seconds: u32,
    /// Failures in a row that make the container unhealthy: 1 to 10, by default 3.
    pub retries: u32,
    /// Seconds after the start in which failures do not count: 0 to 300, by default 0.
    pub start_period_seconds: u32,
}

impl HealthCheck {
    /// So many seconds after its start a container that never passes is unhealthy, at the latest.
    pub fn patience_seconds(&self) -> u32 {
        let a_check = self.interval_seconds.saturating_add(self.timeout_seconds);
        self.start_period_seconds
            .saturating_add(self.retries.saturating_mul(a_check))
    }
}

/// One container of a task definition.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
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
    /// Soft memory limit in MiB.
    pub memory_reservation: Option<u32>,
    /// Ports that it listens on.
    pub ports: Vec<u16>,
    /// Fixed ports of its host that it takes: two such tasks cannot share a host.
    pub host_ports: Vec<u16>,
    /// Entry point and command, in order.
    pub command: Vec<Clean>,
    /// Plain variables.
    pub environment: Vec<EnvironmentVariable>,
    /// Variables from a secret store.
    pub secrets: Vec<SecretReference>,
    /// Files of variables in S3, by resource name: which variables they hold is not known.
    pub environment_files: Vec<Clean>,
    /// Its health check.
    pub health_check: Option<HealthCheck>,
    /// What it waits for: `container CONDITION`.
    pub depends_on: Vec<Clean>,
    /// The user that it runs as.
    pub user: Option<Clean>,
    /// Where its command runs.
    pub working_directory: Option<Clean>,
    /// Seconds that it has to end by itself once it is told to.
    pub stop_timeout_seconds: Option<u32>,
    /// Where its output goes; absent when it has no log configuration.
    pub log: Option<LogDestination>,
}

/// A revision of a task definition.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TaskDefinition {
    /// Its resource name, ending in `family:revision`.
    pub arn: Arn,
    /// ACTIVE, INACTIVE or DELETE_IN_PROGRESS.
    pub status: Clean,
    /// CPU units of the task.
    pub cpu: Option<u32>,
    /// Memory of the task in MiB.
    pub memory: Option<u32>,
    /// The operating system and CPU that its images are for: `LINUX/X86_64`.
    pub platform: Option<Clean>,
    /// Disk of the task in GiB, where it is not the 20 of Fargate.
    pub ephemeral_storage: Option<u32>,
    /// Its volumes, each with its kind: `data efs`.
    pub volumes: Vec<Clean>,
    /// awsvpc, bridge, host or none.
    pub network_mode: Option<Clean>,
    /// The role that the program has.
    pub task_role: Option<Arn>,
    /// The role that pulls images and reads secrets.
    pub execution_role: Option<Arn>,
    /// Attributes that a host must have to run it, by name.
    pub requires: Vec<Clean>,
    /// When it was registered.
    pub registered: Option<Time>,
    /// Who registered it.
    pub registered_by: Option<Arn>,
    /// Its containers.
    pub containers: Vec<ContainerDefinition>,
}

/// A revision of a family, as a listing of the family has it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListedRevision {
    /// Its resource name.
    pub arn: Arn,
    /// Tasks of it can be started; else it was deregistered.
    pub active: bool,
    /// What it is, or why that could not be read.
    pub definition: Result<TaskDefinition, CloudError>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_that_never_passes_is_given_its_start_period_and_its_retries() {
        let check = HealthCheck {
            command: Clean::new("CMD true"),
            interval_seconds: 30,
            timeout_seconds: 5,
            retries: 3,
            start_period_seconds: 60,
        };
        assert_eq!(check.patience_seconds(), 60 + 3 * 35);
    }
}
