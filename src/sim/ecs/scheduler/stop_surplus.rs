//! Stopping what the primary deployment has too much, and of others what the floor
//! lets it. Protected tasks are left alone.

use super::view::{Seen, View, count};
use super::words;
use crate::ecs::Ecs;
use crate::ecs::deployment::Rollout;
use crate::ecs::task::StopCode;
use crate::ecs::{ServiceKey, Task, TaskKey};

/// The tasks to stop, and how many protected ones are in the way.
fn chosen(view: &View, floor: u32, replace: bool) -> (Vec<TaskKey>, u32) {
    let free = |task: &&Seen| !task.protected;
    let excess = count(&view.ours).saturating_sub(view.desired);
    let mut stop: Vec<TaskKey> = view
        .ours
        .iter()
        .rev()
        .filter(free)
        .take(usize::try_from(excess).unwrap_or_default())
        .map(|task| task.key)
        .collect();
    let mut held = excess - count(&stop);
    if replace {
        let mut spare = view.serving.saturating_sub(floor);
        for task in &view.others {
            if task.serves && spare == 0 {
                continue;
            }
            if task.protected {
                held += 1;
                continue;
            }
            spare -= u32::from(task.serves);
            stop.push(task.key);
        }
    }
    (stop, held)
}

impl Ecs {
    pub(super) fn stop_surplus(&mut self, key: ServiceKey, view: &View) -> u32 {
        let Some(service) = self.service(key) else {
            return 0;
        };
        let failed = service
            .primary()
            .is_some_and(|primary| primary.rollout == Rollout::Failed);
        let (stop, held) = chosen(view, service.floor(), view.may_replace && !failed);
        if held > 0 {
            self.wait_for_protection(key, &view.primary_id);
        } else {
            self.resolved(key, words::PROTECTED);
        }
        let (running, pending): (Vec<TaskKey>, Vec<TaskKey>) = stop
            .into_iter()
            .partition(|task| self.tasks.get(task).is_some_and(Task::running));
        let reason = words::scaled(&view.primary_id);
        for task in running.iter().chain(&pending) {
            self.begin_stop(*task, StopCode::ServiceSchedulerInitiated, reason.clone());
        }
        let ids: Vec<String> = running
            .iter()
            .filter_map(|task| self.tasks.get(task))
            .map(|task| task.id.clone())
            .collect();
        for batch in ids.chunks(10) {
            self.note(key, words::stopped_running(batch));
        }
        if !pending.is_empty() {
            self.note(key, words::stopped_pending(pending.len()));
        }
        count(&running) + count(&pending)
    }

    /// Says that protected tasks are in the way, and looks again when one is free.
    fn wait_for_protection(&mut self, key: ServiceKey, set: &str) {
        let now = self.desk.now;
        self.note_once(key, words::PROTECTED, words::protected(set));
        let Some(service) = self.service(key) else {
            return;
        };
        let first = service
            .live
            .iter()
            .filter_map(|task| self.tasks.get(task)?.protected)
            .filter(|until| *until > now)
            .min();
        if let Some(until) = first {
            self.plan_reconcile(key, until - now);
        }
    }
}
