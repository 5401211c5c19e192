//! The rows of the tasks pane: those that run, then those that ended.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::columns::COLUMNS;
use crate::app::model::Model;
use crate::app::model::fleet::Fleet;
use crate::app::model::inputs::TasksInputs;
use crate::app::model::row_key::RowKey;
use crate::app::model::rows::TaskRow;
use crate::app::panes::columns::arrange;
use crate::app::panes::fingerprint::fingerprint;
use crate::domain::{StopCode, Task};
use crate::text::Clean;

/// The tasks of a row: those that run (the newest first), then those that ended (the newest first). Those that ended
/// for the same reason on the same revision share a row, unless they are wanted one by one.
pub fn task_rows(fleet: &Fleet, key: &RowKey, stopped: bool, one_by_one: bool) -> Vec<TaskRow> {
    let mut tasks = fleet.all_tasks_of(key);
    tasks.retain(|task| stopped || !task.is_stopped());
    tasks.sort_by_key(|task| {
        (
            task.is_stopped(),
            Reverse(task.stopped),
            Reverse(task.created),
            task.arn.clone(),
        )
    });
    let row = |task: &Task| {
        let kept = fleet.kept_since(&task.arn);
        TaskRow {
            kept,
            kept_count: u32::from(kept.is_some()),
            ..task_row(task)
        }
    };
    let rows = tasks.into_iter().map(row).collect();
    if one_by_one { rows } else { together(rows) }
}

/// Lets rows of stopped tasks that say the same be one, at the place of the newest.
fn together(rows: Vec<TaskRow>) -> Vec<TaskRow> {
    let mut kept: Vec<TaskRow> = Vec::new();
    let mut places = BTreeMap::new();
    for row in rows {
        // Ids and times in AWS's words make no other reason.
        // What a program returns when it was told to end is chance.
        let code = row.exit_code.filter(|_| row.ended_by_itself);
        let said = (
            row.revision.clone(),
            row.failed,
            code,
            fingerprint(&row.note),
        );
        let place = row
            .stopped
            .map(|_| *places.entry(said).or_insert(kept.len()));
        match place.and_then(|place| kept.get_mut(place)) {
            Some(newest) => {
                if newest.members.is_empty() {
                    newest.members.push(newest.key.clone());
                }
                newest.members.push(row.key);
                newest.count = newest.count.saturating_add(1);
                newest.kept_count = newest.kept_count.saturating_add(row.kept_count);
                newest.first = row.stopped;
            }
            None => kept.push(row),
        }
    }
    kept
}

fn task_row(task: &Task) -> TaskRow {
    let failed = crate::diagnose::is_failure(task);
    let note = match (task.is_stopped(), task.reason()) {
        (true, Some(reason)) => reason.clone(),
        _ => task.started_by.clone().unwrap_or_default(),
    };
    TaskRow {
        key: task.arn.clone(),
        id: Clean::new(task.short_id()),
        status: task.status,
        health: task.health,
        revision: Clean::new(task.definition.name()),
        since: task.started.or(task.created),
        stopped: task.stopped,
        exit_code: task.exit_code(),
        note,
        failed,
        address: task.private_ip.clone(),
        ended_by_itself: task.stop_code == Some(StopCode::EssentialContainerExited),
        kept: None,
        count: 1,
        kept_count: 0,
        first: None,
        members: Vec::new(),
    }
}

/// Brings the rows of the tasks pane into line with what they follow from.
pub(in crate::app) fn settle_tasks(model: &mut Model) {
    let list = &model.tasks;
    let basis = TasksInputs {
        fleet: model.fleet.revision(),
        row: model.services.cursor.on().cloned(),
        show_stopped: model.show_stopped,
        one_by_one: model.stopped_one_by_one,
        filter: list.filter.clone(),
        sort: list.sort,
    };
    let changed = !model.task_rows.is_of(&basis);
    if changed {
        rebuild(model, basis);
    }
    if !changed && model.tasks.cursor.is_settled() {
        return;
    }
    // The cursor stands on a group, whichever task is the newest of it.
    if let Some(on) = model.tasks.cursor.on()
        && model.tasks.cursor.is_moved()
        && let Some(row) = model.task_rows.iter().find(|row| row.members.contains(on))
    {
        model.tasks.cursor.put(row.key.clone());
    }
    let keys: Vec<_> = model.task_rows.iter().map(|row| row.key.clone()).collect();
    model.tasks.cursor.settle(&keys);
}

fn rebuild(model: &mut Model, basis: TasksInputs) {
    // Drop marks whose task no longer belongs to the selected row.
    let (fleet, on) = (&model.fleet, basis.row.as_ref());
    model.marks.retain(|arn| {
        let task = fleet.tasks.get(arn);
        task.is_some_and(|task| on.is_some_and(|on| fleet.is_of(on, task)))
    });
    let mut rows = match on {
        Some(key) => task_rows(fleet, key, basis.show_stopped, basis.one_by_one),
        None => Vec::new(),
    };
    let now = model.stamp.now;
    model.tasks.hidden = arrange(&mut rows, &COLUMNS, &basis.filter, basis.sort, now);
    model.task_rows.put(basis, rows);
}
