//! A service, as DescribeServices tells it.

use serde::Serialize;

use super::{Arn, Deployment, DeploymentStatus, Time};
use crate::text::Clean;

/// Whether a service lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceStatus {
    /// It lives.
    Active,
    /// It was deleted and its tasks are stopping.
    Draining,
    /// It is gone.
    Inactive,
    /// A word that this version does not know.
    Other,
}

/// Who rolls out new revisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Controller {
    /// ECS itself.
    Ecs,
    /// AWS CodeDeploy.
    CodeDeploy,
    /// Something outside, through task sets.
    External,
}

/// What decides the number of tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheduling {
    /// The desired count.
    Replica,
    /// One task on each instance; it has no desired count.
    Daemon,
}

/// The circuit breaker's settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Breaker {
    /// It counts failures.
    pub enabled: bool,
    /// It rolls back when it trips.
    pub rollback: bool,
}

/// How a deployment may proceed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DeploymentSettings {
    /// Lower bound in percent of desired, rounded up.
    pub minimum_percent: Option<u32>,
    /// Upper bound in percent of desired, rounded down.
    pub maximum_percent: Option<u32>,
    /// The circuit breaker.
    pub breaker: Breaker,
}

/// A target group (or classic load balancer) that the service registers with.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LoadBalancer {
    /// The target group; absent for a classic load balancer.
    pub target_group: Option<Arn>,
    /// The container that takes the traffic.
    pub container: Clean,
    /// Its port.
    pub port: Option<u16>,
}

/// The awsvpc settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Network {
    /// Subnet ids.
    pub subnets: Vec<Clean>,
    /// Security group ids.
    pub security_groups: Vec<Clean>,
    /// Whether tasks get a public address.
    pub public_ip: bool,
}

/// A line of the service's own account of what it did. Newest first, at most 100.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ServiceEvent {
    /// AWS's id of the line.
    pub id: Clean,
    /// When.
    pub at: Option<Time>,
    /// The words.
    pub message: Clean,
}

/// An ECS service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Service {
    /// Its resource name.
    pub arn: Arn,
    /// Its name.
    pub name: Clean,
    /// The cluster's resource name.
    pub cluster: Arn,
    /// Whether it lives.
    pub status: ServiceStatus,
    /// Tasks wanted.
    pub desired: u32,
    /// Tasks that run.
    pub running: u32,
    /// Tasks on their way.
    pub pending: u32,
    /// FARGATE, EC2, EXTERNAL, or the capacity providers of its strategy.
    pub launch: Clean,
    /// Who rolls out.
    pub controller: Controller,
    /// What decides the count.
    pub scheduling: Scheduling,
    /// The revision it is set to.
    pub task_definition: Arn,
    /// Its deployments, in no particular order.
    pub deployments: Vec<Deployment>,
    /// Its events, newest first.
    pub events: Vec<ServiceEvent>,
    /// How it deploys.
    pub settings: DeploymentSettings,
    /// Seconds after a start in which health is not looked at.
    pub grace_seconds: Option<u32>,
    /// Where it registers its tasks.
    pub load_balancers: Vec<LoadBalancer>,
    /// Where its tasks are put.
    pub network: Option<Network>,
    /// Whether ECS Exec is on.
    pub exec: bool,
    /// When it was made.
    pub created: Option<Time>,
}

impl Service {
    /// The deployment that the service is going to.
    pub fn primary(&self) -> Option<&Deployment> {
        self.deployments
            .iter()
            .find(|deployment| deployment.status == DeploymentStatus::Primary)
    }

    /// The deployments that are being replaced.
    pub fn replaced(&self) -> impl Iterator<Item = &Deployment> {
        self.deployments
            .iter()
            .filter(|deployment| deployment.status == DeploymentStatus::Active)
    }
}
