//! What CreateService and UpdateService are given of a service's settings.

use std::sync::Arc;

use crate::clock::SECOND;
use crate::ecs::service::Settings;
use crate::ecs::{Definition, Ecs, Service};
use crate::wire::{ApiError, Args};
use crate::world::{BreakerSpec, DeploymentAlarmsSpec, Strategy, ThresholdSpec, ThresholdType};

/// The most tasks of a service.
///
/// source: developer guide, service-quotas ("Tasks per service: 5,000"); the wording is ours.
const MOST_TASKS: u32 = 5_000;

pub(super) fn desired(args: &Args, daemon: bool) -> Result<Option<u32>, ApiError> {
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
    let count = u32::try_from(count).map_err(|_| negative())?;
    if count > MOST_TASKS {
        return Err(ApiError::invalid_parameter(format!(
            "The desired count of {count} exceeds the limit of {MOST_TASKS} tasks per service."
        )));
    }
    Ok(Some(count))
}

/// A task definition that a service may use: ACTIVE (DeregisterTaskDefinition).
pub(super) fn active_definition(ecs: &Ecs, name: &str) -> Result<Arc<Definition>, ApiError> {
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

/// Settings that a service takes over without a deployment.
pub(super) struct Changes {
    pub(super) settings: Settings,
    pub(super) execute_command: Option<bool>,
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
        Some("UNBOUNDED_PERCENT") => ThresholdType::UnboundedPercent,
        Some(_) => ThresholdType::BoundedPercent,
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

/// A deployment must be able to go on within its bounds.
///
/// source: developer guide, deployment-type-ecs: the minimum is a lower limit and the maximum
/// an upper one of the same count; the wording is ours.
fn bounded(settings: &Settings) -> Result<(), ApiError> {
    if settings.min_percent > settings.max_percent {
        return Err(ApiError::invalid_parameter(format!(
            "minimumHealthyPercent {} cannot be greater than maximumPercent {}.",
            settings.min_percent, settings.max_percent
        )));
    }
    Ok(())
}

impl Changes {
    /// Those that a call makes to the settings that there are.
    pub(super) fn of(args: &Args, present: &Settings) -> Result<Self, ApiError> {
        let configuration = args.structure("deploymentConfiguration")?;
        let number = |of: &Args, member: &str| -> Result<Option<u32>, ApiError> {
            let wrong = || ApiError::invalid_parameter(format!("{member} cannot be negative."));
            let value = of.number(member)?;
            value
                .map(|value| u32::try_from(value).map_err(|_| wrong()))
                .transpose()
        };
        let mut settings = present.clone();
        let (min, max) = (
            number(&configuration, "minimumHealthyPercent")?,
            number(&configuration, "maximumPercent")?,
        );
        settings.min_percent = min.unwrap_or(settings.min_percent);
        settings.max_percent = max.unwrap_or(settings.max_percent);
        bounded(&settings)?;
        let given = configuration.structure("deploymentCircuitBreaker")?;
        settings.breaker = breaker(&given, settings.breaker)?;
        if configuration.get("alarms").is_some() {
            settings.alarms = Some(alarms(&configuration.structure("alarms")?)?);
        }
        let bake = number(&configuration, "bakeTimeInMinutes")?;
        settings.bake_minutes = bake.unwrap_or(settings.bake_minutes);
        settings.strategy = match configuration.text("strategy")? {
            None => settings.strategy,
            Some("BLUE_GREEN") => Strategy::BlueGreen,
            Some("LINEAR") => Strategy::Linear,
            Some("CANARY") => Strategy::Canary,
            Some(_) => Strategy::Rolling,
        };
        let grace = number(args, "healthCheckGracePeriodSeconds")?;
        settings.grace = grace.map_or(settings.grace, |grace| i64::from(grace) * SECOND);
        Ok(Changes {
            settings,
            execute_command: args.flag("enableExecuteCommand")?,
        })
    }

    pub(super) fn apply(self, service: &mut Service) {
        service.settings = self.settings;
        service.execute_command = self.execute_command.unwrap_or(service.execute_command);
    }
}
