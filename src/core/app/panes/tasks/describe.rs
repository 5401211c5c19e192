//! A task at length, and as AWS answered.

use serde_json::json;

use crate::app::model::Model;
use crate::app::model::viewer::{Line, Viewer};
use crate::app::panes::describe::{definition_lines, json_viewer};
use crate::app::panes::detail::task::{kept_line, task_lines};
use crate::text::Clean;

pub(in crate::app) fn describe(model: &Model) -> Option<Viewer> {
    let task = model.selected_task()?;
    let mut lines = task_lines(&task.shown(model.setup.values), None, model.now());
    lines.splice(1..1, kept_line(model, task));
    if let Some(definition) = model.definition_of(task) {
        lines.push(Line::gap());
        lines.extend(definition_lines(definition, model.setup.values));
    }
    let title = Clean::own(format!("task {}", Clean::new(task.id())));
    Some(Viewer::new(title, lines))
}

pub(in crate::app) fn raw(model: &Model) -> Option<Viewer> {
    let task = model.selected_task()?.shown(model.setup.values);
    Some(json_viewer(Clean::new(task.id()), &json!(task)))
}
