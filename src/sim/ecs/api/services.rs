//! ListServices, DescribeServices.

use serde_json::json;

use super::answer::{page_begin, page_size, paged, wants_tags};
use super::choice::one_of;
use super::find::{cluster, find_service, missing};
use super::show_service::show;
use crate::ecs::Ecs;
use crate::ecs::input::LAUNCH_TYPE;
use crate::wire::{Action, Answer, ApiError, Args, Run, page};

pub(super) const ACTIONS: &[Action<Run<Ecs>>] = &[
    Action {
        name: "ListServices",
        members: &[
            "cluster",
            "nextToken",
            "maxResults",
            "launchType",
            "schedulingStrategy",
            "resourceManagementType",
        ],
        run: list,
    },
    Action {
        name: "DescribeServices",
        members: &["cluster", "services", "include"],
        run: describe,
    },
];

pub(super) fn list(ecs: &mut Ecs, args: &Args) -> Answer {
    let cluster = cluster(ecs, args)?;
    let size = page_size(args, 10)?;
    let after = page_begin(args, "serviceArns")?;
    let launch = one_of(args, "launchType", LAUNCH_TYPE)?;
    let strategy = one_of(args, "schedulingStrategy", &["REPLICA", "DAEMON"])?;
    one_of(args, "resourceManagementType", &["CUSTOMER", "ECS"])?;
    let services = cluster
        .services
        .range(after.clone()..)
        .filter(|(name, _)| **name > after)
        .filter_map(|(name, key)| Some((name, ecs.service(*key)?)))
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

pub(super) fn describe(ecs: &mut Ecs, args: &Args) -> Answer {
    let cluster = cluster(ecs, args)?;
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
        let found = find_service(ecs, cluster, name).and_then(|key| ecs.service(key));
        match found {
            Some(service) => services.push(show(ecs, service, tags)),
            None if name.starts_with("arn:") => failures.push(missing(name)),
            None => {
                let path = format!("service/{}/{name}", cluster.name);
                failures.push(missing(&ecs.desk.home.arn("ecs", &path)));
            }
        }
    }
    Ok(json!({ "services": services, "failures": failures }))
}
