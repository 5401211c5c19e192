//! Whether a service serves anybody: what somebody on call wants to know before the reason.
//!
//! The invariant: what is not known to be unhealthy counts as serving; nothing is said where the count alone says it.

use crate::app::model::serving::Serving;
use crate::diagnose::cause::CauseId;
use crate::domain::{DeploymentStatus, Health, Rollout, Scheduling, Service, Task, TaskStatus};
use crate::text::Clean;

/// Whether a service serves anybody, by its counts, the health of its tasks, and what is wrong with it.
pub(in crate::app) fn serving(
    service: &Service,
    tasks: &[&Task],
    cause: Option<CauseId>,
) -> Serving {
    let desired = service.desired;
    if service.scheduling != Scheduling::Replica || desired == 0 {
        return Serving::default();
    }
    let primary = service
        .deployments
        .iter()
        .find(|one| one.status == DeploymentStatus::Primary);
    let sick = |new: bool| {
        let tasks = tasks.iter().filter(|task| {
            task.status == TaskStatus::Running
                && task.health == Health::Unhealthy
                && primary.is_none_or(|one| one.task_definition == task.definition) == new
        });
        u32::try_from(tasks.count()).unwrap_or(u32::MAX)
    };
    // Its health is what a load balancer or a check says, which the tasks do not show.
    let judged = matches!(
        cause,
        Some(CauseId::TargetUnhealthy | CauseId::ContainerUnhealthy | CauseId::HealthGraceTooShort)
    );
    let rolling = primary.filter(|one| one.rollout == Some(Rollout::InProgress));
    let others: u32 = service
        .deployments
        .iter()
        .filter(|one| one.status != DeploymentStatus::Primary)
        .map(|one| one.running)
        .sum();
    let (new, old) = match rolling {
        Some(primary) if service.deployments.len() > 1 => (
            if judged {
                0
            } else {
                primary.running.saturating_sub(sick(true))
            },
            Some(others.saturating_sub(sick(false))),
        ),
        _ => {
            let sick = sick(true).saturating_add(sick(false));
            (service.running.saturating_sub(sick), None)
        }
    };
    let down = new.saturating_add(old.unwrap_or(0)) == 0;
    let words = match (new, old) {
        _ if down && judged && service.running > 0 => {
            format!("DOWN: 0 of {desired} healthy")
        }
        _ if down => format!("DOWN 0/{desired}"),
        (_, None) => String::new(),
        (0, Some(old)) => format!("{old} of {desired} old tasks serve"),
        (new, Some(0)) => format!("{new} of {desired} new tasks serve"),
        (new, Some(old)) => format!("{new} new and {old} old tasks serve"),
    };
    Serving {
        down,
        words: Clean::own(words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::sample::{deployment, service, task};

    /// A rollout, with so many new and old tasks that run.
    fn rollout(new: u32, old: u32) -> Service {
        let mut web = service("web");
        let mut primary = deployment("ecs-svc/2", "web:2");
        (primary.running, primary.rollout) = (new, Some(Rollout::InProgress));
        for one in &mut web.deployments {
            (one.status, one.running) = (DeploymentStatus::Active, old);
        }
        web.deployments.insert(0, primary);
        (web.running, web.task_definition) =
            (new + old, web.deployments[0].task_definition.clone());
        web
    }

    fn said(service: &Service, tasks: &[Task], cause: Option<CauseId>) -> String {
        let tasks: Vec<&Task> = tasks.iter().collect();
        serving(service, &tasks, cause).words.to_string()
    }

    #[test]
    fn a_rollout_is_told_by_the_tasks_that_serve_meanwhile() {
        let mut web = rollout(0, 2);
        assert_eq!(said(&web, &[], None), "2 of 2 old tasks serve");
        web.deployments[0].running = 1;
        assert_eq!(said(&web, &[], None), "1 new and 2 old tasks serve");
        web.deployments[1].running = 0;
        assert_eq!(said(&web, &[], None), "1 of 2 new tasks serve");
        web.deployments[0].running = 0;
        assert_eq!(said(&web, &[], None), "DOWN 0/2");
    }

    #[test]
    fn a_task_that_is_unhealthy_serves_nobody() {
        let mut web = service("web");
        assert_eq!(said(&web, &[], None), "");
        let mut sick = [task("web", "1"), task("web", "2")];
        for task in &mut sick {
            task.health = Health::Unhealthy;
        }
        assert_eq!(said(&web, &sick, None), "DOWN 0/2");
        (web.desired, web.running) = (0, 0);
        assert_eq!(said(&web, &[], None), "", "nobody is wanted");
    }

    #[test]
    fn new_tasks_whose_targets_are_unhealthy_serve_nobody() {
        let mut web = rollout(2, 2);
        let cause = Some(CauseId::TargetUnhealthy);
        assert_eq!(said(&web, &[], cause), "2 of 2 old tasks serve");
        web.deployments[1].running = 0;
        assert_eq!(said(&web, &[], cause), "DOWN: 0 of 2 healthy");
    }
}
