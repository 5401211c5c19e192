//! How the tasks of a family are that no service keeps.
//!
//! AWS forgets a task an hour after it stopped; one that is told of here longer than that was kept by us. Nothing is
//! said of runs that nobody saw.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::deciding::{self, Known, log_lines, questions};
use super::evidence::{failures, is_failure, stopped_by_somebody};
use super::hanging::{TaskContext, hangs};
use super::{Diagnosis, Evidence, Facts, Question, Verdict};
use crate::domain::{Arn, StopCode, Task, TaskDefinition, TaskStatus, Time};
use crate::text::{Clean, age};

/// AWS shows a stopped task for at least so many seconds (source: ECS API reference, ListTasks).
const SHOWN_SECONDS: i64 = 3_600;
/// More is not asked of one family.
const MOST: usize = 4;

/// What is known of a family at one moment.
#[derive(Clone, Copy, Debug)]
pub struct FamilySnapshot<'a> {
    /// The cluster.
    pub cluster: &'a Arn,
    /// The family.
    pub family: &'a Clean,
    /// Its tasks, running and stopped: those that AWS shows, and those that it has forgotten.
    pub tasks: &'a [&'a Task],
    /// What AWS was asked, of anything.
    pub facts: &'a Facts,
    /// The task definitions that were read, by the revision's resource name.
    pub definitions: &'a BTreeMap<Arn, Arc<TaskDefinition>>,
    /// AWS's time.
    pub now: Time,
}

/// Says how a family of one-shot tasks is, and why.
pub fn diagnose_family(snapshot: FamilySnapshot<'_>) -> Diagnosis {
    let mut found = diagnose_tasks(snapshot.tasks, snapshot.now);
    let newest = snapshot.tasks.iter().max_by_key(|task| task.created);
    let known = Known {
        cluster: snapshot.cluster,
        name: snapshot.family,
        tasks: snapshot.tasks,
        facts: snapshot.facts,
        definitions: snapshot.definitions,
        revision: newest.map(|task| &task.definition),
    };
    found.questions = asked(known, &found);
    deciding::weigh(known, &mut found);
    log_lines::weigh(known, &mut found);
    found.broken = known
        .revision
        .filter(|_| found.verdict.is_bad_news())
        .cloned();
    found
}

/// What to ask, the most telling first: nothing where nothing is wrong.
fn asked(known: Known<'_>, found: &Diagnosis) -> Vec<Question> {
    let mut asked = Vec::new();
    if !found.verdict.is_bad_news() {
        return asked;
    }
    // Where the words leave nothing open, an answer about something else would decide against them.
    let is_open = found
        .causes
        .first()
        .is_some_and(|best| best.decided_by.is_some());
    for cause in found.causes.iter().take(if is_open { 2 } else { 1 }) {
        questions::about(known, cause, &mut asked);
    }
    let mut causes = found.causes.iter();
    asked.extend(causes.find_map(|cause| log_lines::question(known, cause)));
    let mut seen = BTreeSet::new();
    asked.retain(|question| seen.insert(question.clone()));
    asked.truncate(MOST);
    asked
}

