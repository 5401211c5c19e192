//! The minimum and maximum percent of a rollout: how many tasks must run, how many may, and when they leave no room.

use crate::diagnose::cause::CauseId;
use crate::diagnose::{Evidence, EvidenceSource};
use crate::domain::{Controller, Scheduling, Service, Strategy};

/// The minimum and maximum of running tasks during a rollout: the minimum is rounded up, the maximum down
/// (source: ECS developer guide, "Rolling update").
pub(super) fn bounds(service: &Service) -> (u32, u32) {
    let percent = |percent: Option<u32>, otherwise: u32| {
        u64::from(service.desired) * u64::from(percent.unwrap_or(otherwise))
    };
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    (
        small(percent(service.settings.minimum_percent, 100).div_ceil(100)),
        small(percent(service.settings.maximum_percent, 200) / 100),
    )
}

/// Whether a rollout may stop an old task before a new one runs.
pub(in crate::diagnose) fn may_stop_first(service: &Service) -> bool {
    bounds(service).0 < service.desired
}

/// Why no rollout of the service can move a task; none where it can.
pub(in crate::diagnose) fn locked(service: &Service) -> Option<String> {
    let told = service
        .settings
        .minimum_percent
        .zip(service.settings.maximum_percent);
    let (minimum_percent, maximum_percent) = told?;
    let rolls = service.controller == Controller::Ecs
        && service.settings.strategy == Strategy::Rolling
        && service.scheduling == Scheduling::Replica;
    let (minimum, maximum) = bounds(service);
    (rolls && service.desired > 0 && minimum >= maximum).then(|| {
        format!(
            "of {} tasks at least {minimum} must run ({minimum_percent} %, rounded up) and at most {maximum} may \
             ({maximum_percent} %, rounded down): none can be replaced",
            service.desired
        )
    })
}

/// Whether a somewhat greater count would leave room: rounded up and down, one of a few tasks moves where one of fewer
/// does not.
pub(super) fn more_leave_room(service: &Service) -> bool {
    let most = service.desired.saturating_mul(2).max(2);
    (service.desired.saturating_add(1)..=most).any(|desired| {
        let mut more = service.clone();
        more.desired = desired;
        let (minimum, maximum) = bounds(&more);
        minimum < maximum
    })
}

/// Whether no task may stop before another has started, and none may start before another has stopped.
pub(super) fn deadlock(service: &Service) -> Option<Evidence> {
    let told = service
        .settings
        .minimum_percent
        .zip(service.settings.maximum_percent);
    let (minimum_percent, maximum_percent) = told?;
    // CodeDeploy and others bring their own set of tasks beside the old one.
    let rolls = service.controller == Controller::Ecs;
    if !rolls || service.scheduling != Scheduling::Replica || service.desired == 0 {
        return None;
    }
    let (minimum, maximum) = bounds(service);
    let new = service
        .primary()
        .map_or(0, |primary| primary.running + primary.pending);
    // With fewer than all running there is room to start. What is still starting for an earlier deployment makes room: ECS
    // may stop it at any time.
    let full = service.running >= maximum && service.running <= minimum;
    (full && new == 0).then(|| {
        Evidence::about(
            EvidenceSource::Counts,
            service.arn.clean().clone(),
            CauseId::DeploymentConfigDeadlock,
            0.97,
            format!(
                "of {} tasks at least {minimum} must run ({minimum_percent} %, rounded up) and at most {maximum} may \
                 ({maximum_percent} %, rounded down): none can be replaced",
                service.desired
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::sample::{deployment, service};
    use crate::domain::{DeploymentStatus, Rollout};

    fn locked(desired: u32, minimum: u32, maximum: u32) -> bool {
        let mut service = service("web");
        (service.desired, service.running) = (desired, desired);
        service.settings.minimum_percent = Some(minimum);
        service.settings.maximum_percent = Some(maximum);
        service.deployments[0].status = DeploymentStatus::Active;
        let mut new = deployment("ecs-svc/2", "web:2");
        (new.running, new.rollout) = (0, Some(Rollout::InProgress));
        service.deployments.push(new);
        deadlock(&service).is_some()
    }

    #[test]
    fn a_deadlock_is_computed_from_the_numbers() {
        assert!(locked(2, 100, 100));
        assert!(
            locked(1, 50, 150),
            "half of one is one, one and a half is one"
        );
        assert!(locked(3, 75, 125), "2.25 is 3, and 3.75 is 3");
        assert!(!locked(4, 75, 100), "one may stop");
        assert!(!locked(4, 100, 125), "one may start");
        assert!(!locked(2, 100, 200));
    }

    #[test]
    fn more_tasks_leave_room_where_only_the_rounding_took_it() {
        let room = |desired, minimum, maximum| {
            let mut service = service("web");
            service.desired = desired;
            service.settings.minimum_percent = Some(minimum);
            service.settings.maximum_percent = Some(maximum);
            more_leave_room(&service)
        };
        assert!(room(1, 50, 150));
        assert!(room(3, 75, 125));
        assert!(!room(2, 100, 100));
    }

    #[test]
    fn tasks_that_start_for_an_earlier_deployment_make_room() {
        let mut service = service("web");
        (service.desired, service.running, service.pending) = (2, 2, 2);
        service.deployments[0].status = DeploymentStatus::Active;
        let mut superseded = deployment("ecs-svc/2", "web:2");
        (superseded.running, superseded.pending) = (0, 2);
        superseded.status = DeploymentStatus::Active;
        let mut new = deployment("ecs-svc/3", "web:2");
        (new.running, new.rollout) = (0, Some(Rollout::InProgress));
        service.deployments.extend([superseded, new]);
        assert!(deadlock(&service).is_none());
    }

    #[test]
    fn while_less_than_all_run_there_is_room_to_start() {
        let mut service = service("web");
        service.settings.maximum_percent = Some(100);
        service.deployments[0].running = 0;
        service.running = 1;
        assert!(deadlock(&service).is_none());
    }
}
