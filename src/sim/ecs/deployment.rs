//! Deployments of a service, as `DescribeServices` tells them, and the service
//! deployments and revisions that the newer API keeps for 90 days.

use std::sync::Arc;

use super::Definition;
use crate::clock::Time;

/// A deployment, numbered over all services.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DeploymentKey(pub(crate) u64);

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

/// A service revision: what a service was made to be at some time.
#[derive(Debug)]
pub(crate) struct Revision {
    pub(crate) arn: String,
    pub(crate) definition: Arc<Definition>,
    pub(crate) created: Time,
}

/// `ServiceDeployment.status`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeploymentStatus {
    InProgress,
    Successful,
    Stopped,
    RollbackInProgress,
    RollbackSuccessful,
}

impl DeploymentStatus {
    pub(crate) fn name(self) -> &'static str {
        match self {
            DeploymentStatus::InProgress => "IN_PROGRESS",
            DeploymentStatus::Successful => "SUCCESSFUL",
            DeploymentStatus::Stopped => "STOPPED",
            DeploymentStatus::RollbackInProgress => "ROLLBACK_IN_PROGRESS",
            DeploymentStatus::RollbackSuccessful => "ROLLBACK_SUCCESSFUL",
        }
    }

    pub(crate) fn ongoing(self) -> bool {
        matches!(
            self,
            DeploymentStatus::InProgress | DeploymentStatus::RollbackInProgress
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

/// A service deployment: one move of a service from revisions to a revision.
#[derive(Debug)]
pub(crate) struct ServiceDeployment {
    pub(crate) arn: String,
    pub(crate) target: usize,
    pub(crate) sources: Vec<usize>,
    pub(crate) created: Time,
    pub(crate) finished: Option<Time>,
    pub(crate) status: DeploymentStatus,
    pub(crate) reason: Option<String>,
    pub(crate) rollback: Option<Rollback>,
    /// The circuit breaker fired.
    pub(crate) tripped: bool,
    /// The failures counted when it ended.
    pub(crate) failed: u32,
}
