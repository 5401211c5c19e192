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

/// All actions, with the members of their input.
pub(crate) const ACTIONS: &[Action<Run<Ecs>>] = &[
    Action {
        name: "ListClusters",
        members: &["nextToken", "maxResults"],
        run: clusters::list,
    },
    Action {
        name: "DescribeClusters",
        members: &["clusters", "include"],
        run: clusters::describe,
    },
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
        run: services::list,
    },
    Action {
        name: "DescribeServices",
        members: &["cluster", "services", "include"],
        run: services::describe,
    },
    Action {
        name: "ListTasks",
        members: &[
            "cluster",
            "containerInstance",
            "family",
            "nextToken",
            "maxResults",
            "startedBy",
            "serviceName",
            "desiredStatus",
            "launchType",
            "daemonName",
        ],
        run: tasks::list,
    },
    Action {
        name: "DescribeTasks",
        members: &["cluster", "tasks", "include"],
        run: tasks::describe,
    },
    Action {
        name: "DescribeTaskDefinition",
        members: &["taskDefinition", "include"],
        run: definitions::describe,
    },
    Action {
        name: "ListTaskDefinitions",
        members: &["familyPrefix", "status", "sort", "nextToken", "maxResults"],
        run: definitions::list,
    },
    Action {
        name: "ListTaskDefinitionFamilies",
        members: &["familyPrefix", "status", "nextToken", "maxResults"],
        run: definitions::families,
    },
    Action {
        name: "RegisterTaskDefinition",
        members: register::MEMBERS,
        run: register::register,
    },
    Action {
        name: "DeregisterTaskDefinition",
        members: &["taskDefinition"],
        run: register::deregister,
    },
    Action {
        name: "ListContainerInstances",
        members: &["cluster", "filter", "nextToken", "maxResults", "status"],
        run: container_instances::list,
    },
    Action {
        name: "DescribeContainerInstances",
        members: &["cluster", "containerInstances", "include"],
        run: container_instances::describe,
    },
    Action {
        name: "DescribeCapacityProviders",
        members: &[
            "capacityProviders",
            "cluster",
            "include",
            "maxResults",
            "nextToken",
        ],
        run: capacity_providers::describe,
    },
    Action {
        name: "GetTaskProtection",
        members: &["cluster", "tasks"],
        run: protection::get,
    },
    Action {
        name: "UpdateTaskProtection",
        members: &["cluster", "tasks", "protectionEnabled", "expiresInMinutes"],
        run: protection::update,
    },
    Action {
        name: "ListServiceDeployments",
        members: &[
            "service",
            "cluster",
            "status",
            "createdAt",
            "nextToken",
            "maxResults",
        ],
        run: deployments::list,
    },
    Action {
        name: "DescribeServiceDeployments",
        members: &["serviceDeploymentArns"],
        run: deployments::describe,
    },
    Action {
        name: "StopServiceDeployment",
        members: &["serviceDeploymentArn", "stopType"],
        run: deployments::stop,
    },
    Action {
        name: "ContinueServiceDeployment",
        members: &["serviceDeploymentArn", "hookId", "action"],
        run: deployments::go_on,
    },
    Action {
        name: "DescribeServiceRevisions",
        members: &["serviceRevisionArns"],
        run: revisions::describe,
    },
    Action {
        name: "UpdateService",
        members: update_service::MEMBERS,
        run: update_service::run,
    },
    Action {
        name: "CreateService",
        members: create_service::MEMBERS,
        run: create_service::run,
    },
    Action {
        name: "DeleteService",
        members: &["cluster", "service", "force"],
        run: delete_service::run,
    },
    Action {
        name: "DescribeTaskSets",
        members: &["cluster", "service", "taskSets", "include"],
        run: task_sets::describe,
    },
    Action {
        name: "TagResource",
        members: &["resourceArn", "tags"],
        run: tags::tag,
    },
    Action {
        name: "ListTagsForResource",
        members: &["resourceArn"],
        run: tags::list,
    },
    Action {
        name: "RunTask",
        members: run_task::MEMBERS,
        run: run_task::run,
    },
    Action {
        name: "StopTask",
        members: &["cluster", "task", "reason"],
        run: stop_task::run,
    },
];

#[cfg(test)]
mod tests;
