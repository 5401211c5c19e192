//! DescribeTaskSets: the deployments of services whose controller is not ECS.

use serde_json::{Value, json};

use super::find::{cluster, find_service, missing, service_not_found};
use super::show_service::task_set;
use crate::ecs::{Deployment, Ecs, Service};
use crate::wire::{Action, Answer, ApiError, Args, Run};
use crate::world::Controller;

pub(super) const ACTIONS: &[Action<Run<Ecs>>] = &[Action {
    name: "DescribeTaskSets",
    members: &["cluster", "service", "taskSets", "include"],
    run: describe,
}];

/// The most task sets that a call names (botocore `ecs`, DescribeTaskSetsRequest).
const MOST: usize = 10;

fn arn_of(ecs: &Ecs, service: &Service, id: &str) -> String {
    let resource = format!("task-set/{}/{}/{id}", service.cluster, service.name);
    ecs.desk.home.arn("ecs", &resource)
}

pub(super) fn describe(ecs: &mut Ecs, args: &Args) -> Answer {
    let cluster = cluster(ecs, args)?;
    let name = args
        .text("service")?
        .ok_or_else(|| ApiError::invalid_parameter("Service cannot be empty."))?;
    let key = find_service(ecs, cluster, name).ok_or_else(service_not_found)?;
    let service = ecs.service(key).ok_or_else(service_not_found)?;
    let names = args.texts("taskSets")?;
    if names.len() > MOST {
        return Err(ApiError::invalid_parameter(format!(
            "TaskSets cannot have more than {MOST} elements."
        )));
    }
    // The deployments of ECS's own controller are no task sets.
    let sets: Vec<&Deployment> = match service.controller {
        Controller::Ecs => Vec::new(),
        Controller::CodeDeploy | Controller::External => service.deployments.iter().collect(),
    };
    let is = |deployment: &Deployment, name: &str| {
        deployment.id == name || arn_of(ecs, service, &deployment.id) == name
    };
    let mut failures = Vec::new();
    for name in &names {
        if !sets.iter().any(|deployment| is(deployment, name)) {
            let arn = arn_of(ecs, service, name);
            failures.push(missing(if name.starts_with("arn:") { name } else { &arn }));
        }
    }
    let shown: Vec<Value> = sets
        .iter()
        .filter(|deployment| names.is_empty() || names.iter().any(|name| is(deployment, name)))
        .map(|deployment| task_set(ecs, service, deployment))
        .collect();
    Ok(json!({ "taskSets": shown, "failures": failures }))
}
