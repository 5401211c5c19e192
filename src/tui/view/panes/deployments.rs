//! The deployments of a service, in the detail pane.

use ecsdeck_core::app::{Model, Pane, deployment_columns};
use ecsdeck_core::domain::{Deployment, Rollout};
use ratatui::layout::Rect;

use super::super::canvas::Canvas;
use super::super::list::{Face, LEAST_WITH_HEADINGS, List, Place, Rows, Width};
use super::super::title::Title;
use super::detail::capital;
use super::revision;

/// Where its columns stand.
const PLACES: [Place; 9] = [
    Place::must("status", Width::Fixed(8)),
    Place::must("revision", Width::Fixed(8)),
    Place::must("rollout", Width::Fixed(11)),
    Place::must("tasks", Width::Fixed(5)),
    Place::may("pending", Width::Fixed(4), 3),
    Place::may("failed", Width::Fixed(6), 1),
    Place::may("age", Width::Fixed(4), 2),
    Place::may("id", Width::Fixed(27), 5),
    Place::may(
        "reason",
        Width::Rest {
            least: 16,
            wish: 20,
        },
        4,
    ),
];

pub(super) fn draw_deployments(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let rows = model.deployment_rows();
    let pane = &model.deployments;
    let empty = match model.selected_service() {
        None => "these tasks belong to no service",
        Some(_) if pane.hidden > 0 => "no deployment passes the filter",
        Some(_) => "no deployment: another controller deploys this service",
    };
    let columns = deployment_columns();
    let list = List {
        pane: Pane::Detail,
        title: Title::new(capital(&model.detail_title())),
        filter: pane.filter.text(),
        hidden: pane.hidden,
        empty: model
            .unknown_column(Pane::Detail)
            .map_or_else(|| empty.to_owned(), |words| words.to_string()),
        rows: Rows {
            rows: &rows,
            cursor: Some(pane.cursor.place()),
            lit: pane.cursor.lit(),
            items: |_| true,
            sort: pane.sort,
            columns: &columns,
            places: &PLACES,
            headed_from: LEAST_WITH_HEADINGS,
            instead,
            without: &[],
        },
    };
    list.draw(
        canvas,
        model,
        area,
        |canvas, row| {
            let (glyphs, theme) = (canvas.glyphs, canvas.theme);
            let (sign, style) = match row.rollout {
                Some(Rollout::InProgress) => (glyphs.way, theme.text),
                Some(Rollout::Completed) => (glyphs.good, theme.good),
                Some(Rollout::Failed) => (glyphs.bad, theme.bad),
                None => (glyphs.rest, theme.dim),
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

fn instead(row: &&Deployment, column: &str, columns: usize) -> Option<String> {
    match column {
        "revision" => Some(revision(row.task_definition.name()).to_owned()),
        "rollout" if row.rollout.is_none() && columns < 16 => Some("-".to_owned()),
        _ => None,
    }
}
