//! application-autoscaling:RegisterScalableTarget, for a service's desired count.

use serde::{Deserialize, Serialize};

use super::shell::Command;
use crate::domain::{Arn, Suspended};
use crate::text::Clean;

/// application-autoscaling:RegisterScalableTarget. What is left out stays as it is (source:
/// Application Auto Scaling API reference).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RegisterScalableTarget {
    /// Always `ecs`.
    pub service_namespace: Clean,
    /// `service/CLUSTER/SERVICE`.
    pub resource_id: Clean,
    /// Always `ecs:service:DesiredCount`.
    pub scalable_dimension: Clean,
    /// Fewest tasks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_capacity: Option<u32>,
    /// Most tasks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_capacity: Option<u32>,
    /// What is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_state: Option<SuspendedState>,
}

/// What is held: all three are always said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SuspendedState {
    /// Policies may not lower the count.
    pub dynamic_scaling_in_suspended: bool,
    /// Policies may not raise it.
    pub dynamic_scaling_out_suspended: bool,
    /// Scheduled actions do nothing.
    pub scheduled_scaling_suspended: bool,
}

impl From<Suspended> for SuspendedState {
    fn from(suspended: Suspended) -> Self {
        Self {
            dynamic_scaling_in_suspended: suspended.scale_in,
            dynamic_scaling_out_suspended: suspended.scale_out,
            scheduled_scaling_suspended: suspended.scheduled,
        }
    }
}

/// What Application Auto Scaling calls a service.
pub(in crate::act) fn resource_id(cluster: &Arn, service: &Arn) -> Clean {
    Clean::own(format!("service/{}/{}", cluster.name(), service.name()))
}

impl RegisterScalableTarget {
    /// One that changes nothing yet.
    pub(in crate::act) fn of(resource_id: Clean) -> Self {
        Self {
            service_namespace: Clean::literal("ecs"),
            resource_id,
            scalable_dimension: Clean::literal("ecs:service:DesiredCount"),
            min_capacity: None,
            max_capacity: None,
            suspended_state: None,
        }
    }

    pub(super) fn command(&self, region: &str) -> Command {
        let operation = "application-autoscaling register-scalable-target";
        let mut command = Command::new(operation, region)
            .with("service-namespace", &self.service_namespace)
            .with("resource-id", &self.resource_id)
            .with("scalable-dimension", &self.scalable_dimension);
        if let Some(min) = self.min_capacity {
            command = command.with("min-capacity", &min.to_string());
        }
        if let Some(max) = self.max_capacity {
            command = command.with("max-capacity", &max.to_string());
        }
        if let Some(held) = self.suspended_state {
            let words = format!(
                "DynamicScalingInSuspended={},DynamicScalingOutSuspended={},ScheduledScalingSuspended={}",
                held.dynamic_scaling_in_suspended,
                held.dynamic_scaling_out_suspended,
                held.scheduled_scaling_suspended
            );
            command = command.with("suspended-state", &words);
        }
        command
    }
}
