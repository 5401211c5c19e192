//! What panes have in common when they tell something at length.

use crate::app::model::viewer::{Line, Style, Viewer};
use crate::app::panes::words::health_check_words;
use crate::domain::TaskDefinition;
use crate::text::{Clean, Values};

/// A task definition, container by container.
pub(in crate::app) fn definition_lines(definition: &TaskDefinition, values: Values) -> Vec<Line> {
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
            let command = values.command_line(&check.command);
            let text = Clean::new(&format!("{command}, {}", health_check_words(check)));
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
                    values.value(&variable.name, &variable.value)
                )),
            ));
        }
        for file in &container.environment_files {
            lines.push(Line::of("  env file", Style::Dim, file.clone()));
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

/// JSON as a text over the panes.
pub(in crate::app) fn json_viewer(title: Clean, value: &serde_json::Value) -> Viewer {
    // Strings in it are clean already, and JSON escapes keep them so.
    Viewer::text(
        title,
        &serde_json::to_string_pretty(value).unwrap_or_default(),
    )
}
