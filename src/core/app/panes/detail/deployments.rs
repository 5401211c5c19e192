//! The deployments of a service: as lines of the cause, and as a list of their own.

use std::cmp::Reverse;

use serde_json::json;

use crate::app::model::Model;
use crate::app::model::list::Motion;
use crate::app::model::viewer::{Line, Style, Viewer};
use crate::app::panes::columns::{Column, SortKey, arrange};
use crate::app::panes::describe::json_viewer;
use crate::domain::{Deployment, DeploymentStatus, Rollout, Service, Time};
use crate::text::{Clean, age, coarse};

/// What is told of a deployment.
pub fn columns<'a>() -> [Column<&'a Deployment>; 9] {
    [
        Column::new("status", "status", |row: &&'a Deployment, _| {
            Clean::literal(status(row))
        })
        .filtered()
        .key(|row| SortKey::Number(row.status as u64)),
        Column::new("revision", "revision", |row: &&'a Deployment, _| {
            Clean::new(row.task_definition.name())
        })
        .filtered(),
        Column::new("rollout", "rollout", |row: &&'a Deployment, _| {
            Clean::literal(rollout(row).0)
        })
        .filtered()
        .style(|row| rollout(row).1),
        Column::new("tasks", "tasks", |row: &&'a Deployment, _| {
            Clean::own(format!("{}/{}", row.running, row.desired))
        })
        .right()
        .style(|row| {
            if row.running < row.desired {
                Style::Warn
            } else {
                Style::Plain
            }
        })
        .key(|row| SortKey::Number(row.running.into())),
        Column::new("pending", "pend", |row: &&'a Deployment, _| {
            some(row.pending, "+")
        })
        .right()
        .key(|row| SortKey::Number(row.pending.into())),
        Column::new("failed", "failed", |row: &&'a Deployment, _| {
            some(row.failed, "")
        })
        .right()
        .style(|_| Style::Bad)
        .key(|row| SortKey::Number(row.failed.into())),
        Column::new("age", "age", |row: &&'a Deployment, now| {
            let since = row.created.map(|created| coarse(created, now));
            Clean::own(since.unwrap_or_default())
        })
        .right()
        .key(|row| SortKey::Time(row.created)),
        Column::new("reason", "reason", |row: &&'a Deployment, _| {
            row.reason.clone().unwrap_or_default()
        })
        .filtered(),
        Column::new("id", "deployment", |row: &&'a Deployment, _| row.id.clone()).filtered(),
    ]
}

/// A number that is worth saying.
fn some(number: u32, before: &str) -> Clean {
    match number {
        0 => Clean::default(),
        number => Clean::own(format!("{before}{number}")),
    }
}

/// In AWS's words.
fn status(deployment: &Deployment) -> &'static str {
    match deployment.status {
        DeploymentStatus::Primary => "primary",
        DeploymentStatus::Active => "active",
        DeploymentStatus::Inactive => "inactive",
        DeploymentStatus::Other => "other",
    }
}

fn rollout(deployment: &Deployment) -> (&'static str, Style) {
    match deployment.rollout {
        Some(Rollout::InProgress) => ("in progress", Style::Plain),
        Some(Rollout::Completed) => ("completed", Style::Good),
        Some(Rollout::Failed) => ("failed", Style::Bad),
        None => ("no rollout state", Style::Dim),
    }
}

impl Model {
    /// The deployments of the selected service, as they are shown: the primary one first, then the newest.
    pub fn deployment_rows(&self) -> Vec<&Deployment> {
        rows(self).0
    }
}

/// The rows, and how many the filter hides.
fn rows(model: &Model) -> (Vec<&Deployment>, usize) {
    let mut rows = model.selected_service().map(sorted).unwrap_or_default();
    let list = &model.deployments;
    let hidden = arrange(&mut rows, &columns(), &list.filter, list.sort, model.now());
    (rows, hidden)
}

pub(in crate::app) fn settle(model: &mut Model) {
    let (rows, hidden) = rows(model);
    let keys: Vec<Clean> = rows.iter().map(|row| row.id.clone()).collect();
    model.deployments.hidden = hidden;
    model.deployments.cursor.settle(&keys);
}

/// Moves the cursor. Returns whether it stands on another deployment.
pub(in crate::app) fn step(model: &mut Model, motion: Motion) -> bool {
    let rows = model.deployment_rows();
    let keys: Vec<Clean> = rows.iter().map(|row| row.id.clone()).collect();
    model.deployments.cursor.go(motion, &keys)
}

fn selected(model: &Model) -> Option<&Deployment> {
    let on = model.deployments.cursor.on()?;
    let mut rows = model.deployment_rows().into_iter();
    rows.find(|row| row.id == *on)
}

pub(in crate::app) fn describe(model: &Model) -> Option<Viewer> {
    let deployment = selected(model)?;
    let (rollout, style) = rollout(deployment);
    let time = |at: Option<Time>| {
        let words = at.map(|at| format!("{at} ({} ago)", coarse(at, model.now())));
        Clean::own(words.unwrap_or_else(|| "unknown".to_owned()))
    };
    let definition = Clean::new(deployment.task_definition.name());
    let tasks = format!(
        "{} of {} running, {} pending, {} failed in a row",
        deployment.running, deployment.desired, deployment.pending, deployment.failed
    );
    let mut lines = vec![
        Line::of("status", Style::Plain, Clean::literal(status(deployment))),
        Line::of("revision", Style::Plain, definition),
        Line::of("rollout", style, Clean::literal(rollout)),
        Line::of("tasks", Style::Plain, Clean::own(tasks)),
        Line::of("started", Style::Plain, time(deployment.created)),
        Line::of("changed", Style::Plain, time(deployment.updated)),
    ];
    if let Some(reason) = &deployment.reason {
        lines.push(Line::of("reason", Style::Plain, reason.clone()));
    }
    Some(Viewer::new(deployment.id.clone(), lines))
}

pub(in crate::app) fn raw(model: &Model) -> Option<Viewer> {
    let deployment = selected(model)?;
    Some(json_viewer(deployment.id.clone(), &json!(deployment)))
}

/// The deployments, the primary one first, then the newest.
fn sorted(service: &Service) -> Vec<&Deployment> {
    let mut deployments: Vec<&Deployment> = service.deployments.iter().collect();
    deployments.sort_by_key(|deployment| {
        (
            deployment.status != DeploymentStatus::Primary,
            Reverse(deployment.created),
        )
    });
    deployments
}

pub(in crate::app) fn deployment_lines(service: &Service, now: Time) -> Vec<Line> {
    sorted(service)
        .into_iter()
        .map(|deployment| deployment_line(deployment, now))
        .collect()
}

fn deployment_line(deployment: &Deployment, now: Time) -> Line {
    let label = match deployment.status {
        DeploymentStatus::Primary => "new",
        DeploymentStatus::Active => "old",
        DeploymentStatus::Inactive | DeploymentStatus::Other => "gone",
    };
    let (rollout, style) = rollout(deployment);
    let failed = if deployment.failed > 0 {
        format!(", {} failed in a row", deployment.failed)
    } else {
        String::new()
    };
    let started = deployment
        .created
        .map(|created| format!(", started {} ago", age(created, now)))
        .unwrap_or_default();
    let text = format!(
        "{} {rollout}: {} of {} running, {} pending{failed}{started}",
        Clean::new(deployment.task_definition.name()),
        deployment.running,
        deployment.desired,
        deployment.pending,
    );
    Line::of(label, style, Clean::own(text))
}
