//! Suspending, resuming and limiting autoscaling.

use super::guard::scaling_words;
use super::request::resource_id;
use super::{
    ActError, Change, Changed, Decider, Expect, Goal, Intent, RegisterScalableTarget, Request,
    Step, Subject, SuspendedState, Verb,
};
use crate::domain::{Arn, ScalableTarget, Service, Suspended};
use crate::text::Clean;

/// Builds the intent to suspend all scaling of a service.
///
/// # Errors
/// When nothing scales it, or all is suspended already.
pub fn suspend(
    by: Decider<'_>,
    service: &Service,
    target: Option<&ScalableTarget>,
) -> Result<Intent, ActError> {
    let before = scaled(service, target)?;
    if before.suspended == Suspended::ALL {
        return Err(ActError::Already(Clean::own(format!(
            "autoscaling of {} is already suspended",
            service.name
        ))));
    }
    let after = ScalableTarget {
        suspended: Suspended::ALL,
        ..before
    };
    Ok(Intent {
        notes: vec![Clean::literal(
            "autoscaling stays suspended until you resume it (autoscaling resume, or undo)",
        )],
        ..intent(by, service, before, after)
    })
}

/// Builds the intent to resume what is suspended now: all of it, or what was not suspended before
/// ecsdeck suspended all ([`History::suspended_before`](super::History::suspended_before) gives `earlier`).
///
/// # Errors
/// When nothing scales it, or nothing is suspended.
pub fn resume(
    by: Decider<'_>,
    service: &Service,
    target: Option<&ScalableTarget>,
    earlier: Option<Suspended>,
) -> Result<Intent, ActError> {
    let before = scaled(service, target)?;
    if before.suspended == Suspended::default() {
        return Err(ActError::Already(Clean::own(format!(
            "autoscaling of {} is already active",
            service.name
        ))));
    }
    let after = ScalableTarget {
        // Something is suspended: what would leave that as it is must not pass for resumed.
        suspended: earlier
            .filter(|earlier| *earlier != before.suspended)
            .unwrap_or_default(),
        ..before
    };
    let stays = (after.suspended != Suspended::default()).then(|| {
        Clean::literal("what was suspended before stays suspended: resume again to resume all")
    });
    let minimum = (service.desired < before.min).then(|| {
        Clean::own(format!(
            "desired count {} is below the minimum {}; autoscaling will raise it",
            service.desired, before.min
        ))
    });
    Ok(Intent {
        notes: stays.into_iter().chain(minimum).collect(),
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
            "minimum {min} is greater than maximum {max}"
        )));
    }
    let after = ScalableTarget { min, max, ..before };
    if after == before {
        return Err(ActError::Already(Clean::own(format!(
            "minimum and maximum capacity are already {min} and {max}"
        ))));
    }
    let moves = if service.desired < min {
        Some(format!(
            "desired count {} is below the minimum {min}; autoscaling will raise it",
            service.desired
        ))
    } else if service.desired > max {
        Some(format!(
            "desired count {} is above the maximum {max}; autoscaling will lower it",
            service.desired
        ))
    } else {
        None
    };
    let suspended = (after.suspended != Suspended::default())
        .then(|| "autoscaling stays suspended until you resume it".to_owned());
    Ok(Intent {
        notes: moves.into_iter().chain(suspended).map(Clean::own).collect(),
        ..intent(by, service, before, after)
    })
}

/// What scales a service; an error where nothing does.
fn scaled(service: &Service, target: Option<&ScalableTarget>) -> Result<ScalableTarget, ActError> {
    target.copied().ok_or_else(|| nothing_scales(service))
}

/// Nothing scales a service.
pub fn nothing_scales(service: &Service) -> ActError {
    ActError::impossible(format!(
        "nothing scales {}: it has no scalable target",
        service.name
    ))
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
    use crate::act::history::{Author, Entry, Sent};
    use crate::act::sample::decider;
    use crate::act::{History, IntentId, Outcome, drain};
    use crate::diagnose::sample;
    use crate::text::Clean;

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
            intent.notes[0].contains("below the minimum 4; autoscaling will raise it"),
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

    /// What scales a service, with this suspended.
    fn with(suspended: Suspended) -> ScalableTarget {
        ScalableTarget { suspended, ..SEEN }
    }

    /// A write as the journal has it once it was done. All of them are decided in one moment: each has its own id.
    fn written(intent: &Intent) -> [Entry; 2] {
        let who = Author {
            arn: Clean::literal("ann"),
            os_user: None,
            ssh_client: None,
            deck: None,
        };
        let outcome = Entry::outcome(
            intent,
            who.clone(),
            intent.at,
            &Outcome::Done,
            &Sent::default(),
        );
        [Entry::intent(intent, who), outcome]
    }

    /// What a resume would lead to after these writes were done.
    fn resumed(now: Suspended, writes: &[&Intent]) -> Result<Suspended, ActError> {
        let web = sample::service("web");
        let own_id = |(number, intent): (u128, &&Intent)| Intent {
            id: IntentId::new(number),
            ..(*intent).clone()
        };
        let writes = (1..).zip(writes).map(own_id);
        let entries: Vec<Entry> = writes.flat_map(|intent| written(&intent)).collect();
        let earlier = History::of(&entries).suspended_before(&web.arn, now);
        let intent = resume(decider(), &web, Some(&with(now)), earlier)?;
        match &intent.steps[0].goal {
            Goal::Scaling { after, .. } => Ok(after.suspended),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_resume_looks_at_what_is_suspended_now_and_not_at_the_newest_write() {
        let web = sample::service("web");
        let (none, part, all) = (Suspended::default(), SEEN.suspended, Suspended::ALL);
        let held = suspend(decider(), &web, Some(&with(none))).unwrap();
        let bounded = bounds(decider(), &web, Some(&with(all)), "2", "9").unwrap();
        assert!(bounded.notes[0].contains("stays suspended"));
        assert_eq!(resumed(all, &[&held, &bounded]).unwrap(), none);

        // What others had suspended comes back first, and another resume resumes that too.
        let held = suspend(decider(), &web, Some(&with(part))).unwrap();
        assert_eq!(resumed(all, &[&held, &bounded]).unwrap(), part);
        let drained = drain(decider(), &web, Some(&with(part))).unwrap();
        assert_eq!(resumed(all, &[&drained]).unwrap(), part);
        let back = resume(decider(), &web, Some(&with(all)), Some(part)).unwrap();
        assert!(back.notes[0].contains("resume again"), "{:?}", back.notes);
        assert_eq!(resumed(part, &[&drained, &back]).unwrap(), none);

        // Somebody else suspended all since.
        let active = resume(decider(), &web, Some(&with(all)), None).unwrap();
        assert_eq!(resumed(all, &[&held, &active]).unwrap(), none);
        assert!(matches!(
            resumed(none, &[&held]),
            Err(ActError::Already(why)) if why.contains("already active")
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
