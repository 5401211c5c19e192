//! CreateService: a service, with its first deployment.

use std::collections::{BTreeSet, VecDeque};

use serde_json::json;

use super::find::cluster;
use super::run_task::network_of;
use super::service_settings::{Changes, active_definition, desired};
use super::show_service::show;
use super::tags::tags_of;
use crate::ecs::service::{Balancer, Network, Notices, Settings};
use crate::ecs::{Definition, Ecs, Service, ServiceKey};
use crate::input::TABLED;
use crate::wire::{Action, Answer, ApiError, Args, Run};
use crate::world::{BreakerSpec, Controller, LaunchType, Strategy};

pub(super) const ACTIONS: &[Action<Run<Ecs>>] = &[Action {
    name: "CreateService",
    members: TABLED,
    run,
}];

/// The longest name of a service (botocore `ecs`, CreateServiceRequest).
const LONGEST: usize = 255;

/// What a service has that says nothing of it (botocore `ecs`, DeploymentConfiguration).
fn defaults(daemon: bool) -> Settings {
    Settings {
        min_percent: if daemon { 0 } else { 100 },
        max_percent: if daemon { 100 } else { 200 },
        breaker: BreakerSpec::default(),
        alarms: None,
        strategy: Strategy::Rolling,
        bake_minutes: 0,
        hooks: Vec::new(),
        grace: 0,
    }
}

fn name_of(args: &Args) -> Result<&str, ApiError> {
    let name = args.text("serviceName")?.unwrap_or_default();
    let valid = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if name.is_empty() || name.len() > LONGEST || !name.bytes().all(valid) {
        return Err(ApiError::invalid_parameter(
            "Service name must have between 1 and 255 letters, numbers, hyphens and underscores.",
        ));
    }
    Ok(name)
}

fn balancers(ecs: &Ecs, args: &Args, definition: &Definition) -> Result<Vec<Balancer>, ApiError> {
    let mut balancers = Vec::new();
    for given in args.structures("loadBalancers")? {
        let arn = given.text("targetGroupArn")?.unwrap_or_default();
        let group = ecs.signals.groups.values().find(|group| group.arn == arn);
        let group = group.ok_or_else(|| {
            ApiError::invalid_parameter(format!(
                "The target group with targetGroupArn {arn} does not exist."
            ))
        })?;
        let container = given.text("containerName")?.unwrap_or_default();
        let port = given.number("containerPort")?.unwrap_or_default();
        let known = definition.containers.iter().find(|c| c.name == container);
        let known = known.ok_or_else(|| {
            ApiError::invalid_parameter(format!(
                "The container {container} does not exist in the task definition."
            ))
        })?;
        let port = u16::try_from(port).unwrap_or_default();
        if known.port != Some(port) {
            return Err(ApiError::invalid_parameter(format!(
                "The container {container} did not have a container port {port} defined."
            )));
        }
        balancers.push(Balancer {
            group: group.spec.name.clone(),
            arn: group.arn.clone(),
            container: container.to_owned(),
            port,
        });
    }
    Ok(balancers)
}

/// The launch type, and the first capacity provider of the strategy.
fn capacity(
    ecs: &Ecs,
    args: &Args,
    cluster: &str,
) -> Result<(LaunchType, Option<String>), ApiError> {
    let launch = args.text("launchType")?;
    let strategy = args.structures("capacityProviderStrategy")?;
    let Some(first) = strategy.first() else {
        return Ok(match launch {
            Some("FARGATE") => (LaunchType::Fargate, None),
            _ => (LaunchType::Ec2, None),
        });
    };
    if launch.is_some() {
        return Err(ApiError::invalid_parameter(
            "Specifying both a launch type and capacity provider strategy is not supported. \
             Remove one and try again.",
        ));
    }
    let name = first.text("capacityProvider")?.unwrap_or_default();
    if matches!(name, "FARGATE" | "FARGATE_SPOT") {
        return Ok((LaunchType::Fargate, Some(name.to_owned())));
    }
    if ecs.providers.get(name).is_none_or(|p| p.cluster != cluster) {
        return Err(ApiError::invalid_parameter(format!(
            "The specified capacity provider {name} was not found."
        )));
    }
    Ok((LaunchType::Ec2, Some(name.to_owned())))
}

