//! RegisterTaskDefinition, DeregisterTaskDefinition.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::answer::set;
use super::definitions::show;
use super::sizes::{fits_fargate, units};
use super::tags::tags_of;
use crate::ecs::Definition;
use crate::ecs::Ecs;
use crate::ecs::definition::ContainerDefinition;
use crate::input::TABLED;
use crate::wire::{Action, Answer, ApiError, Args, Run};
use crate::world::{Between, HealthSpec, LaunchType, LogSpec};

pub(super) const ACTIONS: &[Action<Run<Ecs>>] = &[
    Action {
        name: "RegisterTaskDefinition",
        members: TABLED,
        run: register,
    },
    Action {
        name: "DeregisterTaskDefinition",
        members: TABLED,
        run: deregister,
    },
];

/// source: ECS's own words in reports of its users (Shippable/support#2946 for names,
/// sil-org/ecs-deploy#59 for memory).
fn client(message: impl Into<String>) -> ApiError {
    ApiError::client("ClientException", message)
}

fn pairs(of: &Args, list: &str, value: &str) -> Result<BTreeMap<String, String>, ApiError> {
    let mut all = BTreeMap::new();
    for pair in of.structures(list)? {
        let name = pair.text("name")?.unwrap_or_default().to_owned();
        all.insert(name, pair.text(value)?.unwrap_or_default().to_owned());
    }
    Ok(all)
}

fn log(of: &Args) -> Result<Option<LogSpec>, ApiError> {
    let configuration = of.structure("logConfiguration")?;
    if configuration.text("logDriver")? != Some("awslogs") {
        return Ok(None);
    }
    let options = configuration.structure("options")?;
    let Some(group) = options.text("awslogs-group")? else {
        return Err(client("Log driver awslogs requires options: awslogs-group"));
    };
    let prefix = options.text("awslogs-stream-prefix")?;
    Ok(Some(LogSpec {
        group: group.to_owned(),
        prefix: prefix.unwrap_or_default().to_owned(),
        rate: 0.0,
        lines: Vec::new(),
        ..LogSpec::default()
    }))
}

fn health(of: &Args) -> Result<Option<HealthSpec>, ApiError> {
    if of.get("healthCheck").is_none() {
        return Ok(None);
    }
    let check = of.structure("healthCheck")?;
    let number = |member: &str, default: u32| -> Result<u32, ApiError> {
        let given = check.number(member)?;
        Ok(given.map_or(default, |n| u32::try_from(n).unwrap_or(default)))
    };
    let command = check.texts("command")?;
    Ok(Some(HealthSpec {
        command: command.into_iter().map(str::to_owned).collect(),
        interval: number("interval", 30)?,
        timeout: number("timeout", 5)?,
        retries: number("retries", 3)?,
        start_period: number("startPeriod", 0)?,
        passes: true,
        after: Between::seconds(5, 20),
        fails_after: None,
    }))
}

fn container(of: &Args) -> Result<ContainerDefinition, ApiError> {
    let needed = |member: &str| -> Result<String, ApiError> {
        let given = of.text(member)?.filter(|text| !text.is_empty());
        given
            .map(str::to_owned)
            .ok_or_else(|| client(format!("Container.{member} should not be null or empty.")))
    };
    let ports = of.structures("portMappings")?;
    let port = |member: &str| -> Result<Option<u16>, ApiError> {
        let given = ports
            .first()
            .map(|first| first.number(member))
            .transpose()?;
        Ok(given.flatten().and_then(|n| u16::try_from(n).ok()))
    };
    let mut gpus = 0;
    for resource in of.structures("resourceRequirements")? {
        if resource.text("type")? == Some("GPU") {
            gpus = resource
                .text("value")?
                .and_then(|v| v.parse().ok())
                .unwrap_or(0);
        }
    }
    Ok(ContainerDefinition {
        name: needed("name")?,
        image: needed("image")?,
        essential: of.flag("essential")?.unwrap_or(true),
        port: port("containerPort")?,
        host_port: port("hostPort")?.filter(|port| *port > 0),
        gpus,
        stubborn: false,
        command: of
            .texts("command")?
            .into_iter()
            .map(str::to_owned)
            .collect(),
        env: pairs(of, "environment", "value")?,
        secrets: pairs(of, "secrets", "valueFrom")?,
        log: log(of)?,
        health: health(of)?,
        exits: Vec::new(),
    })
}

fn requires(args: &Args) -> Result<Vec<LaunchType>, ApiError> {
    let mut all = Vec::new();
    for name in args.texts("requiresCompatibilities")? {
        match name {
            "FARGATE" => all.push(LaunchType::Fargate),
            "EC2" => all.push(LaunchType::Ec2),
            // Nothing here runs elsewhere.
            _ => {}
        }
    }
    Ok(all)
}

