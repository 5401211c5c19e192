//! DescribeTaskDefinition, ListTaskDefinitions, ListTaskDefinitionFamilies.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::answer::{page_begin, page_size, paged, set, wants_tags};
use super::choice::one_of;
use super::requirements::{attributes, compatibilities};
use crate::ecs::Definition;
use crate::ecs::Ecs;
use crate::ecs::definition::ContainerDefinition;
use crate::wire::{Action, Answer, ApiError, Args, Run, page};

pub(super) const ACTIONS: &[Action<Run<Ecs>>] = &[
    Action {
        name: "DescribeTaskDefinition",
        members: &["taskDefinition", "include"],
        run: describe,
    },
    Action {
        name: "ListTaskDefinitions",
        members: &["familyPrefix", "status", "sort", "nextToken", "maxResults"],
        run: list,
    },
    Action {
        name: "ListTaskDefinitionFamilies",
        members: &["familyPrefix", "status", "nextToken", "maxResults"],
        run: families,
    },
];

fn pairs(of: &BTreeMap<String, String>, value: &str) -> Value {
    of.iter()
        .map(|(name, content)| json!({ "name": name, value: content }))
        .collect()
}

fn ports(definition: &Definition, container: &ContainerDefinition) -> Vec<Value> {
    let bound = definition.network_mode == "awsvpc" || definition.network_mode == "host";
    let port = container.port.map(|port| {
        let host = container.host_port.unwrap_or(if bound { port } else { 0 });
        json!({ "containerPort": port, "hostPort": host, "protocol": "tcp" })
    });
    port.into_iter().collect()
}

fn container(ecs: &Ecs, definition: &Definition, container: &ContainerDefinition) -> Value {
    let mut shown = json!({
        "name": container.name,
        "image": container.image,
        "cpu": 0,
        "portMappings": ports(definition, container),
        "essential": container.essential,
        "environment": pairs(&container.env, "value"),
        "mountPoints": [],
        "volumesFrom": [],
        "secrets": pairs(&container.secrets, "valueFrom"),
        "systemControls": [],
    });
    if container.gpus > 0 {
        let gpu = json!([{ "type": "GPU", "value": container.gpus.to_string() }]);
        set(&mut shown, "resourceRequirements", gpu);
    }
    if !container.command.is_empty() {
        set(&mut shown, "command", json!(container.command));
    }
    if let Some(log) = &container.log {
        let options = json!({
            "awslogs-group": log.group,
            "awslogs-region": ecs.desk.home.region,
            "awslogs-stream-prefix": log.prefix,
        });
        set(
            &mut shown,
            "logConfiguration",
            json!({ "logDriver": "awslogs", "options": options, "secretOptions": [] }),
        );
    }
    if let Some(check) = &container.health {
        set(
            &mut shown,
            "healthCheck",
            json!({
                "command": check.command,
                "interval": check.interval,
                "timeout": check.timeout,
                "retries": check.retries,
                "startPeriod": check.start_period,
            }),
        );
    }
    shown
}

/// What was registered, completed by what AWS fills in.
fn as_given(given: &Value) -> Value {
    let mut shown = given.clone();
    let Some(members) = shown.as_object_mut() else {
        return shown;
    };
    members.remove("tags");
    for empty in ["volumes", "placementConstraints"] {
        members.entry(empty).or_insert_with(|| json!([]));
    }
    let containers = members
        .get_mut("containerDefinitions")
        .and_then(Value::as_array_mut);
    for container in containers.into_iter().flatten() {
        let Some(container) = container.as_object_mut() else {
            continue;
        };
        container.entry("cpu").or_insert_with(|| json!(0));
        container.entry("essential").or_insert_with(|| json!(true));
        for empty in [
            "portMappings",
            "environment",
            "mountPoints",
            "volumesFrom",
            "systemControls",
        ] {
            container.entry(empty).or_insert_with(|| json!([]));
        }
    }
    shown
}

/// What a world declares, as if it had been registered.
fn as_declared(ecs: &Ecs, definition: &Definition) -> Value {
    let containers: Vec<Value> = definition
        .containers
        .iter()
        .map(|each| container(ecs, definition, each))
        .collect();
    let constraints: Vec<Value> = definition
        .attributes
        .iter()
        .map(|(name, value)| {
            let expression = format!("attribute:{name} == {value}");
            json!({ "type": "memberOf", "expression": expression })
        })
        .collect();
    let requires: Vec<&str> = definition.requires.iter().map(|r| r.name()).collect();
    let mut shown = json!({
        "family": definition.family,
        "containerDefinitions": containers,
        "networkMode": definition.network_mode,
        "volumes": [],
        "placementConstraints": constraints,
        "requiresCompatibilities": requires,
        "runtimePlatform": { "cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX" },
        "cpu": definition.cpu.to_string(),
        "memory": definition.memory.to_string(),
    });
    let role = |role: &Option<String>| role.as_ref().map(|role| json!(role));
    set(&mut shown, "taskRoleArn", role(&definition.task_role));
    set(
        &mut shown,
        "executionRoleArn",
        role(&definition.execution_role),
    );
    shown
}

