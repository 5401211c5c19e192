//! A line of evidence: words, and where they were seen.

use std::collections::BTreeMap;

use serde::Serialize;

use super::cause::{CauseId, Standing};
use super::causes::causes;
use super::messages::{
    Classified, blame, classify, classify_task, complains, counted, killed_by_the_stop,
    ran_without_the_others,
};
use crate::domain::{Deployment, Owner, StopCode, Task, TaskStatus, Time};
use crate::text::Clean;

/// Where evidence was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceSource {
    /// A stopped task.
    StoppedTask,
    /// A task that runs.
    RunningTask,
    /// A task that is on its way.
    StartingTask,
    /// A deployment of the service.
    Deployment,
    /// A service deployment: what AWS keeps of a rollout for 90 days.
    ServiceDeployment,
    /// The service's events.
    ServiceEvent,
    /// The service's counts.
    Counts,
    /// An activity of Application Auto Scaling.
    Autoscaling,
    /// The health of a target group's targets.
    TargetGroup,
    /// The log of a task that has ended.
    Log,
    /// The cluster's action logs.
    ActionLog,
    /// Something else that AWS was asked: an image, a secret, a role.
    Asked,
    /// The deck: not AWS's word.
    Deck,
    /// A queue's depth.
    Queue,
    /// An item of a table.
    Table,
    /// A line that somebody gave.
    Line,
}

impl EvidenceSource {
    /// For people.
    pub fn word(self) -> &'static str {
        match self {
            Self::StoppedTask => "stopped task",
            Self::RunningTask => "running task",
            Self::StartingTask => "starting task",
            Self::Deployment => "deployment",
            Self::ServiceEvent => "event",
            Self::Counts => "counts",
            Self::ServiceDeployment => "service deployment",
            Self::Autoscaling => "autoscaling",
            Self::TargetGroup => "target group",
            Self::Log => "log",
            Self::ActionLog => "action log",
            Self::Asked => "asked",
            Self::Deck => "deck",
            Self::Queue => "queue",
            Self::Table => "table",
            Self::Line => "line",
        }
    }
}

/// A line of evidence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evidence {
    /// Where it was seen.
    pub source: EvidenceSource,
    /// When, where it is known.
    pub at: Option<Time>,
    /// The thing that it was seen at.
    #[serde(rename = "ref")]
    pub reference: Clean,
    /// The container that the words are about; absent where they are about the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<Clean>,
    /// The words.
    pub text: Clean,
    /// How often the same was seen.
    pub count: u32,
    /// What the words can mean, the likeliest first.
    #[serde(skip)]
    pub ranking: Vec<Classified>,
}

impl Evidence {
    /// What AWS says of a deployment in its own words, where it says anything.
    pub(super) fn of_deployment(deployment: &Deployment) -> Option<Self> {
        let text = deployment.reason.clone()?;
        Some(Self {
            source: EvidenceSource::Deployment,
            at: deployment.updated,
            reference: deployment.id.clone(),
            container: None,
            ranking: classify(&text),
            text,
            count: 1,
        })
    }

