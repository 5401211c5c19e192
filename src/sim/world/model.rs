//! The shape of world and scenario files. Every table refuses unknown keys.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::around::{
    AlarmSpec, DiscoverySpec, InstanceSpec, LoadBalancerSpec, MetricSpec, ParameterSpec, RoleSpec,
    ScalableTargetSpec,
};
use super::capacity::{CapacityProviderSpec, ContainerInstanceSpec, FargateSpec};
use super::defaults::{Name, one, yes};
use super::fault::FaultSpec;
use super::function::FunctionSpec;
use super::happening::EventSpec;
use super::service::{LaunchType, ServiceSpec};
use super::spans::{Between, Span};
use super::targets::TargetGroupSpec;
use super::trouble::TroubleSpec;
use super::truth::{Cure, ScenarioHeader, Truth};
use super::work::{QueueSpec, TableSpec};

/// A world file; a scenario file has the same tables.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WorldSpec {
    #[serde(default)]
    pub(crate) world: Header,
    /// In the place of `world`, where the file is a scenario.
    pub(crate) scenario: Option<ScenarioHeader>,
    #[serde(default)]
    pub(crate) truth: Vec<Truth>,
    pub(crate) cure: Option<Cure>,
    #[serde(default)]
    pub(crate) cluster: Vec<ClusterSpec>,
    #[serde(default)]
    pub(crate) repository: Vec<RepositorySpec>,
    #[serde(default)]
    pub(crate) secret: Vec<SecretSpec>,
    #[serde(default)]
    pub(crate) log_group: Vec<LogGroupSpec>,
    #[serde(default)]
    pub(crate) function: Vec<FunctionSpec>,
    #[serde(default)]
    pub(crate) task_definition: Vec<DefinitionSpec>,
    #[serde(default)]
    pub(crate) service: Vec<ServiceSpec>,
    #[serde(default)]
    pub(crate) target_group: Vec<TargetGroupSpec>,
    #[serde(default)]
    pub(crate) container_instance: Vec<ContainerInstanceSpec>,
    #[serde(default)]
    pub(crate) capacity_provider: Vec<CapacityProviderSpec>,
    #[serde(default)]
    pub(crate) fargate: FargateSpec,
    #[serde(default)]
    pub(crate) trouble: Vec<TroubleSpec>,
    #[serde(default)]
    pub(crate) queue: Vec<QueueSpec>,
    #[serde(default)]
    pub(crate) table: Vec<TableSpec>,
    #[serde(default)]
    pub(crate) event: Vec<EventSpec>,
    #[serde(default)]
    pub(crate) generate: Vec<GenerateSpec>,
    #[serde(default)]
    pub(crate) metric: Vec<MetricSpec>,
    #[serde(default)]
    pub(crate) alarm: Vec<AlarmSpec>,
    #[serde(default)]
    pub(crate) load_balancer: Vec<LoadBalancerSpec>,
    #[serde(default)]
    pub(crate) scalable_target: Vec<ScalableTargetSpec>,
    #[serde(default)]
    pub(crate) parameter: Vec<ParameterSpec>,
    #[serde(default)]
    pub(crate) discovery: Vec<DiscoverySpec>,
    #[serde(default)]
    pub(crate) instance: Vec<InstanceSpec>,
    #[serde(default)]
    pub(crate) role: Vec<RoleSpec>,
    #[serde(default)]
    pub(crate) fault: Vec<FaultSpec>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    pub(crate) name: String,
    /// One line for people: what this world is.
    #[serde(default)]
    #[expect(dead_code, reason = "read by people, in the file")]
    pub(crate) title: String,
    pub(crate) account: String,
    pub(crate) region: String,
    /// The ARN that STS tells the caller it is.
    pub(crate) caller: Option<String>,
    /// How much of the past is really run before the clock starts.
    #[serde(default = "default_warm_up")]
    pub(crate) warm_up: Span,
    /// How far what ECS reads lags behind what was written: eventual consistency.
    #[serde(default)]
    pub(crate) read_lag: Span,
    /// Whether AWS's documented call rates hold.
    #[serde(default)]
    pub(crate) throttling: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClusterSpec {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) tags: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) container_insights: bool,
}

/// An image repository whose tags are known; a tag that is not listed does not exist.
/// A repository that is not declared has every tag.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RepositorySpec {
    pub(crate) name: String,
    pub(crate) tags: Vec<String>,
}

/// A secret of which it is told whether it exists; one that is not declared exists.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecretSpec {
    pub(crate) arn: String,
    #[serde(default = "yes")]
    pub(crate) exists: bool,
}

