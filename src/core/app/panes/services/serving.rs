//! Whether a service serves anybody: what somebody on call wants to know before the reason.
//!
//! The invariant: what is not known to be unhealthy counts as serving; nothing is said where the count alone says it, nor
//! where traffic is moved apart from tasks.

use crate::app::model::serving::Serving;
use crate::diagnose::cause::CauseId;
use crate::domain::{
    DeploymentStatus, Health, Rollout, Scheduling, Service, Strategy, Task, TaskStatus,
};
use crate::text::Clean;

/// Whether a service serves anybody, by its counts, the health of its tasks, what is wrong with it, and how many targets
/// of its load balancers are healthy, where they were asked.
pub(in crate::app) fn serving(
    service: &Service,
    tasks: &[&Task],
    cause: Option<CauseId>,
    healthy_targets: Option<usize>,
) -> Serving {
    let desired = service.desired;
    // Before a shift new tasks take no traffic, and after it old ones do not.
    if service.settings.strategy != Strategy::Rolling && service.deployments.len() > 1 {
        return Serving::default();
    }
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
    // Its health is what a load balancer says, which the tasks do not show.
    let judged = matches!(
        cause,
        Some(CauseId::TargetUnhealthy | CauseId::HealthGraceTooShort)
    );
    let none_healthy = judged && healthy_targets == Some(0);
    let rolling = primary.filter(|one| one.rollout == Some(Rollout::InProgress));
    let others: u32 = service
        .deployments
        .iter()
        .filter(|one| one.status != DeploymentStatus::Primary)
        .map(|one| one.running)
        .sum();
    let (new, old) = match rolling {
        Some(primary) if service.deployments.len() > 1 => (
            primary.running.saturating_sub(sick(true)),
            Some(others.saturating_sub(sick(false))),
        ),
        _ => {
            let sick = sick(true).saturating_add(sick(false));
            (service.running.saturating_sub(sick), None)
        }
    };
    let down = none_healthy || new.saturating_add(old.unwrap_or(0)) == 0;
    let words = match (new, old) {
        _ if none_healthy && service.running > 0 => {
            format!("DOWN: 0 of {desired} healthy")
        }
        _ if down => format!("DOWN 0/{desired}"),
        (_, None) => String::new(),
        // How many of the new ones are healthy was not asked.
        (_, Some(0)) if judged => String::new(),
        (_, Some(old)) if judged => format!("{old} of {desired} old tasks serve"),
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
        asked(service, tasks, cause, None)
    }

    fn asked(
        service: &Service,
        tasks: &[Task],
        cause: Option<CauseId>,
        healthy: Option<usize>,
    ) -> String {
        let tasks: Vec<&Task> = tasks.iter().collect();
        serving(service, &tasks, cause, healthy).words.to_string()
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
    fn new_tasks_whose_targets_are_unhealthy_serve_nobody_where_the_targets_say_so() {
        let mut web = rollout(2, 2);
        let cause = Some(CauseId::TargetUnhealthy);
        assert_eq!(said(&web, &[], cause), "2 of 2 old tasks serve");
        web.deployments[1].running = 0;
        assert_eq!(said(&web, &[], cause), "", "some of them may be healthy");
        assert_eq!(asked(&web, &[], cause, Some(1)), "");
        assert_eq!(asked(&web, &[], cause, Some(0)), "DOWN: 0 of 2 healthy");
    }

    #[test]
    fn where_traffic_is_moved_apart_from_tasks_they_do_not_tell_who_is_served() {
        let mut web = rollout(2, 2);
        web.settings.strategy = Strategy::BlueGreen;
        assert_eq!(said(&web, &[], None), "");
        web.deployments.pop();
        web.deployments[0].running = 0;
        web.running = 0;
        assert_eq!(said(&web, &[], None), "DOWN 0/2");
    }
}
