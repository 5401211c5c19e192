//! The rows of the services pane: the most broken first.

use std::cmp::Reverse;

use super::columns::COLUMNS;
use crate::app::model::Model;
use crate::app::model::fleet::Fleet;
use crate::app::model::row_key::RowKey;
use crate::app::model::rows::ServiceRow;
use crate::app::model::setup::Setup;
use crate::app::panes::columns::arrange;
use crate::app::panes::tasks::rows::rebuild_tasks;
use crate::diagnose::Verdict;
use crate::domain::{Failure, Task, TaskStatus};
use crate::text::Clean;

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

/// Makes the rows of the services pane anew, and what hangs on them.
pub(in crate::app) fn rebuild_services(model: &mut Model) {
    model.rebuilt = model.rebuilt.saturating_add(1);
    let mut rows = service_rows(&model.fleet, &model.setup);
    let all = rows.len();
    if model.problems_only {
        rows.retain(|row| row.verdict.is_bad_news() || row.verdict == Verdict::Unknown);
    }
    let hidden = all.saturating_sub(rows.len());
    let list = &model.services;
    let filtered = arrange(
        &mut rows,
        &COLUMNS,
        &list.filter,
        list.sort,
        model.stamp.now,
    );
    model.services.hidden = hidden.saturating_add(filtered);
    model.service_rows = rows;
    if let Some(name) = model.setup.service.clone()
        && let Some(row) = model.service_rows.iter().find(|row| row.name == name)
    {
        // A flag named it: stand on it once, and from then on go where the person goes.
        model.services.cursor.put(row.key.clone());
        model.setup.service = None;
    }
    let keys: Vec<_> = model
        .service_rows
        .iter()
        .map(|row| row.key.clone())
        .collect();
    model.services.cursor.settle(&keys);
    rebuild_tasks(model);
}
