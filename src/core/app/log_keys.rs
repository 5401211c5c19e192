//! What keys do to the log: whose it is, from when on, searching, saving.

use super::effect::Effect;
use super::fleet::RowKey;
use super::log_pane::{LogRange, LogTarget};
use super::model::{Model, Pane, Tone};
use super::moving::go;
use super::query::Slot;
use crate::text::Clean;

/// Shows a log, and stays with it.
pub(super) fn show_log(model: &mut Model, target: LogTarget) {
    model.logs.clear();
    if let LogTarget::Group(name) = &target {
        let mut logs = model.setup.deck.iter().flat_map(|deck| &deck.logs);
        let named = logs.find(|log| log.name == name.as_str());
        let filter = named.and_then(|log| log.filter.as_deref());
        model.logs.pattern = filter.map(Clean::new);
    }
    model.logs.target = Some(target);
    model.logs.pinned = true;
    go(model, Pane::Logs);
    model.readings.cancel(&Slot::Logs);
}

pub(super) fn logs(model: &mut Model) {
    match (model.focus, model.tasks.cursor.on().cloned()) {
        (Pane::Tasks, Some(task)) => show_log(model, LogTarget::Task(task)),
        _ => go(model, Pane::Logs),
    }
}

/// The log of the selected row's task that failed last.
pub(super) fn failed_log(model: &mut Model) {
    let Some(key) = model.services.cursor.on() else {
        return;
    };
    let last = model
        .fleet
        .tasks_of(key)
        .into_iter()
        .filter(|task| crate::diagnose::is_failure(task))
        .max_by_key(|task| task.stopped)
        .map(|task| task.arn.clone());
    match last {
        Some(task) => {
            show_log(model, LogTarget::Task(task));
            model.logs.range = LogRange {
                seconds: 3_600,
                label: "1h",
            };
        }
        None => model.note(
            Tone::Plain,
            Clean::literal("no task of this row has failed in the last hour"),
        ),
    }
}

/// What is searched for was typed to its end: goes to the newest line that has it.
pub(super) fn search_typed(model: &mut Model) {
    if !model.logs.search.is_empty() && !model.logs.find(true) {
        let text = format!("not found: {}", Clean::new(&model.logs.search));
        model.note(Tone::Plain, Clean::own(text));
    }
}

/// Writes the lines that are held to a file.
pub(super) fn save(model: &mut Model) -> Vec<Effect> {
    let text = model.logs.text();
    if text.is_empty() {
        model.note(Tone::Plain, Clean::literal("there are no lines to save"));
        return Vec::new();
    }
    let stem = match &model.logs.target {
        Some(LogTarget::Row(RowKey::Service(arn))) => Clean::new(arn.name()),
        Some(LogTarget::Row(
            RowKey::Family(_, name) | RowKey::MissingService(name) | RowKey::MissingCluster(name),
        ))
        | Some(LogTarget::Group(name)) => name.clone(),
        Some(LogTarget::Task(arn)) => Clean::new(arn.name()),
        None => Clean::literal("log"),
    };
    vec![Effect::Save { stem, text }]
}

pub(super) fn search(model: &mut Model, back: bool) {
    if model.logs.search.is_empty() {
        model.note(
            Tone::Plain,
            Clean::literal("nothing is searched for: / begins a search"),
        );
    } else if !model.logs.find(back) {
        model.note(
            Tone::Plain,
            Clean::own(format!(
                "no further match for {}",
                Clean::new(&model.logs.search)
            )),
        );
    }
}

pub(super) fn range(model: &mut Model, which: usize) {
    if let Some(range) = LogRange::ALL.get(which) {
        let (target, pattern) = (model.logs.target.take(), model.logs.pattern.take());
        model.logs.clear();
        (model.logs.target, model.logs.pattern) = (target, pattern);
        model.logs.range = *range;
        model.readings.cancel(&Slot::Logs);
    }
}
