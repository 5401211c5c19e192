//! GetTaskProtection, UpdateTaskProtection.

use serde_json::{Value, json};

use super::answer::set;
use super::find::{cluster, missing, task_id};
use crate::clock::{MINUTE, SECOND};
use crate::ecs::Ecs;
use crate::ecs::{Task, TaskKey};
use crate::input::TABLED;
use crate::wire::{Action, Answer, ApiError, Args, Run};

pub(super) const ACTIONS: &[Action<Run<Ecs>>] = &[
    Action {
        name: "GetTaskProtection",
        members: &["cluster", "tasks"],
        run: get,
    },
    Action {
        name: "UpdateTaskProtection",
        members: TABLED,
        run: update,
    },
];

/// For how long, where a call does not say, and at most (UpdateTaskProtection).
const DEFAULT_MINUTES: i64 = 120;
const MOST_MINUTES: i64 = 2_880;

fn show(ecs: &Ecs, task: &Task) -> Value {
    let until = task.protected.filter(|until| *until > ecs.desk.now);
    let mut shown = json!({ "taskArn": task.arn, "protectionEnabled": until.is_some() });
    let until = until.map(crate::clock::Time::json_seconds);
    set(&mut shown, "expirationDate", until);
    shown
}

/// The tasks that a call names: those that can be protected, and why others cannot.
fn named(ecs: &Ecs, args: &Args, most: usize) -> Result<(Vec<TaskKey>, Vec<Value>), ApiError> {
    let cluster = cluster(ecs, args)?;
    let names = args.texts("tasks")?;
    if names.is_empty() || names.len() > most {
        let what = format!("Tasks must have between 1 and {most} elements.");
        return Err(ApiError::invalid_parameter(what));
    }
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    for name in names {
        let id = task_id(cluster, name)?;
        let task = ecs
            .task_ids
            .get(id)
            .and_then(|key| ecs.tasks.get(key))
            .filter(|task| task.cluster == cluster.name);
        match task {
            Some(task) if task.owner.is_some() && task.wanted => found.push(task.key),
            Some(task) => failures.push(json!({
                "arn": task.arn,
                "reason": "TASK_NOT_VALID",
                "detail": "Task protection is only supported for running tasks of a service.",
            })),
            None => {
                let path = format!("task/{}/{id}", cluster.name);
                failures.push(missing(&ecs.desk.home.arn("ecs", &path)));
            }
        }
    }
    Ok((found, failures))
}

fn answer(ecs: &Ecs, tasks: &[TaskKey], failures: Vec<Value>) -> Value {
    let shown: Vec<Value> = tasks
        .iter()
        .filter_map(|key| ecs.tasks.get(key))
        .map(|task| show(ecs, task))
        .collect();
    json!({ "protectedTasks": shown, "failures": failures })
}

pub(super) fn get(ecs: &mut Ecs, args: &Args) -> Answer {
    let (tasks, failures) = named(ecs, args, 100)?;
    Ok(answer(ecs, &tasks, failures))
}

pub(super) fn update(ecs: &mut Ecs, args: &Args) -> Answer {
    let (tasks, failures) = named(ecs, args, 10)?;
    let enabled = args.flag("protectionEnabled")?.unwrap_or_default();
    let minutes = match args.number("expiresInMinutes")? {
        None => DEFAULT_MINUTES,
        Some(minutes @ 1..=MOST_MINUTES) => minutes,
        Some(_) => {
            return Err(ApiError::invalid_parameter(
                "expiresInMinutes must be between 1 and 2880.",
            ));
        }
    };
    let until = enabled.then(|| ecs.desk.now + minutes * MINUTE);
    for key in &tasks {
        let Some(task) = ecs.tasks.get_mut(key) else {
            continue;
        };
        task.protected = until;
        if let Some((service, _)) = task.owner {
            ecs.plan_reconcile(service, SECOND);
        }
    }
    Ok(answer(ecs, &tasks, failures))
}
