//! Which container a task's end is to be blamed on, with its own reason and its own exit code.
//!
//! The three always belong together. Once an essential container has ended ECS stops the others: their codes
//! (143, 137) and reasons are consequences and name nothing.

use super::classified::Classified;
use super::classify;
use crate::diagnose::cause::{CauseId, Family, Standing};
use crate::domain::{Container, Health, StopCode, Task};
use crate::text::Clean;

/// A container that is told to stop has so many seconds until it is killed, unless its definition says otherwise
/// (source: ECS API reference, ContainerDefinition.stopTimeout).
const STOP_TIMEOUT_SECONDS: i64 = 30;

/// What a task's end is blamed on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::diagnose) struct Blame<'a> {
    /// The container; absent where the task itself failed, or nobody tells.
    pub container: Option<&'a Container>,
    /// AWS's words: the container's, else the task's.
    pub reason: Option<&'a Clean>,
    /// The container's exit code, where it ended by itself.
    pub exit: Option<i32>,
}

/// Finds the container to blame for a task's end.
pub(in crate::diagnose) fn blame(task: &Task) -> Blame<'_> {
    let own = task.stopped_reason.as_ref();
    let best = own.map(|reason| best(reason));
    let named = best.filter(|best| is_named(*best));
    if let Some(named) = named {
        return of_the_task(task, named);
    }
    let asked = matches!(
        task.stop_code,
        Some(
            StopCode::UserInitiated
                | StopCode::ServiceSchedulerInitiated
                | StopCode::SpotInterruption
                | StopCode::TerminationNotice
                | StopCode::InfrastructureHealth
        )
    );
    let calm = best.is_some_and(|best| best.cause.standing() == Standing::Calm);
    if asked || calm {
        return Blame {
            reason: own,
            ..Blame::default()
        };
    }
    let spoken = counted(task).filter_map(|one| Some((one, one.reason.as_ref()?)));
    let telling = spoken.min_by_key(|(one, reason)| (rank(self::best(reason)), code_rank(one)));
    if let Some((container, reason)) = telling {
        let better = !own.is_some_and(says_something) || is_named(self::best(reason));
        return Blame {
            container: Some(container),
            reason: if better { Some(reason) } else { own },
            exit: container.exit_code,
        };
    }
    let container = by_code(task);
    Blame {
        container,
        reason: own,
        exit: container.and_then(|container| container.exit_code),
    }
}

/// The task's own words name the fault: the container that they are about, where one is.
fn of_the_task(task: &Task, named: Classified) -> Blame<'_> {
    let own = task.stopped_reason.as_ref();
    let says_so = |one: &&Container| {
        let reason = one.reason.as_ref();
        reason.is_some_and(|reason| best(reason).cause == named.cause)
    };
    let says_so = counted(task).find(says_so);
    let container = match named.cause {
        CauseId::ContainerUnhealthy => unhealthy(task),
        cause if cause.family() == Family::Program => says_so.or_else(|| by_code(task)),
        _ => says_so,
    };
    let ended = named.cause.family() == Family::Program;
    Blame {
        container,
        reason: own,
        exit: container
            .filter(|_| ended)
            .and_then(|container| container.exit_code),
    }
}

/// The container whose own health check fails.
pub(in crate::diagnose) fn unhealthy(task: &Task) -> Option<&Container> {
    let sick = |one: &&Container| one.health == Health::Unhealthy;
    task.containers.iter().find(sick)
}

/// The containers that can end a task: not those that AWS adds by itself and that never end it, GuardDuty's agent.
///
/// Source: GuardDuty user guide "How Runtime Monitoring works with Fargate".
pub(in crate::diagnose) fn counted(task: &Task) -> impl Iterator<Item = &Container> {
    let own = |one: &&Container| !one.name.starts_with("aws-guardduty-agent");
    task.containers.iter().filter(own)
}

/// Whether the only container that was killed was killed because it did not end when it was told to: the others had
/// ended by then, and the stop took as long as a container is given.
pub(in crate::diagnose) fn killed_by_the_stop(task: &Task) -> bool {
    let took = task.stopping.zip(task.stopped);
    let slow = took.is_some_and(|(told, stopped)| {
        stopped.duration_since(told).as_secs() >= STOP_TIMEOUT_SECONDS
    });
    let codes = || counted(task).filter_map(|one| one.exit_code);
    let killed = codes().filter(|code| *code == 137).count();
    slow && killed == 1 && codes().any(|code| !matches!(code, 137 | 143))
}

/// The exit codes that can explain the end, without those that only follow from it.
pub(super) fn codes(task: &Task) -> Vec<i64> {
    let follows = killed_by_the_stop(task);
    let codes = counted(task).filter_map(|one| one.exit_code);
    codes
        .filter(|code| !(follows && *code == 137))
        .map(i64::from)
        .collect()
}