    /// Evidence of one cause, without a time and seen once.
    pub(super) fn about(
        source: EvidenceSource,
        reference: Clean,
        cause: CauseId,
        confidence: f64,
        text: String,
    ) -> Self {
        Self {
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
}

/// Whether a task's end speaks of something wrong.
///
/// A task that the scheduler or a person stopped does not, nor does one that
/// no service keeps and that ended with 0.
pub fn is_failure(task: &Task) -> bool {
    // One that is on its way out has its reason already.
    let ends = task.stop_code.is_some() && task.status > TaskStatus::Running;
    if !task.is_stopped() && !ends {
        return false;
    }
    match task.stop_code {
        // The scheduler also replaces tasks that fail their health checks: then its words say so.
        Some(StopCode::ServiceSchedulerInitiated) => {
            task.stopped_reason.as_ref().is_some_and(|reason| {
                let reason = reason.as_str().to_ascii_lowercase();
                reason.contains("health check") || reason.contains("task failed")
            })
        }
        Some(StopCode::UserInitiated) => false,
        // A container that had ended before another could not start says nothing of the task.
        Some(StopCode::TaskFailedToStart) => !ran_without_the_others(task),
        // A service's task is there to run: it may not even end with 0.
        Some(StopCode::EssentialContainerExited) => {
            matches!(task.owner, Owner::Service(_)) || !did_its_work(task)
        }
        // Its work was not done, whatever its program returned when it was told to stop.
        Some(StopCode::SpotInterruption) => true,
        Some(StopCode::TerminationNotice | StopCode::InfrastructureHealth | StopCode::Other)
        | None => !did_its_work(task) || tells_a_fault(task) || ended_by_itself(task),
    }
}

/// Whether the program of a service's task ended by itself: it is there to run.
fn ended_by_itself(task: &Task) -> bool {
    let reason = task.stopped_reason.as_ref();
    let says = reason.is_some_and(|reason| {
        reason
            .to_ascii_lowercase()
            .starts_with("essential container")
    });
    says && matches!(task.owner, Owner::Service(_))
}

/// Whether a task's reason names a fault, whatever its containers are said to have returned: where no code says why a
/// task stopped, a 0 may stand for nothing known.
fn tells_a_fault(task: &Task) -> bool {
    let reason = task.stopped_reason.as_ref();
    let ranking = reason.map(|reason| classify(reason)).unwrap_or_default();
    ranking
        .first()
        .is_some_and(|best| best.cause.standing() == Standing::Fault && best.confidence >= 0.5)
}

/// Whether a one-shot task ended well: something ended with 0, and everything else with 0 or because it was
/// told to (143, SIGTERM), as sidecars are when the main container has ended.
fn did_its_work(task: &Task) -> bool {
    let codes = || counted(task).filter_map(|one| one.exit_code);
    let told = |code: i32| code == 143 || (code == 137 && killed_by_the_stop(task));
    codes().any(|code| code == 0) && codes().all(|code| code == 0 || told(code))
}

/// What a stopped task says: the container to blame where there are several, its reason, and its exit code where that
/// says something.
pub(super) fn words_of(task: &Task) -> Clean {
    let blame = blame(task);
    let name = named(task).map_or_else(String::new, |name| format!("{name}: "));
    let reason = blame.reason.map_or("stopped", Clean::as_str);
    let code = match (blame.exit, task.stop_code) {
        (Some(0), code) if code != Some(StopCode::EssentialContainerExited) => String::new(),
        (Some(code), _) => format!(" (exit code {code})"),
        (None, _) => String::new(),
    };
    Clean::own(format!("{name}{reason}{code}"))
}

/// The container to blame, where it is one of several.
pub(super) fn named(task: &Task) -> Option<Clean> {
    let container = blame(task).container?;
    (task.containers.len() > 1 && !container.name.is_empty()).then(|| container.name.clone())
}

/// Failed tasks by their words: the most frequent first, then the newest.
pub(super) fn failures<'a>(tasks: impl Iterator<Item = &'a Task>) -> Vec<Evidence> {
    let mut by_words: BTreeMap<Clean, (u32, Option<Time>, &Task)> = BTreeMap::new();
    for task in tasks.filter(|task| is_failure(task)) {
        let entry = by_words.entry(words_of(task)).or_insert((0, None, task));
        entry.0 = entry.0.saturating_add(1);
        let end = task.stopped.or(task.stopping);
        if end >= entry.1 {
            (entry.1, entry.2) = (end, task);
        }
    }
    let mut found: Vec<Evidence> = by_words
        .into_iter()
        .map(|(text, (count, at, task))| Evidence {
            source: EvidenceSource::StoppedTask,
            at,
            reference: task.arn.clean().clone(),
            container: named(task),
            ranking: classify_task(task),
            text,
            count,
        })
        .collect();
    found.sort_by_key(|evidence| std::cmp::Reverse((evidence.count, evidence.at)));
    found
}

/// What somebody stopped by hand or through the API; none where nobody did.
pub(super) fn stopped_by_somebody<'a>(tasks: impl Iterator<Item = &'a Task>) -> Option<Evidence> {
    let stopped: Vec<&Task> = tasks
        .filter(|task| task.stop_code == Some(StopCode::UserInitiated))
        .collect();
    let newest = stopped
        .iter()
        .max_by_key(|task| task.stopped.or(task.stopping))?;
    Some(Evidence {
        source: EvidenceSource::StoppedTask,
        at: newest.stopped.or(newest.stopping),
        reference: newest.arn.clean().clone(),
        container: None,
        ranking: classify_task(newest),
        text: words_of(newest),
        count: u32::try_from(stopped.len()).unwrap_or(u32::MAX),
    })
}

/// Puts the most telling words behind what happened: those of the first cause, so that the line says the same as the
/// causes below it. A symptom tells less than the words of what stands first, even where nobody knows their cause.
pub(super) fn with_first(what: String, evidence: &[Evidence]) -> Clean {
    let best = causes(evidence)
        .first()
        .map(|cause| cause.id)
        .filter(|cause| !cause.is_symptom());
    let says = |one: &&Evidence| one.ranking.first().map(|ranked| ranked.cause) == best;
    match evidence.iter().find(says).or(evidence.first()) {
        Some(first) if first.count > 1 => Clean::own(format!(
            "{what}: {} (\u{d7}{})",
            first.headline(),
            first.count
        )),
        Some(first) => Clean::own(format!("{what}: {}", first.headline())),
        None => Clean::own(what),
    }
}

