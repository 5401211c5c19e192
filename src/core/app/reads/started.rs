//! Tasks that were started from here: the log of the first is shown, and their end is told.

use crate::app::model::Model;
use crate::app::model::log_target::LogTarget;
use crate::app::model::notice::Tone;
use crate::app::model::row_key::RowKey;
use crate::app::panes::logs::keys::show_log;
use crate::app::panes::tasks::rows::settle_tasks;
use crate::diagnose::diagnose_tasks;
use crate::domain::{Arn, Failure, Task};
use crate::text::Clean;

/// Tasks were started: the log of the first of them is shown as soon as it is known.
pub(in crate::app) fn started(model: &mut Model, cluster: Option<&Arn>, tasks: &[Arn]) {
    model.arriving = tasks.first().cloned();
    // The row that comes with them must not take the cursor because it comes first.
    if let Some(on) = model.services.cursor.on().cloned() {
        model.services.cursor.put(on);
    }
    let here = |cluster: &Arn| {
        let cluster = cluster.clone();
        let tasks = tasks.iter().cloned();
        tasks.map(move |task| (task, cluster.clone()))
    };
    model.awaited.extend(cluster.into_iter().flat_map(here));
}

/// A task that was started from here has gone without having been seen to end.
pub(in crate::app) fn lost(model: &mut Model, failures: &[Failure]) {
    let gone = failures
        .iter()
        .filter(|failure| failure.reason == "MISSING");
    for failure in gone {
        model.awaited.remove(&failure.arn);
    }
}

impl Model {
    /// Whether a task was started from here and has not been seen to end.
    pub fn awaits(&self, task: &Arn) -> bool {
        self.awaited.contains_key(task)
    }
}

/// Shows the log of a task that has come to be known, and tells of those that have ended.
pub(in crate::app) fn follow(model: &mut Model) {
    if let Some(arn) = model.arriving.clone()
        && let Some(task) = model.fleet.tasks.get(&arn)
    {
        let row = model.fleet.owner_key(task);
        model.arriving = None;
        arrive(model, &row, arn);
    }
    let ended: Vec<Task> = model
        .awaited
        .keys()
        .filter_map(|arn| model.fleet.tasks.get(arn))
        .filter(|task| task.is_stopped())
        .cloned()
        .collect();
    for task in &ended {
        model.awaited.remove(&task.arn);
        let (tone, words) = end(task);
        model.note(tone, words);
    }
}

/// Shows the log of the task. What is selected stays: the next key is meant for that.
fn arrive(model: &mut Model, row: &RowKey, task: Arn) {
    let focus = (model.focus, model.zoom);
    let here = model.services.cursor.on() == Some(row);
    let id = task.name().get(..8).unwrap_or(task.name());
    let place = if here {
        String::new()
    } else {
        let name = match row {
            RowKey::Service(arn) => Clean::new(arn.name()),
            RowKey::Family(_, name)
            | RowKey::MissingService(name)
            | RowKey::MissingCluster(name) => name.clone(),
        };
        format!(", in the row {name}")
    };
    let text = format!(
        "task {} has started{place}: its log is shown",
        Clean::new(id)
    );
    if here && !model.tasks.cursor.is_moved() {
        model.tasks.cursor.put(task.clone());
        settle_tasks(model);
    }
    show_log(model, LogTarget::Task(task));
    (model.focus, model.zoom) = focus;
    model.note(Tone::Good, Clean::own(text));
}

/// How a task ended: what it returned, and why it stopped.
fn end(task: &Task) -> (Tone, Clean) {
    let name = Clean::new(task.short_id());
    if !crate::diagnose::is_failure(task) {
        return (
            Tone::Good,
            Clean::own(format!("task {name} has ended: exit 0")),
        );
    }
    let exit = task
        .exit_code()
        .map(|code| format!(", exit {code}"))
        .unwrap_or_default();
    let diagnosis = diagnose_tasks(&[task], task.stopped.unwrap_or_default());
    let why = match diagnosis.causes.first() {
        Some(cause) => format!("{} ({})", cause.summary, cause.id.as_str()),
        None => task.reason().map(ToString::to_string).unwrap_or_default(),
    };
    (
        Tone::Bad,
        Clean::own(format!("task {name} has failed{exit}: {why}")),
    )
}
