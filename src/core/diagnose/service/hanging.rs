//! The tasks of a service that are on their way and will not arrive, or run without a part of them.

use super::{ServiceSnapshot, expected};
use crate::diagnose::Evidence;
use crate::diagnose::hanging::{TaskContext, hangs};
use crate::domain::{Task, TaskStatus};

/// What hangs, equal things together, the most frequent first.
pub(super) fn of<'a>(
    snapshot: ServiceSnapshot<'a>,
    tasks: impl Iterator<Item = &'a Task>,
) -> Vec<Evidence> {
    let usual = expected::usual_start(snapshot);
    let hosts = snapshot.facts.instances(&snapshot.service.cluster);
    let mut found: Vec<Evidence> = Vec::new();
    for task in tasks {
        let definition = snapshot.definitions.get(&task.definition);
        let around = TaskContext {
            definition: definition.map(AsRef::as_ref),
            hosts: hosts.unwrap_or_default(),
            usual,
        };
        let Some(new) = hangs(task, around, snapshot.now) else {
            continue;
        };
        let cause = |one: &Evidence| one.ranking.first().map(|best| best.cause);
        let alike = |one: &&mut Evidence| {
            (one.source, cause(one), &one.container) == (new.source, cause(&new), &new.container)
        };
        match found.iter_mut().find(alike) {
            Some(old) => {
                let count = old.count.saturating_add(1);
                // The one that has waited for the longest is shown.
                if new.at < old.at {
                    *old = new;
                }
                old.count = count;
            }
            None => found.push(new),
        }
    }
    found.sort_by_key(|one| std::cmp::Reverse(one.count));
    found
}

/// Whether a task runs: what hangs before that keeps it from running.
pub(super) fn is_running(task: &Task) -> bool {
    task.status == TaskStatus::Running
}
