//! A work item at length, and as AWS answered. What looks like a secret is not shown.

use serde_json::json;

use crate::app::model::Model;
use crate::app::model::viewer::{Line, Style, Viewer};
use crate::app::model::work_pane::WorkKey;
use crate::app::panes::describe::json_viewer;
use crate::text::{Clean, masked};

pub(in crate::app) fn describe(model: &Model) -> Option<Viewer> {
    let (id, row) = model.selected_work()?;
    let lines = row.0.iter().map(|(name, value)| Line {
        label: name.clone(),
        text: Clean::new(&masked(name, value)),
        style: Style::Plain,
    });
    let title = Clean::own(format!("work item {id}"));
    Some(Viewer::new(title, lines.collect()))
}

pub(in crate::app) fn raw(model: &Model) -> Option<Viewer> {
    match model.work.list.cursor.on()? {
        WorkKey::Table(table) => {
            let shape = &model.work.tables.get(table)?.shape;
            Some(json_viewer(table.clone(), &json!(shape)))
        }
        WorkKey::Item(..) => {
            let (id, row) = model.selected_work()?;
            let shown = row
                .0
                .iter()
                .map(|(name, value)| (name.to_string(), json!(masked(name, value))));
            Some(json_viewer(id, &serde_json::Value::Object(shown.collect())))
        }
    }
}
