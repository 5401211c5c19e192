//! Taking a write back: the inverse of what the journal says was done.

use super::{
    ActError, Change, Changed, Decider, Expect, Goal, Intent, Record, Request, Revision,
    ServiceGoal, ServiceSeen, State, Step, UpdateService, Verb, autoscaling,
};
use crate::text::Clean;

const OTHER_VERSION: &str = "another version of ecsdeck did this; this version cannot undo it";

/// Builds the intent that takes a write back. It is refused before sending where what the write
/// set was changed since.
///
/// # Errors
/// When the write was not done, was done elsewhere, or cannot be taken back.
pub fn undo(by: Decider<'_>, record: &Record) -> Result<Intent, ActError> {
    let why_not = match record.state() {
        State::Done | State::AppliedByUnknown => None,
        State::Open | State::Unknown => Some("the outcome of this write is not known yet"),
        State::Unknowable => {
            Some("the outcome of this write is unknown and can no longer be found out")
        }
        State::Undone => Some("this write is already undone"),
        State::Failed if record.undone_by.is_some() => Some("this write is already undone"),
        State::Failed if !record.accepted.is_empty() => None,
        State::Failed => Some("this write failed: nothing to undo"),
        State::Refused => Some("this write was refused: nothing to undo"),
        State::Other => Some(OTHER_VERSION),
    };
    if let Some(why) = why_not {
        return Err(ActError::impossible(why));
    }
    let target = &record.target;
    if target.account != by.identity.account || target.region != *by.region {
        return Err(ActError::impossible(format!(
            "this write was done in account {}, {}",
            target.account, target.region
        )));
    }
    let (mut steps, mut expects, mut changes) = (Vec::new(), Vec::new(), Vec::new());
    let mut notes = Vec::new();
    let doubtful = record.state() == State::AppliedByUnknown;
    if doubtful {
        notes.push(Clean::literal(
            "nobody knows whether that write or somebody else set what is taken back: no answer came to it",
        ));
    }
    // Of one that failed on its way, what AWS accepted before is taken back.
    let half = record.state() == State::Failed;
    if half {
        notes.push(Clean::literal(
            "this write failed before its end: what it had done until then is taken back",
        ));
    }
    let taken = |at: &usize| !half || record.accepted.contains(at);
    // What was done last is taken back first.
    for (_, step) in record
        .steps
        .iter()
        .enumerate()
        .rev()
        .filter(|(at, _)| taken(at))
    {
        let Some(goal) = &step.goal else {
            return Err(ActError::impossible(OTHER_VERSION));
        };
        if let Some(why) = goal.lasting() {
            return Err(ActError::impossible(why));
        }
        match goal {
            Goal::Service(goal) => {
                let (step, expect) = service_back(goal, record, &mut changes)?;
                expects.extend(expect);
                steps.push(step);
            }
            Goal::Scaling {
                cluster,
                service,
                before,
                after,
            } => {
                steps.push(autoscaling::step(cluster, service, *after, *before));
                changes.extend(autoscaling::changes(after, before));
                expects.push(Expect::Scaling {
                    cluster: cluster.clone(),
                    service: service.clone(),
                    target: Some(*after),
                });
            }
            Goal::Registered { .. } => notes.push(Clean::literal(
                "the new revision stays registered; this service no longer uses it",
            )),
            // None of these gets here: each lasts.
            Goal::GoesBack { .. }
            | Goal::HookAnswered { .. }
            | Goal::Started { .. }
            | Goal::Stopped { .. }
            | Goal::Moving { .. } => {}
        }
    }
    if steps.is_empty() {
        let why = if record.made.revision.is_some() {
            "nothing to undo: the new revision stays registered, and no service was set to it"
        } else {
            "nothing to undo"
        };
        return Err(ActError::impossible(why));
    }
    Ok(Intent {
        changes,
        notes,
        big: is_big(&steps),
        doubtful,
        undoes: Some(record.id.clone()),
        ..by.intent(
            Verb::Undo,
            target.cluster.clone(),
            target.subject.clone(),
            steps,
            expects,
        )
    })
}

