//! The tasks pane: the tasks of the selected row.

pub(in crate::app) mod columns;
pub(in crate::app) mod describe;
pub(in crate::app) mod rows;

use self::describe::{describe, raw};
use self::rows::settle_tasks;
use super::columns::names;
use super::logs::keys::show_log;
use super::spec::{Needs, Part, Spec};
use crate::app::model::Model;
use crate::app::model::filter::Filter;
use crate::app::model::list::Motion;
use crate::app::model::log_target::LogTarget;
use crate::app::model::slot::Slot;
use crate::keys::Pane;

pub(in crate::app) const SPEC: Spec = Spec {
    needs: Needs {
        verdicts: true,
        tasks: true,
        ..Needs::NOTHING
    },
    part: |slot| match slot {
        Slot::Tasks(_) => Part::Whole,
        Slot::TasksOf(..) => Part::Quicker,
        _ => Part::No,
    },
    step,
    open,
    filter: |model| Some(&model.tasks.filter),
    set_filter,
    columns: |_| names(&columns::COLUMNS),
    sorted: |model| model.tasks.sort,
    order: |_| "newest first",
    sort: |model, sort| {
        model.tasks.sort = sort;
        settle_tasks(model);
    },
    clear,
    copy: |model| model.tasks.cursor.on().map(|arn| arn.clean().clone()),
    describe,
    raw,
    ..Spec::blank(Pane::Tasks)
};

fn step(model: &mut Model, motion: Motion) -> bool {
    let keys: Vec<_> = model.task_rows.iter().map(|row| row.key.clone()).collect();
    let moved = model.tasks.cursor.go(motion, &keys);
    if moved {
        model.moved_at = model.stamp.elapsed;
        model.detail_top = 0;
    }
    moved
}

fn open(model: &mut Model) {
    if let Some(task) = model.tasks.cursor.on().cloned() {
        show_log(model, LogTarget::Task(task));
    }
}

fn set_filter(model: &mut Model, filter: Filter) {
    model.tasks.filter = filter;
    settle_tasks(model);
}

fn clear(model: &mut Model) -> bool {
    let marked = !model.marks.is_empty();
    model.marks.clear();
    marked
}

/// Marks the task that the cursor stands on, or takes its mark away, and goes on to the next.
pub(in crate::app) fn mark(model: &mut Model) {
    let Some(task) = model.tasks.cursor.on().cloned() else {
        return;
    };
    if !model.marks.remove(&task) {
        model.marks.insert(task);
    }
    step(model, Motion::By(1));
}
