//! Tasks that were started from here: they are gone to, and their end is told.

use crate::app::model::Model;
use crate::app::model::log_target::LogTarget;
use crate::app::model::notice::Tone;
use crate::app::model::overlay::Overlay;
use crate::app::model::pane::Pane;
use crate::app::model::row_key::RowKey;
use crate::app::panes::logs::keys::show_log;
use crate::app::panes::moving::go;
use crate::app::panes::services::rows::settle_services;
use crate::app::panes::tasks::rows::settle_tasks;
use crate::diagnose::diagnose_family;
use crate::domain::{Arn, Failure, Task};
use crate::text::Clean;

/// Tasks were started: the first of them is gone to as soon as it is known.
pub(in crate::app) fn started(model: &mut Model, cluster: Option<&Arn>, tasks: &[Arn]) {
    model.arriving = tasks.first().cloned();
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

/// Goes to a task that has come to be known, and tells of those that have ended.
pub(in crate::app) fn follow(model: &mut Model) {
    if let Some(arn) = model.arriving.clone()
        && let Some(task) = model.fleet.tasks.get(&arn)
    {
        let row = model.fleet.owner_key(task);
        model.arriving = None;
        arrive(model, row, arn);
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

/// Goes to the task, unless somebody is at something else; its log in any case.
fn arrive(model: &mut Model, row: RowKey, task: Arn) {
    // A filter must not hide what was just started.
    if !model.service_rows().iter().any(|known| known.key == row) {
        settle_services(model);
    }
    model.services.cursor.put(row);
    settle_services(model);
    model.tasks.cursor.put(task.clone());
    settle_tasks(model);
    show_log(model, LogTarget::Task(task));
    if !matches!(model.overlay, Some(Overlay::Prompt(..))) {
        go(model, Pane::Tasks);
    }
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
    let diagnosis = diagnose_family(&[task], task.stopped.unwrap_or_default());
    let why = match diagnosis.causes.first() {
        Some(cause) => format!("{} ({})", cause.summary, cause.id.as_str()),
        None => task.reason().map(ToString::to_string).unwrap_or_default(),
    };
    (
        Tone::Bad,
        Clean::own(format!("task {name} has failed{exit}: {why}")),
    )
}
