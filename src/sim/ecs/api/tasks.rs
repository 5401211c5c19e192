//! ListTasks, DescribeTasks.

use serde_json::{Value, json};

use super::answer::{page_begin, page_size, paged, wants_tags};
use super::choice::{at_most, one_of};
use super::find::{cluster, find_instance, find_service, missing, service_not_found, task_id};
use super::show_task::show;
use crate::ecs::Ecs;
use crate::ecs::input::LAUNCH_TYPE;
use crate::ecs::{Task, TaskKey};
use crate::wire::{Action, Answer, ApiError, Args, Run, page};

pub(super) const ACTIONS: &[Action<Run<Ecs>>] = &[
    Action {
        name: "ListTasks",
        members: &[
            "cluster",
            "containerInstance",
            "family",
            "nextToken",
            "maxResults",
            "startedBy",
            "serviceName",
            "desiredStatus",
            "launchType",
            "daemonName",
        ],
        run: list,
    },
    Action {
        name: "DescribeTasks",
        members: &["cluster", "tasks", "include"],
        run: describe,
    },
];

/// The most characters of `startedBy` (botocore `ecs`, RunTask).
const STARTED_BY: usize = 128;

const FILTERS: [&str; 4] = ["containerInstance", "family", "serviceName", "daemonName"];

pub(super) fn list(ecs: &mut Ecs, args: &Args) -> Answer {
    let cluster = cluster(ecs, args)?;
    let size = page_size(args, 100)?;
    let after = page_begin(args, "taskArns")?;
    let started_by = at_most(args, "startedBy", STARTED_BY)?;
    if started_by.is_some() && FILTERS.iter().any(|filter| args.get(filter).is_some()) {
        return Err(ApiError::invalid_parameter(
            "startedBy cannot be combined with other filters.",
        ));
    }
    let wanted = match one_of(args, "desiredStatus", &["RUNNING", "PENDING", "STOPPED"])? {
        Some("STOPPED") => false,
        // ECS never sets this desired status, so nothing has it.
        Some("PENDING") => return Ok(json!({ "taskArns": [] })),
        _ => true,
    };
    let launch = one_of(args, "launchType", LAUNCH_TYPE)?;
    let instance = match args.text("containerInstance")? {
        None => None,
        Some(name) => Some(find_instance(cluster, name).ok_or_else(|| {
            ApiError::invalid_parameter("The referenced container instance was not found.")
        })?),
    };
    let family = args.text("family")?;
    let keep = |task: &Task| {
        task.wanted == wanted
            && launch.is_none_or(|launch| launch == task.launch.name())
            && instance.is_none_or(|instance| task.instance == Some(instance))
            && family.is_none_or(|family| family == task.definition.family)
            && started_by.is_none_or(|by| task.started_by.as_deref() == Some(by))
    };
    let keys: Vec<TaskKey> = match args.text("serviceName")? {
        Some(name) => {
            let key = find_service(ecs, cluster, name).ok_or_else(service_not_found)?;
            let service = ecs.service(key).ok_or_else(service_not_found)?;
            service
                .live
                .iter()
                .chain(&service.stopped)
                .copied()
                .collect()
        }
        None => {
            let index = if wanted {
                &cluster.wanted
            } else {
                &cluster.unwanted
            };
            index.range(after.clone()..).map(|(_, key)| *key).collect()
        }
    };
    let mut tasks: Vec<&Task> = keys
        .iter()
        .filter_map(|key| ecs.tasks.get(key))
        .filter(|task| task.id > after && keep(task))
        .collect();
    tasks.sort_by(|a, b| a.id.cmp(&b.id));
    let arns = tasks
        .into_iter()
        .map(|task| (task.id.clone(), json!(task.arn)));
    Ok(paged(args, "taskArns", page::cut(arns, size)))
}

pub(super) fn describe(ecs: &mut Ecs, args: &Args) -> Answer {
    let cluster = cluster(ecs, args)?;
    let names = args.texts("tasks")?;
    if names.is_empty() {
        return Err(ApiError::invalid_parameter("Tasks cannot be empty."));
    }
    if names.len() > 100 {
        return Err(ApiError::invalid_parameter(
            "Tasks cannot have more than 100 elements.",
        ));
    }
    let tags = wants_tags(args)?;
    let (mut tasks, mut failures): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    for name in names {
        let id = task_id(cluster, name)?;
        let found = ecs
            .task_ids
            .get(id)
            .and_then(|key| ecs.tasks.get(key))
            .filter(|task| task.cluster == cluster.name);
        match found {
            Some(task) => tasks.push(show(ecs, task, tags)),
            None => {
                let path = format!("task/{}/{id}", cluster.name);
                failures.push(missing(&ecs.desk.home.arn("ecs", &path)));
            }
        }
    }
    Ok(json!({ "tasks": tasks, "failures": failures }))
}
