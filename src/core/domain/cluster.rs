//! A cluster, as DescribeClusters tells it.

use serde::Serialize;

use super::Arn;
use crate::text::Clean;

/// An ECS cluster with its counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cluster {
    /// The cluster's resource name.
    pub arn: Arn,
    /// Its name.
    pub name: Clean,
    /// ACTIVE, PROVISIONING, DEPROVISIONING, FAILED or INACTIVE.
    pub status: Clean,
    /// Tasks that run.
    pub running: u32,
    /// Tasks on their way to run.
    pub pending: u32,
    /// Services that are ACTIVE.
    pub services: u32,
    /// Registered container instances; 0 for a Fargate cluster.
    pub instances: u32,
}