fn by_code(task: &Task) -> Option<&Container> {
    let follows = killed_by_the_stop(task);
    let ended = counted(task).filter(|one| one.exit_code.is_some());
    ended
        .filter(|one| !(follows && one.exit_code == Some(137)))
        .min_by_key(|one| code_rank(one))
}

fn code_rank(container: &Container) -> u8 {
    container
        .exit_code
        .map_or(5, |code| telling(i64::from(code)))
}

/// How much a code says, the least first: the program's own, then a fatal signal, then a kill, then 0.
pub(super) fn telling(code: i64) -> u8 {
    match code {
        0 => 4,
        143 => 3,
        137 => 2,
        132..=136 | 139 => 1,
        _ => 0,
    }
}

fn best(words: &str) -> Classified {
    classify(words).first().copied().unwrap_or(Classified {
        cause: CauseId::Unknown,
        confidence: 0.0,
        decided_by: None,
    })
}

fn is_named(best: Classified) -> bool {
    best.cause.standing() == Standing::Fault && best.confidence >= 0.5
}

/// A fault that is named comes before a symptom, and that before words that nobody knows.
fn rank(best: Classified) -> u8 {
    match best.cause.standing() {
        Standing::Fault if best.confidence >= 0.5 => 0,
        Standing::Symptom => 1,
        Standing::Fault => 2,
        Standing::Unknown => 3,
        Standing::Calm => 4,
    }
}

/// That an essential container exited or the task failed to start says nothing that a container does not say better.
fn says_something(reason: &Clean) -> bool {
    let reason = reason.as_str();
    !(reason.starts_with("Essential container")
        || reason.trim_end_matches('.') == "Task failed to start")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::sample::{container, ended, task};
    use crate::domain::Time;

    fn of(containers: &[(&str, Option<i32>, Option<&str>)]) -> Task {
        let mut task = ended(task("web", "1"), 0, 60);
        let with = |(name, code, reason): &(&str, Option<i32>, Option<&str>)| {
            let mut container = container(name);
            container.exit_code = *code;
            container.reason = reason.map(Clean::new);
            container
        };
        task.containers = containers.iter().map(with).collect();
        task
    }

    fn blamed(task: &Task) -> (Option<&str>, Option<i32>) {
        let found = blame(task);
        (found.container.map(|one| one.name.as_str()), found.exit)
    }

    const OOM: &str = "OutOfMemoryError: Container killed due to memory usage";

    #[test]
    fn reason_and_code_are_those_of_one_container() {
        let task = of(&[
            ("init", Some(0), None),
            ("watchdog", Some(143), None),
            ("main", Some(0), Some(OOM)),
        ]);
        assert_eq!(blamed(&task), (Some("main"), Some(0)));
        assert_eq!(blame(&task).reason.unwrap().as_str(), OOM);
    }

    #[test]
    fn the_one_that_ended_with_a_code_of_its_own_is_to_blame() {
        let task = of(&[
            ("app", Some(143), None),
            ("timeout", Some(1), None),
            ("router", Some(0), None),
        ]);
        assert_eq!(blamed(&task), (Some("timeout"), Some(1)));
    }

    #[test]
    fn a_fault_that_is_named_counts_before_other_words() {
        let task = of(&[
            (
                "app",
                Some(137),
                Some("CannotStopContainerError: timed out"),
            ),
            ("agent", Some(137), Some(OOM)),
        ]);
        assert_eq!(blamed(&task), (Some("agent"), Some(137)));
    }

    #[test]
    fn of_a_failed_health_check_the_unhealthy_container_is_to_blame_and_no_code() {
        let mut task = of(&[("app", Some(143), None), ("proxy", Some(137), None)]);
        task.containers[1].health = Health::Unhealthy;
        task.stop_code = Some(StopCode::ServiceSchedulerInitiated);
        task.stopped_reason = Some(Clean::new("Task failed container health checks"));
        assert_eq!(blamed(&task), (Some("proxy"), None));
    }

    #[test]
    fn codes_after_the_host_went_blame_nobody() {
        let mut task = of(&[("app", Some(137), None)]);
        task.stopped_reason = Some(Clean::new(
            "Host EC2 (instance i-0a1b2c3d4e5f60001) terminated.",
        ));
        assert_eq!(blamed(&task), (None, None));
    }

    #[test]
    fn a_kill_at_the_end_of_a_slow_stop_follows_from_the_stop() {
        let mut task = of(&[("app", Some(0), None), ("sidecar", Some(137), None)]);
        let at = |second| Time::from_second(second).ok();
        (task.stopping, task.stopped) = (at(1_000), at(1_040));
        assert!(killed_by_the_stop(&task));
        assert_eq!(codes(&task), [0]);
        task.stopped = at(1_005);
        assert_eq!(codes(&task), [0, 137]);
        (task.stopped, task.containers[0].exit_code) = (at(1_040), Some(137));
        assert_eq!(codes(&task), [137, 137], "nobody ended by itself");
    }
}
