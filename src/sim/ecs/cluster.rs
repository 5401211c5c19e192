//! A cluster, and the indexes of what is in it.

use std::collections::{BTreeMap, BTreeSet};

use super::{InstanceKey, ServiceKey, TaskKey};

/// A cluster: a name, and what is in it.
#[derive(Debug, Default)]
pub(crate) struct Cluster {
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) container_insights: bool,
    pub(crate) services: BTreeMap<String, ServiceKey>,
    /// Tasks whose desired status is RUNNING, by id.
    pub(crate) wanted: BTreeMap<String, TaskKey>,
    /// Tasks whose desired status is STOPPED, by id, also those that have not stopped yet.
    pub(crate) unwanted: BTreeMap<String, TaskKey>,
    /// Tasks of no service that have not been forgotten, by family.
    pub(crate) standalone: BTreeMap<String, BTreeSet<TaskKey>>,
    /// Container instances, also drained ones, by id.
    pub(crate) instances: BTreeMap<String, InstanceKey>,
}
