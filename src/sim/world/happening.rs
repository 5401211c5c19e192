//! The shape of events and of scenarios, which are made of them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::model::{Name, yes};
use super::spans::Span;

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
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EventKind {
    UpdateService,
    RunTask,
    QueueRate,
    Image,
    Secret,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScenarioSpec {
    pub(crate) scenario: ScenarioHeader,
    #[serde(default)]
    pub(crate) event: Vec<EventSpec>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScenarioHeader {
    pub(crate) name: String,
    pub(crate) world: String,
    #[serde(default)]
    #[expect(dead_code, reason = "read by people, in the file")]
    pub(crate) title: String,
}