/// The step back to a service's earlier values, and what must be as the write left it.
fn service_back(
    goal: &ServiceGoal,
    record: &Record,
    changes: &mut Vec<Change>,
) -> Result<(Step, Vec<Expect>), ActError> {
    let mut update = UpdateService {
        cluster: goal.cluster.clone(),
        service: goal.service.clone(),
        desired_count: None,
        task_definition: None,
        force_new_deployment: false,
    };
    let mut seen = ServiceSeen {
        cluster: goal.cluster.clone(),
        service: goal.service.clone(),
        desired: None,
        task_definition: None,
        deployment: None,
    };
    let mut back = ServiceGoal {
        desired: None,
        task_definition: None,
        ..goal.clone()
    };
    let mut active = None;
    if let Some((before, after)) = goal.desired {
        update.desired_count = Some(before);
        seen.desired = Some(after);
        back.desired = Some((after, before));
        changes.push(Change::new(Changed::DesiredCount, after, before));
    }
    if let Some((before, after)) = &goal.task_definition {
        let Some(after) = after.known(&record.made) else {
            return Err(ActError::impossible(
                "the journal has no number of the registered revision",
            ));
        };
        seen.task_definition = Some(after.clone());
        back.task_definition = Some((after.clone(), Revision::Known(before.clone())));
        // A drain remembers the revision and does not change it.
        if after != before {
            update.task_definition = Some(Revision::Known(before.clone()));
            changes.push(Change::new(
                Changed::TaskDefinition,
                after.name(),
                before.name(),
            ));
            active = Some(Expect::Active(before.clone()));
        }
    }
    let step = Step {
        request: Request::UpdateService(update),
        goal: Goal::Service(back),
    };
    let expects = [Expect::Service(seen)].into_iter().chain(active);
    Ok((step, expects.collect()))
}

