//! What holds a rollout that nothing is wrong with: hooks, pauses, bake time; and minimum and maximum that leave
//! no room.

use super::ServiceSnapshot;
use crate::diagnose::cause::CauseId;
use crate::diagnose::messages::Classified;
use crate::diagnose::{Evidence, EvidenceSource};
use crate::domain::{Controller, Scheduling, Service, ServiceDeployment};
use crate::text::Clean;

/// Evidence that says one thing for sure.
pub(super) fn sure(
    source: EvidenceSource,
    reference: Clean,
    cause: CauseId,
    confidence: f64,
    text: String,
) -> Evidence {
    Evidence {
        source,
        at: None,
        reference,
        container: None,
        text: Clean::own(text),
        count: 1,
        ranking: vec![Classified {
            cause,
            confidence,
            decided_by: None,
        }],
    }
}

/// What the rollout waits for by its own settings (source: ECS developer guide, "Lifecycle hooks for Amazon ECS
/// service deployments"; bake time keeps a deployment IN_PROGRESS on purpose).
pub(super) fn held(snapshot: ServiceSnapshot<'_>) -> Option<Evidence> {
    let ongoing = snapshot.history()?.ongoing()?;
    let words = waits_for(ongoing)?;
    let mut held = sure(
        EvidenceSource::ServiceDeployment,
        ongoing.arn.clean().clone(),
        CauseId::WaitingOnHook,
        0.9,
        words,
    );
    held.at = ongoing.started.or(ongoing.created);
    Some(held)
}

/// Whether a person has to do something for the rollout to go on.
pub(super) fn needs_attention(snapshot: ServiceSnapshot<'_>) -> bool {
    let ongoing = snapshot.history().and_then(|history| history.ongoing());
    ongoing.is_some_and(|ongoing| ongoing.hooks.iter().any(|hook| hook.awaits_action()))
}

fn waits_for(ongoing: &ServiceDeployment) -> Option<String> {
    let stage = ongoing.stage.as_ref();
    let at = stage.map_or_else(String::new, |stage| format!(" at {stage}"));
    if let Some(hook) = ongoing.hooks.iter().find(|hook| hook.awaits_action()) {
        let until = match (&hook.expires, &hook.timeout_action) {
            (Some(expires), Some(action)) => {
                format!(
                    "; at {} AWS will {action}",
                    expires.strftime("%Y-%m-%dT%H:%M:%SZ")
                )
            }
            _ => String::new(),
        };
        return Some(format!(
            "paused{at} at a hook, waiting for someone to continue (hook {}, AWAITING_ACTION{until})",
            hook.id
        ));
    }
    let runs = |status: &str| status == "IN_PROGRESS";
    if let Some(hook) = ongoing.hooks.iter().find(|hook| runs(hook.status.as_str())) {
        return Some(format!("hook {}{at} has not answered yet", hook.id));
    }
    stage.filter(|stage| stage.as_str() == "BAKE_TIME")?;
    Some(match ongoing.bake_minutes {
        Some(minutes) => format!("bake time: both revisions are kept for {minutes} min"),
        None => "bake time: both revisions are kept for a while".to_owned(),
    })
}

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
    // With fewer than all running there is room to start.
    let full = service.running + service.pending >= maximum && service.running <= minimum;
    (full && new == 0).then(|| {
        sure(
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
    fn while_less_than_all_run_there_is_room_to_start() {
        let mut service = service("web");
        service.settings.maximum_percent = Some(100);
        service.deployments[0].running = 0;
        service.running = 1;
        assert!(deadlock(&service).is_none());
    }
}
