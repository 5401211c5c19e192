//! The deployments of a service.

use crate::app::model::viewer::{Line, Style};
use crate::domain::{Deployment, DeploymentStatus, Rollout, Service, Time};
use crate::text::{Clean, age};

pub(in crate::app) fn deployment_lines(service: &Service, now: Time) -> Vec<Line> {
    let mut deployments: Vec<&Deployment> = service.deployments.iter().collect();
    deployments.sort_by_key(|deployment| {
        (
            deployment.status != DeploymentStatus::Primary,
            std::cmp::Reverse(deployment.created),
        )
    });
    deployments
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
    let (rollout, style) = match deployment.rollout {
        Some(Rollout::InProgress) => ("in progress", Style::Plain),
        Some(Rollout::Completed) => ("completed", Style::Good),
        Some(Rollout::Failed) => ("failed", Style::Bad),
        None => ("no rollout state", Style::Dim),
    };
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
