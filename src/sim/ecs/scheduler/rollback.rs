//! Going back: to the last completed deployment, by ECS itself or for somebody.

use super::words;
use crate::clock::SECOND;
use crate::ecs::Ecs;
use crate::ecs::deployment::{DeploymentStatus, Rollback, Rollout};
use crate::ecs::{DeploymentKey, Service, ServiceKey};

/// Where a rollback goes.
enum Back {
    /// A deployment that still has tasks, or had some a moment ago.
    There(DeploymentKey),
    /// What a deployment of the past deployed.
    Past(usize),
}

/// The last completed deployment. Where the deployment under way replaced a rollback
/// that had not finished, there is none, and a failure stalls (deployment-circuit-breaker).
fn way_back(service: &Service) -> Option<Back> {
    let there = service
        .deployments
        .iter()
        .find(|d| !d.primary && d.rollout == Rollout::Completed);
    if let Some(there) = there {
        return Some(Back::There(there.key));
    }
    for past in service.history.iter().rev().skip(1) {
        match (past.status, &past.rollback) {
            (DeploymentStatus::Successful, _) => return Some(Back::Past(past.target)),
            (DeploymentStatus::RollbackSuccessful, Some(rollback)) => {
                return Some(Back::Past(rollback.revision));
            }
            (DeploymentStatus::Stopped | DeploymentStatus::StopRequested, Some(_)) => return None,
            _ => {}
        }
    }
    None
}

impl Ecs {
    /// Whether there is a completed deployment to go back to.
    pub(crate) fn can_go_back(&self, key: ServiceKey) -> bool {
        self.service(key).is_some_and(|s| way_back(s).is_some())
    }

    /// Carries out what StopServiceDeployment asked for.
    pub(super) fn go_back_for_user(&mut self, key: ServiceKey) {
        let now = self.desk.now;
        let left = self.service(key).and_then(|s| Some(s.primary()?.key));
        if !self.go_back(key, words::BY_USER, "ECS deployment stopped") {
            if let Some(ongoing) = self.service_mut(key).and_then(|s| s.ongoing_mut()) {
                ongoing.status = DeploymentStatus::RollbackFailed;
                ongoing.finished = Some(now);
            }
            return;
        }
        let left = left.and_then(|left| self.service_mut(key)?.deployment_mut(left));
        if let Some(left) = left {
            left.rollout = Rollout::Failed;
            left.reason = "ECS deployment stopped by a user initiated request.".to_owned();
            left.updated = now;
        }
    }

    /// Makes the last completed deployment the primary one again, or a new one of
    /// what it deployed when it is no longer there. False when none ever completed.
    pub(super) fn go_back(&mut self, key: ServiceKey, why: &str, by: &str) -> bool {
        let revision = match self.service(key).and_then(way_back) {
            None => return false,
            Some(Back::There(deployment)) => self.promote(key, deployment),
            Some(Back::Past(revision)) => self.deploy_again(key, revision),
        };
        let Some(revision) = revision else {
            return false;
        };
        self.record_rollback(key, revision, why, by);
        true
    }

    fn deploy_again(&mut self, key: ServiceKey, revision: usize) -> Option<usize> {
        let service = self.service(key)?;
        let definition = service.revisions.get(revision)?.definition.clone();
        self.add_deployment(key, definition, revision)?;
        Some(revision)
    }

    /// Makes an older deployment the primary one again; the revision that it deploys.
    fn promote(&mut self, key: ServiceKey, deployment: DeploymentKey) -> Option<usize> {
        let now = self.desk.now;
        let service = self.service_mut(key)?;
        for each in &mut service.deployments {
            each.primary = each.key == deployment;
        }
        service.deployments.sort_by_key(|each| !each.primary);
        service.notices.steady_said = None;
        let primary = service.primary_mut()?;
        primary.rollout = Rollout::InProgress;
        primary.updated = now;
        primary.inactive = None;
        primary.failed = 0;
        primary.proven = false;
        primary.not_before = now;
        Some(primary.revision)
    }

    fn record_rollback(&mut self, key: ServiceKey, revision: usize, why: &str, by: &str) {
        let now = self.desk.now;
        let Some(service) = self.service_mut(key) else {
            return;
        };
        if let Some(back) = service.revisions.get(revision) {
            service.network = back.network.clone();
        }
        let Some(primary) = service.primary_mut() else {
            return;
        };
        primary.reason = words::rolling_back(by, &primary.id);
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
