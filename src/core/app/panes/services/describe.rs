//! A service at length, and as AWS answered.

use serde_json::json;

use crate::app::model::Model;
use crate::app::model::row_key::RowKey;
use crate::app::model::viewer::{Line, Style, Viewer};
use crate::app::panes::describe::{definition_lines, json_viewer};
use crate::app::panes::detail::events::event_lines;
use crate::app::panes::detail::why;
use crate::text::Clean;

pub(in crate::app) fn describe(model: &Model) -> Option<Viewer> {
    let row = model.selected()?;
    let mut lines = why::lines(model);
    if let Some(service) = model.selected_service() {
        lines.push(Line::gap());
        lines.push(Line::new(Style::Heading, Clean::literal("Service")));
        lines.push(Line::of("arn", Style::Plain, service.arn.clean().clone()));
        lines.push(Line::of("launch", Style::Plain, service.launch.clone()));
        if let Some(network) = &service.network {
            let list = |ids: &[Clean]| ids.iter().map(Clean::as_str).collect::<Vec<_>>().join(", ");
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
            lines.extend(definition_lines(definition, model.setup.values));
        }
        lines.push(Line::gap());
        lines.push(Line::new(Style::Heading, Clean::literal("Events")));
        lines.extend(event_lines(service, model.now()));
    }
    Some(Viewer::new(row.name.clone(), lines))
}

pub(in crate::app) fn raw(model: &Model) -> Option<Viewer> {
    match model.services.cursor.on()? {
        RowKey::Service(arn) => {
            let service = model.fleet.services.get(arn)?;
            Some(json_viewer(Clean::new(arn.name()), &json!(service)))
        }
        key @ RowKey::Family(..) => {
            let tasks = model.fleet.shown_tasks_of(key).into_iter();
            let tasks = tasks.map(|task| task.shown(model.setup.values));
            let tasks = json!(tasks.collect::<Vec<_>>());
            Some(json_viewer(Clean::literal("tasks"), &tasks))
        }
        RowKey::MissingService(_) | RowKey::MissingCluster(_) => None,
    }
}
