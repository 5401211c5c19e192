//! The services pane.

use ecsdeck_core::app::{Model, Pane, SERVICE_COLUMNS, ServiceRow};
use ratatui::layout::Rect;

use super::super::canvas::Canvas;
use super::super::list::{Face, LEAST_WITH_HEADINGS, List, Place, Rows, Width};
use super::super::title::{Tint, Title};
use super::super::verdict::{nothing, short_word, verdict_style, word};
use super::revision;

/// Where its columns stand.
pub(in crate::view) const PLACES: [Place; 8] = [
    Place::must("verdict", Width::Either(8, 14)),
    Place::must(
        "name",
        Width::Longest {
            least: 12,
            share: 55,
        },
    ),
    Place::must("cluster", Width::Either(9, 18)),
    Place::must("tasks", Width::Either(5, 9)),
    Place::may("pending", Width::Fixed(4), 1),
    Place::may("age", Width::Fixed(4), 2),
    Place::may("revision", Width::Fixed(8), 3),
    Place::may(
        "why",
        Width::Rest {
            least: 12,
            wish: 32,
        },
        0,
    ),
];

pub(in crate::view) fn draw_services(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let rows = model.service_rows();
    let troubled = rows.iter().filter(|row| row.verdict.is_bad_news()).count();
    let mut title = Title::new(format!("Services {}", rows.len()));
    if troubled > 0 {
        title = title.note(format!("{troubled} in trouble"), Tint::Bad);
    }
    let waiting = rows.iter().filter(|row| row.waits).count();
    if waiting > 0 {
        title = title.note(format!("{waiting} waiting for someone"), Tint::Warn);
    }
    if model.problems_only {
        title = title.note("problems only", Tint::Warn);
    }
    let without: &[&str] = if model.has_several_clusters() {
        &[]
    } else {
        &["cluster"]
    };
    let pane = &model.services;
    let list = List {
        pane: Pane::Services,
        title,
        filter: pane.filter.text(),
        hidden: model.hidden_services(),
        empty: model
            .unknown_column(Pane::Services)
            .map_or_else(|| nothing(model).to_owned(), |words| words.to_string()),
        rows: Rows {
            rows,
            cursor: Some(pane.cursor.place()),
            lit: pane.cursor.lit(),
            items: |_| true,
            sort: pane.sort,
            columns: &SERVICE_COLUMNS,
            places: &PLACES,
            headed_from: LEAST_WITH_HEADINGS,
            instead,
            without,
        },
    };
    list.draw(
        canvas,
        model,
        area,
        |canvas, row| Face {
            sign: canvas.glyphs.verdict(row.verdict),
            style: if row.is_down() {
                canvas.theme.bad
            } else if row.waits {
                canvas.theme.warn
            } else {
                verdict_style(canvas.theme, row.verdict)
            },
            marked: false,
        },
        |_, _, _| false,
    );
}

fn instead(row: &ServiceRow, column: &str, columns: usize) -> Option<String> {
    match column {
        "verdict" => {
            let word = word(row.verdict);
            Some(if word.len() > columns {
                short_word(row.verdict).to_owned()
            } else {
                word
            })
        }
        "revision" => Some(revision(&row.revision).to_owned()),
        _ => None,
    }
}
