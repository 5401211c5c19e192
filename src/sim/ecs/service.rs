//! A service: how many tasks of what it wants, and what it went through.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::TaskKey;
use super::deployment::{Deployment, DeploymentKey, Revision, ServiceDeployment};
use crate::clock::Time;

/// A service, numbered over all clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ServiceKey(pub(crate) usize);

/// A service event.
#[derive(Debug)]
pub(crate) struct ServiceEvent {
    pub(crate) id: String,
    pub(crate) at: Time,
    pub(crate) message: String,
}

/// The network of a service's or a task's interfaces.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Network {
    pub(crate) subnets: Vec<String>,
    pub(crate) security_groups: Vec<String>,
    pub(crate) public_ip: bool,
}

/// A service.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) key: ServiceKey,
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) cluster: String,
    pub(crate) active: bool,
    pub(crate) daemon: bool,
    pub(crate) desired: u32,
    pub(crate) min_percent: u32,
    pub(crate) max_percent: u32,
    pub(crate) breaker: bool,
    pub(crate) breaker_rolls_back: bool,
    pub(crate) network: Network,
    pub(crate) execute_command: bool,
    pub(crate) created: Time,
    pub(crate) tags: BTreeMap<String, String>,
    /// The primary one first.
    pub(crate) deployments: Vec<Deployment>,
    pub(crate) revisions: Vec<Revision>,
    /// Oldest first.
    pub(crate) history: Vec<ServiceDeployment>,
    /// Newest first, at most 100.
    pub(crate) events: VecDeque<ServiceEvent>,
    /// Tasks that have not stopped.
    pub(crate) live: BTreeSet<TaskKey>,
    /// Tasks that stopped less than an hour ago.
    pub(crate) stopped: BTreeSet<TaskKey>,
    pub(crate) notices: Notices,
}

/// When the scheduler will look again, and which repeated events it has sent.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    pub(crate) reconcile_at: Option<Time>,
    /// Since when it is steady, and when it last said so.
    pub(crate) steady_said: Option<Time>,
    pub(crate) impaired_said: Option<Time>,
    pub(crate) deadlock_said: Option<Time>,
    /// Tasks that are being replaced for failing their health checks.
    pub(crate) replacing: u32,
}

impl Service {
    pub(crate) fn primary(&self) -> Option<&Deployment> {
        self.deployments.iter().find(|d| d.primary)
    }

    pub(crate) fn primary_mut(&mut self) -> Option<&mut Deployment> {
        self.deployments.iter_mut().find(|d| d.primary)
    }

    pub(crate) fn deployment_mut(&mut self, key: DeploymentKey) -> Option<&mut Deployment> {
        self.deployments.iter_mut().find(|d| d.key == key)
    }

    /// The service deployment that is under way.
    pub(crate) fn ongoing_mut(&mut self) -> Option<&mut ServiceDeployment> {
        self.history.last_mut().filter(|d| d.status.ongoing())
    }

    /// The fewest healthy running tasks that a deployment leaves.
    pub(crate) fn floor(&self) -> u32 {
        self.desired.saturating_mul(self.min_percent).div_ceil(100)
    }

    /// The most tasks that a deployment may have running and pending.
    pub(crate) fn ceiling(&self) -> u32 {
        self.desired.saturating_mul(self.max_percent) / 100
    }
}
