//! UpdateService: the desired count, and what starts a deployment.

use std::sync::Arc;

use serde_json::json;

use super::find::{cluster, find_service, service_not_found};
use super::run_task::network_of;
use super::show_service::show;
use crate::clock::SECOND;
use crate::ecs::Ecs;
use crate::ecs::service::Settings;
use crate::ecs::{Definition, Service};
use crate::wire::{Answer, ApiError, Args};
use crate::world::{
    BreakerSpec, Controller, DeploymentAlarmsSpec, Strategy, ThresholdSpec, ThresholdType,
};

pub(super) const MEMBERS: &[&str] = &[
    "cluster",
    "service",
    "desiredCount",
    "taskDefinition",
    "capacityProviderStrategy",
    "deploymentConfiguration",
    "availabilityZoneRebalancing",
    "networkConfiguration",
    "placementConstraints",
    "placementStrategy",
    "platformVersion",
    "forceNewDeployment",
    "healthCheckGracePeriodSeconds",
    "deploymentController",
    "enableExecuteCommand",
    "enableECSManagedTags",
    "loadBalancers",
    "propagateTags",
    "serviceRegistries",
    "serviceConnectConfiguration",
    "volumeConfigurations",
    "vpcLatticeConfigurations",
];

/// Members, beside the task definition and the network, that start a deployment.
const DEPLOYED: [&str; 6] = [
    "platformVersion",
    "loadBalancers",
    "serviceRegistries",
    "serviceConnectConfiguration",
    "volumeConfigurations",
    "vpcLatticeConfigurations",
];

pub(super) fn run(ecs: &mut Ecs, args: &Args) -> Answer {
    let name = args
        .text("service")?
        .ok_or_else(|| ApiError::invalid_parameter("Service cannot be empty."))?;
    let key = find_service(ecs, cluster(ecs, args)?, name).ok_or_else(service_not_found)?;
    let service = ecs.service(key).ok_or_else(service_not_found)?;
    if !service.active {
        return Err(ApiError::client(
            "ServiceNotActiveException",
            "Service was not ACTIVE.",
        ));
    }
    let desired = desired(args, service.daemon)?;
    refuse_for_controller(args, service.controller)?;
    let present = service.primary().map(|primary| primary.definition.clone());
    let definition = match args.text("taskDefinition")? {
        None => None,
        Some(name) => Some(active_definition(ecs, name)?),
    };
    let settings = Changes::of(args, service)?;
    let network = network_of(&args.structure("networkConfiguration")?)?;
    let network = network.filter(|network| *network != service.network);
    let force = args.flag("forceNewDeployment")?.unwrap_or_default()
        || network.is_some()
        || DEPLOYED.iter().any(|member| args.get(member).is_some());
    // From here on nothing can be refused.
    if let Some(service) = ecs.service_mut(key) {
        service.desired = desired.unwrap_or(service.desired);
        settings.apply(service);
        if let Some(network) = network {
            service.network = network;
        }
    }
    let changed = definition
        .filter(|definition| force || present.as_ref().is_none_or(|p| p.arn != definition.arn))
        .or_else(|| present.filter(|_| force));
    match changed {
        Some(definition) => ecs.deploy(key, definition),
        None => ecs.plan_reconcile(key, SECOND),
    }
    let service = ecs.service(key).ok_or_else(service_not_found)?;
    Ok(json!({ "service": show(ecs, service, false) }))
}

fn desired(args: &Args, daemon: bool) -> Result<Option<u32>, ApiError> {
    let Some(count) = args.number("desiredCount")? else {
        return Ok(None);
    };
    if daemon {
        return Err(ApiError::invalid_parameter(
            "The daemon scheduling strategy does not support a desired count for services. \
             Remove the desired count value and try again",
        ));
    }
    let negative = || ApiError::invalid_parameter("Desired count cannot be negative.");
    Ok(Some(u32::try_from(count).map_err(|_| negative())?))
}

/// A task definition that a service may use: ACTIVE (DeregisterTaskDefinition).
fn active_definition(ecs: &Ecs, name: &str) -> Result<Arc<Definition>, ApiError> {
    let found = ecs.find_definition(name).cloned();
    let found =
        found.ok_or_else(|| ApiError::client("ClientException", "TaskDefinition not found."))?;
    if found.active {
        Ok(found)
    } else {
        let why = "TaskDefinition is inactive";
        Err(ApiError::client("ClientException", why))
    }
}

