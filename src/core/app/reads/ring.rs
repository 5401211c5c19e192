//! The ring of stopped tasks on disk: read once it is known whose it is, then given what has stopped.

use std::collections::BTreeSet;

use crate::act::IntentId;
use crate::app::effect::{Effect, WorkerEffect};
use crate::app::model::Model;
use crate::app::model::expired_tasks::{ExpiredTask, OnDisk};
use crate::app::model::notice::Tone;
use crate::app::model::past_action::PastAction;
use crate::text::Clean;

/// What is kept on disk was read.
pub(in crate::app) fn kept_loaded(
    model: &mut Model,
    account: &Clean,
    tasks: Vec<ExpiredTask>,
    actions: Vec<PastAction>,
    problem: Option<Clean>,
) {
    if *model.fleet.on_disk() != OnDisk::Reading(account.clone()) {
        return;
    }
    model
        .fleet
        .change()
        .put_on_disk(OnDisk::Read(account.clone()));
    model.fleet.change().take_kept(tasks);
    let known: BTreeSet<&IntentId> = model.done.iter().map(|done| &done.id).collect();
    let new: Vec<PastAction> = actions
        .into_iter()
        .filter(|action| !known.contains(&action.id))
        .collect();
    model.done.change().extend(new);
    if let Some(problem) = problem {
        model.note(Tone::Bad, problem);
    }
}

/// Stopped tasks could not be kept: that is said once, and the console goes on without.
pub(in crate::app) fn stopped_not_kept(model: &mut Model, why: &Clean) {
    if !std::mem::replace(&mut model.told_not_kept, true) {
        let text = format!("stopped tasks are not kept on disk: {why}");
        model.note(Tone::Bad, Clean::own(text));
    }
}

/// What the ring on disk has to do: to be read once it is known whose it is, then to take what has stopped.
pub(in crate::app) fn keep_stopped(model: &mut Model) -> Option<Effect> {
    let account = model.identity.as_ref()?.account.clone();
    let region = model.setup.region.clone();
    match model.fleet.on_disk() {
        OnDisk::Reading(of) if *of == account => return None,
        OnDisk::Read(of) if *of == account => {}
        _ => {
            let reading = OnDisk::Reading(account.clone());
            model.fleet.change().put_on_disk(reading);
            return Some(Effect::Worker(WorkerEffect::LoadExpiredTasks {
                account,
                region,
            }));
        }
    }
    if !model.fleet.has_unwritten() {
        return None;
    }
    let tasks = model.fleet.settle().take_unwritten();
    Some(Effect::Worker(WorkerEffect::KeepStopped {
        account,
        region,
        tasks,
    }))
}
