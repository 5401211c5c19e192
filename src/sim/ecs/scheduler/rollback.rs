//! Going back: by the circuit breaker, or because somebody stops the deployment.

use super::words;
use crate::clock::SECOND;
use crate::ecs::deployment::{DeploymentStatus, Rollback, Rollout};
use crate::ecs::{DeploymentKey, ServiceKey};
use crate::engine::Engine;

const BY_BREAKER: &str =
    "Service deployment rolled back because the circuit breaker threshold was exceeded.";
const BY_USER: &str = "Service deployment rolled back because of a user initiated request.";

impl Engine {
    /// The circuit breaker fails the primary deployment, and goes back where it may.
    /// Where no deployment ever completed, the failed one just stalls.
    pub(crate) fn breaker_trips(&mut self, key: ServiceKey) {
        let now = self.now;
        let Some(service) = self.ecs.service_mut(key) else {
            return;
        };
        let goes_back = service.breaker_rolls_back;
        let Some(primary) = service.primary_mut() else {
            return;
        };
        primary.rollout = Rollout::Failed;
        primary.reason = words::BREAKER_TRIPPED.to_owned();
        primary.updated = now;
        let (id, failed) = (primary.id.clone(), primary.failed);
        if let Some(ongoing) = service.ongoing_mut() {
            ongoing.tripped = true;
            ongoing.failed = failed;
        }
        self.note(key, words::deployment_failed(&id));
        if !(goes_back && self.go_back(key, BY_BREAKER))
            && let Some(ongoing) = self.ecs.service_mut(key).and_then(|s| s.ongoing_mut())
        {
            ongoing.status = DeploymentStatus::Stopped;
            ongoing.finished = Some(now);
            ongoing.reason =
                Some("Service deployment circuit breaker: tasks failed to start.".to_owned());
        }
    }

    /// Stops the deployment under way and goes back, as StopServiceDeployment does.
    /// False when there is nothing to go back to.
    pub(crate) fn stop_deployment(&mut self, key: ServiceKey) -> bool {
        let now = self.now;
        let done = self.go_back(key, BY_USER);
        if done
            && let Some(service) = self.ecs.service_mut(key)
            && let Some(left) = service
                .deployments
                .iter_mut()
                .find(|d| !d.primary && d.rollout == Rollout::InProgress)
        {
            left.rollout = Rollout::Failed;
            left.reason = "ECS deployment stopped by a user initiated request.".to_owned();
            left.updated = now;
        }
        done
    }

    /// Makes the last completed deployment the primary one again, or a new one of
    /// what it deployed when it is no longer there. False when none ever completed.
    fn go_back(&mut self, key: ServiceKey, why: &str) -> bool {
        let Some(service) = self.ecs.service(key) else {
            return false;
        };
        let there: Option<DeploymentKey> = service
            .deployments
            .iter()
            .find(|d| !d.primary && d.rollout == Rollout::Completed)
            .map(|d| d.key);
        let last_good = service
            .history
            .iter()
            .rev()
            .find_map(|past| match past.status {
                DeploymentStatus::Successful => Some(past.target),
                DeploymentStatus::RollbackSuccessful => past.rollback.as_ref().map(|r| r.revision),
                _ => None,
            });
        let back = match there {
            Some(deployment) => Some(self.promote(key, deployment)),
            None => last_good.and_then(|revision| {
                let service = self.ecs.service(key)?;
                let definition = service.revisions.get(revision)?.definition.clone();
                self.add_deployment(key, definition, revision)?;
                Some(revision)
            }),
        };
        let Some(revision) = back else {
            return false;
        };
        self.record_rollback(key, revision, why);
        true
    }

    /// Makes an older deployment the primary one again; the revision that it deploys.
    fn promote(&mut self, key: ServiceKey, deployment: DeploymentKey) -> usize {
        let now = self.now;
        let Some(service) = self.ecs.service_mut(key) else {
            return 0;
        };
        for each in &mut service.deployments {
            each.primary = each.key == deployment;
        }
        service.deployments.sort_by_key(|each| !each.primary);
        service.notices.steady_said = None;
        let Some(primary) = service.primary_mut() else {
            return 0;
        };
        primary.rollout = Rollout::InProgress;
        primary.updated = now;
        primary.revision
    }

    fn record_rollback(&mut self, key: ServiceKey, revision: usize, why: &str) {
        let now = self.now;
        let Some(service) = self.ecs.service_mut(key) else {
            return;
        };
        let Some(primary) = service.primary_mut() else {
            return;
        };
        primary.reason = words::rolling_back(&primary.id);
        let id = primary.id.clone();
        if let Some(ongoing) = service.ongoing_mut() {
            ongoing.status = DeploymentStatus::RollbackInProgress;
            ongoing.reason = Some(why.to_owned());
            ongoing.rollback = Some(Rollback {
                reason: why.to_owned(),
                started: now,
                revision,
            });
        }
        self.note(key, words::rolling_back_event(&id));
        self.plan_reconcile(key, SECOND);
    }
}
