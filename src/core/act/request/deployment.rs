//! What changes a service deployment that is under way: ecs:StopServiceDeployment and
//! ecs:ContinueServiceDeployment.

use serde::{Deserialize, Serialize};

use super::shell::Command;
use crate::domain::Arn;
use crate::text::Clean;

/// ecs:StopServiceDeployment with the only way of stopping that AWS documents: going back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StopServiceDeployment {
    /// The service deployment.
    pub service_deployment_arn: Arn,
    /// How it is stopped.
    pub stop_type: StopType,
}

/// How a service deployment is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StopType {
    /// The service goes back to the revision that it came from.
    #[serde(rename = "ROLLBACK")]
    Rollback,
}

/// ecs:ContinueServiceDeployment: the answer to a hook that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContinueServiceDeployment {
    /// The service deployment.
    pub service_deployment_arn: Arn,
    /// The hook.
    pub hook_id: Clean,
    /// The answer.
    pub action: HookAction,
}

/// The answer to a hook that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum HookAction {
    /// Go on.
    Continue,
    /// Go back.
    Rollback,
}

impl HookAction {
    /// The word that AWS uses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Continue => "CONTINUE",
            Self::Rollback => "ROLLBACK",
        }
    }
}

impl StopServiceDeployment {
    pub(super) fn command(&self, region: &str) -> Command {
        Command::new("ecs stop-service-deployment", region)
            .with(
                "service-deployment-arn",
                self.service_deployment_arn.as_str(),
            )
            .with("stop-type", "ROLLBACK")
    }
}

impl ContinueServiceDeployment {
    pub(super) fn command(&self, region: &str) -> Command {
        Command::new("ecs continue-service-deployment", region)
            .with(
                "service-deployment-arn",
                self.service_deployment_arn.as_str(),
            )
            .with("hook-id", &self.hook_id)
            .with("action", self.action.word())
    }
}