/// A log group that exists, or does not, apart from what task definitions name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogGroupSpec {
    pub(crate) name: String,
    pub(crate) retention_days: Option<u32>,
    #[serde(default = "yes")]
    pub(crate) exists: bool,
    /// The share of the lines that callers put (PutLogEvents) that are ingested late, and
    /// by how much.
    #[serde(default)]
    pub(crate) late: f64,
    #[serde(default = "default_late_by")]
    pub(crate) late_by: Between,
    /// Gigabytes that DescribeLogGroups says it holds, of lines from before the world begins; nothing finds them.
    #[serde(default)]
    pub(crate) stored_gb: f64,
    /// How long a query of it runs; without it a second or so. After an hour it is timed out.
    pub(crate) query_takes: Option<Span>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DefinitionSpec {
    pub(crate) family: String,
    pub(crate) revision: u32,
    /// An earlier revision of the family from which all that is not given is taken.
    pub(crate) like: Option<u32>,
    #[serde(default)]
    pub(crate) inactive: bool,
    /// CPU units; 1,024 are one vCPU.
    pub(crate) cpu: Option<u32>,
    /// MiB.
    pub(crate) memory: Option<u32>,
    pub(crate) execution_role: Option<String>,
    pub(crate) task_role: Option<String>,
    /// `awsvpc` (the default), `bridge` or `host`.
    pub(crate) network_mode: Option<String>,
    /// Launch types that it requires; `FARGATE` when none is given.
    #[serde(default)]
    pub(crate) requires: Vec<LaunchType>,
    /// Attributes that a container instance must have for its tasks.
    #[serde(default)]
    pub(crate) attributes: BTreeMap<String, String>,
    /// When it was registered, relative to the start.
    pub(crate) registered: Option<Span>,
    #[serde(default)]
    pub(crate) container: Vec<ContainerSpec>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContainerSpec {
    pub(crate) name: String,
    pub(crate) image: Option<String>,
    pub(crate) essential: Option<bool>,
    pub(crate) port: Option<u16>,
    /// A fixed port on the container instance.
    pub(crate) host_port: Option<u16>,
    pub(crate) gpus: Option<u32>,
    /// It does not stop when it is told to, and is killed after 30 seconds.
    pub(crate) ignores_sigterm: Option<bool>,
    #[serde(default)]
    pub(crate) command: Vec<String>,
    #[serde(default)]
    pub(crate) env: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) secrets: BTreeMap<String, String>,
    pub(crate) log: Option<LogSpec>,
    pub(crate) health: Option<HealthSpec>,
    /// How it ends by itself; an empty list means that it runs until it is stopped.
    pub(crate) exits: Option<Vec<ExitSpec>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogSpec {
    pub(crate) group: String,
    #[serde(default = "default_prefix")]
    pub(crate) prefix: String,
    /// Lines a second.
    #[serde(default)]
    pub(crate) rate: f64,
    /// Templates of the lines of an ordinary day.
    #[serde(default)]
    pub(crate) lines: Vec<String>,
    /// What it says when it starts.
    #[serde(default)]
    pub(crate) start: Vec<String>,
    /// The share of lines that arrive late, and by how much.
    #[serde(default)]
    pub(crate) late: f64,
    #[serde(default = "default_late_by")]
    pub(crate) late_by: Between,
    /// The share of lines whose stamp lies in the future when they arrive, and how far.
    #[serde(default)]
    pub(crate) ahead: f64,
    #[serde(default = "default_late_by")]
    pub(crate) ahead_by: Between,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HealthSpec {
    pub(crate) command: Vec<String>,
    #[serde(default = "default_interval")]
    pub(crate) interval: u32,
    #[serde(default = "default_timeout")]
    pub(crate) timeout: u32,
    #[serde(default = "default_retries")]
    pub(crate) retries: u32,
    #[serde(default)]
    pub(crate) start_period: u32,
    /// Whether the check ever passes.
    #[serde(default = "yes")]
    pub(crate) passes: bool,
    /// How long the program takes until the check passes.
    #[serde(default = "default_healthy_after")]
    pub(crate) after: Between,
    /// How long after its start the program falls ill, and fails the check from then on.
    pub(crate) fails_after: Option<Between>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExitSpec {
    pub(crate) after: Between,
    pub(crate) code: i32,
    #[serde(default = "one")]
    pub(crate) weight: u32,
    /// The container's reason, such as `OutOfMemoryError: …`.
    pub(crate) reason: Option<String>,
    /// Its last words.
    #[serde(default)]
    pub(crate) lines: Vec<String>,
}

/// Many services of the same kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GenerateSpec {
    pub(crate) clusters: Vec<Name>,
    pub(crate) services: u32,
    /// Tasks of all of them together; each service has at least one.
    pub(crate) tasks: u32,
    /// Words of which their names are made.
    pub(crate) words: Vec<String>,
    #[serde(default)]
    pub(crate) rate: f64,
    #[serde(default)]
    pub(crate) lines: Vec<String>,
}

fn default_warm_up() -> Span {
    Span(crate::clock::HOUR)
}

fn default_prefix() -> String {
    "ecs".to_owned()
}

fn default_late_by() -> Between {
    Between::seconds(20, 90)
}

fn default_interval() -> u32 {
    30
}

fn default_timeout() -> u32 {
    5
}

fn default_retries() -> u32 {
    3
}

fn default_healthy_after() -> Between {
    Between::seconds(5, 20)
}
