//! A task: its stop code, its words and its exit codes weighed together.
//!
//! Words that name a fault decide. A stop that was asked for explains the exit
//! codes that follow from it. Which containers are essential is not told, so a
//! code of the program's own counts before those of the signals that ECS sends
//! to the others when it ends the task.

use super::blame;
use super::classified::{Classified, Findings, rank_together};
use super::classify;
use super::exit::classify_exit;
use crate::diagnose::cause::{CauseId, Standing};
use crate::domain::{Health, Owner, StopCode, Task, TaskStatus};

/// Ranks the causes of a task's end, or says how a task that has not ended is. Never empty.
pub fn classify_task(task: &Task) -> Vec<Classified> {
    if !task.is_stopped() && task.stop_code.is_none() && task.stopped_reason.is_none() {
        return alive(task);
    }
    let own = task.stopped_reason.as_ref().map(|reason| classify(reason));
    let containers = task
        .containers
        .iter()
        .filter_map(|container| container.reason.as_ref())
        .map(|reason| classify(reason));
    let told = rank_together(own.into_iter().chain(containers));
    // "Essential container in task exited" is one of the words; the codes say it better.
    let named = told
        .first()
        .is_some_and(|first| first.cause.standing() == Standing::Fault && first.confidence >= 0.5);
    if named {
        return told;
    }
    if let Some(asked) = asked_for(task.stop_code, &told) {
        return rank_together([asked, told]);
    }
    let ended = ended(task);
    if ran_without_the_others(task) {
        return ended;
    }
    // What did not start has no code of its own, except for a container that the others waited for.
    let tells = ended.first().is_some_and(|end| {
        end.cause.standing() == Standing::Fault && end.cause != CauseId::AppExited
    });
    let started =
        task.stop_code != Some(StopCode::TaskFailedToStart) || (tells && knows_nothing(&told));
    if ended.is_empty() || !started {
        told
    } else {
        rank_together([ended, keep_sure(told)])
    }
}

/// Whether a task by itself is said not to have started, without a word of why, and yet what ran of it ended well: it
/// had done its work before the others came up.
pub(in crate::diagnose) fn ran_without_the_others(task: &Task) -> bool {
    let codes = blame::codes(task);
    let silent =
        task.stopped_reason.is_none() && task.containers.iter().all(|one| one.reason.is_none());
    task.stop_code == Some(StopCode::TaskFailedToStart)
        && matches!(task.owner, Owner::Family(_))
        && silent
        && codes.contains(&0)
        && codes.iter().all(|code| matches!(code, 0 | 143))
}

fn knows_nothing(told: &[Classified]) -> bool {
    told.first()
        .is_none_or(|first| first.cause == CauseId::Unknown)
}

/// A weak reading of the words only repeats what the codes say.
fn keep_sure(told: Vec<Classified>) -> Vec<Classified> {
    told.into_iter()
        .filter(|one| one.confidence >= 0.5)
        .collect()
}

/// A task that has not ended.
fn alive(task: &Task) -> Vec<Classified> {
    let mut findings = Findings::default();
    match (task.status, task.health) {
        (_, Health::Unhealthy) => findings.say(CauseId::ContainerUnhealthy, 0.9),
        (TaskStatus::Running, _) => findings.say(CauseId::Steady, 0.9),
        (TaskStatus::Other, _) => {}
        (status, _) if status < TaskStatus::Running => findings.say(CauseId::Progressing, 0.9),
        _ => findings.say(CauseId::SchedulerActivity, 0.8),
    }
    findings.rank()
}

/// A stop that somebody or something asked for: the code is AWS's own word for it.
fn asked_for(code: Option<StopCode>, told: &[Classified]) -> Option<Vec<Classified>> {
    let calm = told
        .first()
        .filter(|first| first.cause.standing() == Standing::Calm);
    let cause = match code {
        Some(StopCode::SpotInterruption) => CauseId::SpotInterruption,
        Some(StopCode::TerminationNotice | StopCode::InfrastructureHealth) => CauseId::HostLost,
        Some(StopCode::UserInitiated) => CauseId::StoppedByUser,
        Some(StopCode::ServiceSchedulerInitiated) => CauseId::SchedulerActivity,
        Some(
            StopCode::TaskFailedToStart | StopCode::EssentialContainerExited | StopCode::Other,
        )
        | None => calm?.cause,
    };
    let mut findings = Findings::default();
    findings.say(cause, 0.96);
    Some(findings.rank())
}

