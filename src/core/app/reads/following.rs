//! Which log the log pane follows: what somebody chose, else that of what is looked at.

use super::streams::{Streams, log_streams};
use crate::app::model::Model;
use crate::app::model::inputs::LogInputs;
use crate::app::model::log_pane::LogPane;
use crate::app::model::log_target::LogTarget;
use crate::app::model::pane::Pane;
use crate::app::model::row_key::RowKey;
use crate::app::model::slot::Slot;
use crate::domain::Time;
use crate::logs::Follow;

/// Takes up the log of what is looked at, and the streams of tasks that have come.
pub(in crate::app) fn retarget(model: &mut Model) {
    if !model.logs.pinned {
        let target = default_target(model);
        if target != model.logs.target {
            model.logs.clear();
            model.logs.target = target;
            if let Some(before) = model.logs.range_before.take() {
                model.logs.range = before;
            }
        }
    }
    let Some(target) = model.logs.target.clone() else {
        abandon(model);
        return;
    };
    if model.logs.follow.is_none() {
        abandon(model);
    }
    let definitions = model.readings.get(&Slot::Definitions);
    let basis = LogInputs {
        target,
        fleet: model.fleet.revision(),
        whole: model.logs.whole.clone(),
        definitions: definitions.and_then(|reading| reading.error.clone()),
        follows: model.logs.follow.is_some(),
    };
    if model.logs.basis.as_ref() == Some(&basis) {
        return;
    }
    match log_streams(model, &basis.target) {
        Ok(streams) => take_up(model, streams),
        // A log that has begun is read on: its tasks may be gone, and their last lines still to come.
        Err(_) if model.logs.follow.is_some() => {}
        Err(why) => model.logs.silent = Some(why),
    }
    model.logs.basis = Some(basis);
}

/// What is under way is another log's.
fn abandon(model: &mut Model) {
    let reading = model.readings.get(&Slot::Logs);
    if reading.is_some_and(|reading| reading.in_flight.is_some()) {
        model.readings.cancel(&Slot::Logs);
    }
}

fn take_up(model: &mut Model, streams: Streams) {
    let logs = &mut model.logs;
    logs.silent = None;
    logs.wanted = streams.wanted;
    logs.elsewhere = streams.elsewhere;
    logs.put_owners(streams.owners);
    match &mut logs.follow {
        Some(follow) => {
            if follow.set_sources(streams.sources) {
                // What is under way does not ask for the new ones.
                model.readings.cancel(&Slot::Logs);
            }
        }
        None => {
            let since = start_of(logs, model.stamp.now);
            let follow = Follow::new(streams.sources, logs.pattern.clone(), since);
            logs.follow = Some(follow.until(logs.until));
            model.readings.cancel(&Slot::Logs);
        }
    }
}

fn start_of(logs: &LogPane, now: Time) -> Time {
    if let Some(since) = logs.since {
        return since;
    }
    let start = now.as_second().saturating_sub(logs.range.seconds).max(0);
    Time::from_second(start).unwrap_or(Time::UNIX_EPOCH)
}

/// The log of the task that somebody moved to, else of the row that is looked at.
fn default_target(model: &Model) -> Option<LogTarget> {
    let task = model
        .looked_at_task
        .as_ref()
        .filter(|_| model.focus != Pane::Services && model.tasks.cursor.is_moved());
    match (task, &model.looked_at) {
        (Some(task), _) => Some(LogTarget::Task(task.clone())),
        (None, Some(key @ (RowKey::Service(_) | RowKey::Family(..)))) => {
            Some(LogTarget::Row(key.clone()))
        }
        _ => None,
    }
}
