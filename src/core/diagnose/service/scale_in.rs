//! Tasks that ECS stopped because the desired count was lowered.

use super::ServiceSnapshot;
use super::events::contains;
use crate::domain::{Deployment, Task};

/// Whether a task ended because the count was lowered, and not because another deployment took its place.
pub(super) fn was_scaled_in(
    snapshot: ServiceSnapshot<'_>,
    task: &Task,
    primary: Option<&Deployment>,
) -> bool {
    let reason = task.stopped_reason.as_ref();
    snapshot.owns(primary, task)
        && reason.is_some_and(|reason| contains(reason, "scaling activity initiated"))
}
