//! The scalable targets of an account in a region.
//!
//! source: developer guide, service-auto-scaling and service-autoscaling-targettracking (it
//! goes by the running count, scales in only outside of deployments, within the bounds).

use super::target::Target;
use crate::desk::Desk;

/// The scalable targets. What time makes of them, a whole minute makes of them.
#[derive(Debug)]
pub(crate) struct AutoScaling {
    pub(crate) desk: Desk<()>,
    pub(crate) targets: Vec<Target>,
    /// How many scaling activities there have been.
    pub(super) activities: u64,
}

impl AutoScaling {
    /// Without any target.
    pub(crate) fn new(desk: Desk<()>) -> Self {
        AutoScaling {
            desk,
            targets: Vec::new(),
            activities: 0,
        }
    }
}