/// The same by the tasks alone: by their newest end, and by what runs.
///
/// A task that ended with 0 has done its work and is no failure.
pub fn diagnose_tasks(tasks: &[&Task], now: Time) -> Diagnosis {
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
    let what = format!(
        "{running} running, {starting} starting, {failed} failed in the last {}",
        span(tasks, now)
    );
    let failure = newest_end.filter(|end| is_failure(end) && !is_followed(end, tasks, now));
    if let Some(end) = failure {
        let newest = failures(std::iter::once(*end));
        let ago = end.stopped.filter(|at| is_forgotten(*at, now));
        let ago = ago.map_or_else(String::new, |at| format!(", {} ago", age(at, now)));
        let words = newest
            .first()
            .map_or_else(String::new, |first| format!("; last{ago}: {}", first.text));
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

/// Whether a task ended so long ago that AWS shows it no more.
fn is_forgotten(stopped: Time, now: Time) -> bool {
    now.duration_since(stopped).as_secs() > SHOWN_SECONDS
}

/// Whether another task was started after one that AWS has forgotten: whether one between them went well, nobody knows.
fn is_followed(end: &Task, tasks: &[&Task], now: Time) -> bool {
    let Some(stopped) = end.stopped.filter(|at| is_forgotten(*at, now)) else {
        return false;
    };
    let mut tasks = tasks.iter();
    tasks.any(|task| !task.is_stopped() && task.created > Some(stopped))
}

/// How far back the failures reach.
fn span(tasks: &[&Task], now: Time) -> String {
    let failed = tasks.iter().filter(|task| is_failure(task));
    match failed.filter_map(|task| task.stopped).min() {
        Some(oldest) if is_forgotten(oldest, now) => {
            let hours = now.duration_since(oldest).as_secs() / 3_600 + 1;
            format!("{hours} hours")
        }
        _ => "hour".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::Fact;
    use crate::diagnose::cause::CauseId;
    use crate::diagnose::sample::{NOW, ago, definition, ended, task, unstarted};
    use crate::domain::{Existence, Owner, SecretReference};

    fn job(mut task: Task) -> Task {
        task.owner = Owner::Family(Clean::new("job"));
        task
    }

    fn of(tasks: &[Task]) -> Diagnosis {
        let now = Time::from_second(NOW).unwrap();
        diagnose_tasks(&tasks.iter().collect::<Vec<_>>(), now)
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

    #[test]
    fn a_run_that_aws_has_forgotten_still_tells_how_a_family_is() {
        let failed = job(ended(task("job", "1"), 1, 7_300));
        let found = of(std::slice::from_ref(&failed));
        assert_eq!(found.verdict, Verdict::Failed);
        assert_eq!(
            found.summary.as_str(),
            "0 running, 0 starting, 1 failed in the last 3 hours; last, 2h ago: Essential container in task exited \
             (exit code 1)"
        );
        let mut next = job(task("job", "2"));
        next.created = Some(ago(60));
        let found = of(&[failed.clone(), next]);
        assert_eq!(found.verdict, Verdict::Progressing, "it runs again");
        let good = job(ended(task("job", "3"), 0, 5_000));
        assert_eq!(of(&[failed, good]).verdict, Verdict::Steady);
    }

    #[test]
    fn a_family_in_trouble_asks_what_decides_and_takes_the_answer() {
        let secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf";
        let mut revision = definition("job:1", "job");
        revision.containers[0].secrets = vec![SecretReference {
            name: Clean::new("DB"),
            from: Clean::new(secret),
        }];
        let said = format!(
            "ResourceInitializationError: unable to pull secrets or registry auth: failed to fetch secret {secret} from \
             secrets manager: operation error Secrets Manager: GetSecretValue, exceeded maximum number of attempts"
        );
        let tasks = [job(unstarted(task("job", "1"), &said, 60))];
        let tasks: Vec<&Task> = tasks.iter().collect();
        let definitions = BTreeMap::from([(revision.arn.clone(), Arc::new(revision))]);
        let mut facts = Facts::default();
        let now = Time::from_second(NOW).unwrap();
        let told = |facts: &Facts| {
            diagnose_family(FamilySnapshot {
                cluster: &tasks[0].cluster,
                family: &Clean::literal("job"),
                tasks: &tasks,
                facts,
                definitions: &definitions,
                now,
            })
        };
        let before = told(&facts);
        assert_eq!(before.causes[0].id, CauseId::SecretNetwork);
        assert_eq!(before.questions, [Question::Secret(Clean::new(secret))]);
        let missing = Ok(Fact::Secret(Existence::Missing));
        facts.put(before.questions[0].clone(), now, missing);
        let after = told(&facts);
        assert_eq!(after.causes[0].id, CauseId::SecretNotFound);
        assert_eq!(after.questions, before.questions, "it stays asked");
    }

    #[test]
    fn a_family_that_is_well_asks_nothing() {
        let tasks = [job(ended(task("job", "1"), 0, 60))];
        let found = diagnose_family(FamilySnapshot {
            cluster: &tasks[0].cluster,
            family: &Clean::literal("job"),
            tasks: &[&tasks[0]],
            facts: &Facts::default(),
            definitions: &BTreeMap::new(),
            now: Time::from_second(NOW).unwrap(),
        });
        assert_eq!(found.questions, []);
    }
}
