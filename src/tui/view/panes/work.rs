//! The work pane: tables of work items, counted by state, and the items themselves.

use std::collections::BTreeMap;

use ecsdeck_core::app::{
    Model, Pane, PaneState, Slot, WorkRow, WorkState, work_columns, work_state,
};
use ecsdeck_core::domain::{ErrorKind, WorkTable};
use ecsdeck_core::text::{Clean, width};
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::canvas::{Canvas, Spot};
use super::super::list::{Face, LEAST_WITH_HEADINGS, List, Place, Rows, Width};
use super::super::title::{Tint, Title};

/// Where its columns stand.
const PLACES: [Place; 3] = [
    Place::must("status", Width::Either(10, 12)),
    Place::must(
        "id",
        Width::Longest {
            least: 8,
            share: 33,
        },
    ),
    Place::may("title", Width::Rest { least: 8, wish: 20 }, 0),
];

pub(in crate::view) fn draw_work(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let rows = model.work_rows();
    let pane = &model.work.list;
    let focused = model.focus == Pane::Work;
    let is_item = |row: &WorkRow<'_>| matches!(row, WorkRow::Item { .. });
    let items = rows.iter().filter(|row| is_item(row)).count();
    let failed = rows
        .iter()
        .filter(|row| {
            matches!(
                row,
                WorkRow::Item {
                    state: WorkState::Failed,
                    ..
                }
            )
        })
        .count();
    let mut title = Title::new(format!("Work {items}"));
    if failed > 0 {
        title = title.note(format!("{failed} failed"), Tint::Bad);
    }
    // Nothing hangs on its cursor: it matters only while keys go there.
    let on = pane.cursor.on().filter(|_| focused);
    let cursor = on.and_then(|on| rows.iter().position(|row| row.key() == *on));
    // The cursor counts only what it can stand on.
    let mut stands = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.is_selectable());
    let lit = pane.cursor.lit().filter(|_| focused);
    let lit = lit.and_then(|place| stands.nth(place)).map(|(at, _)| at);
    let empty = match model.pane_state(Pane::Work) {
        _ if model.is_awaited(Pane::Work) => "asking AWS for work items",
        PaneState::Failed(None, _) => "nothing could be read yet",
        _ => "no table of work items found",
    };
    let list = List {
        pane: Pane::Work,
        title,
        filter: pane.filter.text(),
        hidden: pane.hidden,
        empty: model
            .unknown_column(Pane::Work)
            .map_or_else(|| empty.to_owned(), |words| words.to_string()),
        rows: Rows {
            rows: &rows,
            cursor,
            lit,
            items: is_item,
            sort: pane.sort,
            columns: &work_columns(),
            places: &PLACES,
            headed_from: LEAST_WITH_HEADINGS,
            instead: |_, _, _| None,
            without: &[],
        },
    };
    list.draw(
        canvas,
        model,
        area,
        |canvas, row| {
            let (sign, style) = match row {
                // It has no sign, and stands out to the left of its items.
                WorkRow::Table(..) => ("", canvas.theme.text),
                WorkRow::Item { state, .. } => sign(canvas, *state),
            };
            Face {
                sign,
                style,
                marked: false,
            }
        },
        |canvas, row, mut spot| match row {
            WorkRow::Table(name, table) => {
                spot.x = spot.x.saturating_sub(2);
                draw_table(canvas, model, name, *table, spot);
                true
            }
            WorkRow::Item { .. } => false,
        },
    );
}

fn sign(canvas: &Canvas<'_>, state: WorkState) -> (&'static str, Style) {
    let (glyphs, theme) = (canvas.glyphs, canvas.theme);
    match state {
        WorkState::Failed => (glyphs.bad, theme.bad),
        WorkState::Running => (glyphs.way, theme.text),
        WorkState::Waiting => (glyphs.rest, theme.text),
        WorkState::Other => (glyphs.unknown, theme.text),
        WorkState::Done => (glyphs.good, theme.dim),
    }
}

/// Below this width states have shorter words.
const ROOMY: usize = 56;

fn word(state: WorkState, short: bool) -> &'static str {
    match state {
        WorkState::Failed if short => "fail",
        WorkState::Failed => "failed",
        WorkState::Running if short => "run",
        WorkState::Running => "running",
        WorkState::Waiting if short => "wait",
        WorkState::Waiting => "waiting",
        WorkState::Other => "other",
        WorkState::Done => "done",
    }
}

/// A table's heading: how many items are in which state.
fn draw_table(
    canvas: &mut Canvas<'_>,
    model: &Model,
    name: &Clean,
    table: Option<&WorkTable>,
    mut spot: Spot,
) {
    let theme = canvas.theme;
    let Some(table) = table else {
        canvas.put(&mut spot, name, theme.heading);
        spot.skip(1);
        let reading = model.readings.get(&Slot::Work(name.clone()));
        let error = reading.and_then(|reading| reading.error.as_ref());
        let (words, style) = match error {
            Some(error) if error.kind == ErrorKind::NotFound => ("missing", theme.bad),
            Some(_) => ("could not be read", theme.bad),
            None if reading.is_some_and(|reading| reading.in_flight.is_some()) => {
                ("reading", theme.dim)
            }
            None => ("not read: enter reads it", theme.dim),
        };
        return canvas.put(&mut spot, words, style);
    };
    let mut states: BTreeMap<WorkState, u64> = BTreeMap::new();
    for count in &table.counts {
        let state = work_state(model.setup.deck.as_ref(), name, &count.status);
        let sum = states.entry(state).or_default();
        *sum = sum.saturating_add(count.count);
    }
    if table.capped {
        // Before the counts: a part must never be taken for the whole.
        canvas.put(&mut spot, "capped ", theme.warn);
    }
    let counts: Vec<(String, Style)> = states
        .iter()
        .map(|(state, count)| {
            (
                format!(" {count} {}", word(*state, spot.room() < ROOMY)),
                sign(canvas, *state).1,
            )
        })
        .collect();
    let needed: usize = counts.iter().map(|(count, _)| count.len()).sum();
    let name_columns = width(name).min(spot.room().saturating_sub(needed).max(8));
    canvas.put_name(&mut spot, name, name_columns, theme.heading);
    for (count, style) in counts {
        canvas.put(&mut spot, &count, style);
    }
    if states.is_empty() {
        spot.skip(1);
        canvas.put(&mut spot, "empty", theme.dim);
    }
}
