//! The clusters, services, tasks and definitions that are known, and what they mean.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnose::{Diagnosis, ServiceSnapshot, diagnose_family, diagnose_service};
use crate::domain::{
    Arn, CloudError, Cluster, Failure, Owner, Service, Task, TaskDefinition, Time,
};
use crate::text::Clean;

/// Names a row of the services pane for good, wherever it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowKey {
    /// A service.
    Service(Arn),
    /// Tasks of a cluster that no service keeps, by family.
    Family(Arn, Clean),
    /// A service that the deck names and AWS does not have.
    MissingService(Clean),
    /// A cluster that the deck or a flag names and AWS does not have.
    MissingCluster(Clean),
}

/// Everything known of the ECS side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fleet {
    /// By resource name.
    pub clusters: BTreeMap<Arn, Cluster>,
    /// Clusters that were asked for and are not there.
    pub missing_clusters: Vec<Failure>,
    /// By resource name.
    pub services: BTreeMap<Arn, Service>,
    /// By resource name.
    pub tasks: BTreeMap<Arn, Task>,
    /// By resource name of the revision.
    pub definitions: BTreeMap<Arn, Arc<TaskDefinition>>,
    /// Definitions that could not be read.
    pub unreadable: BTreeMap<Arn, CloudError>,
    /// Items that a describe call could not give though it answered: what somebody must see.
    pub failures: BTreeMap<Arn, Failure>,
    /// Clusters whose services were listed to the end at least once.
    pub listed: BTreeSet<Arn>,
    /// Clusters whose tasks were listed to the end at least once.
    pub tasks_listed: BTreeSet<Arn>,
    by_owner: BTreeMap<RowKey, BTreeSet<Arn>>,
    diagnoses: BTreeMap<RowKey, Diagnosis>,
    stale: BTreeSet<RowKey>,
}

impl Fleet {
    /// Takes clusters of which only the names are known yet.
    pub fn announce_clusters(&mut self, arns: Vec<Arn>) {
        for arn in arns {
            let name = Clean::new(arn.name());
            self.clusters.entry(arn.clone()).or_insert_with(|| Cluster {
                arn,
                name,
                status: Clean::default(),
                running: 0,
                pending: 0,
                services: 0,
                instances: 0,
            });
        }
    }

    /// Takes the clusters that are there, and forgets what belonged to others.
    pub fn set_clusters(&mut self, clusters: Vec<Cluster>, failures: Vec<Failure>) {
        self.clusters = clusters
            .into_iter()
            .map(|cluster| (cluster.arn.clone(), cluster))
            .collect();
        self.missing_clusters = failures;
        let gone: Vec<Arn> = self
            .services
            .values()
            .filter(|s| !self.clusters.contains_key(&s.cluster))
            .map(|s| s.arn.clone())
            .collect();
        for arn in gone {
            self.forget_service(&arn);
        }
        let gone: Vec<Arn> = self
            .tasks
            .values()
            .filter(|t| !self.clusters.contains_key(&t.cluster))
            .map(|t| t.arn.clone())
            .collect();
        for arn in gone {
            self.forget_task(&arn);
        }
    }

    /// Takes services as they are now.
    pub fn put_services(&mut self, services: Vec<Service>, failures: Vec<Failure>) {
        for service in services {
            self.failures.remove(&service.arn);
            self.stale.insert(RowKey::Service(service.arn.clone()));
            self.services.insert(service.arn.clone(), service);
        }
        self.note(failures);
    }

    /// A cluster's services are these and no others.
    pub fn keep_services(&mut self, cluster: &Arn, listed: &BTreeSet<Arn>) {
        self.listed.insert(cluster.clone());
        let gone: Vec<Arn> = self
            .services
            .values()
            .filter(|service| service.cluster == *cluster && !listed.contains(&service.arn))
            .map(|service| service.arn.clone())
            .collect();
        for arn in gone {
            self.forget_service(&arn);
        }
    }

    fn forget_service(&mut self, arn: &Arn) {
        self.services.remove(arn);
        self.failures.remove(arn);
        self.diagnoses.remove(&RowKey::Service(arn.clone()));
    }

    /// Takes tasks as they are now.
    pub fn put_tasks(&mut self, tasks: Vec<Task>, failures: Vec<Failure>) {
        for task in tasks {
            let key = self.owner_key(&task);
            self.failures.remove(&task.arn);
            self.by_owner
                .entry(key.clone())
                .or_default()
                .insert(task.arn.clone());
            self.stale.insert(key);
            self.tasks.insert(task.arn.clone(), task);
        }
        // A task that is gone between listing and describing is no error: AWS forgets stopped tasks.
        self.note(
            failures
                .into_iter()
                .filter(|failure| failure.reason.as_str() != "MISSING")
                .collect(),
        );
    }

    fn note(&mut self, failures: Vec<Failure>) {
        for failure in failures {
            self.failures.insert(failure.arn.clone(), failure);
        }
    }

