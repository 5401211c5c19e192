//! What readings change in the fleet.
//!
//! The invariant: whatever changes what a row means names that row as stale.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Fleet, HEALTH_CHANGES, HealthChange, is_of, owner_of, service_arn};
use crate::app::model::expired_tasks::{ExpiredTask, OnDisk};
use crate::app::model::row_key::RowKey;
use crate::diagnose::{Diagnosis, Fact, Question};
use crate::domain::{Arn, CloudError, Cluster, Failure, Service, Task, TaskDefinition, Time};
use crate::text::Clean;

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
        let of_none =
            |key: &&RowKey| matches!(key, RowKey::Family(of, _) if !self.clusters.contains_key(of));
        let of_none: Vec<RowKey> = self.kept.families().filter(of_none).cloned().collect();
        self.stale.extend(of_none);
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

    /// The ring on disk has come so far.
    pub(in crate::app) fn put_on_disk(&mut self, on_disk: OnDisk) {
        self.kept.on_disk = on_disk;
    }

    /// Takes the stopped tasks that the disk held.
    pub(in crate::app) fn take_kept(&mut self, tasks: Vec<ExpiredTask>) {
        self.kept.take(tasks, owner_of);
        let services = self.services.keys().cloned();
        self.stale.extend(services.map(RowKey::Service));
        self.stale.extend(self.kept.families().cloned());
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
        for failure in failures
            .iter()
            .filter(|one| one.reason.as_str() == "MISSING")
        {
            self.gone.insert(failure.arn.clone());
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
        // Of a family all that is known may be what AWS has forgotten.
        let of_it = |key: &&RowKey| self.kept.of(key).any(|task| task.definition == *arn);
        self.stale
            .extend(self.kept.families().filter(of_it).cloned());
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

    /// The work of these rows was read.
    pub(in crate::app) fn work_changed(&mut self, rows: BTreeSet<RowKey>) {
        self.stale.extend(rows);
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
                let (known, missing) = (&self.tasks, std::mem::take(&mut self.gone));
                let unknown = |arn: &&Arn| !known.contains_key(*arn) && !missing.contains(*arn);
                self.undescribed.retain(|arn| !is_of(cluster, "task", arn));
                self.undescribed
                    .extend(listed.iter().filter(unknown).cloned());
                // A service without any task changes its meaning too when that becomes known.
                let services = self.services.values();
                let here = services.filter(|service| service.cluster == *cluster);
                self.stale
                    .extend(here.map(|service| RowKey::Service(service.arn.clone())));
                // What AWS has forgotten of a family is told from now on, and for a day.
                let here = |key: &&RowKey| matches!(key, RowKey::Family(of, _) if of == cluster);
                self.stale
                    .extend(self.kept.families().filter(here).cloned());
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
}