/// What decides where the codes of several containers differ.
const ENDED_FIRST: &str = "which of the containers is essential and ended first";

/// What the exit codes say; empty where there is none.
fn ended(task: &Task) -> Vec<Classified> {
    let codes = blame::codes(task);
    let most = codes.iter().copied();
    let Some(code) = most.min_by_key(|code| blame::telling(*code)) else {
        return Vec::new();
    };
    let by_itself = matches!(task.owner, Owner::Family(_));
    if code == 0 && by_itself {
        let mut findings = Findings::default();
        findings.say(CauseId::Steady, 0.9);
        return findings.rank();
    }
    let mut ranking = classify_exit(code);
    if codes.contains(&0) && matches!(code, 137 | 143) && by_itself {
        // Its work was done, and ECS ended the others; a kill may also be what ended it.
        let done = if code == 143 { 0.85 } else { 0.55 };
        let mut findings = Findings::default();
        findings.may(CauseId::Steady, done, ENDED_FIRST);
        for one in ranking {
            findings.may(one.cause, one.confidence.min(1.2 - done), ENDED_FIRST);
        }
        return findings.rank();
    }
    if codes.contains(&0) && matches!(code, 137 | 143) && matches!(task.owner, Owner::Service(_)) {
        // The one that ended with 0 may have been essential, and the other then stopped by ECS.
        let mut findings = Findings::default();
        findings.may(
            CauseId::AppExited,
            if code == 143 { 0.85 } else { 0.6 },
            ENDED_FIRST,
        );
        ranking = rank_together([ranking, findings.rank()]);
    }
    ranking
}

#[cfg(test)]
mod tests {
    use super::super::tests::task::{container, stopped};
    use super::*;

