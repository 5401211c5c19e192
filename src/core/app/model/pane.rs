//! The panes, and what the detail pane is about.

pub use crate::keys::Pane;

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
    /// What was changed, by whom, with what result.
    Journal,
}
