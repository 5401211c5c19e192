//! DeleteService: nothing lists the service any more, and its tasks stop.

use serde_json::json;

use super::show_service::show;
use super::{cluster, find_service, service_not_found};
use crate::clock::SECOND;
use crate::engine::Engine;
use crate::wire::{Answer, ApiError, Args};

pub(super) fn run(engine: &mut Engine, args: &Args) -> Answer {
    let name = args
        .text("service")?
        .ok_or_else(|| ApiError::invalid_parameter("Service cannot be empty."))?;
    let key = find_service(engine, cluster(engine, args)?, name).ok_or_else(service_not_found)?;
    let force = args.flag("force")?.unwrap_or_default();
    let service = engine.ecs.service_mut(key).ok_or_else(service_not_found)?;
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
    engine.plan_reconcile(key, SECOND);
    let service = engine.ecs.service(key).ok_or_else(service_not_found)?;
    Ok(json!({ "service": show(engine, service, false) }))
}
