//! The shape of what stands around ECS: metrics and alarms, load balancers, scaling,
//! names, secrets, images, instances, permissions and faults.
//!
//! ```toml
//! [[metric]]                      # a metric of which the world says how it goes
//! namespace = "AWS/ApplicationELB"
//! name = "TargetResponseTime"
//! dimensions = { LoadBalancer = "app/web/50dc6c495c0c9188" }
//! kind = "spread"                 # or "level" (the default), or "count"
//! value = 0.3                     # the mean; `noise` and `wave` are shares of it
//! spread = 4.0                    # p99 by p50
//!
//! [[event]]                       # from here on it is another value, or none at all
//! at = "5m"
//! do = "metric"
//! metric = "TargetResponseTime"
//! value = 3.5                     # or: exists = false
//! ```

use std::collections::BTreeMap;

use serde::Deserialize;

use super::defaults::{Name, one, yes};
use super::spans::{Between, Span};

/// A metric that the world describes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MetricSpec {
    pub(crate) namespace: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) dimensions: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) unit: Option<String>,
    #[serde(default)]
    pub(crate) kind: MetricKind,
    /// Its mean.
    #[serde(default)]
    pub(crate) value: f64,
    /// How far it strays, as a share of the mean.
    #[serde(default = "tenth")]
    pub(crate) noise: f64,
    /// How far it rises and falls over a day, as a share of the mean.
    #[serde(default)]
    pub(crate) wave: f64,
    /// For `spread`: p99 by p50.
    #[serde(default = "three_times")]
    pub(crate) spread: f64,
    /// A service whose running tasks share it: the value is divided by their number.
    pub(crate) shared_by: Option<Name>,
    /// A queue whose depth it tells.
    pub(crate) depth_of: Option<Name>,
    /// False when nobody publishes it.
    #[serde(default = "yes")]
    pub(crate) exists: bool,
}

/// What is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum MetricKind {
    /// A level: one sample a minute.
    #[default]
    Level,
    /// Things that happen: each is a sample of 1, and a minute without any has none.
    Count,
    /// Durations of many things, of which percentiles are asked.
    Spread,
}

/// The name of a metric with its dimensions.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MetricName {
    pub(crate) namespace: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) dimensions: BTreeMap<String, String>,
}

/// An alarm on one metric.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlarmSpec {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) description: Option<String>,
    pub(crate) metric: MetricName,
    /// `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`, or a percentile: `p99`.
    #[serde(default = "average")]
    pub(crate) statistic: String,
    /// Seconds: a multiple of 60.
    #[serde(default = "minute")]
    pub(crate) period: u32,
    #[serde(default = "one")]
    pub(crate) periods: u32,
    /// How many of the periods must breach; none means all.
    pub(crate) datapoints: Option<u32>,
    #[serde(rename = "is")]
    pub(crate) comparison: Comparison,
    pub(crate) threshold: f64,
    #[serde(default)]
    pub(crate) missing: Missing,
    #[serde(default)]
    pub(crate) actions: Vec<String>,
}

/// When a datapoint breaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Comparison {
    #[serde(rename = ">=")]
    AtLeast,
    #[serde(rename = ">")]
    Above,
    #[serde(rename = "<")]
    Below,
    #[serde(rename = "<=")]
    AtMost,
}

/// What a missing datapoint counts as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Missing {
    /// Nothing is known of the period.
    #[default]
    #[serde(rename = "missing")]
    Unknown,
    Ignore,
    Breaching,
    NotBreaching,
}

/// An application load balancer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoadBalancerSpec {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) internal: bool,
    #[serde(default)]
    pub(crate) subnets: Vec<String>,
    #[serde(default)]
    pub(crate) security_groups: Vec<String>,
}

impl LoadBalancerSpec {
    /// A load balancer of which only the name is known.
    pub(crate) fn named(name: &str) -> Self {
        LoadBalancerSpec {
            name: name.to_owned(),
            internal: false,
            subnets: vec![
                "subnet-0f1ee7000000000a1".to_owned(),
                "subnet-0f1ee7000000000b2".to_owned(),
            ],
            security_groups: Vec::new(),
        }
    }
}

/// A service that Application Auto Scaling may scale.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScalableTargetSpec {
    pub(crate) service: Name,
    pub(crate) min: u32,
    pub(crate) max: u32,
    #[serde(default)]
    pub(crate) suspended: bool,
    #[serde(default)]
    pub(crate) policy: Vec<ScalingPolicySpec>,
}

/// A target tracking policy.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScalingPolicySpec {
    pub(crate) name: String,
    pub(crate) target: f64,
    /// `ECSServiceAverageCPUUtilization`, `ECSServiceAverageMemoryUtilization` or
    /// `ALBRequestCountPerTarget`; or else `metric` is given.
    pub(crate) predefined: Option<String>,
    pub(crate) metric: Option<MetricName>,
    #[serde(default = "average")]
    pub(crate) statistic: String,
    /// Seconds.
    #[serde(default = "three_hundred")]
    pub(crate) in_cooldown: u32,
    /// Seconds.
    #[serde(default = "minute")]
    pub(crate) out_cooldown: u32,
    #[serde(default)]
    pub(crate) disable_scale_in: bool,
}

/// A parameter of the Systems Manager; its value is never served.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ParameterSpec {
    pub(crate) name: String,
    /// `String`, `StringList` or `SecureString`.
    #[serde(default = "secure_string")]
    pub(crate) kind: String,
    pub(crate) description: Option<String>,
}

/// A name in Cloud Map under which the tasks of a service are registered.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DiscoverySpec {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) service: Name,
    pub(crate) port: Option<u16>,
    /// Addresses of tasks that are long gone and were never deregistered.
    #[serde(default)]
    pub(crate) stale: Vec<String>,
    /// Whether tasks are registered at all.
    #[serde(default = "yes")]
    pub(crate) registers: bool,
}

/// An EC2 instance.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InstanceSpec {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) stopped: bool,
    /// What its status checks say while it runs: `ok`, or `impaired`.
    #[serde(default = "yes")]
    pub(crate) passes_checks: bool,
    #[serde(default = "starts")]
    pub(crate) starts_within: Between,
    pub(crate) subnet: Option<String>,
    #[serde(default = "yes")]
    pub(crate) public_ip: bool,
    #[serde(default)]
    pub(crate) tags: BTreeMap<String, String>,
    /// When it was last launched, relative to the start.
    pub(crate) launched: Option<Span>,
}

/// A role, by the actions that it may not do. What is not declared may do everything.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleSpec {
    pub(crate) name: String,
    /// `service:Action`, with `*` for any rest: `ecs:Update*`.
    #[serde(default)]
    pub(crate) denied: Vec<String>,
    #[serde(default = "yes")]
    pub(crate) exists: bool,
}

pub(super) fn tenth() -> f64 {
    0.1
}

fn three_times() -> f64 {
    3.0
}

fn average() -> String {
    "Average".to_owned()
}

fn minute() -> u32 {
    60
}

fn secure_string() -> String {
    "SecureString".to_owned()
}

fn three_hundred() -> u32 {
    300
}

fn starts() -> Between {
    Between::seconds(15, 40)
}
