//! A service's rollouts as AWS keeps them for 90 days: service deployments and
//! the revisions that they went from and to.
//!
//! Not to be confused with [`Deployment`](super::Deployment), an entry of
//! DescribeServices that is gone once it has been replaced.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Arn, LoadBalancer, Network, Time};
use crate::text::Clean;

/// How far a service deployment is (source: ECS API reference, ServiceDeployment).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceDeploymentStatus {
    /// It waits for its turn.
    Pending,
    /// It goes on.
    InProgress,
    /// It went through.
    Successful,
    /// Another one replaces it.
    StopRequested,
    /// Another one has replaced it.
    Stopped,
    /// A way back was asked for.
    RollbackRequested,
    /// The way back goes on.
    RollbackInProgress,
    /// The earlier revision runs again.
    RollbackSuccessful,
    /// The way back failed too.
    RollbackFailed,
    /// A word that this version does not know.
    Other,
}

impl ServiceDeploymentStatus {
    /// Whether it has not ended.
    pub fn is_ongoing(self) -> bool {
        matches!(
            self,
            Self::Pending
                | Self::InProgress
                | Self::StopRequested
                | Self::RollbackRequested
                | Self::RollbackInProgress
        )
    }

    /// Whether a way back is under way.
    pub fn is_rolling_back(self) -> bool {
        matches!(self, Self::RollbackRequested | Self::RollbackInProgress)
    }

    /// The word as people and scripts read it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::InProgress => "in progress",
            Self::Successful => "successful",
            Self::StopRequested => "stop requested",
            Self::Stopped => "stopped",
            Self::RollbackRequested => "rollback requested",
            Self::RollbackInProgress => "rolling back",
            Self::RollbackSuccessful => "rolled back",
            Self::RollbackFailed => "rollback failed",
            Self::Other => "unknown",
        }
    }
}

/// What a lifecycle hook of a service deployment does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeploymentHook {
    /// AWS's id of it.
    pub id: Clean,
    /// AWS_LAMBDA, PAUSE …
    pub target_type: Clean,
    /// AWAITING_ACTION, IN_PROGRESS … in AWS's words.
    pub status: Clean,
    /// When AWS decides by itself.
    pub expires: Option<Time>,
    /// What AWS then does: CONTINUE or ROLLBACK.
    pub timeout_action: Option<Clean>,
}

impl DeploymentHook {
    /// Whether it waits for somebody to say that it may go on (source: ECS developer guide,
    /// "Continue service deployment").
    pub fn awaits_action(&self) -> bool {
        self.status.as_str() == "AWAITING_ACTION"
    }
}

/// A way back, inside of a service deployment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RollbackInfo {
    /// AWS's words for why.
    pub reason: Option<Clean>,
    /// When it began.
    pub started: Option<Time>,
    /// The service revision that it goes back to.
    pub revision: Option<Arn>,
}

/// The circuit breaker of one service deployment. AWS says its threshold here, whatever its configuration.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BreakerState {
    /// TRIGGERED, MONITORING, MONITORING_COMPLETE or DISABLED.
    pub status: Clean,
    /// Failures so far.
    pub failures: u32,
    /// So many fail the deployment.
    pub threshold: u32,
}

/// The alarms that one service deployment looks at.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeploymentAlarms {
    /// TRIGGERED, MONITORING, MONITORING_COMPLETE or DISABLED.
    pub status: Clean,
    /// Those that it looks at.
    pub names: Vec<Clean>,
    /// Those that have fired.
    pub triggered: Vec<Clean>,
}

/// One rollout of a service, as DescribeServiceDeployments tells it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ServiceDeployment {
    /// Its resource name.
    pub arn: Arn,
    /// The service's resource name.
    pub service: Arn,
    /// How far it is.
    pub status: ServiceDeploymentStatus,
    /// AWS's words for it.
    pub status_reason: Option<Clean>,
    /// When it was asked for.
    pub created: Option<Time>,
    /// When it began.
    pub started: Option<Time>,
    /// When it ended.
    pub finished: Option<Time>,
    /// When it was stopped by another one or by a person.
    pub stopped: Option<Time>,
    /// The service revisions that it goes from. Empty for a service's first one.
    pub sources: Vec<Arn>,
    /// The service revision that it goes to.
    pub target: Option<Arn>,
    /// RECONCILE_SERVICE, PRE_SCALE_UP, BAKE_TIME … in AWS's words.
    pub stage: Option<Clean>,
    /// ROLLING, BLUE_GREEN, LINEAR or CANARY.
    pub strategy: Option<Clean>,
    /// How long both revisions are kept after the traffic has shifted, in minutes.
    pub bake_minutes: Option<u32>,
    /// How much of the production traffic goes to the target, in percent.
    pub target_weight: Option<f64>,
    /// Its lifecycle hooks.
    pub hooks: Vec<DeploymentHook>,
    /// The way back, where there is one.
    pub rollback: Option<RollbackInfo>,
    /// The circuit breaker.
    pub breaker: Option<BreakerState>,
    /// The alarms.
    pub alarms: Option<DeploymentAlarms>,
}

/// The image of one container of a service revision.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RevisionImage {
    /// The container.
    pub container: Clean,
    /// The image as the task definition names it.
    pub image: Clean,
    /// What that name meant when the revision was made.
    pub digest: Option<Clean>,
}

/// What a service was at one time, as DescribeServiceRevisions tells it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ServiceRevision {
    /// Its resource name.
    pub arn: Arn,
    /// The task definition.
    pub task_definition: Arn,
    /// When it was made.
    pub created: Option<Time>,
    /// FARGATE, EC2, EXTERNAL, or the capacity providers of its strategy.
    pub launch: Clean,
    /// Where its tasks are put.
    pub network: Option<Network>,
    /// Where it registers its tasks.
    pub load_balancers: Vec<LoadBalancer>,
    /// Its images.
    pub images: Vec<RevisionImage>,
}

/// A service's rollouts, newest first, and the revisions that they name.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RolloutHistory {
    /// The rollouts, newest first.
    pub deployments: Vec<ServiceDeployment>,
    /// The revisions, by resource name. Those that AWS no longer has are not in it.
    pub revisions: BTreeMap<Arn, ServiceRevision>,
}

impl RolloutHistory {
    /// The rollout that has not ended.
    pub fn ongoing(&self) -> Option<&ServiceDeployment> {
        self.deployments
            .iter()
            .find(|deployment| deployment.status.is_ongoing())
    }

    /// The revision that runs when a rollout has ended: of a way back it is the one gone back to,
    /// while the target is the bad one.
    pub fn outcome_of(&self, deployment: &ServiceDeployment) -> Option<&ServiceRevision> {
        let arn = match deployment.status {
            ServiceDeploymentStatus::Successful => deployment.target.as_ref(),
            ServiceDeploymentStatus::RollbackSuccessful => {
                deployment.rollback.as_ref()?.revision.as_ref()
            }
            _ => None,
        }?;
        self.revisions.get(arn)
    }

    /// How long each rollout that went through took, in seconds, newest first.
    pub fn durations(&self) -> impl Iterator<Item = u64> {
        self.deployments
            .iter()
            .filter(|deployment| deployment.status == ServiceDeploymentStatus::Successful)
            .filter_map(|deployment| {
                let began = deployment.started.or(deployment.created)?;
                u64::try_from(deployment.finished?.duration_since(began).as_secs()).ok()
            })
    }
}
