//! How what ECS has is numbered, within it and towards others.

/// A service, numbered over all clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ServiceKey(pub(crate) usize);

/// A deployment, numbered over all services.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DeploymentKey(pub(crate) u64);

/// A task, numbered in the order of launch over all clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TaskKey(pub(crate) u64);

/// A container instance, numbered over all clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct InstanceKey(pub(crate) usize);
