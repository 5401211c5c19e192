//! The panes, by the names that they have in the core.

pub(super) mod deployments;
pub(super) mod detail;
pub(super) mod journal;
pub(super) mod logs;
pub(super) mod queues;
pub(super) mod services;
pub(super) mod tasks;
pub(super) mod work;

use ecsdeck_core::app::{Model, Pane};
use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::layout::Layout;
use super::verdict;

/// Draws a pane.
pub(super) fn draw(
    canvas: &mut Canvas<'_>,
    model: &Model,
    layout: &Layout,
    pane: Pane,
    area: Rect,
) {
    match pane {
        Pane::Services => services::draw_services(canvas, model, area),
        Pane::Tasks => tasks::draw_tasks(canvas, model, area),
        Pane::Detail => {
            let said = detail::Said {
                all: verdict::shows_all(canvas, model, layout.verdict),
                keys: verdict::shows_keys(canvas, model, layout.verdict),
            };
            let tasks = layout.panes.iter().find(|(pane, _)| *pane == Pane::Tasks);
            let beside = tasks.and_then(|(_, tasks)| tasks::blank(model, *tasks));
            // Below both lists the cause has its own width, and what goes on above it is not found.
            let beside = beside.filter(|beside| beside.x >= area.right());
            detail::draw_detail(canvas, model, area, beside, said);
        }
        Pane::Queues => queues::draw_queues(canvas, model, area),
        Pane::Work => work::draw_work(canvas, model, area),
        Pane::Logs => logs::draw_logs(canvas, model, area),
    }
}

/// `:7` of `family:7`.
fn revision(revision: &str) -> &str {
    let at = revision.rfind(':');
    at.and_then(|at| revision.get(at..)).unwrap_or(revision)
}
