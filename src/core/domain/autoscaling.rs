//! Application Auto Scaling of a service's desired count.

use serde::{Deserialize, Serialize};

use super::{Arn, Time};
use crate::text::Clean;

/// Which kinds of scaling are held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspended {
    /// Policies may not lower the count.
    pub scale_in: bool,
    /// Policies may not raise it.
    pub scale_out: bool,
    /// Scheduled actions do nothing.
    pub scheduled: bool,
}

impl Suspended {
    /// Nothing scales by itself.
    pub const ALL: Self = Self {
        scale_in: true,
        scale_out: true,
        scheduled: true,
    };
}

/// What may be scaled, and how far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScalableTarget {
    /// Fewest tasks.
    pub min: u32,
    /// Most tasks.
    pub max: u32,
    /// What is held.
    pub suspended: Suspended,
}

/// A policy that changes the count.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScalingPolicy {
    /// Its name.
    pub name: Clean,
    /// TargetTrackingScaling, StepScaling …
    pub kind: Clean,
    /// The metric that it follows, in words.
    pub metric: Option<Clean>,
    /// The value that a target tracking policy keeps.
    pub target: Option<f64>,
    /// The policy may not lower the count.
    pub scale_in_disabled: bool,
}

/// Something that autoscaling did, or did not do.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScalingActivity {
    /// AWS's id of it.
    pub id: Clean,
    /// When it began.
    pub started: Option<Time>,
    /// When it ended.
    pub ended: Option<Time>,
    /// Successful, InProgress, Failed, Overridden, Unfulfilled, Pending.
    pub status: Clean,
    /// AWS's words for what it does.
    pub description: Clean,
    /// AWS's words for why.
    pub cause: Clean,
    /// AWS's words for how it went.
    pub message: Option<Clean>,
    /// Why it did nothing, where it did not.
    pub not_scaled: Option<Clean>,
}

impl ScalingActivity {
    /// The count that it sets, read off `Setting desired count to 4.`
    pub fn sets(&self) -> Option<u32> {
        let (_, rest) = self.description.split_once("desired count to ")?;
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse().ok()
    }
}

/// How a service is scaled by AWS.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Autoscaling {
    /// Its bounds; absent where nothing scales it.
    pub target: Option<ScalableTarget>,
    /// Its policies.
    pub policies: Vec<ScalingPolicy>,
    /// What was done of late, newest first.
    pub activities: Vec<ScalingActivity>,
}

/// The state of a CloudWatch alarm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alarm {
    /// Its name.
    pub name: Clean,
    /// Its resource name.
    pub arn: Arn,
    /// OK, ALARM or INSUFFICIENT_DATA.
    pub state: Clean,
    /// Since when.
    pub since: Option<Time>,
    /// AWS's words for why.
    pub reason: Option<Clean>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_activity_says_the_count_that_it_sets() {
        let activity = |description: &str| ScalingActivity {
            id: Clean::new("1"),
            started: None,
            ended: None,
            status: Clean::new("Successful"),
            description: Clean::new(description),
            cause: Clean::default(),
            message: None,
            not_scaled: None,
        };
        assert_eq!(activity("Setting desired count to 4.").sets(), Some(4));
        assert_eq!(activity("Attempting to scale").sets(), None);
    }
}
