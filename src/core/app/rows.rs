//! The rows of the lists: what is shown, in which order.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::fleet::{Fleet, RowKey};
use super::setup::Setup;
use super::timeline::gist;
use crate::diagnose::Verdict;
use crate::domain::{Failure, Health, StopCode, Task, TaskStatus, Time};
use crate::text::Clean;

/// A row of the services pane.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceRow {
    /// What it is.
    pub key: RowKey,
    /// The service's or family's name.
    pub name: Clean,
    /// The cluster's name.
    pub cluster: Clean,
    /// How it is; absent until it is known.
    pub verdict: Verdict,
    /// Running tasks.
    pub running: u32,
    /// Desired tasks; absent where nothing keeps a count.
    pub desired: Option<u32>,
    /// Tasks on their way.
    pub pending: u32,
    /// Why it is so, in one line.
    pub summary: Clean,
    /// Since when.
    pub since: Option<Time>,
    /// The revision that it is set to, `family:revision`.
    pub revision: Clean,
}

/// A row of the tasks pane.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskRow {
    /// The task's resource name.
    pub key: crate::domain::Arn,
    /// The first eight characters of its id.
    pub id: Clean,
    /// Where it is.
    pub status: TaskStatus,
    /// Its health.
    pub health: Health,
    /// `family:revision`.
    pub revision: Clean,
    /// When it started, or was asked for.
    pub since: Option<Time>,
    /// When it ended.
    pub stopped: Option<Time>,
    /// What it returned.
    pub exit_code: Option<i32>,
    /// Why it ended, or who runs it.
    pub note: Clean,
    /// Its end speaks of something wrong.
    pub failed: bool,
    /// Its address.
    pub address: Option<Clean>,
    /// Nobody told it to end.
    pub ended_by_itself: bool,
    /// AWS shows it no more; it has been kept here since then.
    pub kept: Option<Time>,
    /// So many tasks ended for the same reason on the same revision; the row is the newest of them.
    pub count: u32,
    /// So many of them AWS shows no more.
    pub kept_count: u32,
    /// When the first of them ended, where there are several.
    pub first: Option<Time>,
    /// The tasks that the row stands for, the newest first, where there are several.
    pub members: Vec<crate::domain::Arn>,
}

/// All rows of the services pane: the most broken first, then by name.
pub fn service_rows(fleet: &Fleet, setup: &Setup) -> Vec<ServiceRow> {
    let mut rows: Vec<ServiceRow> = fleet
        .services
        .keys()
        .map(|arn| RowKey::Service(arn.clone()))
        .filter_map(|key| row_of(fleet, key))
        .collect();
    rows.extend(
        fleet
            .families()
            .cloned()
            .filter_map(|key| row_of(fleet, key)),
    );
    rows.extend(missing(fleet, setup));
    rows.sort_by(|a, b| {
        (Reverse(a.verdict), &a.cluster, &a.name).cmp(&(Reverse(b.verdict), &b.cluster, &b.name))
    });
    rows
}

fn row_of(fleet: &Fleet, key: RowKey) -> Option<ServiceRow> {
    let diagnosis = fleet.diagnosis(&key);
    let verdict = diagnosis.map_or(Verdict::Unknown, |diagnosis| diagnosis.verdict);
    let summary = diagnosis
        .map(|diagnosis| diagnosis.summary.clone())
        .unwrap_or_default();
    let since = diagnosis.and_then(|diagnosis| diagnosis.since);
    match &key {
        RowKey::Service(arn) => {
            let service = fleet.services.get(arn)?;
            Some(ServiceRow {
                name: service.name.clone(),
                cluster: Clean::new(service.cluster.name()),
                verdict,
                running: service.running,
                desired: (service.scheduling == crate::domain::Scheduling::Replica)
                    .then_some(service.desired),
                pending: service.pending,
                summary,
                since,
                revision: Clean::new(service.task_definition.name()),
                key,
            })
        }
        RowKey::Family(cluster, family) => {
            let tasks = fleet.tasks_of(&key);
            let count = |of: &dyn Fn(&Task) -> bool| {
                u32::try_from(tasks.iter().filter(|task| of(task)).count()).unwrap_or(u32::MAX)
            };
            let newest = tasks.iter().max_by_key(|task| task.created)?;
            Some(ServiceRow {
                name: family.clone(),
                cluster: Clean::new(cluster.name()),
                verdict,
                running: count(&|task| task.status == TaskStatus::Running),
                desired: None,
                pending: count(&|task| task.status < TaskStatus::Running),
                summary,
                since,
                revision: Clean::new(newest.definition.name()),
                key,
            })
        }
        RowKey::MissingService(_) | RowKey::MissingCluster(_) => None,
    }
}

