//! The clusters, services, tasks and definitions that are known, and what they mean.

mod taking;
mod verdicts;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use crate::app::model::expired_tasks::{ExpiredTasks, OnDisk};
use crate::app::model::row_key::RowKey;
use crate::diagnose::{Diagnosis, Facts};
use crate::domain::{
    Arn, CloudError, Cluster, Failure, Health, Owner, Service, Task, TaskDefinition, Time,
};
use crate::text::Clean;

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
    /// What AWS was asked where the rest left several causes open.
    pub facts: Facts,
    /// Items that a describe call could not give though it answered: what somebody must see.
    pub failures: BTreeMap<Arn, Failure>,
    /// Clusters whose services were listed to the end at least once.
    pub listed: BTreeSet<Arn>,
    /// Clusters whose tasks were listed to the end at least once.
    pub tasks_listed: BTreeSet<Arn>,
    /// Tasks that AWS lists and that could not be described: it has not forgotten them.
    undescribed: BTreeSet<Arn>,
    /// Tasks of the listing under way of which AWS says that they are gone.
    gone: BTreeSet<Arn>,
    by_owner: BTreeMap<RowKey, BTreeSet<Arn>>,
    /// Services that carry the short resource name of before 2018, by the long one that their tasks give them.
    short_named: BTreeMap<Arn, Arn>,
    diagnoses: BTreeMap<RowKey, Diagnosis>,
    stale: BTreeSet<RowKey>,
    /// Changes of tasks' health that were seen, oldest first.
    health: VecDeque<HealthChange>,
    kept: ExpiredTasks,
    /// The desired counts that were seen last, and when they were raised to that, where that was seen.
    wanted: BTreeMap<Arn, (u32, Option<Time>)>,
}

/// A task's health was seen to change. AWS gives that no time of its own.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::app) struct HealthChange {
    pub(in crate::app) at: Time,
    pub(in crate::app) task: Arn,
    pub(in crate::app) health: Health,
}

/// Changes of health that are remembered, at most.
const HEALTH_CHANGES: usize = 1_000;

impl Fleet {
    /// The changes of tasks' health that were seen, oldest first.
    pub(in crate::app) fn health_changes(&self) -> impl Iterator<Item = &HealthChange> {
        self.health.iter()
    }

    /// A task, whether AWS still shows it or it is only kept here.
    pub fn task(&self, arn: &Arn) -> Option<&Task> {
        let kept = || self.kept.get(arn).map(|kept| &kept.task);
        self.tasks.get(arn).or_else(kept)
    }

    /// Every task that is known: those that AWS shows, and those that are only kept here.
    pub(in crate::app) fn known_tasks(&self) -> impl Iterator<Item = &Task> {
        let kept = self.kept.all();
        let kept = kept.filter(|task| !self.tasks.contains_key(&task.arn));
        self.tasks.values().chain(kept)
    }

    /// Since when a task has been kept that AWS shows no more.
    pub fn kept_since(&self, arn: &Arn) -> Option<Time> {
        if self.tasks.contains_key(arn) || self.undescribed.contains(arn) {
            return None;
        }
        self.kept.get(arn).map(|kept| kept.since)
    }

    /// All tasks of a row, in no particular order: those that AWS shows, and those that it has forgotten.
    pub(in crate::app) fn all_tasks_of(&self, key: &RowKey) -> Vec<&Task> {
        let mut tasks = self.tasks_of(key);
        let forgotten = self.kept.of(&self.canonical(key)).filter(|task| {
            // Before everything was listed nobody knows what AWS has forgotten.
            self.tasks_listed.contains(&task.cluster)
                && !self.tasks.contains_key(&task.arn)
                && !self.undescribed.contains(&task.arn)
        });
        tasks.extend(forgotten);
        tasks
    }

    /// How far the ring on disk is.
    pub(in crate::app) fn on_disk(&self) -> &OnDisk {
        &self.kept.on_disk
    }

    /// Whether the stopped tasks that are kept on disk are still being read.
    pub(in crate::app) fn is_reading_kept(&self) -> bool {
        matches!(self.kept.on_disk, OnDisk::Reading(_))
    }

    /// Whether there are stopped tasks that are not on disk.
    pub(in crate::app) fn has_unwritten(&self) -> bool {
        self.kept.has_unwritten()
    }

    /// The row that a task belongs to.
    pub fn owner_key(&self, task: &Task) -> RowKey {
        owner_of(task)
    }

    /// Whether a task belongs to a row.
    pub fn is_of(&self, key: &RowKey, task: &Task) -> bool {
        self.owner_key(task) == self.canonical(key)
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

    /// The tasks of a row that AWS shows; where it shows none of a family any more, those that it has forgotten.
    pub fn shown_tasks_of(&self, key: &RowKey) -> Vec<&Task> {
        let tasks = self.tasks_of(key);
        if tasks.is_empty() && matches!(key, RowKey::Family(..)) {
            return self.all_tasks_of(key);
        }
        tasks
    }

    /// Whether a row has the task of this id, where the task is known.
    pub fn keeps(&self, key: &RowKey, id: &str) -> Option<bool> {
        let key = self.canonical(key);
        let cluster = match &key {
            RowKey::Service(arn) => arn
                .as_str()
                .rsplit_once('/')
                .map(|(cluster, _)| cluster.replacen(":service/", ":cluster/", 1)),
            RowKey::Family(cluster, _) => Some(cluster.as_str().to_owned()),
            RowKey::MissingService(_) | RowKey::MissingCluster(_) => None,
        }?;
        let arn = Arn::new(&format!(
            "{}/{id}",
            cluster.replacen(":cluster/", ":task/", 1)
        ));
        let task = self.tasks.get(&arn)?;
        Some(self.owner_key(task) == key)
    }

    /// A service's short resource name (before 2018) and long one name the same tasks.
    pub(in crate::app) fn canonical(&self, key: &RowKey) -> RowKey {
        match key {
            RowKey::Service(arn) => match self.services.get(arn) {
                Some(service) => RowKey::Service(service_arn(&service.cluster, &service.name)),
                None => key.clone(),
            },
            _ => key.clone(),
        }
    }

    /// The families that have tasks which no service keeps, or had such as AWS has forgotten since.
    pub fn families(&self) -> impl Iterator<Item = &RowKey> {
        let forgotten = self.diagnoses.keys();
        let forgotten = forgotten.filter(|key| !self.by_owner.contains_key(*key));
        let all = self.by_owner.keys().chain(forgotten);
        all.filter(|key| matches!(key, RowKey::Family(..)))
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
}

fn owner_of(task: &Task) -> RowKey {
    match &task.owner {
        Owner::Service(name) => RowKey::Service(service_arn(&task.cluster, name)),
        Owner::Family(family) => RowKey::Family(task.cluster.clone(), family.clone()),
    }
}

/// Whether a resource name is that of a service or task of this cluster. A short one does not say its cluster.
fn is_of(cluster: &Arn, kind: &str, arn: &Arn) -> bool {
    let mut parts = arn.resource().split('/');
    parts.next() == Some(kind)
        && match (parts.next(), parts.next()) {
            (Some(own), Some(_)) => own == cluster.name(),
            (own, None) => own.is_some(),
            (None, Some(_)) => false,
        }
}

/// The long resource name of a service, made from its cluster's.
fn service_arn(cluster: &Arn, name: &Clean) -> Arn {
    Arn::new(&format!(
        "{}/{name}",
        cluster.as_str().replacen(":cluster/", ":service/", 1)
    ))
}
