//! How the tasks of a family are that no service keeps.

use super::evidence::{failures, is_failure, stopped_by_somebody};
use super::hanging::{TaskContext, hangs};
use super::{Diagnosis, Evidence, Verdict};
use crate::domain::{StopCode, Task, TaskStatus, Time};
use crate::text::Clean;

/// Says how a family of one-shot tasks is at this time: by its newest end, and by what runs.
///
/// A task that ended with 0 has done its work and is no failure.
pub fn diagnose_family(tasks: &[&Task], now: Time) -> Diagnosis {
    let running = tasks
        .iter()
        .filter(|task| task.status == TaskStatus::Running)
        .count();
    let starting = tasks
        .iter()
        .filter(|task| task.status < TaskStatus::Running)
        .count();
    // One that is on its way out has its reason already.
    let newest_end = tasks
        .iter()
        .filter(|task| task.is_stopped() || task.stop_code.is_some())
        .max_by_key(|task| task.stopped.or(task.stopping));
    let mut evidence = failures(tasks.iter().copied());
    let failed: u32 = evidence.iter().map(|evidence| evidence.count).sum();
    let what = format!("{running} running, {starting} starting, {failed} failed in the last hour");
    if let Some(end) = newest_end.filter(|task| is_failure(task)) {
        let newest = failures(std::iter::once(*end));
        let words = newest
            .first()
            .map_or_else(String::new, |first| format!("; last: {}", first.text));
        let summary = Clean::own(format!("{what}{words}"));
        return Diagnosis::new(Verdict::Failed, summary, end.stopped, evidence);
    }
    let hung = tasks
        .iter()
        .filter_map(|task| hangs(task, TaskContext::default(), now));
    let hung: Vec<Evidence> = hung.collect();
    if let Some(first) = hung.first() {
        let summary = Clean::own(format!("{what}; {}", first.text));
        let since = first.at;
        return Diagnosis::new(Verdict::Failed, summary, since, hung);
    }
    // What failed before the newest end went well is history.
    for ranked in evidence.iter_mut().flat_map(|one| &mut one.ranking) {
        ranked.confidence /= 2.0;
    }
    if newest_end.is_some_and(|end| end.stop_code == Some(StopCode::UserInitiated)) {
        evidence.extend(stopped_by_somebody(tasks.iter().copied()));
    }
    let verdict = if running + starting > 0 {
        Verdict::Progressing
    } else {
        Verdict::Steady
    };
    Diagnosis::new(verdict, Clean::own(what), None, evidence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::sample::{NOW, ago, ended, task};
    use crate::domain::Owner;

    fn job(mut task: Task) -> Task {
        task.owner = Owner::Family(Clean::new("job"));
        task
    }

    fn of(tasks: &[Task]) -> Diagnosis {
        let now = Time::from_second(NOW).unwrap();
        diagnose_family(&tasks.iter().collect::<Vec<_>>(), now)
    }

    #[test]
    fn the_newest_end_tells_how_a_family_is() {
        let failed = job(ended(task("job", "1"), 1, 600));
        let done = job(ended(task("job", "2"), 0, 60));
        let well = of(&[failed.clone(), done]);
        assert_eq!(well.verdict, Verdict::Steady);
        assert!(well.summary.contains("1 failed"), "{}", well.summary);
        let found = of(&[failed, job(ended(task("job", "3"), 0, 900))]);
        assert_eq!(found.verdict, Verdict::Failed);
        assert!(
            found.summary.ends_with("(exit code 1)"),
            "{}",
            found.summary
        );
    }

    #[test]
    fn a_family_that_runs_is_progressing() {
        assert_eq!(of(&[job(task("job", "1"))]).verdict, Verdict::Progressing);
    }

    #[test]
    fn a_task_that_never_comes_to_run_is_no_progress() {
        let mut waiting = job(task("job", "1"));
        (waiting.status, waiting.started) = (TaskStatus::Pending, None);
        waiting.created = Some(ago(1_200));
        let found = of(&[waiting]);
        assert_eq!(found.verdict, Verdict::Failed);
        assert!(
            found.summary.contains("PENDING for 20 min"),
            "{}",
            found.summary
        );
    }
}
