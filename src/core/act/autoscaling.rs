//! Holding, releasing and bounding what AWS scales by itself.

use super::guard::scaling_words;
use super::request::resource_id;
use super::{
    ActError, Change, Changed, Decider, Expect, Goal, Intent, RegisterScalableTarget, Request,
    Step, Subject, SuspendedState, Verb,
};
use crate::domain::{Arn, ScalableTarget, Service, Suspended};
use crate::text::Clean;

/// Builds the intent to hold all scaling of a service.
///
/// # Errors
/// When nothing scales it, or all is held already.
pub fn suspend(
    by: Decider<'_>,
    service: &Service,
    target: Option<&ScalableTarget>,
) -> Result<Intent, ActError> {
    let before = scaled(service, target)?;
    if before.suspended == Suspended::ALL {
        return Err(ActError::Already(Clean::own(format!(
            "autoscaling of {} is held already",
            service.name
        ))));
    }
    let after = ScalableTarget {
        suspended: Suspended::ALL,
        ..before
    };
    Ok(Intent {
        notes: vec![Clean::literal(
            "nothing scales the service until it is released: release it again (autoscaling resume, or undo)",
        )],
        ..intent(by, service, before, after)
    })
}

/// Builds the intent to let a service be scaled again: as it was before it was held, where that is
/// known (`earlier`), else in every way.
///
/// # Errors
/// When nothing scales it, or it is so already.
pub fn resume(
    by: Decider<'_>,
    service: &Service,
    target: Option<&ScalableTarget>,
    earlier: Option<Suspended>,
) -> Result<Intent, ActError> {
    let before = scaled(service, target)?;
    let after = ScalableTarget {
        suspended: earlier.unwrap_or_default(),
        ..before
    };
    if after == before {
        return Err(ActError::Already(Clean::own(format!(
            "autoscaling of {} is as it was",
            service.name
        ))));
    }
    let minimum = (service.desired < before.min).then(|| {
        Clean::own(format!(
            "the count is {}, below the least of {}: scaling out raises it",
            service.desired, before.min
        ))
    });
    Ok(Intent {
        notes: minimum.into_iter().collect(),
        ..intent(by, service, before, after)
    })
}

/// Builds the intent to give a service's autoscaling other bounds.
///
/// # Errors
/// When the bounds make no sense, nothing scales the service, or it has them already.
pub fn bounds(
    by: Decider<'_>,
    service: &Service,
    target: Option<&ScalableTarget>,
    min: &str,
    max: &str,
) -> Result<Intent, ActError> {
    let before = scaled(service, target)?;
    let number = |text: &str| {
        let count = text.trim().parse::<u32>().ok();
        count
            .filter(|count| *count <= super::scale::MOST)
            .ok_or_else(|| {
                ActError::bad(format!(
                    "a bound must be a whole number from 0 to {}, not {:?}",
                    super::scale::MOST,
                    Clean::new(text)
                ))
            })
    };
    let (min, max) = (number(min)?, number(max)?);
    if min > max {
        return Err(ActError::bad(format!(
            "the least ({min}) is more than the most ({max})"
        )));
    }
    let after = ScalableTarget { min, max, ..before };
    if after == before {
        return Err(ActError::Already(Clean::own(format!(
            "the bounds are {min} to {max} already"
        ))));
    }
    let moves = if service.desired < min {
        Some(format!(
            "the count is {}: AWS will raise it to {min}",
            service.desired
        ))
    } else if service.desired > max {
        Some(format!(
            "the count is {}: AWS will lower it to {max}",
            service.desired
        ))
    } else {
        None
    };
    Ok(Intent {
        notes: moves.map(Clean::own).into_iter().collect(),
        ..intent(by, service, before, after)
    })
}

/// What scales a service; an error where nothing does.
fn scaled(service: &Service, target: Option<&ScalableTarget>) -> Result<ScalableTarget, ActError> {
    target.copied().ok_or_else(|| {
        ActError::impossible(format!(
            "nothing scales {}: it has no scalable target",
            service.name
        ))
    })
}

