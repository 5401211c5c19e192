//! Tasks that do not start: how they are counted, when the scheduler waits
//! longer between tries, and when the circuit breaker fails the deployment.

use super::notes::may_repeat;
use super::words;
use crate::clock::{MINUTE, Millis, SECOND};
use crate::ecs::deployment::Rollout;
use crate::ecs::{DeploymentKey, ServiceKey};
use crate::engine::Engine;

/// How many tasks may fail: half of the desired count, at least 3, at most 200
/// (deployment-circuit-breaker).
pub(crate) fn threshold(desired: u32) -> u32 {
    desired.div_ceil(2).clamp(3, 200)
}

/// How long the scheduler waits before it tries again, after so many tasks failed in
/// a row. It begins after a few rounds and ends at 27 minutes (service-throttle-logic).
fn back_off(failed: u32, desired: u32) -> Millis {
    let rounds = failed / desired.max(1);
    match rounds.checked_sub(3) {
        None => 0,
        Some(doublings) => ((10 * SECOND) << doublings.min(10)).min(27 * MINUTE),
    }
}

impl Engine {
    /// A task of the deployment runs, and is healthy where that is checked.
    pub(crate) fn deployment_proven(&mut self, key: ServiceKey, deployment: DeploymentKey) {
        let Some(service) = self.ecs.service_mut(key) else {
            return;
        };
        service.notices.impaired_said = None;
        if let Some(deployment) = service.deployment_mut(deployment) {
            deployment.failed = 0;
            deployment.proven = true;
        }
    }

    /// A task of the deployment did not start, or never became healthy.
    pub(crate) fn start_failed(&mut self, key: ServiceKey, deployment: DeploymentKey) {
        let now = self.now;
        let Some(service) = self.ecs.service_mut(key) else {
            return;
        };
        let (desired, breaker) = (service.desired, service.breaker);
        let Some(deployment) = service.deployment_mut(deployment) else {
            return;
        };
        deployment.failed += 1;
        deployment.updated = now;
        let wait = back_off(deployment.failed, desired);
        deployment.not_before = now + wait;
        let in_progress = deployment.rollout == Rollout::InProgress;
        let judged = in_progress && !deployment.proven && deployment.primary;
        let tripped = breaker && judged && deployment.failed >= threshold(desired);
        if wait > 0 && may_repeat(service.notices.impaired_said, now) {
            service.notices.impaired_said = Some(now);
            self.note(key, words::IMPAIRED);
        }
        if tripped {
            self.breaker_trips(key);
        }
        self.plan_reconcile(key, SECOND);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaker_threshold_is_half_of_desired_clamped_to_3_and_200() {
        let cases = [
            (0, 3),
            (1, 3),
            (6, 3),
            (7, 4),
            (25, 13),
            (400, 200),
            (1_000, 200),
        ];
        for (desired, wanted) in cases {
            assert_eq!(threshold(desired), wanted, "desired {desired}");
        }
    }

    #[test]
    fn back_off_grows_up_to_27_minutes() {
        assert_eq!(back_off(2, 2), 0);
        assert_eq!(back_off(6, 2), 10 * SECOND);
        assert_eq!(back_off(8, 2), 20 * SECOND);
        assert_eq!(back_off(1_000, 1), 27 * MINUTE);
    }
}