/// What containers reserve of an instance's memory, in MiB: the soft limit where there is one.
fn reserved(containers: &[Args]) -> Result<u32, ApiError> {
    let mut sum = 0_u32;
    for container in containers {
        let soft = container.number("memoryReservation")?;
        let of = soft.or(container.number("memory")?).unwrap_or_default();
        sum = sum.saturating_add(u32::try_from(of).unwrap_or_default());
    }
    Ok(sum)
}

fn definition(ecs: &Ecs, args: &Args) -> Result<Definition, ApiError> {
    let family = args.text("family")?.unwrap_or_default();
    let valid = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if family.is_empty() || family.len() > 255 || !family.bytes().all(valid) {
        return Err(client("Family contains invalid characters."));
    }
    let given = args.structures("containerDefinitions")?;
    if given.is_empty() {
        return Err(client("Container list cannot be empty."));
    }
    let containers: Vec<ContainerDefinition> =
        given.iter().map(container).collect::<Result<_, _>>()?;
    let mut names = BTreeSet::new();
    if !containers.iter().all(|c| names.insert(c.name.as_str())) {
        return Err(client(
            "Container names must be unique within a Task Definition.",
        ));
    }
    if containers.iter().all(|container| !container.essential) {
        return Err(client(
            "A TaskDefinition must have at least one essential container.",
        ));
    }
    tags_of(args)?;
    let requires = requires(args)?;
    let network_mode = args.text("networkMode")?.unwrap_or("bridge");
    let sum = |member: &str| -> Result<u32, ApiError> {
        let mut sum = 0;
        for container in &given {
            let of = container.number(member)?.unwrap_or_default();
            sum = u32::saturating_add(sum, u32::try_from(of).unwrap_or_default());
        }
        Ok(sum)
    };
    let size = |member: &str| -> Result<Option<u32>, ApiError> {
        let text = args.text(member)?;
        let wrong = || client(format!("Invalid '{member}' setting for task."));
        text.map(|text| units(text).ok_or_else(wrong)).transpose()
    };
    let (cpu, memory) = (size("cpu")?, size("memory")?);
    if memory.is_none() {
        let bare = |c: &&Args| c.get("memory").is_none() && c.get("memoryReservation").is_none();
        if let Some(container) = given.iter().find(bare) {
            return Err(client(format!(
                "Invalid setting for container '{}'. At least one of 'memory' or \
                 'memoryReservation' must be specified.",
                container.text("name")?.unwrap_or_default()
            )));
        }
    }
    if requires.contains(&LaunchType::Fargate) {
        if network_mode != "awsvpc" {
            return Err(client("Fargate only supports network mode 'awsvpc'."));
        }
        if !fits_fargate(cpu.unwrap_or_default(), memory.unwrap_or_default()) {
            return Err(client("No Fargate configuration exists for given values."));
        }
    }
    Ok(Definition {
        family: family.to_owned(),
        revision: 0,
        arn: String::new(),
        active: true,
        cpu: cpu.map_or_else(|| sum("cpu"), Ok)?,
        memory: memory.map_or_else(|| reserved(&given), Ok)?,
        execution_role: args.text("executionRoleArn")?.map(str::to_owned),
        task_role: args.text("taskRoleArn")?.map(str::to_owned),
        registered: ecs.desk.now,
        registered_by: Some(ecs.desk.home.caller.clone()),
        deregistered: None,
        network_mode: network_mode.to_owned(),
        requires,
        attributes: BTreeMap::new(),
        containers,
        tags: args.get("tags").cloned().unwrap_or_else(|| json!([])),
        given: Some(args.value()),
    })
}

pub(super) fn register(ecs: &mut Ecs, args: &Args) -> Answer {
    let fresh = definition(ecs, args)?;
    let fresh = ecs.register_definition(fresh);
    let mut answer = json!({ "taskDefinition": show(ecs, &fresh) });
    set(&mut answer, "tags", fresh.tags.clone());
    Ok(answer)
}

pub(super) fn deregister(ecs: &mut Ecs, args: &Args) -> Answer {
    let name = args.text("taskDefinition")?.unwrap_or_default();
    if !name
        .rsplit('/')
        .next()
        .is_some_and(|name| name.contains(':'))
    {
        return Err(ApiError::invalid_parameter(
            "Invalid revision number. Number: null",
        ));
    }
    let changed = ecs
        .deregister(name)
        .ok_or_else(|| client("Unable to describe task definition."))?;
    Ok(json!({ "taskDefinition": show(ecs, &changed) }))
}
