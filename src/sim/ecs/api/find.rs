//! How what a call names is found: by name, by id or by ARN.

use serde_json::{Value, json};

use crate::ecs::{Cluster, Ecs, InstanceKey, ServiceKey};
use crate::wire::{ApiError, Args};

/// The last part of an ARN, or the name itself.
pub(super) fn short(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// The cluster that a call names; `default` when it names none.
pub(super) fn cluster<'a>(ecs: &'a Ecs, args: &Args) -> Result<&'a Cluster, ApiError> {
    let name = args.text("cluster")?.unwrap_or("default");
    find_cluster(ecs, name)
        .ok_or_else(|| ApiError::client("ClusterNotFoundException", "Cluster not found."))
}

/// A cluster by name, or by an ARN of this account and region.
pub(super) fn find_cluster<'a>(ecs: &'a Ecs, name: &str) -> Option<&'a Cluster> {
    let cluster = ecs.clusters.get(short(name))?;
    (!name.starts_with("arn:") || name == cluster.arn).then_some(cluster)
}

/// A service by name or ARN, in a cluster.
pub(super) fn find_service(ecs: &Ecs, cluster: &Cluster, name: &str) -> Option<ServiceKey> {
    let key = *cluster.services.get(short(name))?;
    let service = ecs.service(key)?;
    (!name.starts_with("arn:") || name == service.arn).then_some(key)
}

/// A container instance by id or ARN, in a cluster.
pub(super) fn find_instance(cluster: &Cluster, name: &str) -> Option<InstanceKey> {
    cluster.instances.get(short(name)).copied()
}

pub(super) fn service_not_found() -> ApiError {
    ApiError::client("ServiceNotFoundException", "Service not found.")
}

pub(super) fn missing(arn: &str) -> Value {
    json!({ "arn": arn, "reason": "MISSING" })
}

/// The id of a task that a call names by id or by ARN.
///
/// source: ECS's own words in reports of its users ("taskId length should be one of
/// [32,36]", aws/aws-cli#10057; "Identifier is for cluster …").
pub(super) fn task_id<'a>(cluster: &Cluster, name: &'a str) -> Result<&'a str, ApiError> {
    let wrong = |what: String| Err(ApiError::invalid_parameter(what));
    let id = match name.split_once(":task/") {
        None if name.contains(['/', ':']) => {
            return wrong("Invalid identifier: Unexpected number of separators".to_owned());
        }
        None => name,
        Some((_, path)) => match path.split('/').collect::<Vec<_>>()[..] {
            [id] => id,
            [named, id] if named == cluster.name => id,
            [named, _] => {
                return wrong(format!(
                    "Invalid identifier: Identifier is for cluster {named}. Your cluster is {}",
                    cluster.name
                ));
            }
            _ => return wrong("Invalid identifier: Unexpected number of separators".to_owned()),
        },
    };
    match id.len() {
        32 | 36 => Ok(id),
        _ => wrong("taskId length should be one of [32,36]".to_owned()),
    }
}
