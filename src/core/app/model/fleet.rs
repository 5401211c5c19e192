//! The clusters, services, tasks and definitions that are known, and what they mean.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::kept::{Kept, KeptTask, OnDisk};
use super::row_key::RowKey;
use crate::diagnose::{
    Asked, Beside, Diagnosis, Fact, Facts, Question, Runnable, ServiceSnapshot, diagnose_family,
    diagnose_service,
};
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
    by_owner: BTreeMap<RowKey, BTreeSet<Arn>>,
    /// Services that carry the short resource name of before 2018, by the long one that their tasks give them.
    short_named: BTreeMap<Arn, Arn>,
    diagnoses: BTreeMap<RowKey, Diagnosis>,
    stale: BTreeSet<RowKey>,
    /// Changes of tasks' health that were seen, oldest first.
    health: VecDeque<HealthChange>,
    kept: Kept,
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
        self.listed.retain(|arn| self.clusters.contains_key(arn));
        self.tasks_listed
            .retain(|arn| self.clusters.contains_key(arn));
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
            let long = service_arn(&service.cluster, &service.name);
            if long != service.arn {
                self.short_named.insert(long, service.arn.clone());
            }
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
        // One that was deleted between two readings is no failure any more.
        self.failures
            .retain(|arn, _| listed.contains(arn) || !is_of(cluster, "service", arn));
    }

    fn forget_service(&mut self, arn: &Arn) {
        if let Some(service) = self.services.remove(arn) {
            self.short_named
                .remove(&service_arn(&service.cluster, &service.name));
        }
        self.failures.remove(arn);
        self.diagnoses.remove(&RowKey::Service(arn.clone()));
    }

    /// Remembers whose health is not what it was, and who has stopped, before the tasks are taken.
    pub(in crate::app) fn remember(&mut self, tasks: &[Task], now: Time) {
        for task in tasks {
            let before = self.tasks.get(&task.arn).map(|task| task.health);
            if before.is_some_and(|before| before != task.health) {
                self.health.push_back(HealthChange {
                    at: now,
                    task: task.arn.clone(),
                    health: task.health,
                });
            }
        }
        let surplus = self.health.len().saturating_sub(HEALTH_CHANGES);
        self.health.drain(..surplus);
        self.kept.see(tasks, owner_of, now);
    }

    /// The changes of tasks' health that were seen, oldest first.
    pub(in crate::app) fn health_changes(&self) -> impl Iterator<Item = &HealthChange> {
        self.health.iter()
    }

    /// Remembers which counts are wanted, and when more became so.
    fn note_counts(&mut self, changed: &BTreeSet<RowKey>, now: Time) {
        for key in changed {
            let RowKey::Service(arn) = key else { continue };
            let Some(service) = self.services.get(arn) else {
                self.wanted.remove(arn);
                continue;
            };
            let seen = self.wanted.get(arn);
            if seen.is_none_or(|(count, _)| *count != service.desired) {
                let raised = seen.filter(|(count, _)| *count < service.desired);
                let raised = raised.map(|_| now);
                self.wanted.insert(arn.clone(), (service.desired, raised));
            }
        }
    }

    /// When these tasks were first seen to have become healthy.
    fn healthy_since(&self, tasks: &[&Task]) -> BTreeMap<Arn, Time> {
        let mut since = BTreeMap::new();
        let healthy = self.health.iter();
        for change in healthy.filter(|change| change.health == Health::Healthy) {
            if tasks.iter().any(|task| task.arn == change.task) {
                since.entry(change.task.clone()).or_insert(change.at);
            }
        }
        since
    }

    /// A task, whether AWS still shows it or it is only kept here.
    pub fn task(&self, arn: &Arn) -> Option<&Task> {
        let kept = || self.kept.get(arn).map(|kept| &kept.task);
        self.tasks.get(arn).or_else(kept)
    }

    /// Since when a task has been kept that AWS shows no more.
    pub fn kept_since(&self, arn: &Arn) -> Option<Time> {
        if self.tasks.contains_key(arn) {
            return None;
        }
        self.kept.get(arn).map(|kept| kept.since)
    }

    /// All tasks of a row, in no particular order: those that AWS shows, and those that it has forgotten.
    pub(in crate::app) fn all_tasks_of(&self, key: &RowKey) -> Vec<&Task> {
        let mut tasks = self.tasks_of(key);
        let forgotten = self.kept.of(&self.canonical(key)).filter(|task| {
            // Before everything was listed nobody knows what AWS has forgotten.
            self.tasks_listed.contains(&task.cluster) && !self.tasks.contains_key(&task.arn)
        });
        tasks.extend(forgotten);
        tasks
    }

    /// The tasks of a service that its diagnosis goes by: of those that AWS has forgotten only the ones of the
    /// deployments that are still there.
    fn telling_tasks_of(&self, key: &RowKey) -> Vec<&Task> {
        let RowKey::Service(arn) = key else {
            return self.tasks_of(key);
        };
        let deployments = self
            .services
            .get(arn)
            .map_or(&[][..], |service| &service.deployments);
        let mut tasks = self.all_tasks_of(key);
        tasks.retain(|task| {
            self.tasks.contains_key(&task.arn)
                || deployments
                    .iter()
                    .any(|deployment| task.started_by.as_ref() == Some(&deployment.id))
        });
        tasks
    }

    /// How far the ring on disk is.
    pub(in crate::app) fn on_disk(&self) -> &OnDisk {
        &self.kept.on_disk
    }

    /// The ring on disk has come so far.
    pub(in crate::app) fn put_on_disk(&mut self, on_disk: OnDisk) {
        self.kept.on_disk = on_disk;
    }

    /// Whether the stopped tasks that are kept on disk are still being read.
    pub(in crate::app) fn is_reading_kept(&self) -> bool {
        matches!(self.kept.on_disk, OnDisk::Reading(_))
    }

    /// Takes the stopped tasks that the disk held.
    pub(in crate::app) fn take_kept(&mut self, tasks: Vec<KeptTask>) {
        self.kept.take(tasks, owner_of);
        let services = self.services.keys().cloned();
        self.stale.extend(services.map(RowKey::Service));
    }

    /// Whether there are stopped tasks that are not on disk.
    pub(in crate::app) fn has_unwritten(&self) -> bool {
        self.kept.has_unwritten()
    }

    /// Stopped tasks that are to be written to disk.
    pub(in crate::app) fn take_unwritten(&mut self) -> Vec<Task> {
        self.kept.take_unwritten()
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

    /// Takes a definition; it never changes again.
    pub fn put_definition(&mut self, definition: TaskDefinition) {
        self.unreadable.remove(&definition.arn);
        let arn = &definition.arn;
        let runs = |service: &&Service| {
            let mut deployments = service.deployments.iter();
            service.task_definition == *arn
                || deployments.any(|deployment| deployment.task_definition == *arn)
        };
        let services = self.services.values().filter(runs);
        self.stale
            .extend(services.map(|service| RowKey::Service(service.arn.clone())));
        // A service may have gone back from it, and only its failed tasks still name it.
        let runs = self.tasks.values().filter(|task| task.definition == *arn);
        let owners: Vec<RowKey> = runs.map(|task| self.owner_key(task)).collect();
        self.stale.extend(owners);
        self.definitions
            .insert(definition.arn.clone(), Arc::new(definition));
    }

    /// A definition cannot be read, and why: it is not asked for again.
    pub fn put_unreadable(&mut self, arn: Arn, error: CloudError) {
        self.unreadable.insert(arn, error);
    }

    /// Definitions that could not be read are asked for again.
    pub fn forgive_unreadable(&mut self) {
        self.unreadable.clear();
    }

    /// Takes an answer. The services that it speaks of are diagnosed anew.
    pub fn put_fact(&mut self, question: Question, at: Time, fact: Result<Fact, CloudError>) {
        let asked_by = |diagnosis: &Diagnosis| diagnosis.questions.contains(&question);
        let asking = self.diagnoses.iter();
        let asking = asking.filter(|(_, diagnosis)| asked_by(diagnosis));
        self.stale.extend(asking.map(|(key, _)| key.clone()));
        if let Question::Rollouts { service, .. } | Question::Autoscaling { service, .. } =
            &question
        {
            self.stale.insert(RowKey::Service(service.clone()));
        }
        self.facts.put(question, at, fact);
    }

    fn note(&mut self, failures: Vec<Failure>) {
        for failure in failures {
            self.failures.insert(failure.arn.clone(), failure);
        }
    }

    /// A cluster's tasks (or only one service's) are these and no others.
    pub fn keep_tasks(&mut self, cluster: &Arn, service: Option<&Clean>, listed: &BTreeSet<Arn>) {
        let gone = |arns: &mut dyn Iterator<Item = &Arn>| -> Vec<Arn> {
            arns.filter(|arn| !listed.contains(*arn)).cloned().collect()
        };
        let gone = match service {
            Some(name) => {
                let key = RowKey::Service(service_arn(cluster, name));
                let gone = gone(&mut self.by_owner.get(&key).into_iter().flatten());
                self.stale.insert(key);
                gone
            }
            None => {
                self.tasks_listed.insert(cluster.clone());
                // A service without any task changes its meaning too when that becomes known.
                let services = self.services.values();
                let here = services.filter(|service| service.cluster == *cluster);
                self.stale
                    .extend(here.map(|service| RowKey::Service(service.arn.clone())));
                self.failures
                    .retain(|arn, _| listed.contains(arn) || !is_of(cluster, "task", arn));
                let tasks = self.tasks.values();
                let here = tasks.filter(|task| task.cluster == *cluster);
                gone(&mut here.map(|task| &task.arn))
            }
        };
        for arn in gone {
            self.forget_task(&arn);
        }
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

    /// Which commands can be run on a row.
    pub fn runnable(&self, key: &RowKey) -> Runnable {
        match key {
            RowKey::Service(arn) => self
                .services
                .get(arn)
                .map_or(Runnable::Any, Runnable::on_service),
            RowKey::Family(..) => Runnable::Family,
            RowKey::MissingService(_) | RowKey::MissingCluster(_) => Runnable::Any,
        }
    }

    /// What AWS was asked about a row beyond the listings, and what it answered.
    pub fn asked(&self, key: &RowKey) -> Vec<Asked> {
        let diagnosis = self.diagnoses.get(key);
        let mut questions: Vec<Question> = Vec::new();
        if let RowKey::Service(arn) = key
            && let Some(service) = self.services.get(arn)
        {
            questions.extend([Question::rollouts(service), Question::autoscaling(service)]);
        }
        for question in diagnosis.iter().flat_map(|diagnosis| &diagnosis.questions) {
            if !questions.contains(question) {
                questions.push(question.clone());
            }
        }
        let facts = &self.facts;
        let answered = questions
            .iter()
            .filter_map(|question| Some(Asked::of(question, facts.answered(question)?)));
        answered.collect()
    }

    /// Works out anew what has changed, with what is known beside AWS. Gives whether anything has.
    pub fn diagnose(
        &mut self,
        now: Time,
        everything: bool,
        beside: impl Fn(&Service) -> Beside,
    ) -> bool {
        if everything {
            self.stale
                .extend(self.services.keys().map(|arn| RowKey::Service(arn.clone())));
        }
        let stale = std::mem::take(&mut self.stale);
        self.note_counts(&stale, now);
        for key in &stale {
            // Tasks name their service by its long resource name; the service may carry the short one.
            let key = match key {
                RowKey::Service(arn) if !self.services.contains_key(arn) => {
                    self.short_named.get(arn).cloned().map(RowKey::Service)
                }
                other => Some(other.clone()),
            };
            let Some(key) = key else { continue };
            let tasks = self.telling_tasks_of(&key);
            let diagnosis = match &key {
                RowKey::Service(arn) => self.services.get(arn).map(|service| {
                    let mut beside = beside(service);
                    beside.healthy_since = self.healthy_since(&tasks);
                    beside.raised = self.wanted.get(arn).and_then(|wanted| wanted.1);
                    diagnose_service(ServiceSnapshot {
                        service,
                        tasks: &tasks,
                        facts: &self.facts,
                        definitions: &self.definitions,
                        beside: &beside,
                        now,
                    })
                }),
                RowKey::Family(..) if !tasks.is_empty() => Some(diagnose_family(&tasks, now)),
                RowKey::Family(..) | RowKey::MissingService(_) | RowKey::MissingCluster(_) => None,
            };
            if let Some(diagnosis) = diagnosis {
                self.diagnoses.insert(key, diagnosis);
            }
        }
        !stale.is_empty()
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
