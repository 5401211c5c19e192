//! A target group: how it checks, and how each of its targets is.

use serde::Serialize;

use super::Arn;
use crate::text::Clean;

/// One target of a group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TargetHealth {
    /// An address of a task, or the id of an instance.
    pub id: Clean,
    /// The port.
    pub port: Option<u16>,
    /// initial, healthy, unhealthy, unused, draining, unavailable.
    pub state: Clean,
    /// AWS's code for why, for example `Target.FailedHealthChecks`.
    pub reason: Option<Clean>,
    /// AWS's words for why.
    pub description: Option<Clean>,
}

/// A target group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TargetGroup {
    /// Its resource name.
    pub arn: Arn,
    /// Its port.
    pub port: Option<u16>,
    /// ip, instance, lambda or alb.
    pub target_type: Clean,
    /// Load balancers that send to it. Empty: nothing does.
    pub load_balancers: Vec<Arn>,
    /// HTTP, HTTPS, TCP …
    pub check_protocol: Option<Clean>,
    /// traffic-port, or a number.
    pub check_port: Option<Clean>,
    /// The path that is asked for.
    pub check_path: Option<Clean>,
    /// The status codes that count as healthy, for example `200-299`.
    pub matcher: Option<Clean>,
    /// Seconds between two checks.
    pub interval_seconds: Option<u32>,
    /// Seconds to wait for an answer.
    pub timeout_seconds: Option<u32>,
    /// So many passes in a row make a target healthy.
    pub healthy_threshold: Option<u32>,
    /// So many failures in a row make it unhealthy.
    pub unhealthy_threshold: Option<u32>,
    /// Its targets.
    pub targets: Vec<TargetHealth>,
}
