//! The last log lines of a task that failed: which task's are asked for, and what they say beside its revision.
//!
//! A task's log does not change any more once it has ended, and one of several that failed alike is enough: what was
//! read once stays the answer.

use super::Known;
use crate::diagnose::cause::CauseId;
use crate::diagnose::causes::causes_of_verdict;
use crate::diagnose::last_words::{LastWords, telling};
use crate::diagnose::messages::{blame, classify};
use crate::diagnose::{Cause, Diagnosis, Evidence, EvidenceSource, Fact, Question};
use crate::domain::{LogDestination, LogSource, Task, TaskDefinition};
use crate::text::Clean;

/// Causes that a program's own log explains.
fn is_explained_by_a_log(cause: CauseId) -> bool {
    use CauseId::*;
    matches!(
        cause,
        AppCrash | AppExited | Segfault | Killed | ContainerUnhealthy | CommandNotFound
    )
}

/// The question about a cause: of the tasks that failed of it one whose log was read, else the newest.
pub(in crate::diagnose) fn question(known: Known<'_>, cause: &Cause) -> Option<Question> {
    if !is_explained_by_a_log(cause.id) {
        return None;
    }
    let seen_at = cause.evidence.iter().find_map(|evidence| {
        let mut tasks = known.tasks.iter().copied();
        tasks.find(|task| task.arn.clean() == &evidence.reference && task.is_stopped())
    })?;
    let alike = known.tasks.iter().copied().filter(|task| {
        task.definition == seen_at.definition
            && task.stopped_reason == seen_at.stopped_reason
            && container(task) == container(seen_at)
    });
    let read = alike
        .filter_map(|task| of_task(known, task))
        .find(|question| known.facts.fact(question).is_some());
    read.or_else(|| of_task(known, seen_at))
}

/// The container whose log tells: the one to blame, else the only one.
fn container(task: &Task) -> Option<&Clean> {
    let blamed = blame(task).container.map(|one| &one.name);
    let only = task
        .containers
        .first()
        .filter(|_| task.containers.len() == 1);
    blamed
        .or(only.map(|one| &one.name))
        .filter(|name| !name.is_empty())
}

/// The question about one task; none where its lines are not in CloudWatch Logs, or it never ran.
fn of_task(known: Known<'_>, task: &Task) -> Option<Question> {
    task.started?;
    let until = task.stopping.or(task.stopped)?;
    let definition = known.definitions.get(&task.definition)?;
    let name = container(task)?;
    let container = definition.containers.iter().find(|one| one.name == *name)?;
    let Some(LogDestination::CloudWatch {
        group,
        region,
        prefix,
        ..
    }) = &container.log
    else {
        return None;
    };
    let stream = match prefix {
        Some(prefix) => format!("{prefix}/{name}/{}", task.arn.name()),
        None => {
            let mut containers = task.containers.iter();
            let own = containers.find(|one| one.name == *name)?;
            own.runtime_id.as_ref()?.to_string()
        }
    };
    Some(Question::LastLines {
        source: LogSource {
            group: group.clone(),
            region: region.clone(),
            streams: vec![Clean::own(stream)],
        },
        until,
    })
}

/// Adds what the lines say to the causes that they explain.
pub(in crate::diagnose) fn weigh(known: Known<'_>, found: &mut Diagnosis) {
    let mut told: Vec<Evidence> = Vec::new();
    for cause in &found.causes {
        let Some(asked) = question(known, cause) else {
            continue;
        };
        let Some(Fact::LastLines(lines)) = known.facts.fact(&asked) else {
            continue;
        };
        let Some(words) = telling(lines) else {
            continue;
        };
        let Question::LastLines { source, until } = &asked else {
            continue;
        };
        let task = known.tasks.iter().copied().find(|task| {
            source
                .streams
                .iter()
                .any(|stream| stream.ends_with(task.arn.name()))
        });
        let task = task.or_else(|| {
            known
                .tasks
                .iter()
                .copied()
                .find(|task| task.stopping.or(task.stopped) == Some(*until))
        });
        let held = task.and_then(|task| held_against(known, task, &words));
        let held = held.map_or_else(String::new, |held| format!(" ({held})"));
        let mut evidence = Evidence::about(
            EvidenceSource::Log,
            source.streams.first().cloned().unwrap_or_default(),
            better(&words).unwrap_or(cause.id),
            0.93,
            format!("{}{held}", words.line),
        );
        evidence.at = Some(*until);
        evidence.container = task.and_then(container).cloned();
        told.push(evidence);
        break;
    }
    if let Some(first) = told.first() {
        found.summary = Clean::own(format!("{}; log: {}", found.summary, first.text));
        found.evidence.append(&mut told);
        found.causes = causes_of_verdict(found.verdict, &found.evidence);
    }
}

/// What a loader says of the command itself is more than that the program ended.
fn better(words: &LastWords) -> Option<CauseId> {
    use CauseId::{CommandNotExecutable, CommandNotFound, ImagePlatformMismatch};
    let ranking = classify(&words.line);
    let best = ranking.first().filter(|best| best.confidence >= 0.8)?;
    let of_the_command = [ImagePlatformMismatch, CommandNotFound, CommandNotExecutable];
    of_the_command.contains(&best.cause).then_some(best.cause)
}

/// Which variable that the line names the revision does not set, and which earlier one did.
fn held_against(known: Known<'_>, task: &Task, words: &LastWords) -> Option<String> {
    let definition = known.definitions.get(&task.definition)?;
    // Which variables a file holds is not known.
    let mut containers = definition.containers.iter();
    if containers.any(|one| !one.environment_files.is_empty()) {
        return None;
    }
    let missing = words
        .variables
        .iter()
        .find(|name| !sets(definition, name))?;
    let is = known.revision_word(&task.definition);
    let number = |of: &TaskDefinition| of.arn.revision();
    let earlier = known.definitions.values().filter(|one| {
        one.arn.family() == definition.arn.family() && number(one) < number(definition)
    });
    let before = earlier
        .filter(|one| sets(one, missing))
        .max_by_key(|one| number(one));
    match before {
        Some(before) => {
            let was = known.revision_word(&before.arn);
            Some(format!("`{missing}` is not set in {is}; {was} sets it"))
        }
        // A program may name what it sets itself: that no revision sets it says little by itself.
        None if is_about_settings(&words.line) => Some(format!("`{missing}` is not set in {is}")),
        None => None,
    }
}

fn is_about_settings(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    [
        "keyerror",
        "not set",
        "must be set",
        "required",
        "missing",
        "environment",
        "undefined",
    ]
    .iter()
    .any(|word| line.contains(word))
}

fn sets(definition: &TaskDefinition, name: &Clean) -> bool {
    definition.containers.iter().any(|container| {
        container.environment.iter().any(|one| one.name == *name)
            || container.secrets.iter().any(|one| one.name == *name)
    })
}

#[cfg(test)]
mod tests;
