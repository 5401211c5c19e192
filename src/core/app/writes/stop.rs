//! Stopping tasks.

use super::facts::{Facts, Step};
use crate::act::{self, Wish};
use crate::app::model::Model;
use crate::app::model::declined::Declined;
use crate::app::model::notice::Tone;
use crate::domain::{Arn, Task};
use crate::text::Clean;

/// Wishes that the marked tasks stop, or the one that the cursor stands on.
pub(super) fn marked(model: &mut Model) -> Option<Wish> {
    let tasks: Vec<Arn> = if model.marks.is_empty() {
        model.tasks.cursor.on().cloned().into_iter().collect()
    } else {
        model.marks.iter().cloned().collect()
    };
    if tasks.is_empty() {
        model.note(Tone::Bad, Clean::literal("no task is selected"));
        return None;
    }
    if let [task] = tasks.as_slice() {
        model.tasks.cursor.put(task.clone());
    }
    let reason = None;
    Some(Wish::Stop { tasks, reason })
}

pub(super) fn stop(facts: Facts<'_>, tasks: &[Arn], reason: Option<&str>) -> Step {
    let known = &facts.model.fleet.tasks;
    let there: Vec<&Task> = tasks
        .iter()
        .map(|arn| known.get(arn).ok_or_else(|| Declined::gone(arn)))
        .collect::<Result<_, _>>()?;
    // A mark may be older than its task's end.
    let (ended, run): (Vec<&Task>, Vec<&Task>) =
        there.into_iter().partition(|task| task.is_stopped());
    if run.is_empty() && !ended.is_empty() {
        let why = match ended.as_slice() {
            [task] => format!("task {} has already stopped", Clean::new(task.id())),
            _ => "all of these tasks have already stopped".to_owned(),
        };
        return Err(Declined::impossible(why).into());
    }
    let mut intent = act::stop(facts.decider()?, &run, reason)?;
    let skipped = (!ended.is_empty())
        .then(|| Clean::own(format!("{} of the tasks have already stopped", ended.len())));
    intent.notes.extend(skipped);
    Ok(intent)
}
