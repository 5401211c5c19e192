//! The detail pane: why, events, deployments, a task's end; every word of it, wrapped.

use ecsdeck_core::app::{DetailMode, Line, Model, Pane, Style, clock, coarse};
use ecsdeck_core::keys::Action;
use ecsdeck_core::text::{Clean, Search};
use ratatui::layout::Rect;

use super::super::canvas::{Canvas, Spot};
use super::super::hits::mark;
use super::super::title::{Tint, Title};
use super::super::verdict::meaning;
use super::super::wrap::wrap;
use super::deployments::draw_deployments;
use super::journal::draw_journal;

/// Columns by which a line's further rows are set in.
const INDENT: u16 = 2;

/// What the verdict above says already.
#[derive(Clone, Copy, Debug)]
pub(in crate::view) struct Said {
    /// All of the reason.
    pub(in crate::view) all: bool,
    /// The keys that help.
    pub(in crate::view) keys: bool,
}

/// Of the reasons only those are drawn that the verdict above does not say already. What has no room goes on in `beside`,
/// which is blank.
pub(in crate::view) fn draw_detail(
    canvas: &mut Canvas<'_>,
    model: &Model,
    area: Rect,
    beside: Option<Rect>,
    said: Said,
) {
    match model.detail {
        DetailMode::Deployments => return draw_deployments(canvas, model, area),
        DetailMode::Journal => return draw_journal(canvas, model, area),
        DetailMode::Why | DetailMode::Timeline | DetailMode::Difference => {}
    }
    let title = capital(&model.detail_title());
    let lines = model.detail_lines();
    let lines: Vec<&Line> = lines
        .iter()
        .filter(|line| !is_said(model, line, said))
        .collect();
    let top = model.detail_top.min(lines.len().saturating_sub(1));
    let mut title = Title::new(title);
    if model.detail == DetailMode::Timeline {
        title = title.filter(model.timeline_filter.text());
    }
    title = title.filter(model.detail_search.text());
    if top > 0 {
        title = title.note(format!("from line {}", top.saturating_add(1)), Tint::Dim);
    }
    let shown = lines.get(top..).unwrap_or_default();
    let inner = Rect {
        height: area.height.saturating_sub(1),
        ..area
    };
    let fits = fitting(canvas, shown, inner);
    let below = shown.get(fits..).unwrap_or_default();
    let beside = beside
        .filter(|beside| beside.height >= LEAST_BESIDE && model.detail == DetailMode::Why)
        .filter(|_| !below.is_empty());
    if beside.is_none() && !below.is_empty() {
        title = title.note(more(model, below.len()), Tint::Dim);
    }
    let area = title.draw(canvas, model, Pane::Detail, area);
    let mut row = 0;
    for line in shown.get(..fits).unwrap_or_default() {
        row = draw_found_line(canvas, line, area, row, &model.detail_search);
    }
    match (beside, below.split_first()) {
        (Some(beside), _) => draw_beside(canvas, model, below, beside),
        // Half of a line is better than none.
        (None, Some((first, _))) => _ = draw_line(canvas, first, area, row),
        (None, None) if model.detail == DetailMode::Why && model.focus != Pane::Tasks => {
            draw_events(canvas, model, area, row);
        }
        (None, None) => {}
    }
}

/// Lines that go on beside the pane: a title and two of them, at least.
const LEAST_BESIDE: u16 = 3;

/// How many lines are hidden, and the key that leads to them.
fn more(model: &Model, lines: usize) -> String {
    let action = if model.focus == Pane::Detail {
        Action::Down
    } else {
        Action::Why
    };
    let keys = model.setup.keymap.keys(action, model.focus.scope());
    match keys.first() {
        Some(key) => format!("{lines} more: {key}"),
        None => format!("{lines} more"),
    }
}

fn draw_beside(canvas: &mut Canvas<'_>, model: &Model, lines: &[&Line], area: Rect) {
    let inner = Rect {
        y: area.y.saturating_add(1),
        height: area.height.saturating_sub(1),
        ..area
    };
    let hidden = lines.len().saturating_sub(fitting(canvas, lines, inner));
    let theme = canvas.theme;
    let mut spot = Spot::row(area, 0);
    canvas.put(&mut spot, " Why, continued ", theme.title);
    if hidden > 0 {
        canvas.put(&mut spot, &format!(" {} ", more(model, hidden)), theme.dim);
    }
    canvas.rule(spot);
    let mut row = 0;
    for line in lines {
        row = draw_line(canvas, line, inner, row);
    }
}

