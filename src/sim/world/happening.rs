//! The shape of events.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::model::{Name, yes};
use super::spans::Span;
use super::trouble::StopCodeSpec;

/// Something that happens at a moment, relative to the start.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventSpec {
    pub(crate) at: Span,
    #[serde(rename = "do")]
    pub(crate) kind: EventKind,
    pub(crate) cluster: Option<Name>,
    pub(crate) service: Option<Name>,
    pub(crate) task_definition: Option<Name>,
    pub(crate) desired: Option<u32>,
    #[serde(default)]
    pub(crate) force: bool,
    pub(crate) queue: Option<Name>,
    pub(crate) per_minute: Option<f64>,
    pub(crate) repository: Option<Name>,
    pub(crate) tag: Option<String>,
    pub(crate) secret: Option<String>,
    #[serde(default = "yes")]
    pub(crate) exists: bool,
    /// For `run-task`: who started it.
    pub(crate) started_by: Option<String>,
    /// For `run-task`: the container whose environment is overridden, and with what.
    pub(crate) container: Option<String>,
    #[serde(default)]
    pub(crate) env: BTreeMap<String, String>,
    /// For `trouble`: which one begins or, with `exists = false`, ends.
    pub(crate) trouble: Option<Name>,
    /// For `service-event` and `fail-deployment`: what ECS says, after the service's name.
    pub(crate) message: Option<String>,
    /// For `stop-tasks` and `protect-tasks`: how many; all when it is not given.
    pub(crate) count: Option<u32>,
    /// For `stop-tasks`: the stop code; `UserInitiated` when it is not given.
    pub(crate) code: Option<StopCodeSpec>,
    /// For `stop-tasks` and `alarm`: in whose words.
    pub(crate) reason: Option<String>,
    /// For `instance`: the EC2 instance, and what becomes of it.
    pub(crate) instance: Option<String>,
    pub(crate) state: Option<InstanceState>,
    /// For `target-health`: the group, and why its targets fail; without one they pass.
    pub(crate) target_group: Option<Name>,
    pub(crate) fault: Option<String>,
    /// For `alarm`: which one, and whether it is in ALARM.
    pub(crate) alarm: Option<String>,
    #[serde(default = "yes")]
    pub(crate) in_alarm: bool,
    /// For `protect-tasks`: for how long.
    pub(crate) minutes: Option<i64>,
    /// For `update-service`: further settings.
    pub(crate) min_percent: Option<u32>,
    pub(crate) max_percent: Option<u32>,
}

/// What becomes of a container instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum InstanceState {
    /// The agent connects again, and the instance takes tasks.
    Active,
    AgentDisconnected,
    Draining,
    Stopped,
    Terminated,
    /// It is deregistered by force.
    Deregistered,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EventKind {
    UpdateService,
    RunTask,
    QueueRate,
    Image,
    Secret,
    Trouble,
    ServiceEvent,
    FailDeployment,
    StopTasks,
    ProtectTasks,
    Instance,
    TargetHealth,
    Alarm,
    DeregisterTaskDefinition,
}
