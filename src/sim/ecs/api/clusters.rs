//! ListClusters, DescribeClusters.

use serde_json::{Value, json};

use super::answer::{page_begin, page_size, paged, set, tags_json};
use super::find::{find_cluster, missing};
use crate::ecs::Ecs;
use crate::ecs::capacity::InstanceStatus;
use crate::ecs::{Cluster, Task};
use crate::wire::{Action, Answer, ApiError, Args, Run, page};
use crate::world::LaunchType;

pub(super) const ACTIONS: &[Action<Run<Ecs>>] = &[
    Action {
        name: "ListClusters",
        members: &["nextToken", "maxResults"],
        run: list,
    },
    Action {
        name: "DescribeClusters",
        members: &["clusters", "include"],
        run: describe,
    },
];

pub(super) fn list(ecs: &mut Ecs, args: &Args) -> Answer {
    let size = page_size(args, 100)?;
    let after = page_begin(args, "clusterArns")?;
    let clusters = ecs
        .clusters
        .iter()
        .filter(|(name, _)| **name > after)
        .map(|(name, cluster)| (name.clone(), json!(cluster.arn)));
    Ok(paged(args, "clusterArns", page::cut(clusters, size)))
}

pub(super) fn describe(ecs: &mut Ecs, args: &Args) -> Answer {
    let mut names = args.texts("clusters")?;
    if names.is_empty() {
        names.push("default");
    }
    if names.len() > 100 {
        return Err(ApiError::invalid_parameter(
            "Clusters cannot have more than 100 elements.",
        ));
    }
    let include = args.texts("include")?;
    let (mut clusters, mut failures) = (Vec::new(), Vec::new());
    for name in names {
        match find_cluster(ecs, name) {
            Some(cluster) => clusters.push(show(ecs, cluster, &include)),
            None => {
                let arn = ecs.desk.home.arn("ecs", &format!("cluster/{name}"));
                failures.push(missing(if name.starts_with("arn:") { name } else { &arn }));
            }
        }
    }
    Ok(json!({ "clusters": clusters, "failures": failures }))
}

fn show(ecs: &Ecs, cluster: &Cluster, include: &[&str]) -> Value {
    let wanted = || cluster.wanted.values().filter_map(|key| ecs.tasks.get(key));
    let stopping = cluster
        .unwanted
        .values()
        .filter_map(|key| ecs.tasks.get(key))
        .filter(|task| task.running());
    let running = wanted().filter(|task| task.running()).count() + stopping.count();
    let pending = wanted().filter(|task| Task::pending(task)).count();
    let instances = cluster
        .instances
        .values()
        .filter_map(|key| ecs.instance(*key))
        .filter(|instance| instance.status != InstanceStatus::Inactive)
        .count();
    let mine = || {
        let providers = ecs.providers.values();
        providers.filter(|provider| provider.cluster == cluster.name)
    };
    let providers: Vec<&str> = ["FARGATE", "FARGATE_SPOT"]
        .into_iter()
        .chain(mine().map(|provider| provider.name.as_str()))
        .collect();
    let default: Vec<Value> = mine()
        .filter(|provider| provider.default)
        .map(|p| json!({ "capacityProvider": p.name, "weight": 1, "base": 0 }))
        .collect();
    let mut shown = json!({
        "clusterArn": cluster.arn,
        "clusterName": cluster.name,
        "status": "ACTIVE",
        "registeredContainerInstancesCount": instances,
        "runningTasksCount": running,
        "pendingTasksCount": pending,
        "activeServicesCount": cluster.services.len(),
        "statistics": [],
        "tags": [],
        "settings": [],
        "capacityProviders": providers,
        "defaultCapacityProviderStrategy": default,
    });
    if include.contains(&"TAGS") {
        set(&mut shown, "tags", tags_json(&cluster.tags));
    }
    if include.contains(&"SETTINGS") {
        let value = if cluster.container_insights {
            "enabled"
        } else {
            "disabled"
        };
        set(
            &mut shown,
            "settings",
            json!([{ "name": "containerInsights", "value": value }]),
        );
    }
    if include.contains(&"STATISTICS") {
        let statistics = statistics(ecs, cluster);
        set(&mut shown, "statistics", json!(statistics));
    }
    shown
}

/// Tasks and services by launch type.
fn statistics(ecs: &Ecs, cluster: &Cluster) -> Vec<Value> {
    let tasks = || {
        let keys = cluster.wanted.values().chain(cluster.unwanted.values());
        keys.filter_map(|key| ecs.tasks.get(key))
    };
    let services = || {
        let keys = cluster.services.values();
        keys.filter_map(|key| ecs.service(*key))
    };
    let mut statistics = Vec::new();
    for (launch, name) in [(LaunchType::Ec2, "EC2"), (LaunchType::Fargate, "Fargate")] {
        let of = |task: &&Task| task.launch == launch;
        let running = tasks().filter(of).filter(|t| t.running()).count();
        let pending = tasks().filter(of).filter(|t| Task::pending(t)).count();
        let active = services().filter(|s| s.launch == launch).count();
        for (what, count) in [
            (format!("running{name}TasksCount"), running),
            (format!("pending{name}TasksCount"), pending),
            (format!("active{name}ServicesCount"), active),
        ] {
            statistics.push(json!({ "name": what, "value": count.to_string() }));
        }
    }
    statistics
}
