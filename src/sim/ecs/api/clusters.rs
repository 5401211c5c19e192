//! ListClusters, DescribeClusters.

use serde_json::{Value, json};

use super::{find_cluster, missing, page_begin, page_size, paged, set, tags_json};
use crate::ecs::{Cluster, Task};
use crate::engine::Engine;
use crate::wire::{Answer, ApiError, Args, page};

pub(super) fn list(engine: &mut Engine, args: &Args) -> Answer {
    let size = page_size(args, 100)?;
    let after = page_begin(args)?;
    let clusters = engine
        .ecs
        .clusters
        .iter()
        .filter(|(name, _)| **name > after)
        .map(|(name, cluster)| (name.clone(), json!(cluster.arn)));
    Ok(paged("clusterArns", page::cut(clusters, size)))
}

pub(super) fn describe(engine: &mut Engine, args: &Args) -> Answer {
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
        match find_cluster(engine, name) {
            Some(cluster) => clusters.push(show(engine, cluster, &include)),
            None => {
                let arn = engine.home.arn("ecs", &format!("cluster/{name}"));
                failures.push(missing(if name.starts_with("arn:") { name } else { &arn }));
            }
        }
    }
    Ok(json!({ "clusters": clusters, "failures": failures }))
}

fn show(engine: &Engine, cluster: &Cluster, include: &[&str]) -> Value {
    let wanted = || {
        cluster
            .wanted
            .values()
            .filter_map(|key| engine.ecs.tasks.get(key))
    };
    let stopping = cluster
        .unwanted
        .values()
        .filter_map(|key| engine.ecs.tasks.get(key))
        .filter(|task| task.running());
    let running = wanted().filter(|task| task.running()).count() + stopping.count();
    let pending = wanted().filter(|task| Task::pending(task)).count();
    let mut shown = json!({
        "clusterArn": cluster.arn,
        "clusterName": cluster.name,
        "status": "ACTIVE",
        "registeredContainerInstancesCount": 0,
        "runningTasksCount": running,
        "pendingTasksCount": pending,
        "activeServicesCount": cluster.services.len(),
        "statistics": [],
        "tags": [],
        "settings": [],
        "capacityProviders": ["FARGATE", "FARGATE_SPOT"],
        "defaultCapacityProviderStrategy": [],
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
        let statistics = json!([
            { "name": "runningFargateTasksCount", "value": running.to_string() },
            { "name": "pendingFargateTasksCount", "value": pending.to_string() },
            { "name": "activeFargateServicesCount", "value": cluster.services.len().to_string() },
        ]);
        set(&mut shown, "statistics", statistics);
    }
    shown
}
