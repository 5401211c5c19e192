//! A scalable target and its policies.

use std::collections::VecDeque;

use super::activity::Activity;
use crate::clock::Time;
use crate::cloudwatch::{Key, Statistic};
use crate::ecs::keys::ServiceKey;
use crate::world::ScalingPolicySpec;

/// How many activities are kept of a target.
const KEPT: usize = 300;

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
    pub(super) last_out: Option<Time>,
    pub(super) last_in: Option<Time>,
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
    /// `app/NAME/ID/targetgroup/NAME/ID`, where the metric is that of a target group.
    pub(crate) label: Option<String>,
}

impl Target {
    pub(super) fn remember(&mut self, activity: Activity) {
        self.activities.push_front(activity);
        self.activities.truncate(KEPT);
    }
}
