//! Which of the commands that a cause offers can help as things stand.
//!
//! The invariant: what is kept neither meets the same fault again nor undoes something that did no harm. It is decided by
//! what is known of the rollout and by traits of the cause, never by words.

use super::{ServiceSnapshot, percents, rolling_out};
use crate::diagnose::cause::{CauseId, Trait};
use crate::diagnose::{Diagnosis, Verdict};
use crate::domain::{Rollout, ServiceDeploymentStatus};
use crate::keys::Command;

/// Leaves out of the advice what cannot help.
pub(super) fn keep(snapshot: ServiceSnapshot<'_>, found: &mut Diagnosis) {
    let lost = found
        .causes
        .iter()
        .any(|cause| cause.id == CauseId::HostLost);
    let verdict = found.verdict;
    for cause in &mut found.causes {
        let id = cause.id;
        cause.actions.retain(|command| match command {
            Command::Rollback => undoes_it(snapshot, verdict, id),
            Command::Redeploy => tries_again(verdict, id),
            Command::Scale => fits_again(snapshot, verdict, id, lost),
            // The service starts another one in its place.
            Command::Stop => false,
            _ => true,
        });
    }
}

/// Whether going back takes the fault away. Where ECS has gone back already, or could not, an earlier revision is a guess.
fn undoes_it(snapshot: ServiceSnapshot<'_>, verdict: Verdict, cause: CauseId) -> bool {
    let went_back = matches!(verdict, Verdict::RolledBack | Verdict::RollingBack);
    if went_back || way_back_failed(snapshot) || nothing_earlier(snapshot) {
        return false;
    }
    if !cause.has(Trait::Around) {
        return true;
    }
    // Another revision may need other rights; room and routes it has as few.
    let rights = matches!(
        cause,
        CauseId::ImagePullDenied | CauseId::SecretAccessDenied
    );
    if rights {
        brings_another_revision(snapshot).unwrap_or(true)
    } else {
        another_revision_still_runs(snapshot)
    }
}

/// Whether what ran before a rollout runs still, so that going back needs no new task.
fn another_revision_still_runs(snapshot: ServiceSnapshot<'_>) -> bool {
    let Some(new) = rolling_out(snapshot.service) else {
        return false;
    };
    let mut others = snapshot.service.deployments.iter();
    others.any(|old| old.task_definition != new.task_definition && old.running > 0)
}

/// Whether ECS tried to go back and met a fault there too.
fn way_back_failed(snapshot: ServiceSnapshot<'_>) -> bool {
    let newest = snapshot.history().and_then(|all| all.deployments.first());
    newest.is_some_and(|newest| newest.status == ServiceDeploymentStatus::RollbackFailed)
}

/// Whether ECS is known to have no other revision that it could go back to.
fn nothing_earlier(snapshot: ServiceSnapshot<'_>) -> bool {
    let Some(history) = snapshot.history() else {
        return false;
    };
    let present = &snapshot.service.task_definition;
    let stops = rolling_out(snapshot.service).is_some();
    let mut earlier = history
        .deployments
        .iter()
        .filter_map(|deployment| history.outcome_of(deployment));
    !stops && !earlier.any(|revision| revision.task_definition != *present)
}

/// Whether the rollout that goes on or failed brings another revision than ran before; none where that is not known.
fn brings_another_revision(snapshot: ServiceSnapshot<'_>) -> Option<bool> {
    let service = snapshot.service;
    let primary = service.primary()?;
    if rolling_out(service).is_none() && primary.rollout != Some(Rollout::Failed) {
        return Some(false);
    }
    let new = &primary.task_definition;
    let mut others = service
        .deployments
        .iter()
        .filter(|other| other.id != primary.id)
        .map(|other| &other.task_definition)
        .peekable();
    if others.peek().is_some() {
        return Some(others.any(|old| old != new));
    }
    let history = snapshot.history()?;
    let newest = history.deployments.first()?;
    let mut sources = newest
        .sources
        .iter()
        .filter_map(|source| history.revisions.get(source))
        .peekable();
    sources.peek()?;
    Some(sources.any(|source| source.task_definition != *new))
}

/// Whether starting the same revision anew may go through: not while ECS tries by itself, nor where it has gone back to
/// what runs.
fn tries_again(verdict: Verdict, cause: CauseId) -> bool {
    matches!(verdict, Verdict::Failed | Verdict::Degraded) && cause.has(Trait::Passing)
}

