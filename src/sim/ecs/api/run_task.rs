//! RunTask: up to ten tasks, once per client token (ECS_Idempotency).

use serde_json::{Value, json};

use super::answer::set;
use super::choice::at_most;
use super::find::cluster;
use super::show_task::show;
use super::tags::tags_of;
use crate::clock::HOUR;
use crate::ecs::Ecs;
use crate::ecs::scheduler::Launch;
use crate::ecs::service::Network;
use crate::ecs::{CapacityProvider, Definition, RunToken, TaskKey};
use crate::input::TABLED;
use crate::wire::{Action, Answer, ApiError, Args, Run};
use crate::world::LaunchType;

pub(super) const ACTIONS: &[Action<Run<Ecs>>] = &[Action {
    name: "RunTask",
    members: TABLED,
    run,
}];

/// The most characters of `startedBy` (botocore `ecs`, RunTask).
const STARTED_BY: usize = 128;

/// How long a token is remembered at most; it is forgotten an hour after its tasks ended.
///
/// source: developer guide, ECS_Idempotency (24 hours, or the life of the task and an hour,
/// whichever is shorter; other parameters give ConflictException with `resourceIds`).
const TOKEN_LIFE: i64 = 24 * HOUR;

pub(super) fn run(ecs: &mut Ecs, args: &Args) -> Answer {
    let cluster = cluster(ecs, args)?.name.clone();
    let token = client_token(args)?;
    if let Some(token) = token
        && let Some(earlier) = remembered(ecs, &cluster, token)
    {
        return repeat(ecs, args, &earlier);
    }
    let count = match args.number("count")?.unwrap_or(1) {
        count @ 1..=10 => count,
        _ => {
            return Err(ApiError::invalid_parameter(
                "Tasks count must be between 1 and 10.",
            ));
        }
    };
    tags_of(args)?;
    let launch = launch(ecs, args, cluster.clone())?;
    let (mut tasks, mut failures) = (Vec::new(), Vec::new());
    for _ in 0..count {
        match ecs.place(&launch) {
            Ok(instance) => {
                let placed = Launch {
                    instance,
                    ..launch.clone()
                };
                tasks.push(ecs.launch(placed));
            }
            Err(refusal) if refusal.empty => {
                return Err(ApiError::invalid_parameter(
                    "No Container Instances were found in your cluster.",
                ));
            }
            // Each instance says once why it takes no more of them.
            Err(refusal) => {
                failures.extend(refusal.failures);
                break;
            }
        }
    }
    if let Some(token) = token
        && !tasks.is_empty()
    {
        let used = RunToken {
            request: args.value(),
            tasks: tasks.clone(),
            used: ecs.desk.now,
        };
        ecs.tokens.insert((cluster, token.to_owned()), used);
    }
    let mut answer = answer(ecs, &tasks);
    let failures: Vec<Value> = failures.into_iter().map(failure).collect();
    set(&mut answer, "failures", json!(failures));
    Ok(answer)
}

fn failure((arn, reason): (Option<String>, String)) -> Value {
    let mut shown = json!({ "reason": reason });
    set(&mut shown, "arn", arn.map(Value::String));
    shown
}

fn answer(ecs: &Ecs, tasks: &[TaskKey]) -> Value {
    let tasks: Vec<Value> = tasks
        .iter()
        .filter_map(|key| ecs.tasks.get(key))
        .map(|task| show(ecs, task, true))
        .collect();
    json!({ "tasks": tasks, "failures": [] })
}

fn client_token(args: &Args) -> Result<Option<&str>, ApiError> {
    let token = args.text("clientToken")?;
    let valid = |token: &str| token.len() <= 64 && token.bytes().all(|b| (33..=126).contains(&b));
    match token {
        Some(token) if !valid(token) => Err(ApiError::invalid_parameter(
            "clientToken must have at most 64 characters, from ASCII 33 to 126.",
        )),
        token => Ok(token),
    }
}

/// What a token was used for, while it is remembered.
fn remembered(ecs: &mut Ecs, cluster: &str, token: &str) -> Option<RunToken> {
    let now = ecs.desk.now;
    let tasks = &ecs.tasks;
    // Tasks are forgotten an hour after they stopped, and the token with the last of them.
    ecs.tokens.retain(|_, token| {
        now - token.used < TOKEN_LIFE && token.tasks.iter().any(|key| tasks.contains_key(key))
    });
    let key = (cluster.to_owned(), token.to_owned());
    ecs.tokens.get(&key).cloned()
}

fn repeat(ecs: &Ecs, args: &Args, earlier: &RunToken) -> Answer {
    if earlier.request == args.value() {
        return Ok(answer(ecs, &earlier.tasks));
    }
    let ids: Vec<&str> = earlier
        .tasks
        .iter()
        .filter_map(|key| ecs.tasks.get(key))
        .map(|task| task.arn.as_str())
        .collect();
    let message = "The request uses a client token that was used with other parameters.";
    Err(ApiError::client("ConflictException", message).with("resourceIds", json!(ids)))
}