    /// A cluster's tasks (or only one service's) are these and no others.
    pub fn keep_tasks(&mut self, cluster: &Arn, service: Option<&Clean>, listed: &BTreeSet<Arn>) {
        if service.is_none() {
            self.tasks_listed.insert(cluster.clone());
        }
        let owner = service.map(|name| Owner::Service(name.clone()));
        let gone: Vec<Arn> = self
            .tasks
            .values()
            .filter(|task| task.cluster == *cluster && !listed.contains(&task.arn))
            .filter(|task| owner.as_ref().is_none_or(|owner| task.owner == *owner))
            .map(|task| task.arn.clone())
            .collect();
        for arn in gone {
            self.forget_task(&arn);
        }
        // A service without any task changes its meaning too when that becomes known.
        let keys: Vec<RowKey> = self
            .services
            .values()
            .filter(|s| s.cluster == *cluster)
            .map(|s| RowKey::Service(s.arn.clone()))
            .collect();
        self.stale.extend(keys);
    }

    fn forget_task(&mut self, arn: &Arn) {
        let Some(task) = self.tasks.remove(arn) else {
            return;
        };
        let key = self.owner_key(&task);
        if let Some(tasks) = self.by_owner.get_mut(&key) {
            tasks.remove(arn);
            if tasks.is_empty() {
                self.by_owner.remove(&key);
                if matches!(key, RowKey::Family(..)) {
                    self.diagnoses.remove(&key);
                }
            }
        }
        self.stale.insert(key);
    }

    /// The row that a task belongs to.
    pub fn owner_key(&self, task: &Task) -> RowKey {
        match &task.owner {
            Owner::Service(name) => RowKey::Service(service_arn(&task.cluster, name)),
            Owner::Family(family) => RowKey::Family(task.cluster.clone(), family.clone()),
        }
    }

    /// The tasks of a row, in no particular order.
    pub fn tasks_of(&self, key: &RowKey) -> Vec<&Task> {
        self.by_owner
            .get(&self.canonical(key))
            .into_iter()
            .flatten()
            .filter_map(|arn| self.tasks.get(arn))
            .collect()
    }

    /// A service's short resource name (before 2018) and long one name the same tasks.
    fn canonical(&self, key: &RowKey) -> RowKey {
        match key {
            RowKey::Service(arn) => match self.services.get(arn) {
                Some(service) => RowKey::Service(service_arn(&service.cluster, &service.name)),
                None => key.clone(),
            },
            _ => key.clone(),
        }
    }

    /// The families that have tasks which no service keeps.
    pub fn families(&self) -> impl Iterator<Item = &RowKey> {
        self.by_owner
            .keys()
            .filter(|key| matches!(key, RowKey::Family(..)))
    }

    /// Stopped tasks of a cluster that need not be described again.
    pub fn settled(&self, cluster: &Arn) -> Arc<BTreeSet<Arn>> {
        let settled =
            |task: &&Task| task.cluster == *cluster && task.is_stopped() && task.stopped.is_some();
        Arc::new(
            self.tasks
                .values()
                .filter(settled)
                .map(|task| task.arn.clone())
                .collect(),
        )
    }

    /// What a row means.
    pub fn diagnosis(&self, key: &RowKey) -> Option<&Diagnosis> {
        self.diagnoses.get(key)
    }

    /// Works out anew what has changed. Gives whether anything has.
    pub fn diagnose(&mut self, now: Time, everything: bool) -> bool {
        if everything {
            self.stale
                .extend(self.services.keys().map(|arn| RowKey::Service(arn.clone())));
        }
        let stale = std::mem::take(&mut self.stale);
        for key in &stale {
            // Tasks name their service by its long resource name; the service may carry the short one.
            let key = match key {
                RowKey::Service(arn) if !self.services.contains_key(arn) => self
                    .services
                    .values()
                    .find(|service| service_arn(&service.cluster, &service.name) == *arn)
                    .map(|service| RowKey::Service(service.arn.clone())),
                other => Some(other.clone()),
            };
            let Some(key) = key else { continue };
            let tasks = self.tasks_of(&key);
            let diagnosis = match &key {
                RowKey::Service(arn) => self.services.get(arn).map(|service| {
                    let tasks_known = self.tasks_listed.contains(&service.cluster);
                    diagnose_service(ServiceSnapshot {
                        service,
                        tasks: &tasks,
                        tasks_known,
                        now,
                    })
                }),
                RowKey::Family(..) if !tasks.is_empty() => Some(diagnose_family(&tasks)),
                RowKey::Family(..) | RowKey::MissingService(_) | RowKey::MissingCluster(_) => None,
            };
            if let Some(diagnosis) = diagnosis {
                self.diagnoses.insert(key, diagnosis);
            }
        }
        !stale.is_empty()
    }
}

/// The long resource name of a service, made from its cluster's.
fn service_arn(cluster: &Arn, name: &Clean) -> Arn {
    Arn::new(&format!(
        "{}/{name}",
        cluster.as_str().replacen(":cluster/", ":service/", 1)
    ))
}
