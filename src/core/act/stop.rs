//! Stopping tasks.

use super::goal::is_stopping;
use super::{
    ActError, Change, Changed, Decider, Expect, Goal, Intent, Refusal, Request, Step, StopTask,
    Subject, Verb,
};
use crate::domain::{Owner, Task};
use crate::text::Clean;

/// Tasks that are stopped at once at most: as many as one call describes.
const MOST: usize = 100;

/// Characters of a reason at most (source: ECS API reference, StopTask).
const LONGEST_REASON: usize = 1_024;

/// Builds the intent to stop these tasks, all of one cluster. Their stopped reason says `reason`, or who stopped them.
///
/// # Errors
/// When there are none or too many, they are of several clusters, one stops already, or the reason is too long.
pub fn stop(by: Decider<'_>, tasks: &[&Task], reason: Option<&str>) -> Result<Intent, ActError> {
    let Some(first) = tasks.first() else {
        return Err(ActError::bad("which task?"));
    };
    if tasks.len() > MOST {
        return Err(ActError::bad(format!(
            "at most {MOST} tasks are stopped at once, not {}",
            tasks.len()
        )));
    }
    if tasks.iter().any(|task| task.cluster != first.cluster) {
        return Err(ActError::bad("the tasks belong to several clusters"));
    }
    if let Some(stopped) = tasks.iter().find(|task| is_stopping(task)) {
        return Err(ActError::Refused(Refusal::Impossible(Clean::own(format!(
            "task {} stops already",
            stopped.arn.name()
        )))));
    }
    if reason.is_some_and(|reason| reason.chars().count() > LONGEST_REASON) {
        return Err(ActError::bad(format!(
            "the reason has more than {LONGEST_REASON} characters"
        )));
    }
    // The words of a person may be those of another; with the id they are this write's alone.
    let (reason, mark) = match reason {
        Some(reason) => (Clean::new(reason), None),
        None => {
            let (role, id) = (by.identity.role(), by.id.short());
            let reason = Clean::own(format!("stopped with ecsdeck by {role} ({id})"));
            (reason.clone(), Some(reason))
        }
    };
    let steps = tasks.iter().map(|task| Step {
        request: Request::StopTask(StopTask {
            cluster: task.cluster.clone(),
            task: task.arn.clone(),
            reason: reason.clone(),
        }),
        goal: Goal::Stopped {
            cluster: task.cluster.clone(),
            task: task.arn.clone(),
            mark: mark.clone(),
        },
    });
    let arns: Vec<_> = tasks.iter().map(|task| task.arn.clone()).collect();
    let changes = match tasks {
        [_] => vec![Change::new(Changed::Task, "running", "stopped")],
        several => vec![Change::new(Changed::Tasks, several.len(), "stopped")],
    };
    Ok(Intent {
        changes,
        notes: notes(tasks),
        big: tasks.len() > 1,
        ..by.intent(
            Verb::Stop,
            Some(first.cluster.clone()),
            Subject::Tasks(arns.clone()),
            steps.collect(),
            vec![Expect::Runs {
                cluster: first.cluster.clone(),
                tasks: arns,
            }],
        )
    })
}

/// Who starts others in their place.
fn notes(tasks: &[&Task]) -> Vec<Clean> {
    let mut services: Vec<&Clean> = tasks
        .iter()
        .filter_map(|task| match &task.owner {
            Owner::Service(name) => Some(name),
            Owner::Family(_) => None,
        })
        .collect();
    services.sort();
    services.dedup();
    let instead = services.iter().map(|service| {
        Clean::own(format!(
            "the service {service} starts another one in its place"
        ))
    });
    let alone = tasks
        .iter()
        .any(|task| matches!(task.owner, Owner::Family(_)))
        .then(|| Clean::literal("ECS starts no replacement: no service keeps this task"));
    instead.chain(alone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::sample::decider;
    use crate::diagnose::sample;

    #[test]
    fn each_task_is_one_request_and_several_are_a_big_thing() {
        let (a, b) = (sample::task("web", "a"), sample::task("web", "b"));
        let intent = stop(decider(), &[&a, &b], None).unwrap();
        let bodies: Vec<_> = intent
            .steps
            .iter()
            .map(|step| step.request.body())
            .collect();
        assert_eq!(bodies[0]["task"], a.arn.as_str());
        assert_eq!(bodies[1]["task"], b.arn.as_str());
        assert_eq!(
            bodies[0]["reason"],
            "stopped with ecsdeck by OnCall (00000000)"
        );
        assert!(intent.big);
        assert!(!stop(decider(), &[&a], None).unwrap().big);
        let leaks = stop(decider(), &[&a], Some("it leaks")).unwrap();
        assert_eq!(leaks.steps[0].request.body()["reason"], "it leaks");
        let long = "x".repeat(1_025);
        assert!(matches!(
            stop(decider(), &[&a], Some(&long)),
            Err(ActError::Bad(_))
        ));
    }

    #[test]
    fn a_task_that_stops_already_is_not_stopped() {
        let mut task = sample::task("web", "a");
        task.desired = Clean::literal("STOPPED");
        assert!(matches!(
            stop(decider(), &[&task], None),
            Err(ActError::Refused(_))
        ));
        assert!(matches!(stop(decider(), &[], None), Err(ActError::Bad(_))));
    }
}
