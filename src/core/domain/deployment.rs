//! A rolling deployment inside a service.

use serde::Serialize;

use super::{Arn, Time};
use crate::text::Clean;

/// The place of a deployment among its service's deployments.
///
/// DescribeServices gives them in no documented order: choose by status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeploymentStatus {
    /// The newest: what the service is going to.
    Primary,
    /// Being replaced; it still has tasks.
    Active,
    /// Replaced.
    Inactive,
    /// A word that this version does not know.
    Other,
}

/// How far a rolling deployment is. Absent for services that do not roll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rollout {
    /// Under way.
    InProgress,
    /// Reached a steady state.
    Completed,
    /// Failed; it starts no new tasks.
    Failed,
}

/// One deployment of a service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deployment {
    /// `ecs-svc/` and digits; equals `started_by` of its tasks.
    pub id: Clean,
    /// Its place.
    pub status: DeploymentStatus,
    /// The revision that it brings.
    pub task_definition: Arn,
    /// Tasks wanted.
    pub desired: u32,
    /// Tasks on their way.
    pub pending: u32,
    /// Tasks that run.
    pub running: u32,
    /// Consecutive failures; AWS resets it to 0 once one task runs.
    pub failed: u32,
    /// How far it is.
    pub rollout: Option<Rollout>,
    /// AWS's words for how far it is.
    pub reason: Option<Clean>,
    /// When it began.
    pub created: Option<Time>,
    /// When it last changed.
    pub updated: Option<Time>,
}