/// What the deck or a flag names and AWS does not have.
fn missing(fleet: &Fleet, setup: &Setup) -> Vec<ServiceRow> {
    let row = |key: RowKey, name: &Clean, cluster: Clean, summary: &'static str| ServiceRow {
        key,
        name: name.clone(),
        cluster,
        verdict: Verdict::Failed,
        running: 0,
        desired: None,
        pending: 0,
        summary: Clean::literal(summary),
        since: None,
        revision: Clean::default(),
    };
    let mut rows: Vec<ServiceRow> = fleet
        .missing_clusters
        .iter()
        .map(|failure| {
            let name = Clean::new(failure.arn.name());
            let key = RowKey::MissingCluster(name.clone());
            let mut row = row(
                key,
                &name,
                name.clone(),
                "this cluster does not exist in this account and region",
            );
            if failure.reason.as_str() != "MISSING" {
                row.summary = undescribed(failure);
            }
            row
        })
        .collect();
    let all_listed =
        !fleet.clusters.is_empty() && fleet.clusters.keys().all(|arn| fleet.listed.contains(arn));
    let named = setup
        .deck
        .iter()
        .flat_map(|deck| &deck.services)
        .filter(|_| all_listed);
    for service in named {
        let there = fleet.services.values().any(|known| {
            known.name.as_str() == service.name
                && service
                    .cluster
                    .as_ref()
                    .is_none_or(|cluster| known.cluster.name() == cluster)
        }) || fleet
            .failures
            .values()
            .any(|failure| failure.arn.name() == service.name);
        if !there {
            let name = Clean::new(&service.name);
            let cluster = Clean::new(service.cluster.as_deref().unwrap_or_default());
            rows.push(row(
                RowKey::MissingService(name.clone()),
                &name,
                cluster,
                "the deck names this service, and AWS does not have it",
            ));
        }
    }
    for failure in fleet
        .failures
        .values()
        .filter(|failure| failure.arn.resource().starts_with("service/"))
    {
        let name = Clean::new(failure.arn.name());
        let mut broken = row(
            RowKey::MissingService(name.clone()),
            &name,
            Clean::default(),
            "",
        );
        broken.summary = undescribed(failure);
        rows.push(broken);
    }
    rows
}

fn undescribed(failure: &Failure) -> Clean {
    Clean::own(format!("AWS could not describe it: {}", failure.reason))
}

/// The tasks of a row: those that run (the newest first), then those that ended (the newest first). Those that ended
/// for the same reason on the same revision share a row, unless they are wanted one by one.
pub fn task_rows(fleet: &Fleet, key: &RowKey, stopped: bool, one_by_one: bool) -> Vec<TaskRow> {
    let mut tasks = fleet.all_tasks_of(key);
    tasks.retain(|task| stopped || !task.is_stopped());
    tasks.sort_by_key(|task| {
        (
            task.is_stopped(),
            Reverse(task.stopped),
            Reverse(task.created),
            task.arn.clone(),
        )
    });
    let row = |task: &Task| {
        let kept = fleet.kept_since(&task.arn);
        TaskRow {
            kept,
            kept_count: u32::from(kept.is_some()),
            ..task_row(task)
        }
    };
    let rows = tasks.into_iter().map(row).collect();
    if one_by_one { rows } else { together(rows) }
}

/// Lets rows of stopped tasks that say the same be one, at the place of the newest.
fn together(rows: Vec<TaskRow>) -> Vec<TaskRow> {
    let mut kept: Vec<TaskRow> = Vec::new();
    let mut places = BTreeMap::new();
    for row in rows {
        // Ids and times in AWS's words make no other reason.
        // What a program returns when it was told to end is chance.
        let code = row.exit_code.filter(|_| row.ended_by_itself);
        let said = (row.revision.clone(), row.failed, code, gist(&row.note));
        let place = row
            .stopped
            .map(|_| *places.entry(said).or_insert(kept.len()));
        match place.and_then(|place| kept.get_mut(place)) {
            Some(newest) => {
                if newest.members.is_empty() {
                    newest.members.push(newest.key.clone());
                }
                newest.members.push(row.key);
                newest.count = newest.count.saturating_add(1);
                newest.kept_count = newest.kept_count.saturating_add(row.kept_count);
                newest.first = row.stopped;
            }
            None => kept.push(row),
        }
    }
    kept
}

fn task_row(task: &Task) -> TaskRow {
    let failed = crate::diagnose::is_failure(task);
    let note = match (task.is_stopped(), task.reason()) {
        (true, Some(reason)) => reason.clone(),
        _ => task.started_by.clone().unwrap_or_default(),
    };
    TaskRow {
        key: task.arn.clone(),
        id: Clean::new(task.short_id()),
        status: task.status,
        health: task.health,
        revision: Clean::new(task.definition.name()),
        since: task.started.or(task.created),
        stopped: task.stopped,
        exit_code: task.exit_code(),
        note,
        failed,
        address: task.private_ip.clone(),
        ended_by_itself: task.stop_code == Some(StopCode::EssentialContainerExited),
        kept: None,
        count: 1,
        kept_count: 0,
        first: None,
        members: Vec::new(),
    }
}
