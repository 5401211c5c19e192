//! The state of ECS, and how what is in it is found.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::due::Due;
use super::signals::Signals;
use super::supply::Supply;
use super::troubles::Trouble;
use super::{
    CapacityProvider, Cluster, ContainerInstance, Definition, DeploymentKey, InstanceKey, Service,
    ServiceKey, Task, TaskKey,
};
use crate::clock::Time;
use crate::desk::Desk;

/// The state of ECS in one account and region.
#[derive(Debug)]
pub(crate) struct Ecs {
    pub(crate) desk: Desk<Due>,
    pub(crate) supply: Supply,
    pub(crate) signals: Signals,
    pub(crate) troubles: Vec<Trouble>,
    pub(crate) clusters: BTreeMap<String, Cluster>,
    /// By family, then revision.
    pub(crate) definitions: BTreeMap<String, BTreeMap<u32, Arc<Definition>>>,
    pub(crate) services: Vec<Service>,
    pub(crate) tasks: BTreeMap<TaskKey, Task>,
    pub(crate) task_ids: HashMap<String, TaskKey>,
    pub(crate) instances: Vec<ContainerInstance>,
    pub(crate) providers: BTreeMap<String, CapacityProvider>,
    /// CPU units that run on Fargate, and the account's quota of them.
    pub(crate) fargate_cpu: u32,
    pub(crate) fargate_quota: Option<u32>,
    pub(crate) tokens: HashMap<(String, String), RunToken>,
    pub(crate) launched: u64,
    pub(crate) deployed: u64,
    pub(crate) noted: u64,
}

/// What a `clientToken` of RunTask was used for.
#[derive(Clone, Debug)]
pub(crate) struct RunToken {
    pub(crate) request: serde_json::Value,
    pub(crate) tasks: Vec<TaskKey>,
    pub(crate) used: Time,
}

impl Ecs {
    /// Without anything in it.
    pub(crate) fn new(desk: Desk<Due>) -> Self {
        Ecs {
            desk,
            supply: Supply::default(),
            signals: Signals::default(),
            troubles: Vec::new(),
            clusters: BTreeMap::new(),
            definitions: BTreeMap::new(),
            services: Vec::new(),
            tasks: BTreeMap::new(),
            task_ids: HashMap::new(),
            instances: Vec::new(),
            providers: BTreeMap::new(),
            fargate_cpu: 0,
            fargate_quota: None,
            tokens: HashMap::new(),
            launched: 0,
            deployed: 0,
            noted: 0,
        }
    }

    pub(crate) fn service(&self, key: ServiceKey) -> Option<&Service> {
        self.services.get(key.0)
    }

    pub(crate) fn service_mut(&mut self, key: ServiceKey) -> Option<&mut Service> {
        self.services.get_mut(key.0)
    }

    pub(crate) fn instance(&self, key: InstanceKey) -> Option<&ContainerInstance> {
        self.instances.get(key.0)
    }

    pub(crate) fn instance_mut(&mut self, key: InstanceKey) -> Option<&mut ContainerInstance> {
        self.instances.get_mut(key.0)
    }

    /// A service by cluster and name.
    pub(crate) fn find_service(&self, cluster: &str, name: &str) -> Option<ServiceKey> {
        self.clusters.get(cluster)?.services.get(name).copied()
    }

    /// A task definition by `family:revision`, or the newest active one by `family`.
    pub(crate) fn find_definition(&self, name: &str) -> Option<&Arc<Definition>> {
        let name = name.rsplit('/').next().unwrap_or(name);
        match name.split_once(':') {
            Some((family, revision)) => self.definitions.get(family)?.get(&revision.parse().ok()?),
            None => {
                let revisions = self.definitions.get(name)?;
                revisions
                    .values()
                    .rev()
                    .find(|definition| definition.active)
            }
        }
    }

    /// The tasks of a deployment that have not stopped yet.
    pub(crate) fn tasks_of(
        &self,
        service: &Service,
        deployment: DeploymentKey,
    ) -> impl Iterator<Item = &Task> {
        service
            .live
            .iter()
            .filter_map(|key| self.tasks.get(key))
            .filter(move |task| task.owner.is_some_and(|(_, owner)| owner == deployment))
    }
}
