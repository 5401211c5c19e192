//! The actions of ECS (awsJson 1.1, `AmazonEC2ContainerServiceV20141113`).

mod capacity_providers;
mod clusters;
mod container_instances;
mod definitions;
mod delete_service;
mod deployments;
mod protection;
mod register;
mod revisions;
mod run_task;
mod services;
mod show_service;
mod show_task;
mod stop_task;
mod tasks;
mod update_service;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::clock::Time;
use crate::ecs::service::Network;
use crate::ecs::{Cluster, InstanceKey, ServiceKey};
use crate::engine::Engine;
use crate::engine::random::name_key;
use crate::wire::{Action, ApiError, Args, page};

/// All actions, with the members of their input.
pub(crate) const ACTIONS: &[Action] = &[
    Action {
        name: "ListClusters",
        members: &["nextToken", "maxResults"],
        run: clusters::list,
    },
    Action {
        name: "DescribeClusters",
        members: &["clusters", "include"],
        run: clusters::describe,
    },
    Action {
        name: "ListServices",
        members: &[
            "cluster",
            "nextToken",
            "maxResults",
            "launchType",
            "schedulingStrategy",
            "resourceManagementType",
        ],
        run: services::list,
    },
    Action {
        name: "DescribeServices",
        members: &["cluster", "services", "include"],
        run: services::describe,
    },
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
        run: tasks::list,
    },
    Action {
        name: "DescribeTasks",
        members: &["cluster", "tasks", "include"],
        run: tasks::describe,
    },
    Action {
        name: "DescribeTaskDefinition",
        members: &["taskDefinition", "include"],
        run: definitions::describe,
    },
    Action {
        name: "ListTaskDefinitions",
        members: &["familyPrefix", "status", "sort", "nextToken", "maxResults"],
        run: definitions::list,
    },
    Action {
        name: "ListTaskDefinitionFamilies",
        members: &["familyPrefix", "status", "nextToken", "maxResults"],
        run: definitions::families,
    },
    Action {
        name: "RegisterTaskDefinition",
        members: register::MEMBERS,
        run: register::register,
    },
    Action {
        name: "DeregisterTaskDefinition",
        members: &["taskDefinition"],
        run: register::deregister,
    },
    Action {
        name: "ListContainerInstances",
        members: &["cluster", "filter", "nextToken", "maxResults", "status"],
        run: container_instances::list,
    },
    Action {
        name: "DescribeContainerInstances",
        members: &["cluster", "containerInstances", "include"],
        run: container_instances::describe,
    },
    Action {
        name: "DescribeCapacityProviders",
        members: &[
            "capacityProviders",
            "cluster",
            "include",
            "maxResults",
            "nextToken",
        ],
        run: capacity_providers::describe,
    },
    Action {
        name: "GetTaskProtection",
        members: &["cluster", "tasks"],
        run: protection::get,
    },
    Action {
        name: "UpdateTaskProtection",
        members: &["cluster", "tasks", "protectionEnabled", "expiresInMinutes"],
        run: protection::update,
    },
    Action {
        name: "ListServiceDeployments",
        members: &[
            "service",
            "cluster",
            "status",
            "createdAt",
            "nextToken",
            "maxResults",
        ],
        run: deployments::list,
    },
    Action {
        name: "DescribeServiceDeployments",
        members: &["serviceDeploymentArns"],
        run: deployments::describe,
    },
    Action {
        name: "StopServiceDeployment",
        members: &["serviceDeploymentArn", "stopType"],
        run: deployments::stop,
    },
    Action {
        name: "ContinueServiceDeployment",
        members: &["serviceDeploymentArn", "hookId", "action"],
        run: deployments::go_on,
    },
    Action {
        name: "DescribeServiceRevisions",
        members: &["serviceRevisionArns"],
        run: revisions::describe,
    },
    Action {
        name: "UpdateService",
        members: update_service::MEMBERS,
        run: update_service::run,
    },
    Action {
        name: "DeleteService",
        members: &["cluster", "service", "force"],
        run: delete_service::run,
    },
    Action {
        name: "RunTask",
        members: run_task::MEMBERS,
        run: run_task::run,
    },
    Action {
        name: "StopTask",
        members: &["cluster", "task", "reason"],
        run: stop_task::run,
    },
];

