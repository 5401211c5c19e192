//! Moving about: within a list, and from pane to pane.

use super::tasks::rows::rebuild_tasks;
use super::work::rows::work_keys;
use crate::app::model::Model;
use crate::app::model::list::Motion;
use crate::app::model::pane::Pane;
use crate::text::Clean;

pub(in crate::app) fn page(model: &Model) -> isize {
    isize::try_from(usize::from(model.size.1) / 2)
        .unwrap_or(1)
        .max(1)
}

pub(in crate::app) fn move_by(model: &mut Model, motion: Motion) {
    match model.focus {
        Pane::Services => {
            let keys: Vec<_> = model
                .service_rows
                .iter()
                .map(|row| row.key.clone())
                .collect();
            if model.services.cursor.go(motion, &keys) {
                model.moved_at = model.stamp.elapsed;
                model.tasks.cursor.release();
                model.marks.clear();
                model.detail_top = 0;
                model.logs.pinned = false;
                rebuild_tasks(model);
            }
        }
        Pane::Tasks => {
            let keys: Vec<_> = model.task_rows.iter().map(|row| row.key.clone()).collect();
            if model.tasks.cursor.go(motion, &keys) {
                model.moved_at = model.stamp.elapsed;
                model.detail_top = 0;
            }
        }
        Pane::Detail => {
            let lines = model.detail_lines().len().saturating_sub(1);
            model.detail_top = match motion {
                Motion::By(by) => model.detail_top.saturating_add_signed(by).min(lines),
                Motion::First => 0,
                Motion::Last => lines,
            };
        }
        Pane::Queues => {
            let keys: Vec<Clean> = model
                .queues
                .rows(model.setup.deck.as_ref())
                .iter()
                .map(|row| row.name.clone())
                .collect();
            model.queues.list.cursor.settle(&keys);
            model.queues.list.cursor.go(motion, &keys);
        }
        Pane::Work => {
            let keys = work_keys(model);
            model.work.list.cursor.settle(&keys);
            model.work.list.cursor.go(motion, &keys);
        }
        Pane::Logs => match motion {
            Motion::By(by) => model.logs.scroll(by),
            Motion::First => model.logs.stand_at_start(usize::from(model.size.1)),
            Motion::Last => model.logs.stand_at_end(),
        },
    }
}

/// Goes to the next pane there is, or to the one before.
pub(in crate::app) fn step_pane(model: &mut Model, by: isize) {
    let panes: Vec<Pane> = Pane::ALL
        .into_iter()
        .filter(|pane| model.setup.panes.contains(pane))
        .collect();
    let at = panes.iter().position(|pane| *pane == model.focus);
    let next = match at {
        Some(at) => at.saturating_add(panes.len()).saturating_add_signed(by) % panes.len(),
        None => 0,
    };
    if let Some(pane) = panes.get(next) {
        go(model, *pane);
    }
}

/// Goes to a pane. Who looks at a row's tasks, detail or log stays on that row, however the rows move.
pub(in crate::app) fn go(model: &mut Model, pane: Pane) {
    if matches!(pane, Pane::Tasks | Pane::Detail | Pane::Logs)
        && let Some(on) = model.services.cursor.on().cloned()
    {
        model.services.cursor.put(on);
    }
    model.focus = pane;
    model.zoom = model.zoom.map(|_| pane);
}
