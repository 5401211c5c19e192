//! The panes, by the names that they have in the core.

pub(super) mod deployments;
pub(super) mod detail;
pub(super) mod journal;
pub(super) mod logs;
pub(super) mod queues;
pub(super) mod services;
pub(super) mod tasks;
pub(super) mod work;

/// `:7` of `family:7`.
fn revision(revision: &str) -> &str {
    let at = revision.rfind(':');
    at.and_then(|at| revision.get(at..)).unwrap_or(revision)
}
