//! To zero, and back to the count that was remembered.

use super::guard::scalable;
use super::{
    ActError, Change, Changed, Decider, Expect, Goal, Intent, Record, Request, Revision,
    ServiceGoal, ServiceSeen, Step, Subject, UpdateService, Verb, autoscaling,
};
use crate::domain::{ScalableTarget, Service, Suspended};
use crate::text::Clean;

/// Builds the intent to take a service to zero. What scales it is held first: it would undo it.
/// The count, the revision and what was held are remembered in the journal.
///
/// # Errors
/// When the service has no count, or is at zero already.
pub fn drain(
    by: Decider<'_>,
    service: &Service,
    target: Option<&ScalableTarget>,
) -> Result<Intent, ActError> {
    scalable(service)?;
    if service.desired == 0 {
        return Err(ActError::Already(Clean::own(format!(
            "the desired count of {} is already 0",
            service.name
        ))));
    }
    let mut changes = vec![Change::new(Changed::DesiredCount, service.desired, 0)];
    let mut expects = vec![Expect::Service(ServiceSeen::as_it_is(service))];
    let mut steps = Vec::new();
    let mut notes = vec![Clean::own(format!(
        "restore brings {} tasks of {} back",
        service.desired,
        service.task_definition.name()
    ))];
    if let Some(before) = target {
        expects.push(expect_scaling(service, *before));
        if before.suspended != Suspended::ALL {
            let after = ScalableTarget {
                suspended: Suspended::ALL,
                ..*before
            };
            steps.push(autoscaling::step(
                &service.cluster,
                &service.arn,
                *before,
                after,
            ));
            changes.extend(autoscaling::changes(before, &after));
            notes.push(Clean::literal(
                "autoscaling is suspended first; restore resumes it",
            ));
        }
    }
    steps.push(count_step(service, 0, None));
    Ok(Intent {
        changes,
        notes,
        big: true,
        ..by.intent(
            Verb::Drain,
            Some(service.cluster.clone()),
            Subject::Service(service.arn.clone()),
            steps,
            expects,
        )
    })
}

/// Builds the intent to bring back what a drain took away.
///
/// `drained` is the journal's record of it, `target` what scales the service now. The revision
/// comes back with the count only where `revision` says so: a newer one may be the repair.
///
/// # Errors
/// When the record is no drain of this service, or the count is no longer zero.
pub fn restore(
    by: Decider<'_>,
    service: &Service,
    target: Option<&ScalableTarget>,
    drained: &Record,
    revision: bool,
) -> Result<Intent, ActError> {
    if drained.verb != Verb::Drain || drained.target.subject.service() != Some(&service.arn) {
        return Err(ActError::impossible(format!(
            "that was not a drain of {}",
            service.name
        )));
    }
    if service.desired != 0 {
        return Err(ActError::impossible(format!(
            "the desired count of {} is no longer 0, but {}",
            service.name, service.desired
        )));
    }
    let goals = || drained.goals();
    let service_goal = goals().find_map(|goal| match goal {
        Goal::Service(goal) => goal
            .desired
            .map(|(count, _)| (count, goal.task_definition.clone())),
        _ => None,
    });
    let Some((count, then)) = service_goal else {
        return Err(ActError::impossible(
            "the journal has no desired count for this",
        ));
    };
    let held = goals().find_map(|goal| match goal {
        Goal::Scaling { before, .. } => Some(before.suspended),
        _ => None,
    });
    let mut expects = vec![Expect::Service(ServiceSeen::as_it_is(service))];
    let mut changes = vec![Change::new(Changed::DesiredCount, 0, count)];
    let mut notes = Vec::new();
    let other = then
        .map(|(then, _)| then)
        .filter(|then| *then != service.task_definition);
    let back = match other {
        Some(then) if revision => {
            changes.push(Change::new(
                Changed::TaskDefinition,
                service.task_definition.name(),
                then.name(),
            ));
            expects.push(Expect::Active(then.clone()));
            Some(then)
        }
        Some(then) => {
            notes.push(Clean::own(format!(
                "it was at {} then and is at {} now: that stays",
                then.name(),
                service.task_definition.name()
            )));
            None
        }
        None => None,
    };
    let mut steps = vec![count_step(service, count, back)];
    if let (Some(held), Some(now)) = (held, target) {
        expects.push(expect_scaling(service, *now));
        let after = ScalableTarget {
            suspended: held,
            ..*now
        };
        if after != *now {
            steps.push(autoscaling::step(
                &service.cluster,
                &service.arn,
                *now,
                after,
            ));
            changes.extend(autoscaling::changes(now, &after));
        }
    }
    Ok(Intent {
        changes,
        notes,
        undoes: Some(drained.id.clone()),
        ..by.intent(
            Verb::Restore,
            Some(service.cluster.clone()),
            Subject::Service(service.arn.clone()),
            steps,
            expects,
        )
    })
}

