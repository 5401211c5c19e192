//! The columns of the tasks pane.

use crate::app::model::rows::TaskRow;
use crate::app::model::viewer::Style;
use crate::app::panes::columns::{Column, SortKey, Width};
use crate::app::panes::words::{health, task_status};
use crate::domain::Health;
use crate::text::{Clean, coarse};

/// From this width on, health, exit code and address have columns of their own.
const ROOMY: usize = 74;

/// What is told of a task, or of several that ended for the same reason.
pub const COLUMNS: [Column<TaskRow>; 9] = [
    Column::new("id", "task", |row: &TaskRow, _| row.id.clone())
        .filtered()
        .width(Width::Fit(8), 0),
    // So many tasks ended for the same reason.
    Column::new("count", "\u{d7}", |row: &TaskRow, _| match row.count {
        0 | 1 => Clean::default(),
        several => Clean::own(format!("\u{d7}{several}")),
    })
    .right()
    .key(|row| SortKey::Number(row.count.into())),
    Column::new("status", "status", |row: &TaskRow, _| {
        Clean::literal(task_status(row.status))
    })
    .filtered()
    .key(|row| SortKey::Number(row.status as u64)),
    Column::new("health", "health", |row: &TaskRow, _| match row.health {
        Health::Unknown => Clean::default(),
        known => Clean::literal(health(known)),
    })
    .width(Width::Fit(9), ROOMY)
    .style(|row| match row.health {
        Health::Unhealthy => Style::Warn,
        Health::Healthy | Health::Unknown => Style::Plain,
    }),
    Column::new("revision", "revision", |row: &TaskRow, _| {
        row.revision.clone()
    })
    .filtered(),
    Column::new("age", "age", |row: &TaskRow, now| {
        let since = row.stopped.or(row.since);
        Clean::own(since.map(|since| coarse(since, now)).unwrap_or_default())
    })
    .width(Width::Fit(4), 0)
    .right()
    .key(|row| SortKey::Time(row.stopped.or(row.since))),
    Column::new("exit", "exit", |row: &TaskRow, _| {
        let code = row
            .exit_code
            .filter(|_| row.stopped.is_some())
            .map(|code| code.to_string());
        Clean::own(code.unwrap_or_default())
    })
    .width(Width::Fit(4), ROOMY)
    .right(),
    Column::new("address", "address", |row: &TaskRow, _| {
        let address = row.address.clone().filter(|_| row.stopped.is_none());
        address.unwrap_or_default()
    })
    .width(Width::Fit(15), ROOMY),
    Column::new("reason", "reason", |row: &TaskRow, _| row.note.clone())
        .filtered()
        .width(Width::Rest, 0)
        .style(|row| if row.failed { Style::Bad } else { Style::Plain }),
];
