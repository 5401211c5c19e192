//! The tasks pane.

use ecsdeck_core::app::{Model, Pane, PaneState, TASK_COLUMNS, TaskRow};
use ecsdeck_core::domain::{Health, TaskStatus};
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::canvas::Canvas;
use super::super::list::{Face, LEAST_WITH_HEADINGS, List, Place, Rows, Width};
use super::super::title::{Tint, Title};
use super::revision;

/// Where its columns stand. How many tasks a row stands for is told in place of the id.
const PLACES: [Place; 8] = [
    Place::must("status", Width::Either(8, 14)),
    Place::must("id", Width::Fixed(8)),
    Place::may("revision", Width::Fixed(8), 1),
    Place::may("age", Width::Fixed(4), 2),
    Place::may("exit", Width::Fixed(4), 3),
    Place::may("health", Width::Fixed(9), 4),
    Place::may("address", Width::Fixed(15), 5),
    Place::may(
        "reason",
        Width::Rest {
            least: 12,
            wish: 20,
        },
        0,
    ),
];

pub(in crate::view) fn draw_tasks(canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
    let rows = model.task_rows();
    let number = |of: u32| usize::try_from(of).unwrap_or(usize::MAX);
    let shown = |row: &TaskRow| number(row.count.saturating_sub(row.kept_count));
    let tasks: usize = rows.iter().map(shown).sum();
    let kept: usize = rows.iter().map(|row| number(row.kept_count)).sum();
    let failed: usize = rows.iter().filter(|row| row.failed).map(shown).sum();
    let mut title = Title::new(format!("Tasks {tasks}"));
    if failed > 0 {
        title = title.note(format!("{failed} failed"), Tint::Bad);
    }
    if kept > 0 {
        title = title.note(format!("{kept} kept"), Tint::Dim);
    }
    if model.marked() > 0 {
        title = title.note(format!("{} marked", model.marked()), Tint::Warn);
    }
    if !model.show_stopped {
        title = title.note("running only", Tint::Warn);
    }
    let pane = &model.tasks;
    let list = List {
        pane: Pane::Tasks,
        title,
        filter: pane.filter.text(),
        hidden: pane.hidden,
        empty: model
            .unknown_column(Pane::Tasks)
            .map_or_else(|| nothing(model).to_owned(), |words| words.to_string()),
        rows: Rows {
            rows,
            cursor: Some(pane.cursor.place()),
            lit: pane.cursor.lit(),
            items: |_| true,
            sort: pane.sort,
            columns: &TASK_COLUMNS,
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
            let (sign, style) = sign(canvas, row);
            Face {
                sign,
                style,
                marked: model.is_marked(&row.key),
            }
        },
        |_, _, _| false,
    );
}

/// The rows of its area that it leaves blank, where its rows are all there is to draw.
pub(in crate::view) fn blank(model: &Model, area: Rect) -> Option<Rect> {
    if matches!(model.pane_state(Pane::Tasks), PaneState::Failed(..)) {
        return None;
    }
    // Title and headings, or title and what is said where there is none; and a blank row between.
    let used = u16::try_from(model.task_rows().len().max(1))
        .unwrap_or(u16::MAX)
        .saturating_add(3);
    (used < area.height).then(|| Rect {
        y: area.y.saturating_add(used),
        height: area.height.saturating_sub(used),
        ..area
    })
}

fn instead(row: &TaskRow, column: &str, _columns: usize) -> Option<String> {
    match column {
        "id" if row.count > 1 => Some(format!("\u{d7}{}", row.count)),
        "revision" => Some(revision(&row.revision).to_owned()),
        // Of a task that runs, AWS says only which deployment began it, and the revision says that better.
        "reason" => {
            let note = (!row.note.starts_with("ecs-svc/")).then(|| row.note.as_str());
            let unhealthy = row.health == Health::Unhealthy && row.stopped.is_none();
            let parts = [
                // Nobody finds it in AWS any more.
                row.kept.map(|_| "kept"),
                unhealthy.then_some("unhealthy"),
                note,
            ];
            let parts: Vec<&str> = parts.into_iter().flatten().collect();
            Some(parts.join(" "))
        }
        _ => None,
    }
}

fn nothing(model: &Model) -> &'static str {
    let unread = model.fleet.tasks_listed.is_empty();
    match () {
        () if model.selected().is_none() => "nothing is selected",
        () if matches!(model.pane_state(Pane::Tasks), PaneState::Failed(None, _)) => {
            "nothing could be read yet"
        }
        () if unread => "asking AWS for tasks",
        () if !model.tasks.filter.is_empty() => "no task passes the filter",
        () if !model.show_stopped => "no task runs",
        () => "no tasks ran in the last hour",
    }
}

fn sign(canvas: &Canvas<'_>, row: &TaskRow) -> (&'static str, Style) {
    let (glyphs, theme) = (canvas.glyphs, canvas.theme);
    match row.status {
        _ if row.failed => (glyphs.bad, theme.bad),
        TaskStatus::Running if row.health == Health::Unhealthy => (glyphs.warn, theme.warn),
        TaskStatus::Running => (glyphs.good, theme.good),
        TaskStatus::Provisioning | TaskStatus::Pending | TaskStatus::Activating => {
            (glyphs.way, theme.text)
        }
        TaskStatus::Deactivating | TaskStatus::Stopping | TaskStatus::Deprovisioning => {
            (glyphs.way, theme.dim)
        }
        TaskStatus::Stopped | TaskStatus::Deleted => (glyphs.rest, theme.dim),
        TaskStatus::Other => (glyphs.unknown, theme.warn),
    }
}
