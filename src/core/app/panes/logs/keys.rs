//! What keys do to the log: whose it is, from when on, searching, saving.

use crate::app::effect::{Effect, WorkerEffect};
use crate::app::model::Model;
use crate::app::model::log_target::{LogRange, LogTarget};
use crate::app::model::notice::Tone;
use crate::app::model::pane::Pane;
use crate::app::model::row_key::RowKey;
use crate::app::model::slot::Slot;
use crate::app::panes::moving::go;
use crate::domain::{Task, Time};
use crate::text::Clean;

/// Shows a log, and stays with it.
pub(in crate::app) fn show_log(model: &mut Model, target: LogTarget) {
    model.logs.clear();
    if let LogTarget::Group(name) = &target {
        let mut logs = model.setup.deck.iter().flat_map(|deck| &deck.logs);
        let named = logs.find(|log| log.name == name.as_str());
        let filter = named.and_then(|log| log.filter.as_deref());
        model.logs.pattern = filter.map(Clean::new);
    }
    // A task that has ended wrote its last lines then, however long ago that was.
    if let LogTarget::Task(arn) = &target
        && let Some(range) = model
            .fleet
            .task(arn)
            .and_then(|task| life_of(task, model.now()))
    {
        model.logs.range_before.get_or_insert(model.logs.range);
        model.logs.range = range;
    } else if let Some(before) = model.logs.range_before.take() {
        model.logs.range = before;
    }
    model.logs.target = Some(target);
    model.logs.pinned = true;
    go(model, Pane::Logs);
    model.readings.cancel(&Slot::Logs);
}

pub(in crate::app) fn logs(model: &mut Model) {
    match (model.focus, model.tasks.cursor.on().cloned()) {
        (Pane::Tasks, Some(task)) => show_log(model, LogTarget::Task(task)),
        _ => go(model, Pane::Logs),
    }
}

/// Gives the whole screen to the log, or takes it back.
pub(in crate::app) fn zoom(model: &mut Model) {
    let zoomed = model.zoom == Some(Pane::Logs);
    model.zoom = (!zoomed).then_some(Pane::Logs);
    model.focus = Pane::Logs;
}

/// How far back the log of a stopped task begins.
fn life_of(task: &Task, now: Time) -> Option<LogRange> {
    task.stopped?;
    let began = task.started.or(task.created)?;
    let seconds = now.duration_since(began).as_secs().saturating_add(60);
    Some(LogRange {
        seconds,
        label: "since task start",
    })
}

impl Model {
    /// The task of a row that failed last among those that may have written a log.
    pub(in crate::app) fn failed_task_with_log(&self, key: &RowKey) -> Option<&Task> {
        self.fleet
            .all_tasks_of(key)
            .into_iter()
            .filter(|task| crate::diagnose::is_failure(task) && has_run(task))
            .max_by_key(|task| task.stopped)
    }
}

/// Whether any container of a task has run. Of one that never ran there is no stream.
pub(in crate::app) fn has_run(task: &Task) -> bool {
    task.started.is_some() || task.containers.iter().any(|own| own.exit_code.is_some())
}

/// The last lines of the task that failed: of the selected one, else of the row's last one; of all its containers.
pub(in crate::app) fn failed_log(model: &mut Model) {
    let Some(key) = model.services.cursor.on() else {
        return;
    };
    let chosen = model
        .selected_task()
        .filter(|task| model.focus == Pane::Tasks && crate::diagnose::is_failure(task));
    let last = model.failed_task_with_log(key);
    let failed = |task: &&Task| crate::diagnose::is_failure(task);
    let any_failed = model.fleet.all_tasks_of(key).iter().any(failed);
    match (chosen.filter(|task| has_run(task)).or(last), any_failed) {
        (Some(task), _) => {
            let arn = task.arn.clone();
            show_log(model, LogTarget::Task(arn));
        }
        (None, true) => model.note(
            Tone::Plain,
            Clean::literal("no task that failed got as far as writing a log"),
        ),
        (None, false) => model.note(
            Tone::Plain,
            Clean::literal("no task of this row has failed in the last hour"),
        ),
    }
}

/// What is searched for was typed to its end: goes to the newest line that has it.
pub(in crate::app) fn search_typed(model: &mut Model) {
    if !model.logs.search.is_empty() && !model.logs.find(true) {
        let text = format!("not found: {}", Clean::new(&model.logs.search));
        model.note(Tone::Plain, Clean::own(text));
    }
}

/// Writes the lines that are held to a file.
pub(in crate::app) fn save(model: &mut Model) -> Vec<Effect> {
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
    vec![Effect::Worker(WorkerEffect::Save { stem, text })]
}

pub(in crate::app) fn search(model: &mut Model, back: bool) {
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

pub(in crate::app) fn range(model: &mut Model, which: usize) {
    if let Some(range) = LogRange::ALL.get(which) {
        let (target, pattern) = (model.logs.target.take(), model.logs.pattern.take());
        model.logs.clear();
        (model.logs.target, model.logs.pattern) = (target, pattern);
        if model.logs.range == *range {
            model.note(Tone::Plain, Clean::literal("reading this range again"));
        }
        model.logs.range = *range;
        // What somebody chooses stays.
        model.logs.range_before = None;
        model.readings.cancel(&Slot::Logs);
    }
}
