//! Text over the panes: help, raw JSON, descriptions.

use ecsdeck_core::app::{Line, Style, Viewer};
use ecsdeck_core::text::{Align, Clean, width};
use ratatui::layout::Rect;

use super::super::canvas::{Canvas, Spot};
use super::super::hits::mark;
use super::super::verdict::meaning;
use super::super::wrap::wrap;

/// A row that is drawn: a line, or a further part of one.
struct Row<'a> {
    line: &'a Line,
    text: String,
    first: bool,
}

pub(in crate::view) fn draw_viewer(
    canvas: &mut Canvas<'_>,
    viewer: &Viewer,
    size: u16,
    area: Rect,
) {
    canvas.clear(area);
    let theme = canvas.theme;
    let height = usize::from(area.height.saturating_sub(1));
    let labels = viewer
        .lines
        .iter()
        .map(|line| width(&canvas.plain(&line.label)))
        .max()
        .unwrap_or(0);
    let labels = labels.min(usize::from(area.width) / 3);
    let gap = if labels > 0 { 2 } else { 0 };
    let columns = usize::from(area.width)
        .saturating_sub(labels + gap + 2)
        .max(1);
    let rows: Vec<Row<'_>> = viewer
        .lines
        .iter()
        .flat_map(|line| rows(canvas, line, columns))
        .collect();
    let first = first_row(viewer, usize::from(size), rows.len(), height);
    let first = with_hit(viewer, &rows, first, height);
    let mut spot = Spot::row(area, 0);
    canvas.put(&mut spot, &format!(" {} ", viewer.title), theme.focus);
    if rows.len() > height {
        let last = first.saturating_add(height).min(rows.len());
        canvas.put(
            &mut spot,
            &format!(" {}-{last} of {} ", first.saturating_add(1), rows.len()),
            theme.text,
        );
    }
    if let Some((at, of)) = viewer.hits() {
        let count = match (at, of) {
            (_, 0) => "none".to_owned(),
            (0, of) => format!("{of} lines"),
            (at, of) => format!("{at} of {of}"),
        };
        let text = Clean::new(viewer.search.text());
        canvas.put(&mut spot, &format!(" /{text} {count} "), theme.warn);
    }
    canvas.rule(spot);
    for (at, row) in (1..area.height).zip(rows.iter().skip(first)) {
        let mut spot = Spot::row(area, at);
        spot.skip(1);
        // A heading stands out to the left of what it is over.
        if labels > 0 && row.line.style != Style::Heading {
            let label = if row.first {
                row.line.label.as_str()
            } else {
                ""
            };
            canvas.put_column(&mut spot, label, labels, Align::Left, theme.key);
            spot.skip(2);
        }
        let start = spot;
        canvas.put(&mut spot, &row.text, meaning(theme, row.line.style));
        mark(canvas, start, &row.text, &viewer.search);
    }
}

fn rows<'a>(canvas: &Canvas<'_>, line: &'a Line, columns: usize) -> Vec<Row<'a>> {
    let text = canvas.plain(&line.text).into_owned();
    // A further row is set in as far as the first one is, as JSON is read.
    let indent = text
        .len()
        .saturating_sub(text.trim_start_matches(' ').len())
        .min(columns / 2);
    wrap(&text, columns, columns.saturating_sub(indent))
        .into_iter()
        .map(|row| {
            let first = row.start == 0;
            let part = text.get(row).unwrap_or_default();
            Row {
                line,
                text: if first {
                    part.to_owned()
                } else {
                    format!("{:indent$}{part}", "")
                },
                first,
            }
        })
        .collect()
}

/// The first row that is shown, so that the line which was found is among those that are.
fn with_hit(viewer: &Viewer, rows: &[Row<'_>], first: usize, height: usize) -> usize {
    let line = viewer.hit.and_then(|hit| viewer.lines.get(hit));
    let place = line.and_then(|line| rows.iter().position(|row| std::ptr::eq(row.line, line)));
    match place {
        Some(place) if place < first || place >= first.saturating_add(height) => place
            .saturating_sub(height / 3)
            .min(rows.len().saturating_sub(height)),
        _ => first,
    }
}

/// The first row that is shown.
///
/// The model counts lines and knows nothing of how they are wrapped: its range is spread over the rows, so that its
/// last place shows the last row.
fn first_row(viewer: &Viewer, screen: usize, rows: usize, height: usize) -> usize {
    let page = screen.saturating_sub(4).max(1);
    let last_line = viewer.lines.len().saturating_sub(page);
    let last_row = rows.saturating_sub(height);
    viewer
        .top
        .min(last_line)
        .saturating_mul(last_row)
        .checked_div(last_line)
        .unwrap_or(0)
}
