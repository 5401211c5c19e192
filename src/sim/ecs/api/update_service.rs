//! UpdateService: the desired count, and what starts a deployment.

use serde_json::json;

use super::find::{cluster, find_service, service_not_found};
use super::run_task::network_of;
use super::service_settings::{Changes, active_definition, desired};
use super::show_service::show;
use crate::clock::SECOND;
use crate::ecs::Ecs;
use crate::input::TABLED;
use crate::wire::{Action, Answer, ApiError, Args, Run};
use crate::world::Controller;

pub(super) const ACTIONS: &[Action<Run<Ecs>>] = &[Action {
    name: "UpdateService",
    members: TABLED,
    run,
}];

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
    let name = args.text("service")?.unwrap_or_default();
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
    let settings = Changes::of(args, &service.settings)?;
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
