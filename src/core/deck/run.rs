//! Templates for tasks that somebody runs by hand or that drain a queue.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::model::duration;

/// A run template.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// What it is called.
    pub name: String,
    /// Where it runs, where the deck has several clusters.
    pub cluster: Option<String>,
    /// Family, or `family:revision` to pin one.
    pub task_definition: String,
    /// The container that gets the environment.
    pub container: Option<String>,
    /// On what it runs.
    #[serde(default)]
    pub launch: Launch,
    /// Where in the network it runs.
    pub network: Option<Network>,
    /// The fields of the form, in its order.
    #[serde(default)]
    pub env: Vec<Variable>,
    /// A task that runs for longer than this is late.
    #[serde(default, deserialize_with = "duration")]
    pub timeout: Option<Duration>,
}

/// On what a task runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Launch {
    /// Fargate.
    #[default]
    Fargate,
    /// Fargate Spot: cheaper, and may be taken away.
    FargateSpot,
    /// The cluster's own instances.
    Ec2,
}

/// Where in the network a task runs.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// Subnet ids, at least one.
    pub subnets: Vec<String>,
    /// Security group ids; the VPC's own where there are none.
    #[serde(default)]
    pub security_groups: Vec<String>,
    /// Whether it gets a public address. Without one it needs a NAT or endpoints to pull its image.
    #[serde(default)]
    pub public_ip: bool,
}

/// An environment variable of the form.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// What stands in the form at first. `{uuid}` is a new id, `{time}` the time, `{user}` who runs it.
    pub default: Option<String>,
    /// It may not be empty.
    #[serde(default)]
    pub required: bool,
    /// What a value must match as a whole: a regular expression.
    pub pattern: Option<String>,
    /// What it is for.
    pub help: Option<String>,
}

impl Variable {
    /// What may stand in a default between braces.
    pub const PLACEHOLDERS: [&str; 3] = ["uuid", "time", "user"];
}