fn expect_scaling(service: &Service, target: ScalableTarget) -> Expect {
    Expect::Scaling {
        cluster: service.cluster.clone(),
        service: service.arn.clone(),
        target: Some(target),
    }
}

/// The step to another count, and perhaps another revision. The revision is in the goal in any
/// case, so that the journal remembers it.
fn count_step(service: &Service, count: u32, revision: Option<crate::domain::Arn>) -> Step {
    let present = service.task_definition.clone();
    let after = revision.clone().unwrap_or_else(|| present.clone());
    Step {
        request: Request::UpdateService(UpdateService {
            desired_count: Some(count),
            task_definition: revision.map(Revision::Known),
            ..UpdateService::of(service)
        }),
        goal: Goal::Service(ServiceGoal {
            desired: Some((service.desired, count)),
            task_definition: Some((present, Revision::Known(after))),
            ..ServiceGoal::of(service)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::sample::{decider, done};
    use crate::diagnose::sample;

    const SCALED: ScalableTarget = ScalableTarget {
        min: 1,
        max: 4,
        suspended: Suspended {
            scale_in: false,
            scale_out: true,
            scheduled: false,
        },
    };
    const HELD: ScalableTarget = ScalableTarget {
        suspended: Suspended::ALL,
        ..SCALED
    };

    fn at_zero() -> Service {
        let mut web = sample::service("web");
        web.desired = 0;
        web
    }

    #[test]
    fn autoscaling_is_held_before_the_count_falls_and_released_after_it_is_back() {
        let drained = drain(decider(), &sample::service("web"), Some(&SCALED)).unwrap();
        let operations = |intent: &Intent| {
            intent
                .steps
                .iter()
                .map(|step| step.request.operation())
                .collect::<Vec<_>>()
        };
        let (scaling, update) = (
            "application-autoscaling:RegisterScalableTarget",
            "ecs:UpdateService",
        );
        assert_eq!(operations(&drained), [scaling, update]);
        let record = done(&drained);
        let back = restore(decider(), &at_zero(), Some(&HELD), &record, false).unwrap();
        assert_eq!(operations(&back), [update, scaling]);
        assert_eq!(back.steps[0].request.body()["desiredCount"], 2);
        let flags = &back.steps[1].request.body()["SuspendedState"];
        assert_eq!(flags["DynamicScalingOutSuspended"], true);
        assert_eq!(flags["DynamicScalingInSuspended"], false);
    }

    #[test]
    fn a_newer_revision_stays_unless_somebody_says_otherwise() {
        let record = done(&drain(decider(), &sample::service("web"), None).unwrap());
        let mut now = at_zero();
        now.task_definition = sample::revision("web:2");
        let kept = restore(decider(), &now, None, &record, false).unwrap();
        assert_eq!(kept.steps[0].request.body().get("taskDefinition"), None);
        assert!(kept.notes[0].contains("web:2"), "{:?}", kept.notes);
        let back = restore(decider(), &now, None, &record, true).unwrap();
        let body = back.steps[0].request.body();
        assert_eq!(body["taskDefinition"], sample::revision("web:1").as_str());
    }

    #[test]
    fn only_a_service_at_zero_is_restored_and_only_another_drained() {
        let web = sample::service("web");
        let record = done(&drain(decider(), &web, None).unwrap());
        assert!(restore(decider(), &web, None, &record, false).is_err());
        assert!(matches!(
            drain(decider(), &at_zero(), None),
            Err(ActError::Already(_))
        ));
    }
}
