//! The columns of the queues pane.

use crate::app::model::viewer::Style;
use crate::app::model::work_pane::QueueRow;
use crate::app::panes::columns::{Column, SortKey, Width};
use crate::text::Clean;

/// Terminal columns of a number.
const NUMBER: usize = 7;
/// Below this width the delayed ones are left out.
const ROOMY: usize = 52;

/// What is told of a queue: messages that wait to be received, that are received and not done, that are not yet to be
/// received, and that are in its dead-letter queue.
pub fn columns<'a>() -> [Column<QueueRow<'a>>; 5] {
    [
        Column::new("name", "queue", |row: &QueueRow<'a>, _| row.name.clone())
            .filtered()
            .width(Width::Rest, 0),
        Column::new("waiting", "waiting", |row: &QueueRow<'a>, _| {
            number(row.queue.map(|queue| queue.depth.visible))
        })
        .width(Width::Fit(NUMBER), 0)
        .right()
        .style(|row| {
            let waits = row.queue.is_some_and(|queue| queue.depth.visible > 0);
            if waits { Style::Heading } else { Style::Plain }
        })
        .key(|row| key(row.queue.map(|queue| queue.depth.visible))),
        Column::new("flight", "flight", |row: &QueueRow<'a>, _| {
            number(row.queue.map(|queue| queue.depth.in_flight))
        })
        .width(Width::Fit(NUMBER), 0)
        .right()
        .key(|row| key(row.queue.map(|queue| queue.depth.in_flight))),
        Column::new("delay", "delay", |row: &QueueRow<'a>, _| {
            number(row.queue.map(|queue| queue.depth.delayed))
        })
        .width(Width::Fit(NUMBER), ROOMY)
        .right()
        .key(|row| key(row.queue.map(|queue| queue.depth.delayed))),
        Column::new("DLQ", "DLQ", |row: &QueueRow<'a>, _| dead_words(row))
            .width(Width::Fit(NUMBER), 0)
            .right()
            .style(|row| match dead(row) {
                Some(Some(0)) => Style::Plain,
                Some(Some(_) | None) => Style::Warn,
                None => Style::Dim,
            })
            .key(|row| key(dead(row).flatten())),
    ]
}

fn key(number: Option<u64>) -> SortKey {
    SortKey::Number(number.unwrap_or(0))
}

fn number(number: Option<u64>) -> Clean {
    Clean::own(number.map(|number| number.to_string()).unwrap_or_default())
}

/// Messages in the dead-letter queue, where there is one; none within: it could not be read.
fn dead(row: &QueueRow<'_>) -> Option<Option<u64>> {
    let dead = row.queue?.dead_letter.as_ref()?;
    Some(dead.depth.map(|depth| depth.visible))
}

fn dead_words(row: &QueueRow<'_>) -> Clean {
    match (row.queue, dead(row)) {
        (None, _) => Clean::default(),
        (Some(_), None) => Clean::literal("none"),
        (Some(_), Some(None)) => Clean::literal("?"),
        (Some(_), Some(depth)) => number(depth),
    }
}