    fn first(task: &Task) -> &'static str {
        classify_task(task)[0].cause.as_str()
    }

    fn codes(owner: Owner, code: Option<StopCode>, reason: &str, exits: &[i32]) -> Task {
        let mut task = stopped(owner, code, reason);
        task.containers = exits
            .iter()
            .map(|exit| container(Some(*exit), None))
            .collect();
        task
    }

    fn service() -> Owner {
        Owner::Service(crate::text::Clean::literal("web"))
    }

    fn family() -> Owner {
        Owner::Family(crate::text::Clean::literal("worker"))
    }

    const ESSENTIAL: &str = "Essential container in task exited";
    const EXITED: Option<StopCode> = Some(StopCode::EssentialContainerExited);

    #[test]
    fn a_code_of_its_own_counts_before_the_signals_that_follow() {
        assert_eq!(
            first(&codes(service(), EXITED, ESSENTIAL, &[143, 1, 137])),
            "app-crash"
        );
        assert_eq!(
            first(&codes(service(), EXITED, ESSENTIAL, &[137, 139])),
            "segfault"
        );
        assert_eq!(
            first(&codes(service(), EXITED, ESSENTIAL, &[137])),
            "killed"
        );
        assert_eq!(
            first(&codes(service(), EXITED, ESSENTIAL, &[0, 143])),
            "app-exited"
        );
    }

    #[test]
    fn ending_with_zero_is_a_fault_only_in_a_service() {
        assert_eq!(
            first(&codes(service(), EXITED, ESSENTIAL, &[0])),
            "app-exited"
        );
        assert_eq!(first(&codes(family(), EXITED, ESSENTIAL, &[0])), "steady");
        assert_eq!(
            first(&codes(family(), EXITED, ESSENTIAL, &[3])),
            "app-crash"
        );
    }

    #[test]
    fn a_kill_during_a_scale_in_is_the_schedulers_work() {
        let reason = "Scaling activity initiated by (deployment ecs-svc/123)";
        let task = codes(
            service(),
            Some(StopCode::ServiceSchedulerInitiated),
            reason,
            &[137],
        );
        assert_eq!(first(&task), "scheduler-activity");
    }

    #[test]
    fn the_scheduler_that_replaces_an_unhealthy_task_says_so() {
        let reason = "Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/a/b)";
        let task = codes(
            service(),
            Some(StopCode::ServiceSchedulerInitiated),
            reason,
            &[143],
        );
        assert_eq!(first(&task), "target-unhealthy");
    }

    #[test]
    fn a_containers_own_reason_beats_its_code() {
        let mut task = stopped(service(), EXITED, ESSENTIAL);
        task.containers = vec![container(
            Some(137),
            Some("OutOfMemoryError: Container killed due to memory usage"),
        )];
        assert_eq!(first(&task), "out-of-memory");
    }

    #[test]
    fn a_stop_by_a_person_is_theirs_whatever_they_wrote() {
        let task = codes(service(), Some(StopCode::UserInitiated), "bye", &[143]);
        assert_eq!(first(&task), "stopped-by-user");
    }

    #[test]
    fn the_stop_code_tells_what_the_words_do_not() {
        for (code, cause) in [
            (StopCode::SpotInterruption, "spot-interruption"),
            (StopCode::TerminationNotice, "host-lost"),
            (StopCode::TaskFailedToStart, "unknown"),
        ] {
            assert_eq!(first(&codes(service(), Some(code), "Gone.", &[])), cause);
        }
    }

    #[test]
    fn a_task_by_itself_whose_work_is_done_did_not_fail() {
        let task = codes(family(), EXITED, ESSENTIAL, &[0, 143]);
        assert_eq!(first(&task), "steady");
        // Killed for its memory, or only too slow to end: the codes do not tell.
        let ranking = classify_task(&codes(family(), EXITED, ESSENTIAL, &[0, 137]));
        assert_eq!(ranking[0].cause, CauseId::Killed);
        assert!(ranking.iter().any(|one| one.cause == CauseId::Steady));
        assert!(ranking.iter().all(|one| one.decided_by.is_some()));
        let failed = codes(family(), EXITED, ESSENTIAL, &[0, 143, 1]);
        assert_eq!(first(&failed), "app-crash");
    }

    #[test]
    fn guardduty_s_agent_says_nothing_about_the_program() {
        let mut task = codes(family(), EXITED, ESSENTIAL, &[0, 137]);
        task.containers[1].name = crate::text::Clean::literal("aws-guardduty-agent-Ab12C");
        assert_eq!(classify_task(&task).len(), 1);
        assert_eq!(first(&task), "steady");
        task.containers[0].exit_code = Some(143);
        task.owner = service();
        assert_eq!(first(&task), "app-crash");
    }

    #[test]
    fn a_container_that_the_others_waited_for_tells_why_the_task_did_not_start() {
        let code = Some(StopCode::TaskFailedToStart);
        let task = codes(service(), code, "Task failed to start", &[1]);
        assert_eq!(first(&task), "app-crash");
        // One that ended well is not the reason.
        let task = codes(service(), code, "Task failed to start", &[0]);
        assert_eq!(first(&task), "unknown");
        let words = "CannotPullContainerError: manifest for shop:9 not found";
        assert_eq!(
            first(&codes(service(), code, words, &[1])),
            "image-not-found"
        );
    }

    #[test]
    fn codes_after_a_stop_that_was_asked_for_explain_nothing() {
        for (code, cause) in [
            (StopCode::ServiceSchedulerInitiated, "scheduler-activity"),
            (StopCode::UserInitiated, "stopped-by-user"),
            (StopCode::SpotInterruption, "spot-interruption"),
            (StopCode::TerminationNotice, "host-lost"),
        ] {
            for exits in [[0, 143, 137], [1, 143, 0], [255, 137, 137]] {
                let task = codes(service(), Some(code), "", &exits);
                assert_eq!(first(&task), cause, "{exits:?}");
            }
        }
    }

    #[test]
    fn a_sidecars_reason_names_the_fault_wherever_it_stands() {
        let mut task = codes(service(), EXITED, ESSENTIAL, &[0, 143]);
        task.containers.push(container(
            Some(1),
            Some("OutOfMemoryError: Container killed due to memory usage"),
        ));
        assert_eq!(first(&task), "out-of-memory");
        let mut task = codes(
            service(),
            Some(StopCode::TaskFailedToStart),
            "Task failed to start",
            &[],
        );
        task.containers = vec![
            container(None, None),
            container(
                None,
                Some(
                    "CannotStartContainerError: Error response from daemon: failed to initialize logging driver: ResourceNotFoundException: The specified log group does not exist.",
                ),
            ),
        ];
        assert_eq!(first(&task), "log-driver-failed");
    }

    #[test]
    fn a_task_that_runs_or_starts_is_no_failure() {
        let mut task = stopped(service(), None, "");
        (task.stopped_reason, task.status) = (None, TaskStatus::Running);
        assert_eq!(first(&task), "steady");
        task.status = TaskStatus::Pending;
        assert_eq!(first(&task), "progressing");
        (task.status, task.health) = (TaskStatus::Running, Health::Unhealthy);
        assert_eq!(first(&task), "container-unhealthy");
    }
}
