//! Nothing to start or stop: the service is done, or waits, or is deadlocked.

use super::notes::{AGAIN, may_repeat};
use super::view::View;
use super::words;
use crate::ecs::Ecs;
use crate::ecs::ServiceKey;
use crate::ecs::deployment::{DeploymentStatus, Rollout};

impl Ecs {
    /// `through` tells that no stage holds the deployment.
    pub(super) fn settle(&mut self, key: ServiceKey, view: &View, through: bool) {
        let Some(service) = self.service(key) else {
            return;
        };
        if view.replaced(service) {
            if through {
                self.complete(key);
            }
            return;
        }
        let deadlocked = !view.others.is_empty()
            && view.may_start
            && view.may_replace
            && view.live == view.serving
            && service.ceiling() <= view.live
            && view.serving <= service.floor();
        if deadlocked {
            self.note_once(key, words::DEADLOCK, words::DEADLOCK);
        }
    }

    /// The service is steady; a deployment in progress is complete.
    fn complete(&mut self, key: ServiceKey) {
        let now = self.desk.now;
        let Some(service) = self.service_mut(key) else {
            return;
        };
        let mut completed = None;
        if let Some(primary) = service.primary_mut()
            && primary.rollout == Rollout::InProgress
        {
            primary.rollout = Rollout::Completed;
            primary.reason = words::completed(&primary.id);
            primary.updated = now;
            completed = Some(primary.id.clone());
        }
        let failed = service.primary().map_or(0, |primary| primary.failed);
        if let Some(ongoing) = service.ongoing_mut() {
            ongoing.finished = Some(now);
            ongoing.status = match ongoing.status {
                DeploymentStatus::RollbackInProgress => DeploymentStatus::RollbackSuccessful,
                _ => DeploymentStatus::Successful,
            };
            ongoing.failed = ongoing.failed.max(failed);
        }
        let say = may_repeat(service.notices.steady_said, now);
        if say {
            service.notices.steady_said = Some(now);
        }
        service.notices.said.remove(words::DEADLOCK);
        if let Some(id) = completed {
            self.note(key, words::deployment_completed(&id));
        }
        if say {
            self.note(key, words::STEADY);
        }
        let said = self.service(key).and_then(|s| s.notices.steady_said);
        if let Some(said) = said {
            self.plan_reconcile(key, said + AGAIN - now);
        }
    }
}
