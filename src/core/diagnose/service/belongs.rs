//! Whose evidence a task is: which deployment of a service it belongs to, by everything that AWS tells of it.
//!
//! AWS writes a deployment's id into `startedBy`. Where that names none of the service's deployments (old tasks,
//! emulators, other controllers) the revision and the time tell. A task of another revision, or one that had ended
//! before a deployment began, is never its evidence.

use super::rollback::was_rolled_back_to;
use super::{ServiceSnapshot, ended};
use crate::domain::{Arn, Deployment, Service, Task, Time};

/// A task may be made so many seconds before its deployment by the clocks of two machines.
const SLACK_SECONDS: i64 = 5;

impl<'a> ServiceSnapshot<'a> {
    /// Whether a task belongs to a deployment; where there is none to ask about, every task does.
    pub(super) fn owns(self, deployment: Option<&Deployment>, task: &Task) -> bool {
        deployment.is_none_or(|deployment| owner(self.service, task) == Some(&deployment.id))
    }

    /// The tasks of one deployment; where there is none to ask about, all.
    pub(super) fn tasks_of(
        self,
        deployment: Option<&'a Deployment>,
    ) -> impl Iterator<Item = &'a Task> {
        let tasks = self.tasks.iter().copied();
        tasks.filter(move |task| self.owns(deployment, task))
    }
}

/// The id of the deployment that a task belongs to; none where it belongs to an earlier one.
fn owner<'a>(service: &'a Service, task: &Task) -> Option<&'a crate::text::Clean> {
    let named = service
        .deployments
        .iter()
        .find(|one| task.started_by.as_ref() == Some(&one.id) && !one.id.is_empty());
    if let Some(named) = named {
        let before = ended(task).zip(named.created);
        let before = before.is_some_and(|(ended, created)| is_before(ended, created));
        return (is_same(&named.task_definition, &task.definition) && !before).then_some(&named.id);
    }
    // The newest that had begun when the task was made. What is not told speaks against nothing.
    let made = task.created.or(task.started);
    let begun = |one: &&Deployment| {
        let times = made.or(ended(task)).zip(one.created);
        times.is_none_or(|(made, created)| !is_before(made, created))
    };
    let fits = |one: &&Deployment| is_same(&one.task_definition, &task.definition) && begun(one);
    let mut fitting = service.deployments.iter().filter(fits);
    let first = fitting.next()?;
    let newest = fitting.fold(first, |newest, one| {
        if one.created > newest.created {
            one
        } else {
            newest
        }
    });
    // A forced deployment of the same revision, which ECS took back since, made it.
    let back = was_rolled_back_to(service, newest).and_then(|event| event.at);
    let of_the_failed = made.or(ended(task)).zip(back);
    let of_the_failed = of_the_failed.is_some_and(|(made, back)| made <= back);
    (!of_the_failed || task.started_by.is_none()).then_some(&newest.id)
}

fn is_before(one: Time, other: Time) -> bool {
    other.duration_since(one).as_secs() > SLACK_SECONDS
}

/// Whether two names are of the same revision; `web:7` is the short form of a resource name.
fn is_same(one: &Arn, other: &Arn) -> bool {
    one == other
        || one.revision().is_none()
        || other.revision().is_none()
        || one.name() == other.name()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::sample::{ago, deployment, revision, service, task};
    use crate::domain::DeploymentStatus;
    use crate::text::Clean;

    /// `web:1`, and since ten minutes ago `web:2`.
    fn rolling() -> Service {
        let mut service = service("web");
        let mut new = deployment("ecs-svc/2", "web:2");
        new.created = Some(ago(600));
        service.deployments[0].status = DeploymentStatus::Active;
        service.deployments.push(new);
        service
    }

    fn owned(started_by: Option<&str>, definition: &str, made: i64) -> Option<String> {
        let mut task = task("web", "1");
        task.started_by = started_by.map(Clean::new);
        task.definition = revision(definition);
        (task.created, task.started) = (Some(ago(made)), None);
        owner(&rolling(), &task).map(ToString::to_string)
    }

    #[test]
    fn the_id_decides_where_it_names_a_deployment() {
        assert_eq!(owned(Some("ecs-svc/1"), "web:1", 100).unwrap(), "ecs-svc/1");
        assert_eq!(owned(Some("ecs-svc/2"), "web:2", 100).unwrap(), "ecs-svc/2");
    }

    #[test]
    fn an_id_that_names_none_is_told_by_revision_and_time() {
        for by in [None, Some("moto"), Some("ecs-svc/77")] {
            assert_eq!(owned(by, "web:2", 100).unwrap(), "ecs-svc/2", "{by:?}");
            assert_eq!(owned(by, "web:1", 100).unwrap(), "ecs-svc/1", "{by:?}");
            assert_eq!(owned(by, "web:2", 700), None, "before the rollout");
            assert_eq!(owned(by, "web:3", 100), None, "another revision");
        }
    }

    #[test]
    fn a_task_of_another_revision_is_never_a_deployment_s_whatever_its_id() {
        assert_eq!(owned(Some("ecs-svc/2"), "web:3", 100), None);
    }

    #[test]
    fn a_task_that_had_ended_before_is_never_evidence() {
        let mut task = task("web", "1");
        task.started_by = Some(Clean::new("ecs-svc/2"));
        task.definition = revision("web:2");
        task.stopped = Some(ago(700));
        assert_eq!(owner(&rolling(), &task), None);
        task.stopped = Some(ago(500));
        assert!(owner(&rolling(), &task).is_some());
    }

    #[test]
    fn what_a_deployment_did_that_ecs_took_back_is_not_that_of_the_one_it_came_back_to() {
        let mut service = service("web");
        service.deployments[0].created = Some(ago(9_000));
        let id = service.deployments[0].id.clone();
        service.events = vec![crate::diagnose::sample::event(
            &format!("(service web) rolling back to deployment {id}."),
            60,
        )];
        let mut task = task("web", "1");
        task.definition = service.deployments[0].task_definition.clone();
        (task.started_by, task.created) = (Some(Clean::new("ecs-svc/77")), Some(ago(100)));
        task.started = None;
        assert_eq!(owner(&service, &task), None);
        task.created = Some(ago(30));
        assert_eq!(owner(&service, &task), Some(&id));
        (task.started_by, task.created) = (Some(id.clone()), Some(ago(100)));
        assert_eq!(owner(&service, &task), Some(&id), "its own");
    }

    #[test]
    fn of_two_deployments_of_one_revision_the_newer_has_the_tasks_made_since() {
        let mut service = rolling();
        service.deployments[1].task_definition = revision("web:1");
        let mut task = task("web", "1");
        task.started_by = Some(Clean::new("emulated"));
        task.created = Some(ago(100));
        assert_eq!(owner(&service, &task).unwrap().as_str(), "ecs-svc/2");
        task.created = Some(ago(1_000));
        assert_eq!(owner(&service, &task).unwrap().as_str(), "ecs-svc/1");
    }
}
