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

/// How a deployment moves the traffic (source: ECS API reference, DeploymentConfiguration.strategy).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// Tasks are replaced batch by batch.
    #[default]
    Rolling,
    /// All traffic at once, to a second set of tasks.
    BlueGreen,
    /// Traffic in equal steps.
    Linear {
        /// Each step in tenths of a percent: 30 to 1000, by default 100.
        step_permille: u32,
        /// Minutes between two steps, by default 6.
        step_bake_minutes: u32,
    },
    /// A small part of the traffic first, then the rest.
    Canary {
        /// The first part in tenths of a percent, by default 50.
        permille: u32,
        /// Minutes until the rest follows, by default 10.
        bake_minutes: u32,
    },
}

impl Strategy {
    /// The word of AWS.
    pub fn word(self) -> &'static str {
        match self {
            Self::Rolling => "ROLLING",
            Self::BlueGreen => "BLUE_GREEN",
            Self::Linear { .. } => "LINEAR",
            Self::Canary { .. } => "CANARY",
        }
    }

    /// Reads AWS's word, and the percents and minutes that go with it; absent ones are AWS's defaults.
    pub fn read(
        word: Option<&str>,
        linear: (Option<f64>, Option<u32>),
        canary: (Option<f64>, Option<u32>),
    ) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to a percent"
        )]
        let permille = |percent: Option<f64>, otherwise: f64| {
            (percent.unwrap_or(otherwise).clamp(0.1, 100.0) * 10.0).round() as u32
        };
        match word {
            Some("BLUE_GREEN") => Self::BlueGreen,
            Some("LINEAR") => Self::Linear {
                step_permille: permille(linear.0, 10.0),
                step_bake_minutes: linear.1.unwrap_or(6),
            },
            Some("CANARY") => Self::Canary {
                permille: permille(canary.0, 5.0),
                bake_minutes: canary.1.unwrap_or(10),
            },
            _ => Self::Rolling,
        }
    }
}

/// A set of tasks of a service whose rollouts CodeDeploy or something outside makes. Such a service has no
/// deployments of its own.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TaskSet {
    /// `ecs-svc/` and digits; equals `started_by` of its tasks.
    pub id: Clean,
    /// PRIMARY serves the traffic, ACTIVE does not yet or no longer, DRAINING goes.
    pub status: Clean,
    /// The revision that it brings.
    pub task_definition: Arn,
    /// Who made it, and under which name: CodeDeploy's deployment id.
    pub external_id: Option<Clean>,
    /// Tasks wanted.
    pub desired: u32,
    /// Tasks on their way.
    pub pending: u32,
    /// Tasks that run.
    pub running: u32,
    /// Whether it has as many running tasks as it wants, all of them well.
    pub stable: bool,
    /// Since when it is stable or not.
    pub stable_since: Option<Time>,
    /// When it was made.
    pub created: Option<Time>,
    /// When it last changed.
    pub updated: Option<Time>,
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
    /// How it moves the traffic.
    pub strategy: Strategy,
    /// How long both revisions are kept after the traffic has shifted, in minutes.
    pub bake_minutes: Option<u32>,
    /// A rolling deployment is complete once so many percent of the desired count are healthy; the rest follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub early_success_percent: Option<u32>,
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
    /// Its task sets, where CodeDeploy or something outside rolls out.
    pub task_sets: Vec<TaskSet>,
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
