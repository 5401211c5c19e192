//! What keys do to the log: whose it is, from when on, what CloudWatch filters, saving.

use super::portion::Portion;
use crate::app::effect::{Effect, WorkerEffect};
use crate::app::model::Model;
use crate::app::model::log_target::{LogRange, LogTarget};
use crate::app::model::notice::Tone;
use crate::app::model::overlay::Overlay;
use crate::app::model::pane::Pane;
use crate::app::model::prompt::{Prompt, Purpose};
use crate::app::model::row_key::RowKey;
use crate::app::model::slot::Slot;
use crate::app::panes::copying;
use crate::app::panes::moving::go;
use crate::domain::{CloudError, Task, Time};
use crate::logs::pattern_fault;
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

/// Copies lines of the log.
pub(in crate::app) fn copy_portion(model: &mut Model, portion: Portion) -> Vec<Effect> {
    let text = portion.of(&model.logs, usize::from(model.size.1));
    if text.is_empty() {
        model.note(Tone::Plain, Clean::literal("there are no lines to copy"));
        return Vec::new();
    }
    let what = match text.lines().count() {
        1 => "1 line".to_owned(),
        lines => format!("{lines} lines"),
    };
    copying::copy(model, Clean::own(text), &what)
}

/// Writes lines of the log to a file.
pub(in crate::app) fn save(model: &mut Model, portion: Portion) -> Vec<Effect> {
    let text = portion.of(&model.logs, usize::from(model.size.1));
    if text.is_empty() {
        model.note(Tone::Plain, Clean::literal("there are no lines to save"));
        return Vec::new();
    }
    let stem = match &model.logs.target {
        Some(LogTarget::Task(arn)) => Clean::new(arn.name()),
        Some(LogTarget::Several(_)) | None => Clean::literal("logs"),
        Some(target) => target.name(),
    };
    vec![Effect::Worker(WorkerEffect::Save { stem, text })]
}

/// Reads the log anew through CloudWatch's filter pattern, or without one.
pub(in crate::app) fn set_pattern(model: &mut Model, pattern: &str) {
    let pattern = Some(pattern.trim()).filter(|pattern| !pattern.is_empty());
    let pattern = pattern.map(Clean::new);
    if model.logs.pattern == pattern {
        return;
    }
    let target = model.logs.target.take();
    model.logs.clear();
    (model.logs.target, model.logs.pattern) = (target, pattern);
    model.readings.cancel(&Slot::Logs);
}

/// CloudWatch refused the filter pattern: says so in its words, and leads to the place where it breaks.
pub(in crate::app) fn pattern_refused(model: &mut Model, error: &CloudError) {
    let Some(pattern) = model.logs.pattern.clone() else {
        return;
    };
    let mut text = error.message.to_string();
    let mut prompt = Prompt::long(&pattern, PATTERN, false);
    if let Some((place, why)) = pattern_fault(&pattern) {
        text.push_str(&format!(
            " (at character {}: {why})",
            place.saturating_add(1)
        ));
        prompt.put_cursor(place);
    }
    if model.overlay.is_none() && model.focus == Pane::Logs {
        model.overlay = Some(Overlay::Prompt(Purpose::Pattern, prompt));
    }
    model.note(Tone::Bad, Clean::own(text));
}

/// Begins to type CloudWatch's filter pattern.
pub(in crate::app) fn begin_pattern(model: &mut Model) {
    let pattern = model.logs.pattern.clone().unwrap_or_default();
    let prompt = Prompt::long(&pattern, PATTERN, false);
    model.overlay = Some(Overlay::Prompt(Purpose::Pattern, prompt));
}

/// Characters that a pattern has at most (source: CloudWatch Logs API reference, FilterLogEvents).
const PATTERN: usize = 1_024;

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
