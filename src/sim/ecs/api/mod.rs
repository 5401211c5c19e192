//! The actions of ECS (awsJson 1.1, `AmazonEC2ContainerServiceV20141113`).

mod answer;
mod capacity_providers;
mod choice;
mod clusters;
mod container_instances;
mod create_service;
mod definitions;
mod delete_service;
mod deployments;
mod find;
mod protection;
mod register;
mod requirements;
mod revisions;
mod run_task;
mod service_settings;
mod services;
mod show_service;
mod show_task;
mod sizes;
mod stop_task;
mod tags;
mod task_sets;
mod tasks;
mod update_service;

use crate::ecs::Ecs;
use crate::wire::{Action, Run};

/// All actions, with the members of their input, by the file that has them.
pub(crate) const ACTIONS: &[&[Action<Run<Ecs>>]] = &[
    clusters::ACTIONS,
    services::ACTIONS,
    tasks::ACTIONS,
    definitions::ACTIONS,
    register::ACTIONS,
    container_instances::ACTIONS,
    capacity_providers::ACTIONS,
    protection::ACTIONS,
    deployments::ACTIONS,
    revisions::ACTIONS,
    update_service::ACTIONS,
    create_service::ACTIONS,
    delete_service::ACTIONS,
    task_sets::ACTIONS,
    tags::ACTIONS,
    run_task::ACTIONS,
    stop_task::ACTIONS,
];

#[cfg(test)]
mod tests;