fn intent(
    by: Decider<'_>,
    service: &Service,
    before: ScalableTarget,
    after: ScalableTarget,
) -> Intent {
    let expect = Expect::Scaling {
        cluster: service.cluster.clone(),
        service: service.arn.clone(),
        target: Some(before),
    };
    Intent {
        changes: changes(&before, &after),
        ..by.intent(
            Verb::Autoscaling,
            Some(service.cluster.clone()),
            Subject::Service(service.arn.clone()),
            vec![step(&service.cluster, &service.arn, before, after)],
            vec![expect],
        )
    }
}

/// What changes between two settings.
pub(super) fn changes(before: &ScalableTarget, after: &ScalableTarget) -> Vec<Change> {
    vec![Change {
        what: Changed::Autoscaling,
        before: scaling_words(before),
        after: scaling_words(after),
    }]
}

/// The step from one setting to another: what does not change is not sent.
pub(super) fn step(
    cluster: &Arn,
    service: &Arn,
    before: ScalableTarget,
    after: ScalableTarget,
) -> Step {
    let changed = |now: u32, then: u32| (now != then).then_some(then);
    Step {
        request: Request::RegisterScalableTarget(RegisterScalableTarget {
            min_capacity: changed(before.min, after.min),
            max_capacity: changed(before.max, after.max),
            suspended_state: (before.suspended != after.suspended)
                .then(|| SuspendedState::from(after.suspended)),
            ..RegisterScalableTarget::of(resource_id(cluster, service))
        }),
        goal: Goal::Scaling {
            cluster: cluster.clone(),
            service: service.clone(),
            before,
            after,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::sample::decider;
    use crate::diagnose::sample;

    const SEEN: ScalableTarget = ScalableTarget {
        min: 1,
        max: 10,
        suspended: Suspended {
            scale_in: true,
            scale_out: false,
            scheduled: false,
        },
    };

    fn body(intent: &Intent) -> serde_json::Value {
        intent.steps[0].request.body()
    }

    #[test]
    fn holding_sends_no_bounds_and_releasing_brings_the_earlier_flags_back() {
        let web = sample::service("web");
        let held = suspend(decider(), &web, Some(&SEEN)).unwrap();
        assert_eq!(
            body(&held),
            serde_json::json!({
                "ServiceNamespace": "ecs",
                "ResourceId": "service/prod/web",
                "ScalableDimension": "ecs:service:DesiredCount",
                "SuspendedState": {
                    "DynamicScalingInSuspended": true,
                    "DynamicScalingOutSuspended": true,
                    "ScheduledScalingSuspended": true,
                },
            })
        );
        let now = ScalableTarget {
            suspended: Suspended::ALL,
            ..SEEN
        };
        let released = resume(decider(), &web, Some(&now), Some(SEEN.suspended)).unwrap();
        let flags = &body(&released)["SuspendedState"];
        assert_eq!(flags["DynamicScalingInSuspended"], true);
        assert_eq!(flags["DynamicScalingOutSuspended"], false);
    }

    #[test]
    fn bounds_send_the_one_that_changes_and_say_what_aws_will_do() {
        let web = sample::service("web");
        let intent = bounds(decider(), &web, Some(&SEEN), "4", "10").unwrap();
        let body = body(&intent);
        assert_eq!(body["MinCapacity"], 4);
        assert_eq!(body.get("MaxCapacity"), None);
        assert_eq!(body.get("SuspendedState"), None);
        assert!(
            intent.notes[0].contains("raise it to 4"),
            "{:?}",
            intent.notes
        );
        for (min, max) in [("5", "4"), ("-1", "4"), ("x", "4"), ("1", "5001")] {
            assert!(matches!(
                bounds(decider(), &web, Some(&SEEN), min, max),
                Err(ActError::Bad(_))
            ));
        }
        assert!(matches!(
            bounds(decider(), &web, Some(&SEEN), "1", "10"),
            Err(ActError::Already(_))
        ));
    }

    #[test]
    fn a_service_that_nothing_scales_is_refused() {
        let web = sample::service("web");
        assert!(matches!(
            suspend(decider(), &web, None),
            Err(ActError::Refused(_))
        ));
    }
}
