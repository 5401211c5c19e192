//! UpdateService: the desired count, and what starts a deployment.

use serde_json::json;

use super::show_service::show;
use super::{cluster, find_service, service_not_found};
use crate::clock::SECOND;
use crate::engine::Engine;
use crate::wire::{Answer, ApiError, Args};

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

pub(super) fn run(engine: &mut Engine, args: &Args) -> Answer {
    let name = args
        .text("service")?
        .ok_or_else(|| ApiError::invalid_parameter("Service cannot be empty."))?;
    let key = find_service(engine, cluster(engine, args)?, name).ok_or_else(service_not_found)?;
    let service = engine.ecs.service(key).ok_or_else(service_not_found)?;
    if !service.active {
        return Err(ApiError::client(
            "ServiceNotActiveException",
            "Service was not ACTIVE.",
        ));
    }
    let desired = match args.number("desiredCount")? {
        None => None,
        Some(_) if service.daemon => {
            return Err(ApiError::invalid_parameter(
                "The daemon scheduling strategy does not support a desired count for services. \
                 Remove the desired count value and try again",
            ));
        }
        Some(count) => Some(
            u32::try_from(count)
                .map_err(|_| ApiError::invalid_parameter("Desired count cannot be negative."))?,
        ),
    };
    let present = service.primary().map(|primary| primary.definition.clone());
    let definition = match args.text("taskDefinition")? {
        None => None,
        Some(name) => {
            let found = engine.ecs.find_definition(name).cloned();
            let found = found
                .ok_or_else(|| ApiError::client("ClientException", "TaskDefinition not found."))?;
            if !found.active {
                return Err(ApiError::client(
                    "ClientException",
                    "TaskDefinition is inactive",
                ));
            }
            Some(found)
        }
    };
    let settings = Settings::of(args)?;
    let force = args.flag("forceNewDeployment")?.unwrap_or_default();
    // From here on nothing can be refused.
    if let Some(service) = engine.ecs.service_mut(key) {
        service.desired = desired.unwrap_or(service.desired);
        settings.apply(service);
    }
    let changed = definition
        .filter(|definition| force || present.as_ref().is_none_or(|p| p.arn != definition.arn))
        .or_else(|| present.filter(|_| force));
    match changed {
        Some(definition) => engine.deploy(key, definition),
        None => engine.plan_reconcile(key, SECOND),
    }
    let service = engine.ecs.service(key).ok_or_else(service_not_found)?;
    Ok(json!({ "service": show(engine, service, false) }))
}

/// Settings that a service takes over without a deployment.
struct Settings {
    min_percent: Option<u32>,
    max_percent: Option<u32>,
    breaker: Option<(bool, bool)>,
    execute_command: Option<bool>,
}

impl Settings {
    fn of(args: &Args) -> Result<Self, ApiError> {
        let configuration = args.structure("deploymentConfiguration")?;
        let percent = |member: &str| -> Result<Option<u32>, ApiError> {
            configuration
                .number(member)?
                .map(|value| {
                    u32::try_from(value).map_err(|_| {
                        ApiError::invalid_parameter(format!("{member} cannot be negative."))
                    })
                })
                .transpose()
        };
        let (min_percent, max_percent) = (
            percent("minimumHealthyPercent")?,
            percent("maximumPercent")?,
        );
        let breaker = configuration.structure("deploymentCircuitBreaker")?;
        let breaker = match (breaker.flag("enable")?, breaker.flag("rollback")?) {
            (Some(enable), rollback) => Some((enable, rollback.unwrap_or_default())),
            (None, _) => None,
        };
        Ok(Settings {
            min_percent,
            max_percent,
            breaker,
            execute_command: args.flag("enableExecuteCommand")?,
        })
    }

    fn apply(self, service: &mut crate::ecs::Service) {
        service.min_percent = self.min_percent.unwrap_or(service.min_percent);
        service.max_percent = self.max_percent.unwrap_or(service.max_percent);
        if let Some((enable, rollback)) = self.breaker {
            service.breaker = enable;
            service.breaker_rolls_back = rollback;
        }
        service.execute_command = self.execute_command.unwrap_or(service.execute_command);
    }
}
