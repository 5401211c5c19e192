//! ListServices, DescribeServices.

use serde_json::json;

use super::show_service::show;
use super::{cluster, find_service, missing, page_begin, page_size, paged, wants_tags};
use crate::engine::Engine;
use crate::wire::{Answer, ApiError, Args, page};

pub(super) fn list(engine: &mut Engine, args: &Args) -> Answer {
    let cluster = cluster(engine, args)?;
    let size = page_size(args, 10)?;
    let after = page_begin(args, "serviceArns")?;
    let launch = args.text("launchType")?;
    let strategy = args.text("schedulingStrategy")?;
    let services = cluster
        .services
        .range(after.clone()..)
        .filter(|(name, _)| **name > after)
        .filter_map(|(name, key)| Some((name, engine.ecs.service(*key)?)))
        // One that was deleted is described for a while, and no longer listed (source: ECS API
        // reference, DeleteService).
        .filter(|(_, service)| service.active)
        .filter(|(_, service)| {
            // A service with a capacity provider strategy has no launch type to filter by.
            launch
                .is_none_or(|launch| service.provider.is_none() && launch == service.launch.name())
        })
        .filter(|(_, service)| strategy.is_none_or(|wanted| (wanted == "DAEMON") == service.daemon))
        .map(|(name, service)| (name.clone(), json!(service.arn)));
    Ok(paged(args, "serviceArns", page::cut(services, size)))
}

pub(super) fn describe(engine: &mut Engine, args: &Args) -> Answer {
    let cluster = cluster(engine, args)?;
    let names = args.texts("services")?;
    if names.is_empty() {
        return Err(ApiError::invalid_parameter("Services cannot be empty."));
    }
    if names.len() > 10 {
        return Err(ApiError::invalid_parameter(
            "Services cannot have more than 10 elements.",
        ));
    }
    let tags = wants_tags(args)?;
    let (mut services, mut failures) = (Vec::new(), Vec::new());
    for name in names {
        let found = find_service(engine, cluster, name).and_then(|key| engine.ecs.service(key));
        match found {
            Some(service) => services.push(show(engine, service, tags)),
            None if name.starts_with("arn:") => failures.push(missing(name)),
            None => {
                let path = format!("service/{}/{name}", cluster.name);
                failures.push(missing(&engine.home.arn("ecs", &path)));
            }
        }
    }
    Ok(json!({ "services": services, "failures": failures }))
}
