//! Setting a service's desired count.

use super::guard::scalable;
use super::{
    ActError, Change, Changed, Decider, Expect, Goal, Intent, Request, ServiceGoal, ServiceSeen,
    Step, Subject, UpdateService, Verb,
};
use crate::domain::{ScalableTarget, Service, Suspended};
use crate::text::Clean;

/// The most tasks that a service can have (source: ECS service quotas, "Tasks per service").
pub(super) const MOST: u32 = 5_000;

/// Builds the intent to give a service another desired count.
///
/// # Errors
/// When the count makes no sense or the service has none.
pub fn scale(by: Decider<'_>, service: &Service, count: &str) -> Result<Intent, ActError> {
    let bad = || {
        let given = Clean::new(count);
        ActError::Bad(Clean::own(format!(
            "the count must be a whole number from 0 to {MOST}, not {given:?}"
        )))
    };
    let desired: u32 = count.trim().parse().map_err(|_| bad())?;
    if desired > MOST {
        return Err(bad());
    }
    scalable(service)?;
    if desired == service.desired {
        return Err(ActError::Already(Clean::own(format!(
            "the desired count is already {desired}"
        ))));
    }
    let step = Step {
        request: Request::UpdateService(UpdateService {
            desired_count: Some(desired),
            ..UpdateService::of(service)
        }),
        goal: Goal::Service(ServiceGoal {
            desired: Some((service.desired, desired)),
            ..ServiceGoal::of(service)
        }),
    };
    Ok(Intent {
        changes: vec![Change::new(Changed::DesiredCount, service.desired, desired)],
        big: is_big_cut(service.desired, desired),
        ..by.intent(
            Verb::Scale,
            Some(service.cluster.clone()),
            Subject::Service(service.arn.clone()),
            vec![step],
            vec![Expect::Service(ServiceSeen::as_it_is(service))],
        )
    })
}

/// What autoscaling will do to a count that is set by hand. None where it is held.
pub fn autoscaling_words(target: &ScalableTarget, count: u32) -> Option<Clean> {
    if target.suspended == Suspended::ALL {
        return None;
    }
    let (min, max) = (target.min, target.max);
    Some(Clean::own(if (min..=max).contains(&count) {
        format!(
            "autoscaling may change this count again, from {min} to {max} (autoscaling suspend prevents that)"
        )
    } else {
        format!(
            "autoscaling keeps the count from {min} to {max}: it will change this (autoscaling suspend prevents that)"
        )
    }))
}

/// Whether a new count is a big cut: to zero, or by more than half.
pub(super) fn is_big_cut(before: u32, after: u32) -> bool {
    after < before && (after == 0 || u64::from(after) * 2 < u64::from(before))
}
