//! StopTask.

use serde_json::json;

use super::find::{cluster, task_id};
use super::show_task::show;
use crate::ecs::Ecs;
use crate::ecs::scheduler::words;
use crate::ecs::task::StopCode;
use crate::input::TABLED;
use crate::wire::{Action, Answer, ApiError, Args, Run};

pub(super) const ACTIONS: &[Action<Run<Ecs>>] = &[Action {
    name: "StopTask",
    members: TABLED,
    run,
}];

pub(super) fn run(ecs: &mut Ecs, args: &Args) -> Answer {
    let cluster = cluster(ecs, args)?;
    let name = args.text("task")?.unwrap_or_default();
    let not_found = || ApiError::invalid_parameter("The referenced task was not found.");
    let key = ecs
        .task_ids
        .get(task_id(cluster, name)?)
        .copied()
        .filter(|key| {
            ecs.tasks
                .get(key)
                .is_some_and(|task| task.cluster == cluster.name)
        })
        .ok_or_else(not_found)?;
    let reason = args.text("reason")?.unwrap_or(words::STOPPED_BY_USER);
    ecs.begin_stop(key, StopCode::UserInitiated, reason.to_owned());
    let task = ecs.tasks.get(&key).ok_or_else(not_found)?;
    Ok(json!({ "task": show(ecs, task, true) }))
}
