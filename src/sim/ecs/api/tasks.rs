//! ListTasks, DescribeTasks.

use serde_json::{Value, json};

use super::answer::{page_begin, page_size, paged, wants_tags};
use super::find::{cluster, find_instance, find_service, missing, service_not_found, short};
use super::show_task::show;
use crate::ecs::Ecs;
use crate::ecs::{Task, TaskKey};
use crate::wire::{Answer, ApiError, Args, page};

const FILTERS: [&str; 4] = ["containerInstance", "family", "serviceName", "daemonName"];

pub(super) fn list(ecs: &mut Ecs, args: &Args) -> Answer {
    let cluster = cluster(ecs, args)?;
    let size = page_size(args, 100)?;
    let after = page_begin(args, "taskArns")?;
    let started_by = args.text("startedBy")?;
    if started_by.is_some() && FILTERS.iter().any(|filter| args.get(filter).is_some()) {
        return Err(ApiError::invalid_parameter(
            "startedBy cannot be combined with other filters.",
        ));
    }
    let wanted = match args.text("desiredStatus")? {
        None | Some("RUNNING") => true,
        Some("STOPPED") => false,
        // ECS never sets this desired status, so nothing has it.
        Some("PENDING") => return Ok(json!({ "taskArns": [] })),
        Some(other) => {
            return Err(ApiError::invalid_parameter(format!(
                "Invalid desiredStatus: {other}"
            )));
        }
    };
    let launch = args.text("launchType")?;
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
        let found = ecs
            .task_ids
            .get(short(name))
            .and_then(|key| ecs.tasks.get(key))
            .filter(|task| task.cluster == cluster.name);
        match found {
            Some(task) => tasks.push(show(ecs, task, tags)),
            None => {
                let path = format!("task/{}/{}", cluster.name, short(name));
                failures.push(missing(&ecs.desk.home.arn("ecs", &path)));
            }
        }
    }
    Ok(json!({ "tasks": tasks, "failures": failures }))
}