/// What the service says that it did, where there is room left: often the cause's history.
fn draw_events(canvas: &mut Canvas<'_>, model: &Model, area: Rect, mut row: u16) {
    let Some(service) = model.selected_service() else {
        return;
    };
    if service.events.is_empty() || area.height.saturating_sub(row) < 4 {
        return;
    }
    let heading = Line::new(Style::Heading, Clean::literal("events"));
    row = draw_line(canvas, &heading, area, row.saturating_add(1));
    let prefix = format!("(service {}) ", service.name);
    for event in &service.events {
        let label = event
            .at
            .map(|at| Clean::own(format!("{}, {} ago", clock(at), coarse(at, model.now()))));
        let text = event.message.strip_prefix(&prefix).map(Clean::new);
        let line = Line {
            label: label.unwrap_or_default(),
            text: text.unwrap_or_else(|| event.message.clone()),
            style: Style::Plain,
        };
        row = draw_line(canvas, &line, area, row);
    }
}

pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// Whether a line repeats what is seen elsewhere: in the verdict, which says everything (`said`) or the beginning of
/// the reason; or in the first evidence, which is the rest of it.
fn is_said(model: &Model, line: &Line, said: Said) -> bool {
    let Some(row) = model.selected().filter(|_| model.detail == DetailMode::Why) else {
        return false;
    };
    match line.label.as_str() {
        "verdict" => true,
        "keys" => said.keys,
        "why" if row.summary == line.text => {
            let evidence = model
                .fleet
                .diagnosis(&row.key)
                .and_then(|diagnosis| diagnosis.evidence.first());
            said.all || evidence.is_some_and(|first| row.summary.contains(first.text.as_str()))
        }
        _ => false,
    }
}

/// How many of the lines fit whole.
fn fitting(canvas: &Canvas<'_>, lines: &[&Line], area: Rect) -> usize {
    let mut left = usize::from(area.height);
    lines
        .iter()
        .take_while(|line| {
            let rows = Rows::new(canvas, line, area.width).rows.len();
            let fits = rows <= left;
            left = left.saturating_sub(rows);
            fits
        })
        .count()
}

/// A line broken into rows.
struct Rows {
    text: String,
    label: usize,
    rows: Vec<std::ops::Range<usize>>,
}

impl Rows {
    fn new(canvas: &Canvas<'_>, line: &Line, columns: u16) -> Self {
        let label = if line.label.is_empty() {
            String::new()
        } else {
            format!("{}: ", canvas.plain(&line.label))
        };
        let text = format!("{label}{}", canvas.plain(&line.text));
        let columns = usize::from(columns).saturating_sub(2);
        let rows = wrap(&text, columns, columns.saturating_sub(usize::from(INDENT)));
        Self {
            text,
            label: label.len(),
            rows,
        }
    }
}

/// Draws a line from this row of the area on; gives the row behind it.
pub(in crate::view) fn draw_line(
    canvas: &mut Canvas<'_>,
    line: &Line,
    area: Rect,
    row: u16,
) -> u16 {
    draw_found_line(canvas, line, area, row, &Search::default())
}

/// The same, and what is searched for is marked in it.
fn draw_found_line(
    canvas: &mut Canvas<'_>,
    line: &Line,
    area: Rect,
    mut row: u16,
    search: &Search,
) -> u16 {
    let theme = canvas.theme;
    let Rows { text, label, rows } = Rows::new(canvas, line, area.width);
    for range in rows {
        if row >= area.height {
            break;
        }
        let mut spot = Spot::row(area, row);
        spot.skip(if range.start == 0 { 1 } else { 1 + INDENT });
        let start = spot;
        let head = range.start..range.end.min(label);
        canvas.put(&mut spot, text.get(head).unwrap_or_default(), theme.dim);
        let tail = range.start.max(label)..range.end;
        canvas.put(
            &mut spot,
            text.get(tail).unwrap_or_default(),
            meaning(theme, line.style),
        );
        mark(canvas, start, text.get(range).unwrap_or_default(), search);
        row = row.saturating_add(1);
    }
    row
}