/// What a deployment by another controller forbids (UpdateService).
fn refuse_for_controller(args: &Args, controller: Controller) -> Result<(), ApiError> {
    let hint = match controller {
        Controller::Ecs => return Ok(()),
        Controller::CodeDeploy => {
            "a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment."
        }
        Controller::External => {
            "an EXTERNAL deployment controller. Use CreateTaskSet to trigger a new deployment."
        }
    };
    let refused = [
        ("taskDefinition", "update task definition"),
        ("networkConfiguration", "update network parameters"),
        ("platformVersion", "update platform version"),
        ("loadBalancers", "update load balancers"),
        (
            "capacityProviderStrategy",
            "update capacity provider strategy",
        ),
        ("forceNewDeployment", "force a new deployment"),
    ];
    for (member, what) in refused {
        let given = args.get(member).is_some_and(|value| *value != json!(false));
        if given {
            let message = format!("Unable to {what} on services with {hint}");
            return Err(ApiError::invalid_parameter(message));
        }
    }
    if controller == Controller::External && args.get("deploymentConfiguration").is_some() {
        let message = format!("Unable to update deployment configuration on services with {hint}");
        return Err(ApiError::invalid_parameter(message));
    }
    Ok(())
}

/// Settings that a service takes over without a deployment.
struct Changes {
    settings: Settings,
    execute_command: Option<bool>,
}

fn breaker(given: &Args, present: BreakerSpec) -> Result<BreakerSpec, ApiError> {
    let mut breaker = present;
    let Some(enable) = given.flag("enable")? else {
        return Ok(breaker);
    };
    breaker.enable = enable;
    breaker.rollback = given.flag("rollback")?.unwrap_or_default();
    breaker.reset_on_healthy = given.flag("resetOnHealthyTask")?.unwrap_or(true);
    let threshold = given.structure("thresholdConfiguration")?;
    let kind = match threshold.text("type")? {
        None => return Ok(breaker),
        Some("COUNT") => ThresholdType::Count,
        Some("BOUNDED_PERCENT") => ThresholdType::BoundedPercent,
        Some("UNBOUNDED_PERCENT") => ThresholdType::UnboundedPercent,
        Some(other) => {
            let what = format!("Invalid thresholdConfiguration type: {other}");
            return Err(ApiError::invalid_parameter(what));
        }
    };
    let value = threshold
        .number("value")?
        .and_then(|value| u32::try_from(value).ok());
    let value = value
        .filter(|value| *value > 0)
        .ok_or_else(|| ApiError::invalid_parameter("The threshold must be positive."))?;
    breaker.threshold = ThresholdSpec { kind, value };
    Ok(breaker)
}

fn alarms(given: &Args) -> Result<DeploymentAlarmsSpec, ApiError> {
    let names = given.texts("alarmNames")?;
    Ok(DeploymentAlarmsSpec {
        names: names.into_iter().map(str::to_owned).collect(),
        enable: given.flag("enable")?.unwrap_or_default(),
        rollback: given.flag("rollback")?.unwrap_or_default(),
    })
}

impl Changes {
    fn of(args: &Args, service: &Service) -> Result<Self, ApiError> {
        let configuration = args.structure("deploymentConfiguration")?;
        let number = |of: &Args, member: &str| -> Result<Option<u32>, ApiError> {
            let wrong = || ApiError::invalid_parameter(format!("{member} cannot be negative."));
            let value = of.number(member)?;
            value
                .map(|value| u32::try_from(value).map_err(|_| wrong()))
                .transpose()
        };
        let mut settings = service.settings.clone();
        let (min, max) = (
            number(&configuration, "minimumHealthyPercent")?,
            number(&configuration, "maximumPercent")?,
        );
        settings.min_percent = min.unwrap_or(settings.min_percent);
        settings.max_percent = max.unwrap_or(settings.max_percent);
        let given = configuration.structure("deploymentCircuitBreaker")?;
        settings.breaker = breaker(&given, settings.breaker)?;
        if configuration.get("alarms").is_some() {
            settings.alarms = Some(alarms(&configuration.structure("alarms")?)?);
        }
        let bake = number(&configuration, "bakeTimeInMinutes")?;
        settings.bake_minutes = bake.unwrap_or(settings.bake_minutes);
        settings.strategy = match configuration.text("strategy")? {
            None => settings.strategy,
            Some("ROLLING") => Strategy::Rolling,
            Some("BLUE_GREEN") => Strategy::BlueGreen,
            Some("LINEAR") => Strategy::Linear,
            Some("CANARY") => Strategy::Canary,
            Some(other) => {
                let what = format!("Invalid strategy: {other}");
                return Err(ApiError::invalid_parameter(what));
            }
        };
        let grace = number(args, "healthCheckGracePeriodSeconds")?;
        settings.grace = grace.map_or(settings.grace, |grace| i64::from(grace) * SECOND);
        Ok(Changes {
            settings,
            execute_command: args.flag("enableExecuteCommand")?,
        })
    }

    fn apply(self, service: &mut Service) {
        service.settings = self.settings;
        service.execute_command = self.execute_command.unwrap_or(service.execute_command);
    }
}