impl Evidence {
    /// Whether it complains in words of which nobody knows the cause.
    pub(super) fn complains_unknown(&self) -> bool {
        let best = self.ranking.first();
        let unknown = best.is_none_or(|best| best.cause == CauseId::Unknown);
        unknown && (self.source == EvidenceSource::StoppedTask || complains(&self.text))
    }

    /// Whether the words name a cause, and not only that something is wrong.
    pub(super) fn names_a_cause(&self) -> bool {
        self.ranking.first().is_some_and(|best| {
            let fault = best.cause.standing() == Standing::Fault;
            let runtime = best.cause == CauseId::ContainerRuntimeError;
            best.confidence >= 0.5 && (fault || runtime)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::sample::{container, ended, task, unstarted};

    fn one_shot(codes: &[(&str, i32)]) -> Task {
        let mut task = ended(task("job", "1"), 0, 60);
        task.owner = Owner::Family(Clean::new("job"));
        let with_code = |(name, code): &(&str, i32)| {
            let mut container = container(name);
            container.exit_code = Some(*code);
            container
        };
        task.containers = codes.iter().map(with_code).collect();
        task
    }

    #[test]
    fn a_one_shot_task_that_ended_with_0_is_no_failure_and_a_service_s_task_is() {
        assert!(!is_failure(&one_shot(&[("app", 0)])));
        assert!(is_failure(&ended(task("web", "1"), 0, 60)));
        assert!(is_failure(&one_shot(&[("app", 1)])));
    }

    #[test]
    fn a_sidecar_that_was_told_to_stop_is_no_failure_and_one_that_was_killed_is() {
        assert!(!is_failure(&one_shot(&[("app", 0), ("proxy", 143)])));
        assert!(is_failure(&one_shot(&[("app", 137), ("proxy", 0)])));
        assert!(is_failure(&one_shot(&[("app", 143)])));
    }

    #[test]
    fn a_task_that_never_started_failed_although_a_container_had_ended_with_0() {
        let mut task = unstarted(one_shot(&[("init", 0)]), "CannotPullContainerError", 60);
        assert!(is_failure(&task));
        task.stop_code = Some(StopCode::UserInitiated);
        assert!(!is_failure(&task));
    }

    #[test]
    fn a_reason_that_names_a_fault_counts_though_no_code_says_why_and_the_container_shows_0() {
        let mut task = ended(task("web", "1"), 0, 60);
        task.stop_code = None;
        task.stopped_reason = Some(Clean::new(
            "CannotPullContainerError: manifest for web:2 not found: manifest unknown",
        ));
        assert!(is_failure(&task));
        task.stopped_reason = Some(Clean::new("Essential container in task exited"));
        assert!(is_failure(&task), "a service's task is there to run");
        task.stopped_reason = Some(Clean::new("Scaling activity initiated by deployment"));
        assert!(!is_failure(&task));
    }

    #[test]
    fn what_the_scheduler_stopped_failed_only_where_a_health_check_did() {
        let mut task = ended(task("web", "1"), 143, 60);
        task.stop_code = Some(StopCode::ServiceSchedulerInitiated);
        task.stopped_reason = Some(Clean::new("Scaling activity initiated by deployment"));
        assert!(!is_failure(&task));
        task.stopped_reason = Some(Clean::new(
            "Task failed ELB health checks in (target-group x)",
        ));
        assert!(is_failure(&task));
    }

    #[test]
    fn a_task_that_runs_is_no_failure() {
        assert!(!is_failure(&task("web", "1")));
    }

    #[test]
    fn the_same_words_are_counted_and_the_most_frequent_come_first() {
        let tasks = [
            ended(task("web", "1"), 1, 300),
            unstarted(task("web", "2"), "no image", 200),
            ended(task("web", "3"), 1, 100),
        ];
        let found = failures(tasks.iter());
        let words: Vec<_> = found.iter().map(|e| (e.text.as_str(), e.count)).collect();
        let exited = "Essential container in task exited (exit code 1)";
        assert_eq!(words, [(exited, 2), ("no image", 1)]);
        assert_eq!(found[0].at, tasks[2].stopped);
        assert_eq!(found[0].reference, *tasks[2].arn.clean());
    }
}
