//! A line of evidence: words, and where they were seen.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::{Arn, StopCode, Task, Time};
use crate::text::Clean;

/// Where evidence was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceSource {
    /// A stopped task.
    StoppedTask,
    /// A task that runs.
    RunningTask,
    /// A deployment of the service.
    Deployment,
    /// The service's events.
    ServiceEvent,
    /// The service's counts.
    Counts,
}

impl EvidenceSource {
    /// For people.
    pub fn word(self) -> &'static str {
        match self {
            Self::StoppedTask => "stopped task",
            Self::RunningTask => "running task",
            Self::Deployment => "deployment",
            Self::ServiceEvent => "event",
            Self::Counts => "counts",
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
    /// The words.
    pub text: Clean,
    /// How often the same was seen.
    pub count: u32,
}

/// Whether a task's end speaks of something wrong.
///
/// A task that the scheduler or a person stopped, or that ended with 0 by
/// itself, does not.
pub fn is_failure(task: &Task) -> bool {
    if !task.is_stopped() {
        return false;
    }
    match task.stop_code {
        // The scheduler also replaces tasks that fail their health checks: then its words say so.
        Some(StopCode::ServiceSchedulerInitiated) => {
            task.stopped_reason.as_ref().is_some_and(|reason| {
                reason
                    .as_str()
                    .to_ascii_lowercase()
                    .contains("health check")
            })
        }
        Some(StopCode::UserInitiated) => false,
        Some(StopCode::EssentialContainerExited) => task.exit_code() != Some(0),
        Some(
            StopCode::TaskFailedToStart
            | StopCode::SpotInterruption
            | StopCode::TerminationNotice
            | StopCode::InfrastructureHealth
            | StopCode::Other,
        )
        | None => task.exit_code() != Some(0),
    }
}

/// What a stopped task says: its reason, and its exit code where that is not 0.
pub(super) fn words_of(task: &Task) -> Clean {
    let reason = task.reason().map_or("stopped", Clean::as_str);
    match task.exit_code() {
        Some(code) if code != 0 => Clean::own(format!("{reason} (exit code {code})")),
        _ => Clean::new(reason),
    }
}

/// Failed tasks by their words: the most frequent first, then the newest.
pub(super) fn failures<'a>(tasks: impl Iterator<Item = &'a Task>) -> Vec<Evidence> {
    let mut by_words: BTreeMap<Clean, (u32, Option<Time>, &Arn)> = BTreeMap::new();
    for task in tasks.filter(|task| is_failure(task)) {
        let entry = by_words
            .entry(words_of(task))
            .or_insert((0, None, &task.arn));
        entry.0 = entry.0.saturating_add(1);
        if task.stopped >= entry.1 {
            (entry.1, entry.2) = (task.stopped, &task.arn);
        }
    }
    let mut found: Vec<Evidence> = by_words
        .into_iter()
        .map(|(text, (count, at, arn))| Evidence {
            source: EvidenceSource::StoppedTask,
            at,
            reference: arn.clean().clone(),
            text,
            count,
        })
        .collect();
    found.sort_by_key(|evidence| std::cmp::Reverse((evidence.count, evidence.at)));
    found
}
