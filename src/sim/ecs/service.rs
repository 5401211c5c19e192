//! A service: how many tasks of what it wants, and what it went through.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::deployment::{Deployment, Revision, ServiceDeployment};
use super::keys::{DeploymentKey, ServiceKey};
use super::{Definition, TaskKey};
use crate::clock::{Millis, Time};
use crate::world::{
    BreakerSpec, Controller, DeploymentAlarmsSpec, HookSpec, LaunchType, ServiceSpec, Strategy,
};

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

/// A container that is registered in a target group when its task runs.
#[derive(Clone, Debug)]
pub(crate) struct Balancer {
    /// The name of the target group, and its ARN.
    pub(crate) group: String,
    pub(crate) arn: String,
    pub(crate) container: String,
    pub(crate) port: u16,
}

/// How a service is deployed.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) min_percent: u32,
    pub(crate) max_percent: u32,
    pub(crate) breaker: BreakerSpec,
    pub(crate) alarms: Option<DeploymentAlarmsSpec>,
    pub(crate) strategy: Strategy,
    pub(crate) bake_minutes: u32,
    pub(crate) hooks: Vec<HookSpec>,
    /// `healthCheckGracePeriodSeconds`, in milliseconds.
    pub(crate) grace: Millis,
}

impl Settings {
    pub(crate) fn of(spec: &ServiceSpec) -> Self {
        Settings {
            min_percent: spec.min_percent,
            max_percent: spec.max_percent,
            breaker: spec.breaker,
            alarms: spec.alarms.clone(),
            strategy: spec.strategy,
            bake_minutes: spec.bake_minutes,
            hooks: spec.hooks.clone(),
            grace: spec.grace.0,
        }
    }
}

/// A service.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) key: ServiceKey,
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) cluster: String,
    pub(crate) active: bool,
    /// What its first deployment deploys, while that is still to come.
    pub(crate) first: Option<Arc<Definition>>,
    pub(crate) daemon: bool,
    pub(crate) desired: u32,
    pub(crate) settings: Settings,
    pub(crate) controller: Controller,
    pub(crate) launch: LaunchType,
    /// Its capacity provider strategy has this one provider.
    pub(crate) provider: Option<String>,
    pub(crate) balancers: Vec<Balancer>,
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

/// When the scheduler will look again, and which events it has sent.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    pub(crate) reconcile_at: Option<Time>,
    /// Since when it is steady, and when it last said so.
    pub(crate) steady_said: Option<Time>,
    /// When an event about something that lasts was last sent, by what it is about.
    pub(crate) said: BTreeMap<String, Time>,
    /// Tasks that are being replaced for failing their health checks.
    pub(crate) replacing: u32,
    /// Until when no further tasks are launched, because there have just been many.
    pub(crate) crowded_until: Time,
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
    pub(crate) fn ongoing(&self) -> Option<&ServiceDeployment> {
        self.history.last().filter(|d| d.status.ongoing())
    }

    /// The service deployment that is under way.
    pub(crate) fn ongoing_mut(&mut self) -> Option<&mut ServiceDeployment> {
        self.history.last_mut().filter(|d| d.status.ongoing())
    }

    /// The fewest healthy running tasks that a deployment leaves.
    /// source: developer guide, deployment-type-ecs (the minimum is rounded up).
    pub(crate) fn floor(&self) -> u32 {
        self.desired
            .saturating_mul(self.settings.min_percent)
            .div_ceil(100)
    }

    /// The most tasks that a deployment may have running and pending.
    /// source: developer guide, deployment-type-ecs (the maximum is rounded down).
    pub(crate) fn ceiling(&self) -> u32 {
        self.desired.saturating_mul(self.settings.max_percent) / 100
    }
}
