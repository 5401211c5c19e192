//! TagResource and ListTagsForResource, of clusters, services, tasks and task definitions.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::answer::tags_json;
use super::find::find_cluster;
use crate::ecs::{Ecs, ServiceKey, TaskKey};
use crate::input::TABLED;
use crate::wire::{Action, Answer, ApiError, Args, Run};

pub(super) const ACTIONS: &[Action<Run<Ecs>>] = &[
    Action {
        name: "TagResource",
        members: TABLED,
        run: tag,
    },
    Action {
        name: "ListTagsForResource",
        members: &["resourceArn"],
        run: list,
    },
];

/// The most tags of a resource (botocore `ecs`, Tags).
const MOST: usize = 50;

/// What an ARN names.
enum Resource {
    Cluster(String),
    Service(ServiceKey),
    Task(TaskKey),
    Definition(String),
}

/// The tags that a call gives.
pub(super) fn tags_of(args: &Args) -> Result<BTreeMap<String, String>, ApiError> {
    let mut tags = BTreeMap::new();
    for tag in args.structures("tags")? {
        let (key, value) = (tag.text("key")?, tag.text("value")?);
        let (key, value) = (key.unwrap_or_default(), value.unwrap_or_default());
        // It is kept for AWS's own (botocore `ecs`, TagResource, in words).
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(ApiError::invalid_parameter(format!(
                "The tag {key} is not valid: its key begins with aws:."
            )));
        }
        tags.insert(key.to_owned(), value.to_owned());
    }
    few(tags.len())?;
    Ok(tags)
}

fn few(count: usize) -> Result<(), ApiError> {
    if count > MOST {
        return Err(ApiError::invalid_parameter(format!(
            "A resource can have at most {MOST} tags."
        )));
    }
    Ok(())
}

fn find(ecs: &Ecs, args: &Args) -> Result<Resource, ApiError> {
    let arn = args.text("resourceArn")?.unwrap_or_default();
    let missing =
        || ApiError::invalid_parameter(format!("The specified resource could not be found: {arn}"));
    let (kind, path) = arn
        .splitn(6, ':')
        .nth(5)
        .filter(|_| arn.starts_with("arn:"))
        .and_then(|resource| resource.split_once('/'))
        .ok_or_else(|| ApiError::invalid_parameter("Invalid identifier: not an ARN."))?;
    let last = path.rsplit('/').next().unwrap_or(path);
    let found = match kind {
        "cluster" => find_cluster(ecs, arn).map(|found| Resource::Cluster(found.name.clone())),
        "service" => path
            .split_once('/')
            .and_then(|(cluster, name)| ecs.find_service(cluster, name))
            .filter(|key| ecs.service(*key).is_some_and(|found| found.arn == arn))
            .map(Resource::Service),
        "task" => {
            let key = ecs.task_ids.get(last).copied();
            key.filter(|key| ecs.tasks.get(key).is_some_and(|task| task.arn == arn))
                .map(Resource::Task)
        }
        "task-definition" => ecs
            .find_definition(last)
            .filter(|definition| definition.arn == arn)
            .map(|definition| Resource::Definition(definition.name())),
        _ => None,
    };
    found.ok_or_else(missing)
}

/// Tags in the form that a task or a task definition keeps them, as a map.
fn as_map(tags: &Value) -> BTreeMap<String, String> {
    let text = |tag: &Value, member: &str| Some(tag.get(member)?.as_str()?.to_owned());
    let tags = tags.as_array().into_iter().flatten();
    tags.filter_map(|tag| Some((text(tag, "key")?, text(tag, "value").unwrap_or_default())))
        .collect()
}

fn present(ecs: &Ecs, resource: &Resource) -> BTreeMap<String, String> {
    match resource {
        Resource::Cluster(name) => ecs.clusters.get(name).map(|found| found.tags.clone()),
        Resource::Service(key) => ecs.service(*key).map(|found| found.tags.clone()),
        Resource::Task(key) => ecs.tasks.get(key).map(|task| as_map(&task.tags)),
        Resource::Definition(name) => ecs.find_definition(name).map(|found| as_map(&found.tags)),
    }
    .unwrap_or_default()
}

pub(super) fn list(ecs: &mut Ecs, args: &Args) -> Answer {
    let resource = find(ecs, args)?;
    Ok(json!({ "tags": tags_json(&present(ecs, &resource)) }))
}

pub(super) fn tag(ecs: &mut Ecs, args: &Args) -> Answer {
    let resource = find(ecs, args)?;
    let mut tags = present(ecs, &resource);
    tags.extend(tags_of(args)?);
    few(tags.len())?;
    match resource {
        Resource::Cluster(name) => {
            if let Some(cluster) = ecs.clusters.get_mut(&name) {
                cluster.tags = tags;
            }
        }
        Resource::Service(key) => {
            if let Some(service) = ecs.service_mut(key) {
                service.tags = tags;
            }
        }
        Resource::Task(key) => {
            if let Some(task) = ecs.tasks.get_mut(&key) {
                task.tags = tags_json(&tags);
            }
        }
        Resource::Definition(name) => {
            let found = ecs
                .find_definition(&name)
                .map(|found| found.as_ref().clone());
            if let Some(mut definition) = found {
                definition.tags = tags_json(&tags);
                let family = ecs
                    .definitions
                    .entry(definition.family.clone())
                    .or_default();
                family.insert(definition.revision, Arc::new(definition));
            }
        }
    }
    Ok(json!({}))
}
