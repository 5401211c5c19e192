//! DescribeTaskDefinition, ListTaskDefinitions, ListTaskDefinitionFamilies.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{page_begin, page_size, paged, set, wants_tags};
use crate::ecs::Definition;
use crate::ecs::definition::ContainerDefinition;
use crate::engine::Engine;
use crate::wire::{Answer, ApiError, Args, page};

fn pairs(of: &BTreeMap<String, String>, value: &str) -> Value {
    of.iter()
        .map(|(name, content)| json!({ "name": name, value: content }))
        .collect()
}

fn container(engine: &Engine, container: &ContainerDefinition) -> Value {
    let mut shown = json!({
        "name": container.name,
        "image": container.image,
        "cpu": 0,
        "portMappings": container
            .port
            .iter()
            .map(|port| json!({ "containerPort": port, "hostPort": port, "protocol": "tcp" }))
            .collect::<Vec<_>>(),
        "essential": container.essential,
        "environment": pairs(&container.env, "value"),
        "mountPoints": [],
        "volumesFrom": [],
        "secrets": pairs(&container.secrets, "valueFrom"),
        "systemControls": [],
    });
    if !container.command.is_empty() {
        set(&mut shown, "command", json!(container.command));
    }
    if let Some(log) = &container.log {
        let options = json!({
            "awslogs-group": log.group,
            "awslogs-region": engine.home.region,
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

fn show(engine: &Engine, definition: &Definition) -> Value {
    let mut shown = json!({
        "taskDefinitionArn": definition.arn,
        "containerDefinitions": definition
            .containers
            .iter()
            .map(|each| container(engine, each))
            .collect::<Vec<_>>(),
        "family": definition.family,
        "networkMode": "awsvpc",
        "revision": definition.revision,
        "volumes": [],
        "status": if definition.active { "ACTIVE" } else { "INACTIVE" },
        "requiresAttributes": [
            { "name": "com.amazonaws.ecs.capability.logging-driver.awslogs" },
            { "name": "ecs.capability.task-eni" },
        ],
        "placementConstraints": [],
        "compatibilities": ["EC2", "FARGATE"],
        "requiresCompatibilities": ["FARGATE"],
        "runtimePlatform": { "cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX" },
        "cpu": definition.cpu.to_string(),
        "memory": definition.memory.to_string(),
        "registeredAt": definition.registered.json_seconds(),
        "registeredBy": format!("arn:aws:iam::{}:role/deployer", engine.home.account),
    });
    set(
        &mut shown,
        "taskRoleArn",
        definition.task_role.as_ref().map(|role| json!(role)),
    );
    set(
        &mut shown,
        "executionRoleArn",
        definition.execution_role.as_ref().map(|role| json!(role)),
    );
    shown
}

pub(super) fn describe(engine: &mut Engine, args: &Args) -> Answer {
    let name = args
        .text("taskDefinition")?
        .ok_or_else(|| ApiError::client("ClientException", "TaskDefinition cannot be empty."))?;
    let definition = engine
        .ecs
        .find_definition(name)
        .filter(|definition| !name.starts_with("arn:") || definition.arn == name)
        .ok_or_else(|| {
            ApiError::client("ClientException", "Unable to describe task definition.")
        })?;
    let mut answer = json!({ "taskDefinition": show(engine, definition) });
    if wants_tags(args)? {
        set(&mut answer, "tags", json!([]));
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

pub(super) fn list(engine: &mut Engine, args: &Args) -> Answer {
    let size = page_size(args, 100)?;
    let after = page_begin(args)?;
    // Here, unlike with families, the prefix is the whole name of a family.
    let family = args.text("familyPrefix")?;
    let active = status_wanted(args)?;
    let mut definitions: Vec<&Definition> = engine
        .ecs
        .definitions
        .iter()
        .filter(|(name, _)| family.is_none_or(|family| family == name.as_str()))
        .flat_map(|(_, revisions)| revisions.values())
        .map(AsRef::as_ref)
        .filter(|definition| active.is_none_or(|active| active == definition.active))
        .collect();
    if args.text("sort")? == Some("DESC") {
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
    Ok(paged("taskDefinitionArns", page::cut(arns, size)))
}

pub(super) fn families(engine: &mut Engine, args: &Args) -> Answer {
    let size = page_size(args, 100)?;
    let after = page_begin(args)?;
    let prefix = args.text("familyPrefix")?.unwrap_or_default();
    // Without a status, families are listed whether active or not.
    let active = match args.text("status")? {
        None => None,
        Some(_) => status_wanted(args)?,
    };
    let families = engine
        .ecs
        .definitions
        .iter()
        .filter(|(name, _)| name.starts_with(prefix) && **name > after)
        .filter(|(_, revisions)| {
            let any_active = revisions.values().any(|definition| definition.active);
            active.is_none_or(|active| active == any_active)
        })
        .map(|(name, _)| (name.clone(), json!(name)));
    Ok(paged("families", page::cut(families, size)))
}
