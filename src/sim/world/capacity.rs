//! The shape of what tasks run on: container instances, capacity providers, Fargate.
//!
//! ```toml
//! [[container_instance]]
//! cluster = "main"
//! ec2 = "i-0a1b2c3d4e5f67890"
//! cpu = 2048
//! memory = 3884
//! attributes = { "ecs.instance-type" = "m5.large" }
//! agent_connected = false
//!
//! [[capacity_provider]]
//! name = "spot-fleet"
//! cluster = "main"
//!
//! [fargate]
//! vcpus = 8          # the account's quota of vCPUs that run at the same time
//! ```

use std::collections::BTreeMap;

use serde::Deserialize;

use super::defaults::{Name, one, yes};
use super::spans::Span;

/// One or several EC2 instances that are registered in a cluster.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContainerInstanceSpec {
    pub(crate) cluster: Name,
    /// The EC2 instance id; with a `count` above 1 it is made up.
    pub(crate) ec2: Option<String>,
    #[serde(default = "one")]
    pub(crate) count: u32,
    #[serde(rename = "type", default = "large")]
    pub(crate) kind: String,
    /// CPU units.
    #[serde(default = "two_vcpus")]
    pub(crate) cpu: u32,
    /// MiB.
    #[serde(default = "eight_gigabytes")]
    pub(crate) memory: u32,
    #[serde(default)]
    pub(crate) gpus: u32,
    pub(crate) zone: Option<String>,
    #[serde(default)]
    pub(crate) attributes: BTreeMap<String, String>,
    #[serde(default = "yes")]
    pub(crate) agent_connected: bool,
    #[serde(default)]
    pub(crate) draining: bool,
    /// The capacity provider that brought it.
    pub(crate) capacity_provider: Option<Name>,
    /// When it was registered, relative to the start.
    pub(crate) registered: Option<Span>,
}

/// A capacity provider of an Auto Scaling group.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CapacityProviderSpec {
    pub(crate) name: String,
    pub(crate) cluster: Name,
    /// The cluster's default strategy uses it.
    #[serde(default)]
    pub(crate) default: bool,
    #[serde(default = "hundred")]
    pub(crate) target_capacity: u32,
}

/// Limits of the account on Fargate.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FargateSpec {
    /// The most vCPUs that run at the same time; none means no limit that is met.
    pub(crate) vcpus: Option<u32>,
}

fn large() -> String {
    "m5.large".to_owned()
}

fn two_vcpus() -> u32 {
    2_048
}

fn eight_gigabytes() -> u32 {
    7_680
}

fn hundred() -> u32 {
    100
}
