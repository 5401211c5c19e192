//! ECS: clusters, task definitions, services and tasks; who schedules them; who asks.
//!
//! Invariant: a task is in `tasks` from its launch until an hour after it stopped,
//! and every index that names it is kept by `launch`, `stop` and `forget` alone. What of
//! other parts decides what ECS does (alarms, images, secrets), it is told by the bus.

pub(crate) mod api;
pub(crate) mod capacity;
pub(crate) mod cluster;
pub(crate) mod definition;
pub(crate) mod deployment;
mod due;
mod furnish;
mod furnish_capacity;
pub(crate) mod input;
pub(crate) mod keys;
mod part;
pub(crate) mod registry;
pub(crate) mod scheduler;
pub(crate) mod service;
pub(crate) mod signals;
mod step;
mod supply;
pub(crate) mod target;
pub(crate) mod task;
mod tasks_seen;
mod tells;
pub(crate) mod troubles;

pub(crate) use capacity::{CapacityProvider, ContainerInstance};
pub(crate) use cluster::Cluster;
pub(crate) use definition::Definition;
pub(crate) use deployment::Deployment;
pub(crate) use due::Due;
pub(crate) use keys::{DeploymentKey, InstanceKey, ServiceKey, TaskKey};
pub(crate) use part::{Ecs, RunToken};
pub(crate) use service::Service;
pub(crate) use supply::{image_digest, split_image};
pub(crate) use task::Task;
