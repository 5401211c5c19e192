//! ListContainerInstances, DescribeContainerInstances.

use serde_json::{Value, json};

use super::answer::{page_begin, page_size, paged, set};
use super::choice::one_of;
use super::find::{cluster, find_instance, missing, short};
use crate::ecs::Ecs;
use crate::ecs::capacity::{Amount, InstanceStatus};
use crate::ecs::{ContainerInstance, Task};
use crate::wire::{Action, Answer, ApiError, Args, Run, page};

pub(super) const ACTIONS: &[Action<Run<Ecs>>] = &[
    Action {
        name: "ListContainerInstances",
        members: &["cluster", "filter", "nextToken", "maxResults", "status"],
        run: list,
    },
    Action {
        name: "DescribeContainerInstances",
        members: &["cluster", "containerInstances", "include"],
        run: describe,
    },
];

/// The states of a container instance (botocore `ecs`, ContainerInstanceStatus).
const STATUSES: &[&str] = &[
    "ACTIVE",
    "DRAINING",
    "REGISTERING",
    "DEREGISTERING",
    "REGISTRATION_FAILED",
];

pub(super) fn list(ecs: &mut Ecs, args: &Args) -> Answer {
    let cluster = cluster(ecs, args)?;
    let size = page_size(args, 100)?;
    let after = page_begin(args, "containerInstanceArns")?;
    let status = one_of(args, "status", STATUSES)?;
    if args.get("filter").is_some() {
        let why = "The cluster query language is not simulated.";
        return Err(ApiError::invalid_parameter(why));
    }
    let shown = |instance: &ContainerInstance| match status {
        // Without a status all but INACTIVE ones are listed.
        None => instance.status != InstanceStatus::Inactive,
        Some(status) => instance.status.name() == status,
    };
    let instances = cluster
        .instances
        .range(after.clone()..)
        .filter(|(id, _)| **id > after)
        .filter_map(|(id, key)| Some((id, ecs.instance(*key)?)))
        .filter(|(_, instance)| shown(instance))
        .map(|(id, instance)| (id.clone(), json!(instance.arn)));
    Ok(paged(
        args,
        "containerInstanceArns",
        page::cut(instances, size),
    ))
}

pub(super) fn describe(ecs: &mut Ecs, args: &Args) -> Answer {
    let cluster = cluster(ecs, args)?;
    let names = args.texts("containerInstances")?;
    if names.is_empty() {
        return Err(ApiError::invalid_parameter(
            "Container instances cannot be empty.",
        ));
    }
    if names.len() > 100 {
        return Err(ApiError::invalid_parameter(
            "Container instances cannot have more than 100 elements.",
        ));
    }
    let health = args
        .texts("include")?
        .contains(&"CONTAINER_INSTANCE_HEALTH");
    let (mut instances, mut failures) = (Vec::new(), Vec::new());
    for name in names {
        let found = find_instance(cluster, name).and_then(|key| ecs.instance(key));
        match found {
            Some(instance) => instances.push(show(ecs, instance, health)),
            None => {
                let path = format!("container-instance/{}/{}", cluster.name, short(name));
                failures.push(missing(&ecs.desk.home.arn("ecs", &path)));
            }
        }
    }
    Ok(json!({ "containerInstances": instances, "failures": failures }))
}

fn resources(amount: Amount, ports: &[u16]) -> Value {
    let ports: Vec<String> = ports.iter().map(u16::to_string).collect();
    let gpus: Vec<String> = (0..amount.gpus).map(|n| format!("GPU-{n}")).collect();
    let integer = |name: &str, value: u32| {
        json!({
            "name": name, "type": "INTEGER", "doubleValue": 0.0, "longValue": 0,
            "integerValue": value,
        })
    };
    let set = |name: &str, values: Vec<String>| {
        json!({
            "name": name, "type": "STRINGSET", "doubleValue": 0.0, "longValue": 0,
            "integerValue": 0, "stringSetValue": values,
        })
    };
    let mut all = vec![
        integer("CPU", amount.cpu),
        integer("MEMORY", amount.memory),
        set("PORTS", ports),
        set("PORTS_UDP", Vec::new()),
    ];
    if !gpus.is_empty() {
        all.push(set("GPU", gpus));
    }
    Value::Array(all)
}

fn show(ecs: &Ecs, instance: &ContainerInstance, health: bool) -> Value {
    let left = Amount {
        cpu: instance.total.cpu.saturating_sub(instance.used.cpu),
        memory: instance.total.memory.saturating_sub(instance.used.memory),
        gpus: instance.total.gpus.saturating_sub(instance.used.gpus),
    };
    let ports: Vec<u16> = instance.ports.iter().copied().collect();
    let tasks = || {
        let keys = instance.tasks.iter();
        keys.filter_map(|key| ecs.tasks.get(key))
    };
    let attributes: Vec<Value> = instance
        .attributes
        .iter()
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    let mut shown = json!({
        "containerInstanceArn": instance.arn,
        "ec2InstanceId": instance.ec2,
        "version": instance.version,
        "versionInfo": {
            "agentVersion": "1.94.0",
            "agentHash": "5d6cf9a2",
            "dockerVersion": "DockerVersion: 25.0.8",
        },
        "remainingResources": resources(left, &ports),
        "registeredResources": resources(instance.total, &[22, 2375, 2376, 51678, 51679]),
        "status": instance.status.name(),
        "agentConnected": instance.connected,
        "runningTasksCount": tasks().filter(|task| task.running()).count(),
        "pendingTasksCount": tasks().filter(|task| Task::pending(task)).count(),
        "attributes": attributes,
        "registeredAt": instance.registered.json_seconds(),
        "attachments": [],
        "tags": [],
    });
    set(
        &mut shown,
        "capacityProviderName",
        instance.provider.as_ref().map(|name| json!(name)),
    );
    if health {
        let status = if instance.connected { "OK" } else { "IMPAIRED" };
        let detail = json!({ "type": "AGENT_CONNECTIVITY", "status": status });
        set(
            &mut shown,
            "healthStatus",
            json!({ "overallStatus": status, "details": [detail] }),
        );
    }
    shown
}
