//! DescribeCapacityProviders.

use serde_json::{Value, json};

use super::answer::{page_begin, page_size, paged, set};
use super::find::{cluster, missing, short};
use crate::ecs::CapacityProvider;
use crate::ecs::Ecs;
use crate::wire::{Action, Answer, ApiError, Args, Run, page};

pub(super) const ACTIONS: &[Action<Run<Ecs>>] = &[Action {
    name: "DescribeCapacityProviders",
    members: &[
        "capacityProviders",
        "cluster",
        "include",
        "maxResults",
        "nextToken",
    ],
    run: describe,
}];

/// The ones that every account has.
const FARGATE: [&str; 2] = ["FARGATE", "FARGATE_SPOT"];

fn of_fargate(ecs: &Ecs, name: &str) -> Value {
    json!({
        "capacityProviderArn": ecs.desk.home.arn("ecs", &format!("capacity-provider/{name}")),
        "name": name,
        "status": "ACTIVE",
        "type": name,
        "tags": [],
    })
}

fn show(ecs: &Ecs, provider: &CapacityProvider) -> Value {
    let name = &provider.name;
    let group = format!(
        "autoScalingGroup:00000000-0000-4000-8000-000000000000:autoScalingGroupName/{name}"
    );
    json!({
        "capacityProviderArn": provider.arn,
        "name": name,
        "status": "ACTIVE",
        "type": "EC2_AUTOSCALING",
        "autoScalingGroupProvider": {
            "autoScalingGroupArn": ecs.desk.home.arn("autoscaling", &group),
            "managedScaling": {
                "status": "ENABLED",
                "targetCapacity": provider.target_capacity,
                "minimumScalingStepSize": 1,
                "maximumScalingStepSize": 10_000,
                "instanceWarmupPeriod": 300,
            },
            "managedTerminationProtection": "DISABLED",
            "managedDraining": "ENABLED",
        },
        "tags": [],
    })
}

pub(super) fn describe(ecs: &mut Ecs, args: &Args) -> Answer {
    let named = args.texts("capacityProviders")?;
    if named.len() > 100 {
        return Err(ApiError::invalid_parameter(
            "Capacity providers cannot have more than 100 elements.",
        ));
    }
    let of = match args.get("cluster") {
        None => None,
        Some(_) => Some(cluster(ecs, args)?.name.clone()),
    };
    let fargate = FARGATE
        .iter()
        .map(|name| ((*name).to_owned(), of_fargate(ecs, name)));
    let own = ecs.providers.values().filter(|provider| {
        of.as_ref()
            .is_none_or(|cluster| *cluster == provider.cluster)
    });
    let own = own.map(|provider| (provider.name.clone(), show(ecs, provider)));
    let mut all: Vec<(String, Value)> = fargate.chain(own).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    if named.is_empty() {
        let size = page_size(args, 100)?;
        let after = page_begin(args, "capacityProviders")?;
        let rest = all.into_iter().filter(|(name, _)| *name > after);
        let mut answer = paged(args, "capacityProviders", page::cut(rest, size));
        set(&mut answer, "failures", json!([]));
        return Ok(answer);
    }
    let (mut shown, mut failures) = (Vec::new(), Vec::new());
    for name in named {
        match all.iter().find(|(known, _)| known == short(name)) {
            Some((_, provider)) => shown.push(provider.clone()),
            None => {
                let path = format!("capacity-provider/{}", short(name));
                failures.push(missing(&ecs.desk.home.arn("ecs", &path)));
            }
        }
    }
    Ok(json!({ "capacityProviders": shown, "failures": failures }))
}
