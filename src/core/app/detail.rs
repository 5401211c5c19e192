//! What the detail pane says.

use super::age::{age, clock};
use super::model::{Model, Pane};
use super::secrets::masked;
use super::viewer::{Line, Style};
use super::words;
use super::work_pane::WorkRow;
use crate::diagnose::Verdict;
use crate::domain::{
    Deployment, DeploymentStatus, Rollout, Row, Service, ServiceEvent, Task, TaskDefinition, Time,
};
use crate::text::Clean;

/// What the detail pane is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DetailMode {
    /// The verdict and its evidence; of a task, why it ended.
    Why,
    /// One account of what happened, newest first.
    Timeline,
    /// What the new revision changes.
    Difference,
    /// The deployments.
    Deployments,
}

/// How a verdict is meant.
pub fn style_of(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Steady | Verdict::ScaledToZero => Style::Good,
        Verdict::Progressing | Verdict::Unknown => Style::Plain,
        Verdict::RolledBack | Verdict::RollingBack | Verdict::Degraded => Style::Warn,
        Verdict::Failed | Verdict::Stuck => Style::Bad,
    }
}

impl Model {
    /// The detail pane's title.
    pub fn detail_title(&self) -> Clean {
        let name = self
            .selected()
            .map(|row| row.name.clone())
            .unwrap_or_default();
        match self.detail {
            DetailMode::Why => match self.task_in_detail() {
                Some(task) => Clean::own(format!("task {}", Clean::new(task.short_id()))),
                None => Clean::own(format!("why {name}")),
            },
            DetailMode::Timeline => Clean::own(format!("timeline {name}")),
            DetailMode::Difference => super::difference::title(self, &name),
            DetailMode::Deployments => Clean::own(format!("deployments {name}")),
        }
    }

    /// The detail pane's lines.
    pub fn detail_lines(&self) -> Vec<Line> {
        match self.detail {
            DetailMode::Why => match self.task_in_detail() {
                Some(task) => {
                    let mut lines = task_lines(task, self.definition_of(task), self.now());
                    lines.splice(1..1, self.kept_line(task));
                    lines
                }
                None => super::why::lines(self),
            },
            DetailMode::Timeline => super::timeline::lines(self),
            DetailMode::Difference => super::difference::lines(self),
            DetailMode::Deployments => self
                .selected_service()
                .map(|service| deployment_lines(service, self.now()))
                .unwrap_or_else(no_service),
        }
    }

    /// That a task is known only because it was kept here.
    pub(super) fn kept_line(&self, task: &Task) -> Option<Line> {
        let since = self.fleet.kept_since(&task.arn)?;
        let text = format!(
            "AWS has forgotten it; kept here since {} UTC, {} ago",
            clock(since),
            age(since, self.now())
        );
        Some(Line::of("kept", Style::Warn, Clean::own(text)))
    }

    /// Whether the detail pane is read at length, and has the width of the screen for it.
    pub fn reads_at_length(&self) -> bool {
        self.focus == Pane::Detail
            && matches!(self.detail, DetailMode::Timeline | DetailMode::Difference)
    }

    /// The task that the detail pane is about: only while the tasks pane has the focus.
    fn task_in_detail(&self) -> Option<&Task> {
        (self.focus == Pane::Tasks)
            .then(|| self.selected_task())
            .flatten()
    }

    pub(super) fn definition_of(&self, task: &Task) -> Option<&TaskDefinition> {
        self.fleet
            .definitions
            .get(&task.definition)
            .map(std::convert::AsRef::as_ref)
    }

    /// The selected work item: its key and its attributes.
    pub fn selected_work(&self) -> Option<(Clean, Row)> {
        let on = self.work.list.cursor.on()?;
        self.work_rows().into_iter().find_map(|row| match row {
            WorkRow::Item { key, id, row, .. } if key == *on => Some((id, row.clone())),
            _ => None,
        })
    }

    /// The rows of the work pane.
    pub fn work_rows(&self) -> Vec<WorkRow<'_>> {
        self.work.rows(
            self.setup.deck.as_ref(),
            &super::discovery::wanted_tables(self),
        )
    }
}

fn no_service() -> Vec<Line> {
    vec![Line::new(
        Style::Dim,
        Clean::literal("these tasks belong to no service"),
    )]
}

