//! Why a task is as it is.

use crate::app::model::Model;
use crate::app::model::viewer::{Line, Style};
use crate::app::panes::words;
use crate::domain::{Task, TaskDefinition, Time};
use crate::text::{Clean, age, clock};

/// That a task is known only because it was kept here.
pub(in crate::app) fn kept_line(model: &Model, task: &Task) -> Option<Line> {
    let since = model.fleet.kept_since(&task.arn)?;
    let text = format!(
        "AWS has forgotten it; kept here since {} UTC, {} ago",
        clock(since),
        age(since, model.now())
    );
    Some(Line::of("kept", Style::Warn, Clean::own(text)))
}

/// Why a task is as it is; of one as it may be shown.
pub(in crate::app) fn task_lines(
    task: &Task,
    definition: Option<&TaskDefinition>,
    now: Time,
) -> Vec<Line> {
    let mut lines = vec![Line::of("task", Style::Plain, Clean::new(task.id()))];
    let status = words::task_status(task.status);
    let style = match (task.is_stopped(), crate::diagnose::is_failure(task)) {
        (_, true) => Style::Bad,
        (true, false) => Style::Dim,
        (false, _) => Style::Good,
    };
    let when = task.stopped.or(task.started).or(task.created);
    let text = match when {
        Some(when) => {
            let (age, health) = (age(when, now), words::health(task.health));
            if task.is_stopped() {
                format!("{status} {age} ago, health {health}")
            } else {
                format!("{status} for {age}, health {health}")
            }
        }
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
            Clean::own(format!("{}={}", variable.name, variable.value)),
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
