//! The panes, and what the detail pane is about.

use crate::keys::Scope;

/// The panes, in the order in which `tab` goes through them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pane {
    /// Clusters and services.
    Services,
    /// Tasks of the selected row.
    Tasks,
    /// Cause and detail of what is selected.
    Detail,
    /// Queue depths.
    Queues,
    /// Work items.
    Work,
    /// The log.
    Logs,
}

impl Pane {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Services,
        Self::Tasks,
        Self::Detail,
        Self::Queues,
        Self::Work,
        Self::Logs,
    ];
}

/// What the detail pane is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DetailMode {
    /// The verdict and its evidence; of a task, why it ended.
    Why,
    /// One account of what happened, newest first.
    Timeline,
    /// What the new revision changes.
    Difference,
    /// The deployments.
    Deployments,
}

/// Where keys are looked up while a pane has the focus and nothing lies over it.
pub(in crate::app) const fn pane_scope(pane: Pane) -> Scope {
    match pane {
        Pane::Services => Scope::Services,
        Pane::Tasks => Scope::Tasks,
        Pane::Detail => Scope::Detail,
        Pane::Queues => Scope::Queues,
        Pane::Work => Scope::Work,
        Pane::Logs => Scope::Logs,
    }
}