pub(super) fn show(ecs: &Ecs, definition: &Definition) -> Value {
    let mut shown = match &definition.given {
        Some(given) => as_given(given),
        None => as_declared(ecs, definition),
    };
    let registered_by = definition.registered_by.clone().unwrap_or_else(|| {
        // Who declared it in a world is nobody that calls.
        format!("arn:aws:iam::{}:role/deployer", ecs.desk.home.account)
    });
    let mut put = |member: &str, value: Value| set(&mut shown, member, value);
    put("taskDefinitionArn", json!(definition.arn));
    put("revision", json!(definition.revision));
    let status = if definition.active {
        "ACTIVE"
    } else {
        "INACTIVE"
    };
    put("status", json!(status));
    put("compatibilities", json!(compatibilities(definition)));
    put("registeredAt", definition.registered.json_seconds());
    put("registeredBy", json!(registered_by));
    put("requiresAttributes", attributes(definition));
    set(
        &mut shown,
        "deregisteredAt",
        definition
            .deregistered
            .map(crate::clock::Time::json_seconds),
    );
    shown
}

pub(super) fn describe(ecs: &mut Ecs, args: &Args) -> Answer {
    let name = args
        .text("taskDefinition")?
        .ok_or_else(|| ApiError::client("ClientException", "TaskDefinition cannot be empty."))?;
    let definition = ecs
        .find_definition(name)
        .filter(|definition| !name.starts_with("arn:") || definition.arn == name)
        .ok_or_else(|| {
            ApiError::client("ClientException", "Unable to describe task definition.")
        })?;
    let mut answer = json!({ "taskDefinition": show(ecs, definition) });
    if wants_tags(args)? {
        set(&mut answer, "tags", definition.tags.clone());
    }
    Ok(answer)
}

fn status_wanted(args: &Args) -> Result<Option<bool>, ApiError> {
    match args.text("status")? {
        None | Some("ACTIVE") => Ok(Some(true)),
        Some("INACTIVE") => Ok(Some(false)),
        Some("ALL" | "DELETE_IN_PROGRESS") => Ok(None),
        Some(other) => Err(ApiError::invalid_parameter(format!(
            "Invalid status: {other}"
        ))),
    }
}

pub(super) fn list(ecs: &mut Ecs, args: &Args) -> Answer {
    let size = page_size(args, 100)?;
    let after = page_begin(args, "taskDefinitionArns")?;
    // Here, unlike with families, the prefix is the whole name of a family.
    let family = args.text("familyPrefix")?;
    let active = status_wanted(args)?;
    let mut definitions: Vec<&Definition> = ecs
        .definitions
        .iter()
        .filter(|(name, _)| family.is_none_or(|family| family == name.as_str()))
        .flat_map(|(_, revisions)| revisions.values())
        .map(AsRef::as_ref)
        .filter(|definition| active.is_none_or(|active| active == definition.active))
        .collect();
    if one_of(args, "sort", &["ASC", "DESC"])? == Some("DESC") {
        definitions.reverse();
    }
    let begin = match definitions
        .iter()
        .position(|definition| definition.arn == after)
    {
        Some(at) => at + 1,
        None => 0,
    };
    let arns = definitions
        .into_iter()
        .skip(begin)
        .map(|definition| (definition.arn.clone(), json!(definition.arn)));
    Ok(paged(args, "taskDefinitionArns", page::cut(arns, size)))
}

pub(super) fn families(ecs: &mut Ecs, args: &Args) -> Answer {
    let size = page_size(args, 100)?;
    let after = page_begin(args, "families")?;
    let prefix = args.text("familyPrefix")?.unwrap_or_default();
    // Without a status, families are listed whether active or not.
    let active = match args.text("status")? {
        None => None,
        Some(_) => status_wanted(args)?,
    };
    let families = ecs
        .definitions
        .iter()
        .filter(|(name, _)| name.starts_with(prefix) && **name > after)
        .filter(|(_, revisions)| {
            let any_active = revisions.values().any(|definition| definition.active);
            active.is_none_or(|active| active == any_active)
        })
        .map(|(name, _)| (name.clone(), json!(name)));
    Ok(paged(args, "families", page::cut(families, size)))
}
