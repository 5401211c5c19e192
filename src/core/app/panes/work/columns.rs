//! The columns of the work pane. A table's heading has none.

use crate::app::model::viewer::Style;
use crate::app::model::work_pane::{WorkRow, WorkState};
use crate::app::panes::columns::{Column, SortKey, Width};
use crate::text::Clean;

/// What is told of a work item.
pub fn columns<'a>() -> [Column<WorkRow<'a>>; 3] {
    [
        Column::new("status", "status", |row: &WorkRow<'a>, _| match row {
            WorkRow::Item { status, .. } => status.clone(),
            WorkRow::Table(..) => Clean::default(),
        })
        .filtered()
        .style(style)
        .key(|row| match row {
            WorkRow::Item { state, .. } => SortKey::Number(*state as u64),
            WorkRow::Table(..) => SortKey::Number(0),
        }),
        Column::new("id", "item", |row: &WorkRow<'a>, _| match row {
            WorkRow::Item { id, .. } => id.clone(),
            WorkRow::Table(name, _) => name.clone(),
        })
        .filtered(),
        Column::new("title", "title", |row: &WorkRow<'a>, _| match row {
            WorkRow::Item { text, .. } => text.clone(),
            WorkRow::Table(..) => Clean::default(),
        })
        .filtered()
        .width(Width::Rest, 0)
        .style(style),
    ]
}

fn style(row: &WorkRow<'_>) -> Style {
    match row {
        WorkRow::Table(..) => Style::Heading,
        WorkRow::Item { state, .. } => match state {
            WorkState::Failed => Style::Bad,
            WorkState::Running | WorkState::Waiting | WorkState::Other => Style::Plain,
            WorkState::Done => Style::Dim,
        },
    }
}
