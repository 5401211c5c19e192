//! What fails a deployment: the circuit breaker, an alarm, a lifecycle hook, a
//! configuration that cannot be. All of them end here.

use super::words;
use crate::ecs::Ecs;
use crate::ecs::ServiceKey;
use crate::ecs::deployment::{DeploymentStatus, Rollout};
use crate::world::Controller;

/// Why a deployment fails, in AWS's words.
#[derive(Clone, Debug)]
pub(crate) struct Failing {
    /// The event, after "deployment failed: ".
    pub(crate) event: String,
    /// `rolloutStateReason`
    pub(crate) rollout: String,
    /// How the reason of a rollback begins, before ": rolling back to …".
    pub(crate) by: &'static str,
    /// `statusReason`, and the reason of the rollback.
    pub(crate) why: String,
    pub(crate) goes_back: bool,
}

impl Failing {
    /// One sentence says all, and ECS goes back.
    pub(crate) fn because(why: String) -> Self {
        Failing {
            event: why.clone(),
            rollout: format!("ECS deployment failed: {why}"),
            by: "ECS deployment failed",
            why,
            goes_back: true,
        }
    }
}

impl Ecs {
    /// Fails the primary deployment, and goes back where it may. Where no deployment ever
    /// completed, the failed one just stalls. A rollback that fails ends there.
    pub(crate) fn fail_deployment(&mut self, key: ServiceKey, failing: Failing) {
        let now = self.desk.now;
        let Some(service) = self.service_mut(key) else {
            return;
        };
        let going_back = service
            .ongoing()
            .is_some_and(|d| !d.status.forward() && d.rollback.is_some());
        let Some(primary) = service.primary_mut() else {
            return;
        };
        if primary.rollout != Rollout::InProgress {
            return;
        }
        primary.rollout = Rollout::Failed;
        primary.reason.clone_from(&failing.rollout);
        primary.updated = now;
        let (id, failed) = (primary.id.clone(), primary.failed);
        if let Some(ongoing) = service.ongoing_mut() {
            ongoing.failed = ongoing.failed.max(failed);
        }
        self.note(key, words::deployment_failed(&id, &failing.event));
        if !going_back && failing.goes_back && self.go_back(key, &failing.why, failing.by) {
            return;
        }
        if let Some(ongoing) = self.service_mut(key).and_then(|s| s.ongoing_mut()) {
            ongoing.status = if going_back {
                DeploymentStatus::RollbackFailed
            } else {
                DeploymentStatus::Stopped
            };
            ongoing.finished = Some(now);
            if !going_back {
                ongoing.reason = Some(failing.rollout);
            }
        }
    }

    pub(crate) fn breaker_trips(&mut self, key: ServiceKey) {
        let Some(service) = self.service_mut(key) else {
            return;
        };
        let goes_back = service.settings.breaker.rollback;
        if let Some(ongoing) = service.ongoing_mut() {
            ongoing.tripped = true;
        }
        let failing = Failing {
            event: "tasks failed to start.".to_owned(),
            rollout: words::BREAKER_TRIPPED.to_owned(),
            by: "ECS deployment circuit breaker",
            why: words::BY_BREAKER.to_owned(),
            goes_back,
        };
        self.fail_deployment(key, failing);
    }

    /// An alarm that is watched and in ALARM fails the deployment under way.
    pub(super) fn heed_alarms(&mut self, key: ServiceKey) {
        let Some(service) = self.service(key) else {
            return;
        };
        let Some(alarms) = service.settings.alarms.as_ref().filter(|a| a.enable) else {
            return;
        };
        let listens = |d: &&_| service.controller == Controller::Ecs && listening(d);
        if service.ongoing().filter(listens).is_none() {
            return;
        }
        let in_alarm = |name: &&String| self.signals.in_alarm(name);
        let alarmed: Vec<String> = alarms.names.iter().filter(in_alarm).cloned().collect();
        let goes_back = alarms.rollback;
        if alarmed.is_empty() {
            return;
        }
        if let Some(ongoing) = self.service_mut(key).and_then(|s| s.ongoing_mut()) {
            ongoing.alarmed.clone_from(&alarmed);
        }
        let failing = Failing {
            event: "alarm detected.".to_owned(),
            rollout: "ECS deployment failed: alarm detected.".to_owned(),
            by: "ECS deployment failed: alarm detected",
            why: words::by_alarm(&alarmed),
            goes_back,
        };
        self.fail_deployment(key, failing);
    }
}

fn listening(deployment: &crate::ecs::deployment::ServiceDeployment) -> bool {
    deployment.status == DeploymentStatus::InProgress && !deployment.deaf
}
