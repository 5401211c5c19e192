//! The deployment circuit breaker: how far it has counted.

use serde::Serialize;

use super::ServiceSnapshot;
use crate::domain::{Deployment, DeploymentSettings, Rollout};

/// How far the circuit breaker has counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BreakerCount {
    /// Failed tasks of the deployment.
    pub failed: u32,
    /// So many fail the deployment, 3 to 200.
    pub threshold: u32,
}

impl BreakerCount {
    /// The count of a deployment; none where the breaker is off.
    ///
    /// Half of the desired count, rounded up, at least 3 and at most 200 (source: ECS developer guide, "How the
    /// Amazon ECS deployment circuit breaker detects failures").
    pub fn of(settings: &DeploymentSettings, desired: u32, failed: u32) -> Option<Self> {
        settings.breaker.enabled.then(|| Self {
            failed,
            threshold: threshold(desired),
        })
    }
}

/// So many failed tasks are too many, where nobody says another number.
pub(super) fn threshold(desired: u32) -> u32 {
    desired.div_ceil(2).clamp(3, 200)
}

/// The count of a deployment. What AWS reports of the service deployment is preferred: thresholds can be
/// configured (source: ECS API reference, DeploymentCircuitBreaker.thresholdConfiguration).
pub(super) fn of(snapshot: ServiceSnapshot<'_>, primary: &Deployment) -> Option<BreakerCount> {
    let counted = BreakerCount::of(
        &snapshot.service.settings,
        snapshot.service.desired,
        primary.failed,
    )?;
    let ongoing = snapshot.history().and_then(|history| history.ongoing());
    let reported = ongoing
        .filter(|_| primary.rollout == Some(Rollout::InProgress))
        .and_then(|ongoing| ongoing.breaker.as_ref())
        .filter(|breaker| breaker.threshold > 0);
    Some(reported.map_or(counted, |breaker| BreakerCount {
        failed: breaker.failures.max(primary.failed),
        threshold: breaker.threshold,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Breaker;

    #[test]
    fn the_breaker_trips_at_half_of_the_desired_count_within_its_bounds() {
        let mut settings = DeploymentSettings::default();
        assert_eq!(BreakerCount::of(&settings, 10, 1), None);
        settings.breaker = Breaker {
            enabled: true,
            rollback: false,
        };
        for (desired, threshold) in [(0, 3), (1, 3), (7, 4), (20, 10), (1_000, 200)] {
            let count = BreakerCount::of(&settings, desired, 1).unwrap();
            assert_eq!((count.failed, count.threshold), (1, threshold), "{desired}");
        }
    }
}