/// Whether another count takes the fault away: where there is no room for all, fewer are well; not where a host was lost,
/// which has to come back, nor in a rollout, which needs room for a new task beside the old ones.
fn fits_again(snapshot: ServiceSnapshot<'_>, verdict: Verdict, cause: CauseId, lost: bool) -> bool {
    match cause {
        CauseId::InsufficientResources | CauseId::HostPortConflict | CauseId::QuotaReached => {
            verdict == Verdict::Degraded && !lost
        }
        CauseId::DeploymentConfigDeadlock => percents::more_leave_room(snapshot.service),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::of;
    use super::*;
    use crate::diagnose::sample::{ago, deployment, event, service, task, unstarted};
    use crate::domain::{DeploymentStatus, Service, Task};

    const NO_ROOM: &str = "(service web) was unable to place a task because no container instance met all of its requirements. \
         The closest matching (container-instance 1f) has insufficient memory available.";
    const NO_ROUTE: &str = "ResourceInitializationError: unable to pull secrets or registry auth: execution resource \
         retrieval failed: unable to retrieve secret from asm: There is a connection issue between the task and AWS \
         Secrets Manager. Check your task network configuration. RequestCanceled: request context canceled caused by: \
         context deadline exceeded";
    const NO_IMAGE: &str =
        "CannotPullContainerError: failed to resolve ref docker.io/library/web:v9: not found";

    /// A rollout from `web:1` to this revision, ten minutes old.
    fn rolls_to(revision: &str) -> Service {
        let mut web = service("web");
        web.deployments[0].status = DeploymentStatus::Active;
        let mut new = deployment("ecs-svc/2", revision);
        new.rollout = Some(Rollout::InProgress);
        (new.running, new.created, new.updated) = (0, Some(ago(600)), Some(ago(600)));
        web.task_definition = new.task_definition.clone();
        web.deployments.push(new);
        web
    }

    fn failed(service: &Service, words: &str) -> Vec<Task> {
        let primary = service.primary().unwrap();
        let one = |id: &str, ago| {
            let mut task = unstarted(task("web", id), words, ago);
            task.definition = primary.task_definition.clone();
            task.started_by = Some(primary.id.clone());
            task
        };
        vec![one("1", 200), one("2", 60)]
    }

    fn writes(service: &Service, tasks: &[Task]) -> Vec<&'static str> {
        let found = of(service, tasks);
        let actions = found.causes[0].actions.iter();
        let writes = actions.filter(|command| command.writes());
        writes.map(|command| command.as_str()).collect()
    }

    #[test]
    fn going_back_ends_the_wait_for_room_of_a_rollout_that_brings_another_revision() {
        let mut web = rolls_to("web:2");
        web.events = vec![event(NO_ROOM, 60), event(NO_ROOM, 400)];
        assert_eq!(writes(&web, &[]), ["rollback"]);
        // The same revision meets the same full hosts.
        let mut web = rolls_to("web:1");
        web.events = vec![event(NO_ROOM, 60), event(NO_ROOM, 400)];
        assert_eq!(writes(&web, &[]), [""; 0]);
    }

    #[test]
    fn fewer_tasks_are_offered_where_more_are_wanted_than_there_is_room_for() {
        let mut web = service("web");
        (web.desired, web.running) = (5, 2);
        web.events = vec![event(NO_ROOM, 60), event(NO_ROOM, 400)];
        assert_eq!(writes(&web, &[]), ["scale"]);
    }

    #[test]
    fn a_route_that_is_missing_is_neither_rolled_back_nor_tried_again_with_the_same_revision() {
        let web = rolls_to("web:1");
        assert_eq!(writes(&web, &failed(&web, NO_ROUTE)), [""; 0]);
        let web = rolls_to("web:2");
        assert_eq!(writes(&web, &failed(&web, NO_ROUTE)), ["rollback"]);
    }

    #[test]
    fn where_nothing_runs_any_more_going_back_would_need_the_route_too() {
        let mut web = rolls_to("web:2");
        web.deployments[0].running = 0;
        web.running = 0;
        assert_eq!(writes(&web, &failed(&web, NO_ROUTE)), [""; 0]);
    }

    #[test]
    fn an_image_that_is_missing_is_no_matter_of_what_is_around() {
        let web = rolls_to("web:1");
        assert_eq!(
            writes(&web, &failed(&web, NO_IMAGE)),
            ["rollback", "deploy"]
        );
    }

    #[test]
    fn only_what_may_pass_is_tried_again_once_ecs_has_given_up() {
        let again = |cause| tries_again(Verdict::Failed, cause);
        assert!(again(CauseId::ImagePullRateLimit) && again(CauseId::CapacityUnavailable));
        assert!(!again(CauseId::SecretNetwork) && !again(CauseId::EniFailed));
        assert!(!tries_again(Verdict::Stuck, CauseId::ImagePullRateLimit));
        assert!(!tries_again(
            Verdict::RolledBack,
            CauseId::ImagePullRateLimit
        ));
    }
}
