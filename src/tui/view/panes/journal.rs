//! The journal, in the detail pane: a row for each write.

use ecsdeck_core::act::State;
use ecsdeck_core::app::{Model, Pane, journal_columns};
use ratatui::layout::Rect;

use super::super::canvas::Canvas;
use super::super::list::{Face, LEAST_WITH_HEADINGS, List, Place, Rows, Width};
use super::super::title::Title;

/// Where its columns stand.
const PLACES: [Place; 9] = [
    Place::must("when", Width::Fixed(14)),
    Place::must("result", Width::Fixed(7)),
    Place::must("action", Width::Fixed(11)),
    Place::must(
        "target",
        Width::Longest {
            least: 12,
            share: 30,
        },
    ),
    Place::may(
        "change",
        Width::Rest {
            least: 12,
            wish: 20,
        },
        0,
    ),
    Place::may("who", Width::Fixed(16), 1),
    Place::may("id", Width::Fixed(8), 2),
    Place::may("region", Width::Fixed(14), 3),
    Place::may("account", Width::Fixed(12), 4),
];

pub(super) fn draw_journal(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let rows = model.journal_rows();
    let pane = &model.journal_pane;
    let empty = match &pane.records {
        None => "reading the journal".to_owned(),
        Some(Err(why)) => format!("the journal cannot be read: {why}"),
        Some(Ok(_)) if pane.list.hidden > 0 => "no write passes the filter".to_owned(),
        Some(Ok(_)) => "nothing has been changed yet".to_owned(),
    };
    let columns = journal_columns();
    let list = List {
        pane: Pane::Detail,
        title: Title::new(format!("Journal {}", rows.len())),
        filter: pane.list.filter.text(),
        hidden: pane.list.hidden,
        empty: model
            .unknown_column(Pane::Detail)
            .map_or(empty, |words| words.to_string()),
        rows: Rows {
            rows: &rows,
            cursor: Some(pane.list.cursor.place()),
            lit: pane.list.cursor.lit(),
            items: |_| true,
            sort: pane.list.sort,
            columns: &columns,
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
            let (glyphs, theme) = (canvas.glyphs, canvas.theme);
            let (sign, style) = match row.state() {
                State::Done => (glyphs.good, theme.good),
                State::Undone | State::Refused => (glyphs.rest, theme.dim),
                State::Failed => (glyphs.bad, theme.bad),
                State::Open => (glyphs.way, theme.text),
                State::AppliedByUnknown | State::Unknown | State::Unknowable | State::Other => {
                    (glyphs.unknown, theme.warn)
                }
            };
            Face {
                sign,
                style,
                marked: false,
            }
        },
        |_, _, _| false,
    );
}
