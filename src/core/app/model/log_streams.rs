//! The streams of a group that is read whole.

use std::collections::BTreeSet;

use crate::text::Clean;

/// The streams of a group that belong to a log.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::app) struct WantedStreams {
    pub(in crate::app) names: BTreeSet<Clean>,
    /// `prefix/container/`: tasks that are still to come have it too. Empty where the log is one task's.
    pub(in crate::app) prefixes: BTreeSet<Clean>,
}
