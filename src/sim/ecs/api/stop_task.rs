//! StopTask.

use serde_json::json;

use super::show_task::show;
use super::{cluster, short};
use crate::ecs::scheduler::words;
use crate::ecs::task::StopCode;
use crate::engine::Engine;
use crate::wire::{Answer, ApiError, Args};

pub(super) fn run(engine: &mut Engine, args: &Args) -> Answer {
    let cluster = &cluster(engine, args)?.name;
    let name = args
        .text("task")?
        .ok_or_else(|| ApiError::invalid_parameter("taskId cannot be empty."))?;
    let not_found = || ApiError::invalid_parameter("The referenced task was not found.");
    let key = engine
        .ecs
        .task_ids
        .get(short(name))
        .copied()
        .filter(|key| {
            engine
                .ecs
                .tasks
                .get(key)
                .is_some_and(|task| task.cluster == *cluster)
        })
        .ok_or_else(not_found)?;
    let reason = args.text("reason")?.unwrap_or(words::STOPPED_BY_USER);
    engine.begin_stop(key, StopCode::UserInitiated, reason.to_owned());
    let task = engine.ecs.tasks.get(&key).ok_or_else(not_found)?;
    Ok(json!({ "task": show(engine, task, true) }))
}