/// The last part of an ARN, or the name itself.
fn short(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// The cluster that a call names; `default` when it names none.
fn cluster<'a>(engine: &'a Engine, args: &Args) -> Result<&'a Cluster, ApiError> {
    let name = args.text("cluster")?.unwrap_or("default");
    find_cluster(engine, name)
        .ok_or_else(|| ApiError::client("ClusterNotFoundException", "Cluster not found."))
}

/// A cluster by name, or by an ARN of this account and region.
fn find_cluster<'a>(engine: &'a Engine, name: &str) -> Option<&'a Cluster> {
    let cluster = engine.ecs.clusters.get(short(name))?;
    (!name.starts_with("arn:") || name == cluster.arn).then_some(cluster)
}

/// A service by name or ARN, in a cluster.
fn find_service(engine: &Engine, cluster: &Cluster, name: &str) -> Option<ServiceKey> {
    let key = *cluster.services.get(short(name))?;
    let service = engine.ecs.service(key)?;
    (!name.starts_with("arn:") || name == service.arn).then_some(key)
}

/// A container instance by id or ARN, in a cluster.
fn find_instance(cluster: &Cluster, name: &str) -> Option<InstanceKey> {
    cluster.instances.get(short(name)).copied()
}

fn service_not_found() -> ApiError {
    ApiError::client("ServiceNotFoundException", "Service not found.")
}

/// The size of a page: between 1 and 100.
fn page_size(args: &Args, default: i64) -> Result<usize, ApiError> {
    match args.number("maxResults")?.unwrap_or(default) {
        size @ 1..=100 => Ok(usize::try_from(size).unwrap_or_default()),
        _ => Err(ApiError::invalid_parameter(
            "maxResults must be between 1 and 100.",
        )),
    }
}

/// What a token is good for: the query that gave it, whatever the size of its pages.
fn query_mark(args: &Args, member: &str) -> String {
    let mut query = args.value();
    if let Some(query) = query.as_object_mut() {
        query.remove("nextToken");
        query.remove("maxResults");
    }
    format!("{:016x}", name_key(&format!("{member}{query}")))
}

/// The key after which the page begins, of the query that answers with `member`.
fn page_begin(args: &Args, member: &str) -> Result<String, ApiError> {
    let token = args.text("nextToken")?;
    let key = page::begin(token)?;
    if token.is_none() {
        return Ok(key);
    }
    key.strip_prefix(&query_mark(args, member))
        .map(str::to_owned)
        .ok_or_else(|| ApiError::invalid_parameter("Invalid token."))
}

/// `{member: items, nextToken?}`
fn paged(args: &Args, member: &str, cut: page::Page<Value>) -> Value {
    let mut answer = json!({ member: cut.items });
    let next = cut.next.as_deref().and_then(page::unseal);
    let token = next.map(|key| page::seal(&format!("{}{key}", query_mark(args, member))));
    set(&mut answer, "nextToken", token.map(Value::String));
    answer
}

fn missing(arn: &str) -> Value {
    json!({ "arn": arn, "reason": "MISSING" })
}

/// Sets members that are there.
fn set(document: &mut Value, member: &str, value: impl Into<Option<Value>>) {
    if let (Some(value), Some(document)) = (value.into(), document.as_object_mut()) {
        document.insert(member.to_owned(), value);
    }
}

fn time(at: Option<Time>) -> Option<Value> {
    at.map(Time::json_seconds)
}

fn tags_json(tags: &BTreeMap<String, String>) -> Value {
    tags.iter()
        .map(|(key, value)| json!({ "key": key, "value": value }))
        .collect()
}

fn network_json(network: &Network) -> Value {
    json!({ "awsvpcConfiguration": {
        "subnets": network.subnets,
        "securityGroups": network.security_groups,
        "assignPublicIp": if network.public_ip { "ENABLED" } else { "DISABLED" },
    }})
}

/// Whether a describe was asked for tags too.
fn wants_tags(args: &Args) -> Result<bool, ApiError> {
    Ok(args.texts("include")?.contains(&"TAGS"))
}

#[cfg(test)]
mod tests;