fn launch(ecs: &Ecs, args: &Args, cluster: String) -> Result<Launch, ApiError> {
    let name = args.text("taskDefinition")?.unwrap_or_default();
    let definition = ecs
        .find_definition(name)
        .cloned()
        .ok_or_else(|| ApiError::client("ClientException", "TaskDefinition not found."))?;
    if !definition.active {
        return Err(ApiError::client(
            "ClientException",
            "TaskDefinition is inactive",
        ));
    }
    let strategy = args.structures("capacityProviderStrategy")?;
    if args.get("launchType").is_some() && !strategy.is_empty() {
        return Err(ApiError::invalid_parameter(
            "Specifying both a launch type and capacity provider strategy is not supported. \
             Remove one and try again.",
        ));
    }
    let (kind, provider) = capacity(ecs, args, &cluster, &definition, &strategy)?;
    let network = network(args, &definition)?;
    let overrides = overrides(args, &definition)?;
    Ok(Launch {
        cluster,
        group: args
            .text("group")?
            .map_or_else(|| format!("family:{}", definition.family), str::to_owned),
        definition,
        owner: None,
        started_by: at_most(args, "startedBy", STARTED_BY)?.map(str::to_owned),
        network,
        overrides,
        tags: args.get("tags").cloned().unwrap_or_default(),
        execute_command: args.flag("enableExecuteCommand")?.unwrap_or_default(),
        launch: kind,
        provider,
        instance: None,
        one_each: false,
    })
}

/// Where the tasks are to run: as the call says, else by the cluster's default strategy,
/// else as the task definition requires.
fn capacity(
    ecs: &Ecs,
    args: &Args,
    cluster: &str,
    definition: &Definition,
    strategy: &[Args],
) -> Result<(LaunchType, Option<String>), ApiError> {
    let providers = &ecs.providers;
    let named = match strategy.first() {
        Some(first) => first.text("capacityProvider")?.map(str::to_owned),
        None if args.get("launchType").is_some() => None,
        None => {
            let default = |p: &&CapacityProvider| p.default && p.cluster == cluster;
            let found = providers.values().find(default);
            found.map(|provider| provider.name.clone())
        }
    };
    let kind = match (named.as_deref(), args.text("launchType")?) {
        (Some("FARGATE" | "FARGATE_SPOT"), _) | (None, Some("FARGATE")) => LaunchType::Fargate,
        (None, Some(_)) => LaunchType::Ec2,
        (Some(name), _) => {
            if providers.get(name).is_none_or(|p| p.cluster != cluster) {
                let what = format!("The specified capacity provider {name} was not found.");
                return Err(ApiError::invalid_parameter(what));
            }
            LaunchType::Ec2
        }
        (None, None) if definition.requires.contains(&LaunchType::Fargate) => LaunchType::Fargate,
        (None, None) => LaunchType::Ec2,
    };
    let required = &definition.requires;
    if !required.is_empty() && !required.contains(&kind) && kind == LaunchType::Fargate {
        return Err(ApiError::invalid_parameter(
            "Task definition does not support launch_type FARGATE.",
        ));
    }
    Ok((kind, named))
}

/// The network, which tasks of the network mode `awsvpc` need and others must not have.
fn network(args: &Args, definition: &Definition) -> Result<Network, ApiError> {
    let configuration = args.structure("networkConfiguration")?;
    let network = network_of(&configuration)?;
    match (network, definition.network_mode == "awsvpc") {
        (Some(network), true) => Ok(network),
        (None, false) => Ok(Network::default()),
        (None, true) => Err(ApiError::invalid_parameter(
            "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
        )),
        (Some(_), false) => Err(ApiError::invalid_parameter(
            "Network Configuration is not valid for the given networkMode of this task definition.",
        )),
    }
}

/// A network configuration; none when it is empty.
pub(super) fn network_of(configuration: &Args) -> Result<Option<Network>, ApiError> {
    if configuration.get("awsvpcConfiguration").is_none() {
        return Ok(None);
    }
    let vpc = configuration.structure("awsvpcConfiguration")?;
    let texts = |member: &str| -> Result<Vec<String>, ApiError> {
        Ok(vpc.texts(member)?.into_iter().map(str::to_owned).collect())
    };
    let network = Network {
        subnets: texts("subnets")?,
        security_groups: texts("securityGroups")?,
        public_ip: vpc.text("assignPublicIp")? == Some("ENABLED"),
    };
    if network.subnets.is_empty() {
        return Err(ApiError::invalid_parameter("subnets can not be empty."));
    }
    Ok(Some(network))
}

fn overrides(args: &Args, definition: &Definition) -> Result<Value, ApiError> {
    let Some(overrides) = args.get("overrides") else {
        return Ok(Value::Null);
    };
    if overrides.to_string().chars().count() > 8_192 {
        return Err(ApiError::invalid_parameter(
            "Overrides cannot be longer than 8192 characters.",
        ));
    }
    let given = args.structure("overrides")?;
    for container in given.structures("containerOverrides")? {
        let name = container.text("name")?.unwrap_or_default();
        if definition.containers.iter().all(|c| c.name != name) {
            return Err(ApiError::invalid_parameter(format!(
                "Override for container named {name} is not a container in the TaskDefinition."
            )));
        }
    }
    let mut overrides = json!({ "containerOverrides": [], "inferenceAcceleratorOverrides": [] });
    if let (Some(into), Value::Object(given)) = (overrides.as_object_mut(), given.value()) {
        into.extend(given);
    }
    Ok(overrides)
}
