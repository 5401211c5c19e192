//! The work pane: tables of work items, counted by state, and the items themselves.

use std::collections::BTreeMap;

use ecsdeck_core::app::{Model, Pane, Slot, WorkRow, WorkState, work_state};
use ecsdeck_core::domain::{ErrorKind, WorkTable};
use ecsdeck_core::text::{Align, Clean, width};
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::{Canvas, Mark, Spot};
use super::failure::draw_failure;
use super::list::top;
use super::title::{Tint, Title};

pub(super) fn draw_work(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let rows = model.work_rows();
    let place = model
        .work
        .list
        .cursor
        .on()
        .and_then(|on| rows.iter().position(|row| row.key() == *on))
        .unwrap_or(0);
    let height = usize::from(area.height.saturating_sub(1));
    let items = rows
        .iter()
        .filter(|row| matches!(row, WorkRow::Item { .. }))
        .count();
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
    title = title.filter(model.work.list.filter.text()).window(
        top(place, height, rows.len()),
        height,
        rows.len(),
    );
    let area = title.draw(canvas, model, Pane::Work, area);
    let area = draw_failure(canvas, model, Pane::Work, area, rows.len());
    if rows.is_empty() && area.height > 0 {
        let words = if model.is_awaited(Pane::Work) {
            "asking AWS for work items"
        } else {
            "no table of work items found"
        };
        let mut spot = Spot::row(area, 0);
        spot.skip(1);
        let style = canvas.theme.dim;
        canvas.put(&mut spot, words, style);
    }
    let columns = Columns::new(&rows, usize::from(area.width));
    let first = top(place, usize::from(area.height), rows.len());
    for (at, (number, row)) in (0..area.height).zip(rows.iter().enumerate().skip(first)) {
        let mark = Mark::only_focused(number == place, model.focus == Pane::Work);
        draw_row(canvas, model, row, mark, &columns, Spot::row(area, at));
    }
}

struct Columns {
    id: usize,
    status: usize,
}

impl Columns {
    fn new(rows: &[WorkRow<'_>], room: usize) -> Self {
        let (mut id_columns, mut status_columns) = (0, 0);
        for row in rows {
            if let WorkRow::Item { id, status, .. } = row {
                id_columns = id_columns.max(width(id));
                status_columns = status_columns.max(width(status));
            }
        }
        Self {
            id: id_columns.min((room / 3).max(8)),
            status: status_columns.min(12),
        }
    }
}

fn draw_row(
    canvas: &mut Canvas<'_>,
    model: &Model,
    row: &WorkRow<'_>,
    mark: Mark,
    columns: &Columns,
    mut spot: Spot,
) {
    let theme = canvas.theme;
    match row {
        WorkRow::Table(name, table) => {
            // It has no sign, and stands out to the left of its items.
            let mut cursor = spot;
            canvas.put_mark(&mut cursor, mark, "", theme.text);
            spot.skip(1);
            draw_table(canvas, model, name, *table, spot);
        }
        WorkRow::Item {
            id,
            status,
            state,
            text,
            ..
        } => {
            let (glyph, style) = sign(canvas, *state);
            canvas.put_mark(&mut spot, mark, glyph, style);
            canvas.put_column(&mut spot, status, columns.status, Align::Left, style);
            spot.skip(1);
            canvas.put_name(&mut spot, id, columns.id, theme.text);
            spot.skip(1);
            let done = *state == WorkState::Done;
            canvas.put(&mut spot, text, if done { theme.dim } else { theme.text });
        }
    }
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
