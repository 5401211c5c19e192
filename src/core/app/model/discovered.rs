//! Queues and tables that task definitions name.

use std::collections::BTreeSet;

use crate::text::Clean;

/// What the definitions that are known name in their environment.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::app) struct Discovered {
    pub(in crate::app) queues: BTreeSet<Clean>,
    pub(in crate::app) tables: BTreeSet<Clean>,
}
