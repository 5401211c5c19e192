//! ecs:UpdateService.

use serde::{Deserialize, Serialize};

use super::Revision;
use super::shell::Command;
use crate::domain::{Arn, Service};

/// ecs:UpdateService. Only what changes is sent: naming an unchanged task
/// definition would demand iam:PassRole (source: ECS API reference).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateService {
    /// The cluster.
    pub cluster: Arn,
    /// The service.
    pub service: Arn,
    /// The desired count to set, absolute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desired_count: Option<u32>,
    /// The revision to go to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_definition: Option<Revision>,
    /// A deployment is begun though nothing else changes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub force_new_deployment: bool,
}

impl UpdateService {
    /// One that changes nothing yet.
    pub(in crate::act) fn of(service: &Service) -> Self {
        Self {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
            desired_count: None,
            task_definition: None,
            force_new_deployment: false,
        }
    }

    pub(super) fn command(&self, region: &str) -> Command {
        let mut command = Command::new("ecs update-service", region)
            .with("cluster", self.cluster.name())
            .with("service", self.service.name());
        if let Some(count) = self.desired_count {
            command = command.with("desired-count", &count.to_string());
        }
        if let Some(revision) = &self.task_definition {
            command = match revision {
                Revision::Known(arn) => command.with("task-definition", arn.name()),
                Revision::Registered => command.raw("--task-definition \"$REVISION\""),
            };
        }
        if self.force_new_deployment {
            command = command.raw("--force-new-deployment");
        }
        command
    }
}