fn network(args: &Args, definition: &Definition) -> Result<Network, ApiError> {
    let given = network_of(&args.structure("networkConfiguration")?)?;
    match (given, definition.network_mode == "awsvpc") {
        (None, true) => Err(ApiError::invalid_parameter(
            "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
        )),
        (Some(_), false) => Err(ApiError::invalid_parameter(
            "Network Configuration is not valid for the given networkMode of this task definition.",
        )),
        (given, _) => Ok(given.unwrap_or_default()),
    }
}

/// The service that a call asks for. What it needs of ECS has been checked.
fn fresh(ecs: &Ecs, args: &Args, definition: &Definition) -> Result<Service, ApiError> {
    let cluster = cluster(ecs, args)?.name.clone();
    let name = name_of(args)?.to_owned();
    let strategy = args.text("schedulingStrategy")?;
    let daemon = strategy == Some("DAEMON");
    let wanted = desired(args, daemon)?;
    if wanted.is_none() && !daemon {
        return Err(ApiError::invalid_parameter(
            "Desired count cannot be empty.",
        ));
    }
    let controller = args.structure("deploymentController")?;
    let controller = match controller.text("type")? {
        Some("CODE_DEPLOY") => Controller::CodeDeploy,
        Some("EXTERNAL") => Controller::External,
        _ => Controller::Ecs,
    };
    let changes = Changes::of(args, &defaults(daemon))?;
    let (launch, provider) = capacity(ecs, args, &cluster)?;
    let resource = format!("service/{cluster}/{name}");
    Ok(Service {
        key: ServiceKey(ecs.services.len()),
        arn: ecs.desk.home.arn("ecs", &resource),
        name,
        cluster,
        active: true,
        first: None,
        daemon,
        desired: wanted.unwrap_or_default(),
        settings: changes.settings,
        controller,
        launch,
        provider,
        balancers: balancers(ecs, args, definition)?,
        network: network(args, definition)?,
        execute_command: changes.execute_command.unwrap_or_default(),
        created: ecs.desk.now,
        tags: tags_of(args)?,
        deployments: Vec::new(),
        revisions: Vec::new(),
        history: Vec::new(),
        events: VecDeque::new(),
        live: BTreeSet::new(),
        stopped: BTreeSet::new(),
        notices: Notices::default(),
    })
}

pub(super) fn run(ecs: &mut Ecs, args: &Args) -> Answer {
    let definition = args
        .text("taskDefinition")?
        .ok_or_else(|| ApiError::client("ClientException", "TaskDefinition cannot be empty."))?;
    let definition = active_definition(ecs, definition)?;
    let service = fresh(ecs, args, &definition)?;
    let there = ecs
        .find_service(&service.cluster, &service.name)
        .and_then(|key| ecs.service(key));
    if there.is_some_and(|there| there.active) {
        return Err(ApiError::invalid_parameter(
            "Creation of service was not idempotent.",
        ));
    }
    if there.is_some_and(|there| !there.live.is_empty()) {
        return Err(ApiError::invalid_parameter(
            "Unable to Start a service that is still Draining.",
        ));
    }
    // From here on nothing can be refused.
    let (key, name) = (service.key, service.name.clone());
    if let Some(cluster) = ecs.clusters.get_mut(&service.cluster) {
        cluster.services.insert(name, key);
    }
    ecs.services.push(service);
    ecs.count_daemons(key);
    ecs.deploy(key, definition);
    let service = ecs.service(key);
    let shown = service.map(|service| show(ecs, service, true));
    Ok(json!({ "service": shown }))
}
