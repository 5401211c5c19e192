//! Tasks that end again and again: which failures still stand, and when they are no accident.
//!
//! AWS counts no failure once one task has run (source: ECS developer guide, "How the Amazon ECS deployment
//! circuit breaker detects failures"), so a program that starts and dies for ever has 0 failed tasks. Here the
//! tasks themselves are counted: a failure stands until a task that came later has got further.

use super::ended;
use crate::diagnose::cause::{CauseId, Trait};
use crate::diagnose::messages::classify_task;
use crate::domain::{Health, Task, TaskStatus, Time};

/// So many ends of the same kind are no accident.
pub(super) const CRASH_LOOP: usize = 3;
/// After a crash loop a task must have run for so many seconds to be taken for well.
const LASTING_SECONDS: i64 = 180;
/// A task that has run this much longer than those that died is taken for well, in seconds.
const LONGER_SECONDS: i64 = 30;
/// However soon others died, a task must have run for so many seconds.
const SHORTEST_SECONDS: i64 = 60;

/// The failed tasks of one deployment whose failure has not been overcome.
pub(super) fn standing<'a>(failed: &[&'a Task], tasks: &[&Task], now: Time) -> Vec<&'a Task> {
    let running = || {
        let tasks = tasks
            .iter()
            .filter(|task| task.status == TaskStatus::Running);
        tasks.filter(|task| task.health != Health::Unhealthy)
    };
    // Whatever became of it: one that came later has started.
    let newest_start = tasks.iter().filter_map(|task| task.started).max();
    let needed = needed(failed);
    let lasted = |started: &Time| now.duration_since(*started).as_secs() >= needed;
    let newest_well = running()
        .filter_map(|task| task.started)
        .filter(lasted)
        .max();
    let stands = |task: &&&Task| {
        let overcome = if task.started.is_none() {
            newest_start
        } else {
            newest_well
        };
        overcome.is_none() || overcome <= ended(task)
    };
    failed.iter().filter(stands).copied().collect()
}

/// So long a task must have run to show that it does not die as these did, in seconds.
fn needed(failed: &[&Task]) -> i64 {
    let lives = failed.iter().filter_map(|task| {
        let (started, ended) = (task.started?, ended(task)?);
        Some(ended.duration_since(started).as_secs())
    });
    let lives: Vec<i64> = lives.collect();
    let longest = lives.iter().copied().max().unwrap_or_default();
    let least = if lives.len() >= CRASH_LOOP {
        LASTING_SECONDS
    } else {
        SHORTEST_SECONDS
    };
    // Who lived for hours says nothing of how long a start takes.
    (longest + LONGER_SECONDS).clamp(least, 1_800)
}

/// Whether the failures that stand are more than an accident: the cause is one that no second try mends, the
/// replacement of a failed task failed too, or they are too many.
pub(super) fn is_repeated(standing: &[&Task], too_many: usize) -> bool {
    let hopeless = |task: &&Task| {
        let ranking = classify_task(task);
        let best = ranking.first();
        best.is_some_and(|best| best.confidence >= 0.6 && is_lasting(best.cause))
    };
    let first_end = standing.iter().filter_map(|task| ended(task)).min();
    let replaced_in_vain = standing
        .iter()
        .any(|task| first_end.is_some() && task.created > first_end);
    replaced_in_vain || standing.len() >= too_many || standing.iter().any(hopeless)
}

/// Whether a cause stays until somebody does something: another try changes nothing.
pub(in crate::diagnose) fn is_lasting(cause: CauseId) -> bool {
    cause.has(Trait::Lasting)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::sample::{NOW, ago, ended as dead, task, unstarted};

    fn now() -> Time {
        Time::from_second(NOW).unwrap()
    }

    fn of(tasks: &[Task]) -> Vec<&Task> {
        let all: Vec<&Task> = tasks.iter().collect();
        let failed: Vec<&Task> = all.iter().filter(|t| t.is_stopped()).copied().collect();
        standing(&failed, &all, now())
    }

    #[test]
    fn a_start_that_failed_is_overcome_by_the_next_start() {
        let mut next = task("web", "2");
        next.started = Some(ago(30));
        assert!(of(&[unstarted(task("web", "1"), "no network", 60), next.clone()]).is_empty());
        assert_eq!(
            of(&[unstarted(task("web", "1"), "no network", 10), next]).len(),
            1
        );
    }

    #[test]
    fn a_task_that_died_is_overcome_by_one_that_lives_longer() {
        let mut dead = dead(task("web", "1"), 1, 300);
        dead.started = Some(ago(400));
        let mut next = task("web", "2");
        next.started = Some(ago(129));
        assert_eq!(of(&[dead.clone(), next.clone()]).len(), 1);
        next.started = Some(ago(130));
        assert!(of(&[dead, next]).is_empty());
    }

    #[test]
    fn a_replacement_that_fails_too_is_no_accident() {
        let mut first = dead(task("web", "1"), 1, 300);
        first.created = Some(ago(400));
        let mut second = dead(task("web", "2"), 1, 100);
        second.created = Some(ago(401));
        assert!(!is_repeated(&[&first, &second], 3), "they began together");
        second.created = Some(ago(290));
        assert!(is_repeated(&[&first, &second], 3));
        assert!(is_repeated(&[&first, &first, &first], 3));
    }

    #[test]
    fn what_no_second_try_mends_is_believed_at_once() {
        let task = unstarted(
            task("web", "1"),
            "CannotPullContainerError: manifest for app:9 not found",
            9,
        );
        assert!(is_repeated(&[&task], 3));
    }
}
