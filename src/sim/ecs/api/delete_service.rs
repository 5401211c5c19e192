//! DeleteService: nothing lists the service any more, and its tasks stop.

use serde_json::json;

use super::find::{cluster, find_service, service_not_found};
use super::show_service::show;
use crate::clock::SECOND;
use crate::ecs::Ecs;
use crate::input::TABLED;
use crate::wire::{Action, Answer, ApiError, Args, Run};

pub(super) const ACTIONS: &[Action<Run<Ecs>>] = &[Action {
    name: "DeleteService",
    members: TABLED,
    run,
}];

pub(super) fn run(ecs: &mut Ecs, args: &Args) -> Answer {
    let name = args.text("service")?.unwrap_or_default();
    let key = find_service(ecs, cluster(ecs, args)?, name).ok_or_else(service_not_found)?;
    let force = args.flag("force")?.unwrap_or_default();
    let service = ecs.service_mut(key).ok_or_else(service_not_found)?;
    if !service.active {
        return Err(service_not_found());
    }
    if service.desired > 0 && !force {
        return Err(ApiError::invalid_parameter(
            "The service cannot be stopped while it is scaled above 0.",
        ));
    }
    service.active = false;
    service.desired = 0;
    ecs.plan_reconcile(key, SECOND);
    let service = ecs.service(key).ok_or_else(service_not_found)?;
    Ok(json!({ "service": show(ecs, service, false) }))
}