pub(super) fn deployment_lines(service: &Service, now: Time) -> Vec<Line> {
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
    let begun = deployment
        .created
        .map(|created| format!(", begun {} ago", age(created, now)))
        .unwrap_or_default();
    let text = format!(
        "{} {rollout}: {} of {} running, {} pending{failed}{begun}",
        Clean::new(deployment.task_definition.name()),
        deployment.running,
        deployment.desired,
        deployment.pending,
    );
    Line::of(label, style, Clean::own(text))
}

pub(super) fn event_lines(service: &Service, now: Time) -> Vec<Line> {
    if service.events.is_empty() {
        return vec![Line::new(
            Style::Dim,
            Clean::literal("AWS shows no events of this service"),
        )];
    }
    service
        .events
        .iter()
        .map(|event| {
            let label = event
                .at
                .map(|at| Clean::own(format!("{} {}", clock(at), age(at, now))))
                .unwrap_or_default();
            let (text, style) = event_words(service, event);
            Line { label, text, style }
        })
        .collect()
}

/// What an event says, and whether it speaks of trouble.
pub(super) fn event_words(service: &Service, event: &ServiceEvent) -> (Clean, Style) {
    let words = event.message.to_ascii_lowercase();
    let bad = ["unable", "failed", "unhealthy", "rolling back"]
        .iter()
        .any(|word| words.contains(word));
    let style = if bad { Style::Warn } else { Style::Plain };
    // AWS begins each line with the service's name, which the title says already.
    let prefix = format!("(service {}) ", service.name);
    let text = event
        .message
        .strip_prefix(prefix.as_str())
        .map_or_else(|| event.message.clone(), Clean::new);
    (text, style)
}

/// Why a task is as it is.
pub(super) fn task_lines(task: &Task, definition: Option<&TaskDefinition>, now: Time) -> Vec<Line> {
    let mut lines = vec![Line::of("task", Style::Plain, Clean::new(task.id()))];
    let status = words::task_status(task.status);
    let style = match (task.is_stopped(), crate::diagnose::is_failure(task)) {
        (_, true) => Style::Bad,
        (true, false) => Style::Dim,
        (false, _) => Style::Good,
    };
    let when = task.stopped.or(task.started).or(task.created);
    let text = match when {
        Some(when) => format!(
            "{status} {} ago, health {}",
            age(when, now),
            words::health(task.health)
        ),
        None => status.to_owned(),
    };
    lines.push(Line::of("status", style, Clean::own(text)));
    if let Some(reason) = &task.stopped_reason {
        lines.push(Line::of("reason", style, reason.clone()));
    }
    for container in &task.containers {
        let exit = container
            .exit_code
            .map(|code| format!(", exit code {code}"))
            .unwrap_or_default();
        let reason = container
            .reason
            .as_ref()
            .map(|reason| format!(": {reason}"))
            .unwrap_or_default();
        let bad = container.exit_code.is_some_and(|code| code != 0) || container.reason.is_some();
        let health = words::health(container.health);
        let text = format!(
            "{} {}, health {health}{exit}{reason}",
            container.name,
            container.status.to_lowercase()
        );
        lines.push(Line::of(
            "container",
            if bad { Style::Bad } else { Style::Plain },
            Clean::own(text),
        ));
    }
    lines.push(Line::of(
        "revision",
        Style::Plain,
        Clean::new(task.definition.name()),
    ));
    let place = [
        Some(&task.launch),
        task.zone.as_ref(),
        task.private_ip.as_ref(),
    ];
    let place: Vec<&str> = place
        .into_iter()
        .flatten()
        .map(Clean::as_str)
        .filter(|word| !word.is_empty())
        .collect();
    lines.push(Line::of("where", Style::Dim, Clean::own(place.join(", "))));
    if let Some(by) = &task.started_by {
        lines.push(Line::of("started by", Style::Dim, by.clone()));
    }
    for variable in &task.overrides {
        lines.push(Line::of(
            "override",
            Style::Dim,
            Clean::own(format!(
                "{}={}",
                variable.name,
                masked(&variable.name, &variable.value)
            )),
        ));
    }
    if let Some(definition) = definition {
        lines.extend(
            definition
                .containers
                .iter()
                .map(|container| Line::of("image", Style::Dim, container.image.clone())),
        );
    }
    lines
}
