//! Application Auto Scaling: target tracking of services, by alarms of its own.
//!
//! Invariant: it changes a desired count only when an alarm of a policy fires, nothing
//! suspends that direction, and the count stays within the bounds: below the least only
//! scaling out raises it, above the most only scaling in lowers it.

mod activity;
pub(crate) mod api;
mod furnish;
mod scale;
#[cfg(test)]
mod tests;

pub(crate) use activity::Activity;

use std::collections::VecDeque;

use crate::clock::Time;
use crate::cloudwatch::{Key, Statistic};
use crate::ecs::ServiceKey;
use crate::world::ScalingPolicySpec;

/// The dimension that services are scaled in.
pub(crate) const DIMENSION: &str = "ecs:service:DesiredCount";

/// What is suspended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Suspended {
    pub(crate) scale_in: bool,
    pub(crate) scale_out: bool,
    pub(crate) scheduled: bool,
}

/// A service that may be scaled.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) service: ServiceKey,
    /// `service/CLUSTER/NAME`
    pub(crate) resource: String,
    pub(crate) arn: String,
    pub(crate) min: u32,
    pub(crate) max: u32,
    pub(crate) suspended: Suspended,
    pub(crate) created: Time,
    pub(crate) policies: Vec<Policy>,
    /// Newest first.
    pub(crate) activities: VecDeque<Activity>,
    last_out: Option<Time>,
    last_in: Option<Time>,
}

/// A target tracking policy with its two alarms.
#[derive(Debug)]
pub(crate) struct Policy {
    pub(crate) spec: ScalingPolicySpec,
    pub(crate) arn: String,
    pub(crate) key: Key,
    pub(crate) statistic: Statistic,
    pub(crate) high: String,
    pub(crate) low: String,
}
