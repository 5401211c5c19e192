//! What `describe` and `raw` show of what is selected.

use serde_json::json;

use super::detail::events::event_lines;
use super::detail::task::task_lines;
use super::words::health_check_words;
use crate::app::model::Model;
use crate::app::model::pane::Pane;
use crate::app::model::row_key::RowKey;
use crate::app::model::viewer::{Line, Style, Viewer};
use crate::app::model::work_pane::WorkKey;
use crate::domain::{Task, TaskDefinition};
use crate::text::{Clean, masked};

/// What `describe` shows of what is selected.
pub(in crate::app) fn describe_selected(model: &Model) -> Option<Viewer> {
    match model.focus {
        Pane::Tasks => {
            let task = model.selected_task()?;
            let mut lines = task_lines(task, None, model.now());
            lines.splice(1..1, model.kept_line(task));
            if let Some(definition) = model.definition_of(task) {
                lines.push(Line::gap());
                lines.extend(definition_lines(definition));
            }
            Some(Viewer::new(
                Clean::own(format!("task {}", Clean::new(task.id()))),
                lines,
            ))
        }
        Pane::Queues => {
            let name = model
                .queues
                .list
                .cursor
                .on()
                .cloned()
                .or_else(|| model.queues.queues.first().map(|queue| queue.name.clone()))?;
            let queue = model
                .queues
                .queues
                .iter()
                .find(|queue| queue.name == name)?;
            Some(json_viewer(
                Clean::own(format!("queue {name}")),
                &json!(queue),
            ))
        }
        Pane::Work => {
            let (id, row) = model.selected_work()?;
            let lines = row.0.iter().map(|(name, value)| Line {
                label: name.clone(),
                text: Clean::new(&masked(name, value)),
                style: Style::Plain,
            });
            Some(Viewer::new(
                Clean::own(format!("work item {id}")),
                lines.collect(),
            ))
        }
        Pane::Services | Pane::Detail | Pane::Logs => {
            let row = model.selected()?;
            let mut lines = super::detail::why::lines(model);
            if let Some(service) = model.selected_service() {
                lines.push(Line::gap());
                lines.push(Line::new(Style::Heading, Clean::literal("Service")));
                lines.push(Line::of("arn", Style::Plain, service.arn.clean().clone()));
                lines.push(Line::of("launch", Style::Plain, service.launch.clone()));
                if let Some(network) = &service.network {
                    let list = |ids: &[Clean]| {
                        ids.iter().map(Clean::as_str).collect::<Vec<_>>().join(", ")
                    };
                    lines.push(Line::of(
                        "subnets",
                        Style::Plain,
                        Clean::own(list(&network.subnets)),
                    ));
                    lines.push(Line::of(
                        "groups",
                        Style::Plain,
                        Clean::own(list(&network.security_groups)),
                    ));
                    let public = if network.public_ip {
                        "public address: yes"
                    } else {
                        "public address: no"
                    };
                    lines.push(Line::of("network", Style::Plain, Clean::literal(public)));
                }
                if let Some(definition) = model.fleet.definitions.get(&service.task_definition) {
                    lines.push(Line::gap());
                    lines.extend(definition_lines(definition));
                }
                lines.push(Line::gap());
                lines.push(Line::new(Style::Heading, Clean::literal("Events")));
                lines.extend(event_lines(service, model.now()));
            }
            Some(Viewer::new(row.name.clone(), lines))
        }
    }
}

fn definition_lines(definition: &TaskDefinition) -> Vec<Line> {
    let mut lines = vec![Line::new(
        Style::Heading,
        Clean::own(format!(
            "Task definition {}",
            Clean::new(definition.arn.name())
        )),
    )];
    let size = |value: Option<u32>| value.map_or("?".to_owned(), |value| value.to_string());
    lines.push(Line::of(
        "size",
        Style::Plain,
        Clean::own(format!(
            "{} CPU units, {} MiB",
            size(definition.cpu),
            size(definition.memory)
        )),
    ));
    if let Some(at) = definition.registered {
        let by = definition
            .registered_by
            .as_ref()
            .map(|by| format!(" by {by}"))
            .unwrap_or_default();
        lines.push(Line::of(
            "registered",
            Style::Plain,
            Clean::own(format!("{at}{by}")),
        ));
    }
    for container in &definition.containers {
        lines.push(Line::of(
            "container",
            Style::Heading,
            container.name.clone(),
        ));
        lines.push(Line::of("  image", Style::Plain, container.image.clone()));
        if let Some(check) = &container.health_check {
            let text = health_check_words(check);
            lines.push(Line::of("  health", Style::Plain, text));
        }
        if !container.ports.is_empty() {
            let ports: Vec<String> = container.ports.iter().map(u16::to_string).collect();
            lines.push(Line::of(
                "  ports",
                Style::Plain,
                Clean::own(ports.join(", ")),
            ));
        }
        for variable in &container.environment {
            lines.push(Line::of(
                "  env",
                Style::Dim,
                Clean::own(format!(
                    "{}={}",
                    variable.name,
                    masked(&variable.name, &variable.value)
                )),
            ));
        }
        for secret in &container.secrets {
            lines.push(Line::of(
                "  secret",
                Style::Dim,
                Clean::own(format!("{} from {}", secret.name, secret.from)),
            ));
        }
    }
    lines
}

/// What `raw` shows of what is selected.
pub(in crate::app) fn raw_selected(model: &Model) -> Option<Viewer> {
    let viewer =
        |title: &str, value: serde_json::Value| Some(json_viewer(Clean::new(title), &value));
    match model.focus {
        Pane::Tasks => {
            let task = masked_task(model.selected_task()?);
            viewer(task.id(), json!(task))
        }
        Pane::Queues => {
            let name = model.queues.list.cursor.on()?;
            viewer(
                name,
                json!(
                    model
                        .queues
                        .queues
                        .iter()
                        .find(|queue| queue.name == *name)?
                ),
            )
        }
        Pane::Work => match model.work.list.cursor.on()? {
            WorkKey::Table(table) => viewer(table, json!(model.work.tables.get(table)?.shape)),
            WorkKey::Item(..) => {
                let (id, row) = model.selected_work()?;
                let shown: serde_json::Map<String, serde_json::Value> = row
                    .0
                    .iter()
                    .map(|(name, value)| (name.to_string(), json!(masked(name, value))))
                    .collect();
                viewer(&id, serde_json::Value::Object(shown))
            }
        },
        Pane::Services | Pane::Detail | Pane::Logs => match model.services.cursor.on()? {
            RowKey::Service(arn) => viewer(arn.name(), json!(model.fleet.services.get(arn)?)),
            key @ RowKey::Family(..) => {
                let tasks = model.fleet.tasks_of(key).into_iter().map(masked_task);
                viewer("tasks", json!(tasks.collect::<Vec<_>>()))
            }
            RowKey::MissingService(_) | RowKey::MissingCluster(_) => None,
        },
    }
}

/// A task without the values that look like secrets.
fn masked_task(task: &Task) -> Task {
    let mut task = task.clone();
    for variable in &mut task.overrides {
        variable.value = Clean::new(&masked(&variable.name, &variable.value));
    }
    task
}

fn json_viewer(title: Clean, value: &serde_json::Value) -> Viewer {
    // Strings in it are clean already, and JSON escapes keep them so.
    Viewer::text(
        title,
        &serde_json::to_string_pretty(value).unwrap_or_default(),
    )
}
