//! Tasks that do not start: how they are counted, when the scheduler waits
//! longer between tries, and when the circuit breaker fails the deployment.

use super::words;
use crate::clock::{MINUTE, Millis, SECOND};
use crate::ecs::Ecs;
use crate::ecs::deployment::Rollout;
use crate::ecs::{DeploymentKey, ServiceKey};
use crate::world::{Controller, ThresholdSpec, ThresholdType};

/// How many tasks may fail. By default half of the desired count, at least 3, at most 200.
///
/// source: developer guide, deployment-circuit-breaker (0.5 of the desired count between 3
/// and 200); botocore `ecs`, DeploymentCircuitBreaker (`thresholdConfiguration`,
/// `resetOnHealthyTask`). No recorded answer of a real breaker stands behind it.
pub(crate) fn threshold(desired: u32, configured: ThresholdSpec) -> u32 {
    let share = || desired.saturating_mul(configured.value).div_ceil(100);
    match configured.kind {
        ThresholdType::Count => configured.value,
        ThresholdType::BoundedPercent => share().clamp(3, 200),
        ThresholdType::UnboundedPercent => share().max(1),
    }
}

/// How long the scheduler waits before it tries again, after so many tasks failed in
/// a row. It begins after a few rounds and ends at 27 minutes.
///
/// source: developer guide, service-throttle-logic (the end, and that only tasks that never
/// ran are throttled); the beginning and the doubling are ours.
fn back_off(failed: u32, desired: u32) -> Millis {
    let rounds = failed / desired.max(1);
    match rounds.checked_sub(3) {
        None => 0,
        Some(doublings) => ((10 * SECOND) << doublings.min(10)).min(27 * MINUTE),
    }
}

/// How a task failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failed {
    /// It never ran: the scheduler waits longer and longer.
    ToStart,
    /// It ran, but was never healthy: that throttles nothing.
    /// source: developer guide, service-throttle-logic.
    ToServe,
}

impl Ecs {
    /// A task of the deployment runs, and is healthy where that is checked.
    pub(crate) fn deployment_proven(&mut self, key: ServiceKey, deployment: DeploymentKey) {
        let Some(service) = self.service_mut(key) else {
            return;
        };
        service.notices.said.remove(words::IMPAIRED);
        let reset = service.settings.breaker.reset_on_healthy;
        if let Some(deployment) = service.deployment_mut(deployment) {
            deployment.not_before = deployment.created;
            if reset {
                deployment.failed = 0;
                deployment.proven = true;
            }
        }
    }

    /// A task of the deployment did not start, or never became healthy.
    pub(crate) fn start_failed(&mut self, key: ServiceKey, owner: DeploymentKey, how: Failed) {
        let now = self.desk.now;
        let Some(service) = self.service_mut(key) else {
            return;
        };
        let (desired, settings) = (service.desired, service.settings.breaker);
        let breaker = settings.enable && service.controller == Controller::Ecs;
        let Some(deployment) = service.deployment_mut(owner) else {
            return;
        };
        deployment.failed += 1;
        deployment.updated = now;
        let wait = match how {
            Failed::ToStart => back_off(deployment.failed, desired),
            Failed::ToServe => 0,
        };
        deployment.not_before = deployment.not_before.max(now + wait);
        let judged =
            deployment.rollout == Rollout::InProgress && !deployment.proven && deployment.primary;
        let tripped =
            breaker && judged && deployment.failed >= threshold(desired, settings.threshold);
        if wait > 0 {
            self.note_once(key, words::IMPAIRED, words::IMPAIRED);
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
            let told = threshold(desired, ThresholdSpec::default());
            assert_eq!(told, wanted, "desired {desired}");
        }
    }

    #[test]
    fn a_threshold_of_type_count_is_its_value_and_unbounded_percent_has_no_bounds() {
        let of = |kind, value, desired| threshold(desired, ThresholdSpec { kind, value });
        assert_eq!(of(ThresholdType::Count, 7, 400), 7);
        assert_eq!(of(ThresholdType::UnboundedPercent, 10, 5), 1);
        assert_eq!(of(ThresholdType::UnboundedPercent, 80, 1_000), 800);
        assert_eq!(of(ThresholdType::BoundedPercent, 80, 1_000), 200);
    }

    #[test]
    fn back_off_grows_up_to_27_minutes() {
        assert_eq!(back_off(2, 2), 0);
        assert_eq!(back_off(6, 2), 10 * SECOND);
        assert_eq!(back_off(8, 2), 20 * SECOND);
        assert_eq!(back_off(1_000, 1), 27 * MINUTE);
    }
}
