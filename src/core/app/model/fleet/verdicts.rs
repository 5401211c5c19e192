//! What services and families mean, as far as they are known.

use std::collections::{BTreeMap, BTreeSet};

use super::Fleet;
use crate::app::model::row_key::RowKey;
use crate::diagnose::work::{self, Load};
use crate::diagnose::{
    Asked, Diagnosis, FamilySnapshot, LocalFacts, Question, Runnable, ServiceSnapshot,
    diagnose_family, diagnose_service,
};
use crate::domain::{Arn, Health, Service, Task, Time};

/// A family's runs that AWS has forgotten are told of for a day: a job runs at least once a day, or is looked at by then.
const FAMILY_SECONDS: i64 = 86_400;

impl Fleet {
    /// Records desired counts and the time each last rose.
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

    /// The tasks that a diagnosis goes by: of those that AWS has forgotten only the ones of a service's deployments
    /// that are still there, and those of a family that ended in the last day.
    fn telling_tasks_of(&self, key: &RowKey, now: Time) -> Vec<&Task> {
        let RowKey::Service(arn) = key else {
            let mut tasks = self.all_tasks_of(key);
            let of_today = |at: Time| now.duration_since(at).as_secs() < FAMILY_SECONDS;
            tasks.retain(|task| {
                self.tasks.contains_key(&task.arn) || task.stopped.is_some_and(of_today)
            });
            return tasks;
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

    /// Works out anew what has changed, with what is known beside AWS and the work of each row. Gives whether anything has.
    pub fn diagnose(
        &mut self,
        now: Time,
        everything: bool,
        local: impl Fn(&Service) -> LocalFacts,
        loads: &BTreeMap<RowKey, Load>,
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
            let tasks = self.telling_tasks_of(&key, now);
            let load = loads.get(&key);
            let diagnosis = match &key {
                RowKey::Service(arn) => self.services.get(arn).map(|service| {
                    let mut local = local(service);
                    local.healthy_since = self.healthy_since(&tasks);
                    local.raised = self.wanted.get(arn).and_then(|wanted| wanted.1);
                    diagnose_service(ServiceSnapshot {
                        service,
                        tasks: &tasks,
                        facts: &self.facts,
                        definitions: &self.definitions,
                        local: &local,
                        now,
                    })
                }),
                RowKey::Family(cluster, family) if !tasks.is_empty() || load.is_some() => {
                    Some(diagnose_family(FamilySnapshot {
                        cluster,
                        family,
                        tasks: &tasks,
                        facts: &self.facts,
                        definitions: &self.definitions,
                        now,
                    }))
                }
                RowKey::Family(..) | RowKey::MissingService(_) | RowKey::MissingCluster(_) => None,
            };
            let diagnosis = diagnosis.map(|mut found| {
                load.iter()
                    .for_each(|load| work::judge(&mut found, load, now));
                found
            });
            // A family without a task is told of while its work asks for one.
            let diagnosis = diagnosis.filter(|found| {
                matches!(key, RowKey::Service(_)) || !tasks.is_empty() || work::has_finding(found)
            });
            match diagnosis {
                Some(diagnosis) => drop(self.diagnoses.insert(key, diagnosis)),
                // Of a family that nothing is known of any more.
                None if matches!(key, RowKey::Family(..)) => drop(self.diagnoses.remove(&key)),
                None => {}
            }
        }
        !stale.is_empty()
    }
}
