//! The shape of events.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::defaults::{Name, yes};
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
    /// For `metric`: the name of one that the world describes, and its mean from here on.
    pub(crate) metric: Option<Name>,
    pub(crate) value: Option<f64>,
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

/// What happens, with what it needs beside `at` and `do`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EventKind {
    /// Somebody deploys, scales or changes settings: `service = "web"`, and some of
    /// `task_definition = "web:8"`, `desired = 4`, `force = true`, `min_percent = 100`,
    /// `max_percent = 200`.
    UpdateService,
    /// `task_definition = "job:3"`, `cluster = "main"`, `env = { TASK_ID = "7" }`.
    RunTask,
    /// `queue = "jobs"`, `per_minute = 30`.
    QueueRate,
    /// A tag is pushed or, with `exists = false`, deleted: `repository = "…/web"`, `tag = "v2"`.
    Image,
    /// A secret is created or, with `exists = false`, deleted: `secret = "arn:…"`.
    Secret,
    /// A declared trouble begins or, with `exists = false`, ends: `trouble = "no-route"`.
    Trouble,
    /// ECS says something that has no other cause here: `service = "web"`,
    /// `message = "operations are being throttled on elb. Will try again later."`.
    ServiceEvent,
    /// ECS fails the deployment and goes back: `service = "web"`, `message = "Service
    /// deployment rolled back because of invalid networking configuration."`.
    FailDeployment,
    /// Running tasks are stopped, the oldest first: `service = "web"` or
    /// `task_definition = "job:3"`, `count = 2`, `code = "SpotInterruption"`,
    /// `reason = "Your Spot Task was interrupted."`. Without a code a user did it.
    StopTasks,
    /// `service = "web"`, `count = 2`, `minutes = 120`.
    ProtectTasks,
    /// `instance = "i-0a1b"`, `state = "agent-disconnected"`; see [`InstanceState`].
    Instance,
    /// All targets fail: `target_group = "web"`, `fault = "Health checks failed with these
    /// codes: [503]"`. Without a fault they pass again.
    TargetHealth,
    /// An alarm goes off or, with `in_alarm = false`, is over: `alarm = "web-5xx"`,
    /// `reason = "Threshold Crossed: …"`.
    Alarm,
    /// `task_definition = "web:7"`.
    DeregisterTaskDefinition,
    /// A metric goes another way: `metric = "TargetResponseTime"`, `value = 3.5`; with
    /// `exists = false` nobody publishes it any more.
    Metric,
}
