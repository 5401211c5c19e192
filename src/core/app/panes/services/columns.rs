//! The columns of the services pane.

use crate::app::model::rows::ServiceRow;
use crate::app::model::viewer::Style;
use crate::app::panes::columns::{Column, SortKey, Width};
use crate::text::{Clean, coarse};

/// From this width on, rows have their cluster and their age.
const ROOMY: usize = 64;

/// What is told of a service or family.
pub const COLUMNS: [Column<ServiceRow>; 8] = [
    Column::new("verdict", "verdict", |row: &ServiceRow, _| {
        Clean::literal(row.verdict.word())
    })
    .filtered()
    .style(|row| Style::Verdict(row.verdict))
    .key(|row| SortKey::Number(row.verdict as u64)),
    Column::new("name", "service", |row: &ServiceRow, _| row.name.clone()).filtered(),
    Column::new("cluster", "cluster", |row: &ServiceRow, _| {
        row.cluster.clone()
    })
    .filtered()
    .width(Width::Fit(24), ROOMY)
    .style(|_| Style::Dim),
    Column::new("tasks", "tasks", |row: &ServiceRow, _| counts(row))
        .width(Width::Fit(9), 0)
        .right()
        .style(|row| {
            let short = row.desired.is_some_and(|desired| row.running < desired);
            match row.is_down() {
                true => Style::Bad,
                false if short => Style::Warn,
                false => Style::Plain,
            }
        })
        .key(|row| SortKey::Number(row.running.into())),
    // On their way.
    Column::new("pending", "pend", |row: &ServiceRow, _| match row.pending {
        0 => Clean::default(),
        pending => Clean::own(format!("+{pending}")),
    })
    .width(Width::Fit(4), ROOMY)
    .right()
    .key(|row| SortKey::Number(row.pending.into())),
    Column::new("age", "age", |row: &ServiceRow, now| {
        let since = row.since.map(|since| coarse(since, now));
        Clean::own(since.unwrap_or_default())
    })
    .width(Width::Fit(4), ROOMY)
    .right()
    .key(|row| SortKey::Time(row.since)),
    Column::new("why", "reason", |row: &ServiceRow, _| row.reason()).width(Width::Rest, 0),
    Column::new("revision", "revision", |row: &ServiceRow, _| {
        row.revision.clone()
    })
    .filtered()
    .width(Width::Hidden, 0),
];

/// Running of desired tasks: `2/3`.
fn counts(row: &ServiceRow) -> Clean {
    Clean::own(match row.desired {
        Some(desired) => format!("{}/{desired}", row.running),
        None if row.revision.is_empty() => "-".to_owned(),
        None => row.running.to_string(),
    })
}