/// Whether it takes a service to zero, cuts it by more than half or sets another revision.
fn is_big(steps: &[Step]) -> bool {
    steps.iter().any(|step| match &step.goal {
        Goal::Service(goal) => {
            let cut = goal
                .desired
                .is_some_and(|(before, after)| super::scale::is_big_cut(before, after));
            let other = |(before, after): &(_, Revision)| {
                !matches!(after, Revision::Known(after) if after == before)
            };
            cut || goal.task_definition.as_ref().is_some_and(other)
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::sample::{decider, done};
    use crate::act::{
        Comeback, Made, OutcomeKind, Seen, Settlement, drain, redeploy, rollback, scale, stop,
        suspend, way_back,
    };
    use crate::diagnose::sample;
    use crate::domain::{RolloutHistory, ScalableTarget, Service, Suspended};

    fn web() -> Service {
        sample::service("web")
    }

    /// A service as these steps leave it.
    fn after(steps: &[Step], mut service: Service) -> Service {
        for step in steps {
            if let Goal::Service(goal) = &step.goal {
                if let Some((_, count)) = goal.desired {
                    service.desired = count;
                }
                if let Some((_, Revision::Known(revision))) = &goal.task_definition {
                    service.task_definition = revision.clone();
                }
            }
        }
        service
    }

    fn seen(service: &Service) -> Seen {
        Seen {
            services: [(service.arn.clone(), Some(service.clone()))].into(),
            definitions: ["web:1", "web:2"]
                .map(|name| {
                    let definition = sample::definition(name, "/ecs/web");
                    (sample::revision(name), Some(definition))
                })
                .into(),
            ..Seen::default()
        }
    }

    #[test]
    fn count_and_revision_come_back_and_only_where_nothing_changed_since() {
        let way = way_back(
            &web(),
            &RolloutHistory::default(),
            Some(&sample::revision("web:2")),
        )
        .unwrap();
        for forth in [
            scale(decider(), &web(), "5").unwrap(),
            drain(decider(), &web(), None).unwrap(),
            rollback(decider(), &web(), &way, &Comeback::default()).unwrap(),
        ] {
            let back = undo(decider(), &done(&forth)).unwrap();
            assert_eq!(back.undoes.as_ref(), Some(&forth.id));
            let there = after(&forth.steps, web());
            let check = |service: &Service| back.guard.check(decider().identity, &seen(service));
            assert_eq!(check(&there), Ok(()), "{}", forth.verb);
            let again = after(&back.steps, there.clone());
            assert_eq!(
                (again.desired, &again.task_definition),
                (2, &web().task_definition)
            );
            let steps: Vec<_> = back.steps.iter().collect();
            assert_eq!(Intent::settle(&steps, &seen(&again)), Settlement::Applied);
            let mut other = there;
            other.desired = 7;
            other.task_definition = sample::revision("web:9");
            assert!(check(&other).is_err(), "{}", forth.verb);
            // What was taken back can be taken back in turn.
            let forth_again = undo(decider(), &done(&back)).unwrap();
            let end = after(&forth_again.steps, again);
            assert_eq!(end.desired, after(&forth.steps, web()).desired);
        }
    }

    #[test]
    fn a_drain_is_undone_in_the_opposite_order_and_without_naming_the_revision() {
        let target = ScalableTarget {
            min: 1,
            max: 4,
            suspended: Suspended::default(),
        };
        let forth = drain(decider(), &web(), Some(&target)).unwrap();
        let back = undo(decider(), &done(&forth)).unwrap();
        let bodies: Vec<_> = back.steps.iter().map(|step| step.request.body()).collect();
        assert_eq!(bodies[0]["desiredCount"], 2);
        assert_eq!(bodies[0].get("taskDefinition"), None);
        assert_eq!(
            bodies[1]["SuspendedState"]["DynamicScalingInSuspended"],
            false
        );
        assert_eq!(bodies[1]["ResourceId"], "service/prod/web");
    }

    #[test]
    fn held_autoscaling_gets_its_earlier_flags_back() {
        let target = ScalableTarget {
            min: 1,
            max: 4,
            suspended: Suspended {
                scale_in: true,
                ..Suspended::default()
            },
        };
        let forth = suspend(decider(), &web(), Some(&target)).unwrap();
        let back = undo(decider(), &done(&forth)).unwrap();
        let flags = &back.steps[0].request.body()["SuspendedState"];
        assert_eq!(flags["DynamicScalingInSuspended"], true);
        assert_eq!(flags["DynamicScalingOutSuspended"], false);
    }

    #[test]
    fn a_deploy_goes_back_to_the_revision_before_it() {
        let answer = serde_json::json!({ "taskDefinition": {
            "containerDefinitions": [{ "name": "app", "image": "web:1" }] } });
        let forth = crate::act::deploy(decider(), &web(), &answer, &[":2"]).unwrap();
        let mut record = done(&forth);
        assert!(undo(decider(), &record).is_err(), "which revision was it?");
        record.made = Made {
            revision: Some(sample::revision("web:2")),
            ..Made::default()
        };
        let back = undo(decider(), &record).unwrap();
        let [step] = back.steps.as_slice() else {
            panic!("{:?}", back.steps)
        };
        assert_eq!(
            step.request.body()["taskDefinition"],
            sample::revision("web:1").as_str()
        );
    }

    #[test]
    fn what_cannot_be_taken_back_is_said() {
        let task = sample::task("web", "a");
        for (forth, says) in [
            (redeploy(decider(), &web()).unwrap(), "same as before"),
            (stop(decider(), &[&task], None).unwrap(), "cannot continue"),
        ] {
            let why = undo(decider(), &done(&forth)).unwrap_err().to_string();
            assert!(why.contains(says), "{why}");
        }
    }

    #[test]
    fn what_perhaps_somebody_else_did_is_taken_back_by_its_typed_name_alone() {
        let forth = scale(decider(), &web(), "5").unwrap();
        let mut record = done(&forth);
        assert!(!undo(decider(), &record).unwrap().doubtful);
        if let Some(ended) = &mut record.ended {
            ended.outcome = OutcomeKind::AppliedByUnknown.into();
        }
        let back = undo(decider(), &record).unwrap();
        assert!(back.doubtful && back.notes[0].contains("somebody else"));
    }

    #[test]
    fn of_a_write_that_failed_on_its_way_what_was_accepted_is_taken_back() {
        let target = ScalableTarget {
            min: 1,
            max: 4,
            suspended: Suspended::default(),
        };
        let forth = drain(decider(), &web(), Some(&target)).unwrap();
        let mut record = done(&forth);
        if let Some(ended) = &mut record.ended {
            ended.outcome = OutcomeKind::Failed.into();
        }
        assert!(undo(decider(), &record).is_err(), "nothing was accepted");
        record.accepted = [0].into();
        let back = undo(decider(), &record).unwrap();
        let [step] = back.steps.as_slice() else {
            panic!("{:?}", back.steps)
        };
        let flags = &step.request.body()["SuspendedState"];
        assert_eq!(flags["DynamicScalingInSuspended"], false);
        assert!(back.notes[0].contains("failed before its end"));
    }

    #[test]
    fn only_what_was_done_here_is_taken_back() {
        let forth = scale(decider(), &web(), "5").unwrap();
        for outcome in [
            None,
            Some(OutcomeKind::Unknown),
            Some(OutcomeKind::Failed),
            Some(OutcomeKind::Refused),
        ] {
            let mut record = done(&forth);
            match (&mut record.ended, outcome) {
                (Some(ended), Some(outcome)) => ended.outcome = outcome.into(),
                (ended, _) => *ended = None,
            }
            assert!(undo(decider(), &record).is_err(), "{outcome:?}");
        }
        let mut record = done(&forth);
        record.undone_by = Some(record.id.clone());
        let why = undo(decider(), &record).unwrap_err().to_string();
        assert!(why.contains("already"), "{why}");
        let mut record = done(&forth);
        record.target.account = Clean::literal("999999999999");
        assert!(undo(decider(), &record).is_err());
    }
}
