//! A task: its stop code, its words and its exit codes weighed together.
//!
//! Words that name a fault decide. A stop that was asked for explains the exit
//! codes that follow from it. Which containers are essential is not told, so a
//! code of the program's own counts before those of the signals that ECS sends
//! to the others when it ends the task.

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
    if ended.is_empty() || (task.stop_code == Some(StopCode::TaskFailedToStart)) {
        told
    } else {
        rank_together([ended, keep_sure(told)])
    }
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

/// What the exit codes say; empty where there is none.
fn ended(task: &Task) -> Vec<Classified> {
    let codes: Vec<i64> = task
        .containers
        .iter()
        .filter_map(|container| container.exit_code)
        .map(i64::from)
        .collect();
    let Some(code) = telling(&codes) else {
        return Vec::new();
    };
    if code == 0 && matches!(task.owner, Owner::Family(_)) {
        let mut findings = Findings::default();
        findings.say(CauseId::Steady, 0.9);
        return findings.rank();
    }
    let mut ranking = classify_exit(code);
    if codes.contains(&0) && matches!(code, 137 | 143) && matches!(task.owner, Owner::Service(_)) {
        // The one that ended with 0 may have been essential, and the other then stopped by ECS.
        let mut findings = Findings::default();
        let decided = "which of the containers is essential and ended first";
        findings.may(
            CauseId::AppExited,
            if code == 143 { 0.85 } else { 0.6 },
            decided,
        );
        ranking = rank_together([ranking, findings.rank()]);
    }
    ranking
}

/// The code that says most: the program's own, then a fatal signal, then a kill, then 0.
fn telling(codes: &[i64]) -> Option<i64> {
    codes.iter().copied().min_by_key(|code| match code {
        0 => 4,
        143 => 3,
        137 => 2,
        132..=136 | 139 => 1,
        _ => 0,
    })
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
