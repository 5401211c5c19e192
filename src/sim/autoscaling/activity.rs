//! Scaling activities: what was done, or why nothing was.

use serde_json::{Value, json};

use crate::clock::Time;

/// An activity.
#[derive(Clone, Debug)]
pub(crate) struct Activity {
    pub(crate) id: String,
    pub(crate) at: Time,
    pub(crate) cause: String,
    pub(crate) outcome: Outcome,
}

/// What came of an activity.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// The count was set; from when on ECS had so many tasks.
    Set { count: u32, fulfilled: Option<Time> },
    /// It is as high as it may be.
    AtMost { max: u32, current: u32 },
}

impl Activity {
    pub(crate) fn scaled(&self) -> bool {
        matches!(self.outcome, Outcome::Set { .. })
    }

    /// As it is told of the target of that resource.
    pub(crate) fn show(&self, resource: &str, dimension: &str) -> Value {
        let mut shown = json!({
            "ActivityId": self.id,
            "ServiceNamespace": "ecs",
            "ResourceId": resource,
            "ScalableDimension": dimension,
            "Cause": self.cause,
            "StartTime": self.at.json_seconds(),
        });
        let further = match &self.outcome {
            Outcome::Set {
                count,
                fulfilled: Some(at),
            } => json!({
                "Description": format!("Setting desired count to {count}."),
                "EndTime": at.json_seconds(),
                "StatusCode": "Successful",
                "StatusMessage": format!(
                    "Successfully set desired count to {count}. Change successfully fulfilled by ecs."
                ),
            }),
            Outcome::Set {
                count,
                fulfilled: None,
            } => json!({
                "Description": format!("Setting desired count to {count}."),
                "StatusCode": "InProgress",
                "StatusMessage": format!(
                    "Successfully set desired count to {count}. Waiting for change to be fulfilled by ecs."
                ),
            }),
            Outcome::AtMost { max, current } => json!({
                "Description": "Attempting to scale due to alarm triggered",
                "EndTime": self.at.json_seconds(),
                "StatusCode": "Failed",
                "NotScaledReasons": [{
                    "Code": "AlreadyAtMaxCapacity", "MaxCapacity": max, "CurrentCapacity": current,
                }],
            }),
        };
        if let (Some(shown), Value::Object(further)) = (shown.as_object_mut(), further) {
            shown.extend(further);
        }
        shown
    }
}
