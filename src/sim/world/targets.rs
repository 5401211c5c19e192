//! The shape of target groups: how a load balancer checks tasks, and what it finds.
//!
//! ```toml
//! [[target_group]]
//! name = "web"
//! port = 8080
//! path = "/health"
//! healthy_after = ["8s", "20s"]
//! fault = "Health checks failed with these codes: [503]"   # nobody passes
//! ```

use serde::Deserialize;

use super::spans::{Between, Span};

/// A target group.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TargetGroupSpec {
    pub(crate) name: String,
    #[serde(default = "default_port")]
    pub(crate) port: u16,
    #[serde(default = "http")]
    pub(crate) protocol: String,
    #[serde(default = "slash")]
    pub(crate) path: String,
    /// The status codes that pass, such as `200` or `200-399`.
    #[serde(default = "ok")]
    pub(crate) matcher: String,
    /// Seconds between checks.
    #[serde(default = "thirty")]
    pub(crate) interval: u32,
    #[serde(default = "five")]
    pub(crate) timeout: u32,
    #[serde(default = "five")]
    pub(crate) healthy_threshold: u32,
    #[serde(default = "two")]
    pub(crate) unhealthy_threshold: u32,
    /// How long a target drains.
    #[serde(default = "five_minutes")]
    pub(crate) deregistration_delay: Span,
    /// The load balancer that forwards to it, if any does.
    pub(crate) load_balancer: Option<String>,
    /// How long the program takes from its start until it answers the check.
    #[serde(default = "default_healthy_after")]
    pub(crate) healthy_after: Between,
    /// Why no target passes, in ELB's words; none means that they pass.
    pub(crate) fault: Option<String>,
    /// Requests a minute; with some, the load balancer publishes its usual metrics.
    #[serde(default)]
    pub(crate) requests: f64,
}

fn default_port() -> u16 {
    80
}

fn http() -> String {
    "HTTP".to_owned()
}

fn slash() -> String {
    "/".to_owned()
}

fn ok() -> String {
    "200".to_owned()
}

fn thirty() -> u32 {
    30
}

fn five() -> u32 {
    5
}

fn two() -> u32 {
    2
}

fn five_minutes() -> Span {
    Span(5 * crate::clock::MINUTE)
}

fn default_healthy_after() -> Between {
    Between::seconds(5, 15)
}
