//! What the inputs of ECS's operations that change something must look like.

mod container;
mod definition;
mod deployment;
mod network;
mod service;
mod shared;
mod task;
mod volume;

use crate::input::Inputs;

pub(crate) use shared::LAUNCH_TYPE;

/// The tables, by operation.
pub(crate) const INPUTS: Inputs = &[
    (
        "RegisterTaskDefinition",
        definition::REGISTER_TASK_DEFINITION,
    ),
    (
        "DeregisterTaskDefinition",
        definition::DEREGISTER_TASK_DEFINITION,
    ),
    ("CreateService", service::CREATE_SERVICE),
    ("UpdateService", service::UPDATE_SERVICE),
    ("DeleteService", service::DELETE_SERVICE),
    ("RunTask", task::RUN_TASK),
    ("StopTask", task::STOP_TASK),
    ("UpdateTaskProtection", task::UPDATE_TASK_PROTECTION),
    ("StopServiceDeployment", deployment::STOP_SERVICE_DEPLOYMENT),
    (
        "ContinueServiceDeployment",
        deployment::CONTINUE_SERVICE_DEPLOYMENT,
    ),
    ("TagResource", shared::TAG_RESOURCE),
];
