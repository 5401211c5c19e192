//! From ECS's shapes to the domain.

pub(crate) mod cluster;
pub(crate) mod definition;
pub(crate) mod document;
pub(crate) mod instance;
pub(crate) mod rollout;
pub(crate) mod service;
pub(crate) mod task;
