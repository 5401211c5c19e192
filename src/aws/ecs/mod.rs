//! From ECS's shapes to the domain.

pub(crate) mod cluster;
pub(crate) mod definition;
pub(crate) mod service;
pub(crate) mod task;
