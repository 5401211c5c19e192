//! A failed call inside its pane: operation, code, words, hint, request id.

use ecsdeck_core::app::{Model, Pane, PaneState};
use ecsdeck_core::domain::CloudError;
use ratatui::layout::Rect;

use super::canvas::{Canvas, Spot};
use super::wrap::wrap;

/// Draws the error of a pane's last reading at its bottom; gives the rows that are left above it.
///
/// What the banner says is not said again in every pane.
pub(super) fn draw_failure(
    canvas: &mut Canvas<'_>,
    model: &Model,
    pane: Pane,
    area: Rect,
    rows: usize,
) -> Rect {
    let PaneState::Failed(_, error) = model.pane_state(pane) else {
        return area;
    };
    if error.is_about_credentials() {
        return area;
    }
    // Old data stay: the error takes what they leave, and a third of the pane at most where they fill it.
    let free = usize::from(area.height).saturating_sub(rows);
    let most = free.max(usize::from(area.height) / 3);
    draw_error(canvas, error, area, most)
}

/// Draws an error into the last rows of an area, at most so many; gives the rest.
pub(super) fn draw_error(
    canvas: &mut Canvas<'_>,
    error: &CloudError,
    area: Rect,
    most: usize,
) -> Rect {
    let lines = words(error);
    let columns = usize::from(area.width).saturating_sub(1);
    let mut rows = Vec::new();
    for line in lines {
        let line = canvas.plain(&line).into_owned();
        rows.extend(
            wrap(&line, columns, columns)
                .into_iter()
                .map(|row| line.get(row).unwrap_or_default().to_owned()),
        );
    }
    rows.truncate(most);
    let height = u16::try_from(rows.len())
        .unwrap_or(u16::MAX)
        .min(area.height);
    let top = area.height.saturating_sub(height);
    for (at, row) in (top..area.height).zip(rows) {
        let mut spot = Spot::row(area, at);
        spot.skip(1);
        let style = canvas.theme.bad;
        canvas.put(&mut spot, &row, style);
    }
    Rect {
        height: top,
        ..area
    }
}

/// What is said of an error, the most useful first.
fn words(error: &CloudError) -> Vec<String> {
    let code = error
        .code
        .as_ref()
        .map(|code| format!(" {code}"))
        .unwrap_or_default();
    let hint = error.hint_while_asking();
    let mut lines = Vec::new();
    lines.push(if hint.is_empty() {
        format!("{}{code}", error.operation)
    } else {
        format!("{}{code}: {hint}", error.operation)
    });
    if !error.message.is_empty() {
        lines.push(error.message.to_string());
    }
    if let Some(id) = &error.request_id {
        lines.push(format!("request id {id}"));
    }
    lines
}
