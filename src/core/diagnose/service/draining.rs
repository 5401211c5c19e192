//! Old tasks that a rollout still waits for: they drain, stop, or cannot be told to stop.
//!
//! That takes as long as the load balancer's deregistration delay and the container's stop timeout allow, and is no
//! fault. A host whose agent does not answer stops nothing.

use super::ServiceSnapshot;
use crate::diagnose::cause::CauseId;
use crate::diagnose::{Evidence, EvidenceSource};
use crate::domain::{Deployment, Task, TaskStatus};

/// Tasks that leave for a shorter time are not told, in seconds.
const TOLD_SECONDS: i64 = 120;
/// An agent that is connected anew every few hours is away for less than this, in seconds.
const AWAY_SECONDS: i64 = 300;

/// The old tasks that leave, and for how long the slowest has done so; none where none is slow.
pub(super) fn of(snapshot: ServiceSnapshot<'_>, primary: &Deployment) -> Option<Evidence> {
    let leaving = || {
        let tasks = snapshot.tasks.iter().copied();
        tasks.filter(|task| {
            task.status > TaskStatus::Running
                && !task.is_stopped()
                && !snapshot.owns(Some(primary), task)
        })
    };
    let slowest = leaving()
        .filter(|task| task.stopping.is_some())
        .min_by_key(|task| task.stopping)?;
    let seconds = snapshot.since(slowest.stopping);
    if seconds < TOLD_SECONDS {
        return None;
    }
    let (number, minutes) = (leaving().count(), seconds / 60);
    let tasks = if number == 1 {
        "1 old task leaves".to_owned()
    } else {
        format!("{number} old tasks leave")
    };
    let lost = is_lost(snapshot, slowest);
    let (cause, confidence, why) = if lost {
        let why = "the ECS agent on its host is disconnected and cannot stop it";
        (CauseId::AgentDisconnected, 0.9, why)
    } else {
        let why = match slowest.status {
            TaskStatus::Deactivating => {
                "the load balancer drains its connections (deregistration delay)"
            }
            TaskStatus::Stopping => "its containers are stopping (stopTimeout)",
            _ => "its network interface and volumes are being detached",
        };
        (CauseId::SchedulerActivity, 0.85, why)
    };
    let mut found = Evidence::about(
        // It is no evidence of the new revision: the deployment waits.
        EvidenceSource::Deployment,
        primary.id.clone(),
        cause,
        confidence,
        format!(
            "{tasks}, task {} for {minutes} min: {why}",
            slowest.short_id()
        ),
    );
    found.at = slowest.stopping;
    found.count = u32::try_from(number).unwrap_or(u32::MAX);
    Some(found)
}

/// Whether the agent that has to stop a task has been away for a while.
fn is_lost(snapshot: ServiceSnapshot<'_>, task: &Task) -> bool {
    task.connected == Some(false)
        && task
            .connected_since
            .is_none_or(|_| snapshot.since(task.connected_since) >= AWAY_SECONDS)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::diagnose::sample::{NOW, ago, deployment, service, task};
    use crate::diagnose::{Diagnosis, Facts, LocalFacts, Verdict, diagnose_service};
    use crate::domain::{DeploymentStatus, Rollout, Time};
    use crate::text::Clean;

    /// `web:2` runs, and a task of `web:1` has left for so many seconds.
    fn found(seconds: i64, status: TaskStatus, connected: Option<bool>) -> Diagnosis {
        let mut service = service("web");
        let mut new = deployment("ecs-svc/2", "web:2");
        (new.running, new.created) = (new.desired, Some(ago(seconds + 300)));
        new.rollout = Some(Rollout::InProgress);
        service.deployments[0].status = DeploymentStatus::Active;
        service.deployments.insert(0, new);
        let mut old = task("web", "0123456789");
        (old.status, old.stopping) = (status, Some(ago(seconds)));
        old.desired = Clean::new("STOPPED");
        (old.connected, old.connected_since) = (connected, connected.map(|_| ago(seconds)));
        let tasks = [&old];
        diagnose_service(ServiceSnapshot {
            service: &service,
            tasks: &tasks,
            facts: &Facts::default(),
            definitions: &BTreeMap::new(),
            local: &LocalFacts::default(),
            now: Time::from_second(NOW).unwrap(),
        })
    }

    #[test]
    fn a_rollout_that_waits_for_old_tasks_to_drain_says_so_and_goes_on() {
        let told = found(25 * 60, TaskStatus::Deactivating, Some(true));
        assert_eq!(told.verdict, Verdict::Progressing);
        assert!(
            told.summary
                .contains("1 old task leaves, task 01234567 for 25 min: the load balancer drains"),
            "{}",
            told.summary
        );
        assert!(
            !found(60, TaskStatus::Deactivating, None)
                .summary
                .contains("old task")
        );
    }

    #[test]
    fn a_host_that_does_not_answer_stops_no_task() {
        let told = found(25 * 60, TaskStatus::Stopping, Some(false));
        assert_eq!(
            (told.verdict, told.causes[0].id),
            (Verdict::Stuck, CauseId::AgentDisconnected),
            "{}",
            told.summary
        );
    }
}
