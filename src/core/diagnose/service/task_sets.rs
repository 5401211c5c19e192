//! Services whose rollouts CodeDeploy or something outside makes: their task sets, seen as deployments.
//!
//! AWS gives such a service no deployments. The newest set is what it is going to; the one that serves is its old
//! one until the traffic has moved. So the same rules judge both, each set by its own counts.

use std::borrow::Cow;

use crate::domain::{Deployment, DeploymentStatus, Rollout, Service, TaskSet};

/// The service as it is where it has deployments, else with its task sets in their place.
pub(super) fn seen(service: &Service) -> Cow<'_, Service> {
    if !service.deployments.is_empty() || service.task_sets.is_empty() {
        return Cow::Borrowed(service);
    }
    let newest = service.task_sets.iter().filter(|set| !leaves(set));
    let newest = newest.max_by_key(|set| (set.created, set.status.as_str() == "PRIMARY"));
    let mut seen = service.clone();
    seen.deployments = service
        .task_sets
        .iter()
        .map(|set| deployment(set, newest.is_some_and(|newest| newest.id == set.id)))
        .collect();
    Cow::Owned(seen)
}

fn leaves(set: &TaskSet) -> bool {
    set.status.as_str() == "DRAINING"
}

fn deployment(set: &TaskSet, is_newest: bool) -> Deployment {
    let reached = set.stable && set.running >= set.desired;
    let rollout = match () {
        () if is_newest && !reached => Some(Rollout::InProgress),
        () => Some(Rollout::Completed),
    };
    Deployment {
        id: set.id.clone(),
        status: match is_newest {
            true => DeploymentStatus::Primary,
            false => DeploymentStatus::Active,
        },
        task_definition: set.task_definition.clone(),
        desired: set.desired,
        pending: set.pending,
        running: set.running,
        failed: 0,
        rollout,
        reason: None,
        created: set.created,
        updated: set.stable_since.or(set.updated),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::sample::{ago, revision, service};
    use crate::domain::Controller;
    use crate::text::Clean;

    fn set(id: &str, status: &str, definition: &str, running: u32, seconds_ago: i64) -> TaskSet {
        TaskSet {
            id: Clean::new(id),
            status: Clean::new(status),
            task_definition: revision(definition),
            external_id: None,
            desired: 2,
            pending: 0,
            running,
            stable: running == 2,
            stable_since: None,
            created: Some(ago(seconds_ago)),
            updated: None,
        }
    }

    fn with(sets: Vec<TaskSet>) -> Service {
        let mut service = service("web");
        service.controller = Controller::CodeDeploy;
        service.deployments.clear();
        service.task_sets = sets;
        service
    }

    #[test]
    fn the_newest_set_is_what_the_service_goes_to_though_another_serves() {
        let service = with(vec![
            set("ecs-svc/1", "PRIMARY", "web:1", 2, 9_000),
            set("ecs-svc/2", "ACTIVE", "web:2", 0, 600),
        ]);
        let seen = seen(&service);
        let primary = seen.primary().unwrap();
        assert_eq!(primary.id.as_str(), "ecs-svc/2");
        assert_eq!(primary.rollout, Some(Rollout::InProgress));
    }

    #[test]
    fn a_set_that_drains_is_no_rollout_and_a_stable_one_is_done() {
        let service = with(vec![
            set("ecs-svc/1", "DRAINING", "web:1", 0, 100),
            set("ecs-svc/2", "PRIMARY", "web:2", 2, 600),
        ]);
        let seen = seen(&service);
        let primary = seen.primary().unwrap();
        assert_eq!(primary.id.as_str(), "ecs-svc/2");
        assert_eq!(primary.rollout, Some(Rollout::Completed));
    }

    #[test]
    fn a_service_with_deployments_stays_as_it_is() {
        assert!(matches!(seen(&service("web")), Cow::Borrowed(_)));
    }
}
