//! Deployments of a service, as `DescribeServices` tells them, and the service
//! deployments and revisions that the newer API keeps for 90 days.

use std::sync::Arc;

use super::Definition;
use super::keys::DeploymentKey;
use super::service::Network;
use crate::clock::Time;
use crate::world::{HookSpec, LifecycleStage, TimeoutAction};

/// `rolloutState`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rollout {
    InProgress,
    Completed,
    Failed,
}

impl Rollout {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Rollout::InProgress => "IN_PROGRESS",
            Rollout::Completed => "COMPLETED",
            Rollout::Failed => "FAILED",
        }
    }
}

/// One of a service's deployments.
#[derive(Debug)]
pub(crate) struct Deployment {
    pub(crate) key: DeploymentKey,
    /// `ecs-svc/` and digits.
    pub(crate) id: String,
    pub(crate) primary: bool,
    /// Since when it has been replaced altogether.
    pub(crate) inactive: Option<Time>,
    pub(crate) definition: Arc<Definition>,
    pub(crate) created: Time,
    pub(crate) updated: Time,
    pub(crate) rollout: Rollout,
    pub(crate) reason: String,
    /// Consecutive tasks that failed to start.
    pub(crate) failed: u32,
    /// A task of it has run (and was healthy, where ECS checks that):
    /// the circuit breaker no longer looks.
    pub(crate) proven: bool,
    /// The back-off of a service whose tasks do not start.
    pub(crate) not_before: Time,
    /// The revision that it deploys; an index into the service's revisions.
    pub(crate) revision: usize,
}

impl Deployment {
    /// `status`
    pub(crate) fn status(&self) -> &'static str {
        match (self.primary, self.inactive) {
            (true, _) => "PRIMARY",
            (false, None) => "ACTIVE",
            (false, Some(_)) => "INACTIVE",
        }
    }
}

/// A service revision: what a service was made to be at some time.
#[derive(Debug)]
pub(crate) struct Revision {
    pub(crate) arn: String,
    pub(crate) definition: Arc<Definition>,
    pub(crate) network: Network,
    pub(crate) created: Time,
}

/// `ServiceDeployment.status`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeploymentStatus {
    Pending,
    InProgress,
    Successful,
    StopRequested,
    Stopped,
    RollbackRequested,
    RollbackInProgress,
    RollbackSuccessful,
    RollbackFailed,
}

impl DeploymentStatus {
    pub(crate) fn name(self) -> &'static str {
        match self {
            DeploymentStatus::Pending => "PENDING",
            DeploymentStatus::InProgress => "IN_PROGRESS",
            DeploymentStatus::Successful => "SUCCESSFUL",
            DeploymentStatus::StopRequested => "STOP_REQUESTED",
            DeploymentStatus::Stopped => "STOPPED",
            DeploymentStatus::RollbackRequested => "ROLLBACK_REQUESTED",
            DeploymentStatus::RollbackInProgress => "ROLLBACK_IN_PROGRESS",
            DeploymentStatus::RollbackSuccessful => "ROLLBACK_SUCCESSFUL",
            DeploymentStatus::RollbackFailed => "ROLLBACK_FAILED",
        }
    }

    /// Whether there is a status of that name.
    pub(crate) fn known(name: &str) -> bool {
        [
            DeploymentStatus::Pending,
            DeploymentStatus::InProgress,
            DeploymentStatus::Successful,
            DeploymentStatus::StopRequested,
            DeploymentStatus::Stopped,
            DeploymentStatus::RollbackRequested,
            DeploymentStatus::RollbackInProgress,
            DeploymentStatus::RollbackSuccessful,
            DeploymentStatus::RollbackFailed,
        ]
        .iter()
        .any(|status| status.name() == name)
    }

    /// Neither ended nor about to be stopped for a newer one.
    pub(crate) fn ongoing(self) -> bool {
        matches!(
            self,
            DeploymentStatus::Pending
                | DeploymentStatus::InProgress
                | DeploymentStatus::RollbackRequested
                | DeploymentStatus::RollbackInProgress
        )
    }

    /// On its way forward.
    pub(crate) fn forward(self) -> bool {
        matches!(
            self,
            DeploymentStatus::Pending | DeploymentStatus::InProgress
        )
    }
}

/// A rollback of a service deployment.
#[derive(Clone, Debug)]
pub(crate) struct Rollback {
    pub(crate) reason: String,
    pub(crate) started: Time,
    /// The revision that it goes back to.
    pub(crate) revision: usize,
}

/// `lifecycleHookDetails.status`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HookStatus {
    AwaitingAction,
    InProgress,
    Succeeded,
    Failed,
    TimedOut,
}

impl HookStatus {
    pub(crate) fn name(self) -> &'static str {
        match self {
            HookStatus::AwaitingAction => "AWAITING_ACTION",
            HookStatus::InProgress => "IN_PROGRESS",
            HookStatus::Succeeded => "SUCCEEDED",
            HookStatus::Failed => "FAILED",
            HookStatus::TimedOut => "TIMED_OUT",
        }
    }
}

/// A lifecycle hook that a service deployment has come to.
#[derive(Clone, Debug)]
pub(crate) struct HookRun {
    pub(crate) id: String,
    pub(crate) spec: HookSpec,
    pub(crate) status: HookStatus,
    pub(crate) expires: Time,
}

impl HookRun {
    /// The deployment may go on.
    pub(crate) fn passed(&self) -> bool {
        match self.status {
            HookStatus::Succeeded => true,
            HookStatus::TimedOut => self.spec.timeout_action == TimeoutAction::Continue,
            _ => false,
        }
    }
}

/// A service deployment: one move of a service from revisions to a revision.
#[derive(Debug)]
pub(crate) struct ServiceDeployment {
    pub(crate) arn: String,
    pub(crate) target: usize,
    pub(crate) sources: Vec<usize>,
    pub(crate) created: Time,
    pub(crate) started: Option<Time>,
    pub(crate) finished: Option<Time>,
    pub(crate) status: DeploymentStatus,
    pub(crate) reason: Option<String>,
    pub(crate) rollback: Option<Rollback>,
    pub(crate) stage: LifecycleStage,
    /// Since when it is at its stage.
    pub(crate) staged: Time,
    pub(crate) hooks: Vec<HookRun>,
    /// An alarm was in ALARM when it began: none is watched (deployment-alarm-failure).
    pub(crate) deaf: bool,
    /// The alarms that failed it.
    pub(crate) alarmed: Vec<String>,
    /// The circuit breaker fired.
    pub(crate) tripped: bool,
    /// The failures counted when it ended.
    pub(crate) failed: u32,
}
