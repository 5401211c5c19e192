//! Moving about: within a list, and from pane to pane.

use super::list::Motion;
use super::model::{Model, Pane};
use super::update::rebuild_tasks;
use crate::text::Clean;

pub(super) fn page(model: &Model) -> isize {
    isize::try_from(usize::from(model.size.1) / 2)
        .unwrap_or(1)
        .max(1)
}

pub(super) fn move_by(model: &mut Model, motion: Motion) {
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
                model.detail_top = 0;
                model.logs.pinned = false;
                rebuild_tasks(model);
            }
        }
        Pane::Tasks => {
            let keys: Vec<_> = model.task_rows.iter().map(|row| row.key.clone()).collect();
            if model.tasks.cursor.go(motion, &keys) {
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
            let keys: Vec<_> = model
                .work_rows()
                .iter()
                .map(super::work_pane::WorkRow::key)
                .collect();
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

pub(super) fn step_pane(model: &mut Model, by: isize) {
    let at = Pane::ALL
        .iter()
        .position(|pane| *pane == model.focus)
        .unwrap_or(0);
    let count = Pane::ALL.len();
    let next = at.saturating_add(count).saturating_add_signed(by) % count;
    if let Some(pane) = Pane::ALL.get(next) {
        go(model, *pane);
    }
}

pub(super) fn go(model: &mut Model, pane: Pane) {
    model.focus = pane;
    model.zoom = model.zoom.map(|_| pane);
}
