//! One account of what happened to a service: its events, its tasks, its
//! rollouts, what was done from here and the log's errors, newest first.
//!
//! What repeats itself within one rollout is told once, with how often and
//! since when; the beginning and the end of a rollout are never swallowed.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::events::event_words;
use crate::act::Subject;
use crate::app::model::Model;
use crate::app::model::fleet::Fleet;
use crate::app::model::log_target::LogTarget;
use crate::app::model::past_action::PastAction;
use crate::app::model::row_key::RowKey;
use crate::app::model::viewer::{Line, Style};
use crate::app::panes::fingerprint::fingerprint;
use crate::app::panes::logs::ReadLines;
use crate::diagnose::is_failure;
use crate::domain::{
    Arn, Deployment, Health, Rollout, Service, ServiceDeploymentStatus, Task, Time,
};
use crate::logs::{Level, LogLine};
use crate::text::{Clean, clock, coarse};

/// Lines of the log that are looked through for errors, the newest.
const LOG_LINES: usize = 2_000;

/// Where a moment is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The service's events.
    Event,
    /// A task.
    Task,
    /// A rollout as a whole.
    Rollout,
    /// What this console did.
    Action,
    /// The log.
    Log,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Task => "task",
            Self::Rollout => "rollout",
            Self::Action => "action",
            Self::Log => "log",
        }
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
struct Moment {
    at: Time,
    kind: Kind,
    style: Style,
    text: Clean,
    /// How often, and when for the first time.
    count: u32,
    first: Time,
}

impl Moment {
    fn new(at: Time, kind: Kind, style: Style, text: Clean) -> Self {
        Self {
            at,
            kind,
            style,
            text,
            count: 1,
            first: at,
        }
    }
}

/// The lines of the selected row's timeline that the filter lets through.
pub(in crate::app) fn lines(model: &Model) -> Vec<Line> {
    let Some(row) = model.selected() else {
        return vec![Line::new(Style::Dim, Clean::literal("nothing is selected"))];
    };
    let all = told_once(moments(model, &row.key));
    if all.is_empty() {
        let text = "AWS shows nothing that happened here in the last hour";
        return vec![Line::new(Style::Dim, Clean::literal(text))];
    }
    let mut matching = model.timeline_filter.matching(&["kind", "text"]);
    let shown: Vec<Line> = all
        .iter()
        .filter(|moment| matching.shows(&[("kind", moment.kind.word()), ("text", &moment.text)]))
        .map(|moment| line(moment, model.now()))
        .collect();
    if shown.is_empty() {
        let text = "the filter hides every moment";
        return vec![Line::new(Style::Dim, Clean::literal(text))];
    }
    shown
}

fn line(moment: &Moment, now: Time) -> Line {
    let label = format!(
        "{} {:>3} {:<7}",
        clock(moment.at),
        coarse(moment.at, now),
        moment.kind.word()
    );
    let text = if moment.count > 1 {
        format!(
            "\u{d7}{} since {}: {}",
            moment.count,
            clock(moment.first),
            moment.text
        )
    } else {
        moment.text.to_string()
    };
    Line {
        label: Clean::new(&label),
        text: Clean::new(&text),
        style: moment.style,
    }
}

/// Everything that is known to have happened to a row, newest first.
fn moments(model: &Model, key: &RowKey) -> Vec<Moment> {
    let mut moments = Vec::new();
    if let RowKey::Service(arn) = key
        && let Some(service) = model.fleet.services.get(arn)
    {
        for event in &service.events {
            if let Some(at) = event.at {
                let (text, style) = event_words(service, event);
                moments.push(Moment::new(at, Kind::Event, style, text));
            }
        }
        rollouts(&mut moments, model, service);
    }
    own_actions(&mut moments, model, key);
    for task in model.fleet.all_tasks_of(key) {
        task_moments(&mut moments, task);
    }
    health_changes(&mut moments, model, key);
    errors_of_log(&mut moments, model, key);
    moments.sort_by_key(|moment| Reverse(moment.at));
    moments
}

/// Tells once what repeats itself between two moments of a rollout.
fn told_once(moments: Vec<Moment>) -> Vec<Moment> {
    let mut told: Vec<Moment> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for moment in moments {
        if matches!(moment.kind, Kind::Rollout | Kind::Action) {
            places.clear();
            told.push(moment);
            continue;
        }
        let print = format!("{} {}", moment.kind.word(), fingerprint(&moment.text));
        match places.get(&print).and_then(|place| told.get_mut(*place)) {
            Some(newest) => {
                newest.count = newest.count.saturating_add(1);
                newest.first = moment.at;
            }
            None => {
                places.insert(print, told.len());
                told.push(moment);
            }
        }
    }
    told
}

/// `:42` of a revision where its family is called like the service.
fn revision(service: &Service, definition: &Arn) -> String {
    match definition.revision() {
        Some(revision) if definition.family() == service.name.as_str() => format!(":{revision}"),
        _ => Clean::new(definition.name()).to_string(),
    }
}

/// The rollouts: as AWS keeps them for 90 days where they were asked for, else the deployments that are left.
fn rollouts(moments: &mut Vec<Moment>, model: &Model, service: &Service) {
    let mut push = |at: Option<Time>, style: Style, text: String| {
        if let Some(at) = at {
            moments.push(Moment::new(at, Kind::Rollout, style, Clean::new(&text)));
        }
    };
    let history = model.fleet.facts.rollouts(&service.cluster, &service.arn);
    // AWS forgets rollouts after 90 days (source: ECS developer guide, "Service deployments"): then the entries
    // that the service still has are all there is.
    let Some(history) = history.filter(|history| !history.deployments.is_empty()) else {
        for deployment in &service.deployments {
            let name = revision(service, &deployment.task_definition);
            push(
                deployment.created,
                Style::Heading,
                format!("rollout of {name} began"),
            );
            let (style, text) = match deployment.rollout {
                Some(Rollout::Completed) => (Style::Good, format!("rollout of {name} completed")),
                Some(Rollout::Failed) => (Style::Bad, failed_words(&name, deployment)),
                Some(Rollout::InProgress) | None => continue,
            };
            push(deployment.updated, style, text);
        }
        return;
    };
    for rollout in &history.deployments {
        let target = rollout
            .target
            .as_ref()
            .and_then(|target| history.revisions.get(target));
        let name = target.map_or_else(
            || "a revision that AWS no longer has".to_owned(),
            |target| revision(service, &target.task_definition),
        );
        push(
            rollout.started.or(rollout.created),
            Style::Heading,
            format!("rollout of {name} began"),
        );
        if let Some(back) = &rollout.rollback {
            let why = back
                .reason
                .as_ref()
                .map(|why| format!(": {why}"))
                .unwrap_or_default();
            push(
                back.started,
                Style::Bad,
                format!("rollout of {name} is being rolled back{why}"),
            );
        }
        let style = match rollout.status {
            ServiceDeploymentStatus::Successful => Style::Good,
            ServiceDeploymentStatus::Stopped => Style::Dim,
            ServiceDeploymentStatus::RollbackSuccessful => Style::Warn,
            ServiceDeploymentStatus::RollbackFailed => Style::Bad,
            ServiceDeploymentStatus::Pending
            | ServiceDeploymentStatus::InProgress
            | ServiceDeploymentStatus::StopRequested
            | ServiceDeploymentStatus::RollbackRequested
            | ServiceDeploymentStatus::RollbackInProgress
            | ServiceDeploymentStatus::Other => continue,
        };
        push(
            rollout.finished.or(rollout.stopped),
            style,
            format!("rollout of {name}: {}", rollout.status.word()),
        );
    }
}

fn failed_words(name: &str, deployment: &Deployment) -> String {
    let why = deployment
        .reason
        .as_ref()
        .map(|why| format!(": {why}"))
        .unwrap_or_default();
    format!("rollout of {name} failed{why}")
}

fn task_moments(moments: &mut Vec<Moment>, task: &Task) {
    let short = Clean::new(task.short_id());
    let which = match task.definition.revision() {
        Some(revision) => format!("{short} (:{revision})"),
        None => short.to_string(),
    };
    if let Some(at) = task.started {
        let text = Clean::new(&format!("{which} started"));
        moments.push(Moment::new(at, Kind::Task, Style::Plain, text));
    }
    if let Some(at) = task.stopped {
        let reason = task
            .reason()
            .map(|reason| format!(": {reason}"))
            .unwrap_or_default();
        let exit = task
            .exit_code()
            .map(|code| format!(" (exit code {code})"))
            .unwrap_or_default();
        let style = if is_failure(task) {
            Style::Bad
        } else {
            Style::Dim
        };
        let text = Clean::new(&format!("{which} stopped{reason}{exit}"));
        moments.push(Moment::new(at, Kind::Task, style, text));
    }
}

/// AWS gives health no time: these are the changes that were seen from here.
fn health_changes(moments: &mut Vec<Moment>, model: &Model, key: &RowKey) {
    for change in model.fleet.health_changes() {
        let Some(task) = model.fleet.task(&change.task) else {
            continue;
        };
        if model.fleet.owner_key(task) != model.fleet.canonical(key) {
            continue;
        }
        let (word, style) = match change.health {
            Health::Healthy => ("healthy", Style::Good),
            Health::Unhealthy => ("unhealthy", Style::Warn),
            Health::Unknown => continue,
        };
        let text = Clean::new(&format!("{} is {word}", Clean::new(task.short_id())));
        moments.push(Moment::new(change.at, Kind::Task, style, text));
    }
}

/// The row whose timeline a write belongs to.
fn row_of(fleet: &Fleet, subject: &Subject) -> Option<RowKey> {
    match subject {
        Subject::Service(arn) => Some(RowKey::Service(arn.clone())),
        Subject::Tasks(arns) => {
            let task = arns.iter().find_map(|arn| fleet.task(arn))?;
            Some(fleet.owner_key(task))
        }
        Subject::Run(_) | Subject::Queue(_) => None,
    }
}

/// Writes that have ended: of this run, and of the journal.
fn own_actions(moments: &mut Vec<Moment>, model: &Model, key: &RowKey) {
    let fleet = &model.fleet;
    let own = |row: &RowKey| fleet.canonical(row) == fleet.canonical(key);
    let of_row = |done: &&PastAction| row_of(fleet, &done.subject).is_some_and(|row| own(&row));
    for done in model.done.iter().filter(of_row) {
        let style = if done.good { Style::Good } else { Style::Bad };
        moments.push(Moment::new(done.at, Kind::Action, style, done.text.clone()));
    }
}

/// Lines of the log that is shown that speak of an error, where it is this row's.
fn errors_of_log(moments: &mut Vec<Moment>, model: &Model, key: &RowKey) {
    let own = match &model.logs.target {
        Some(LogTarget::Row(row) | LogTarget::Container(row, _)) => row == key,
        Some(LogTarget::Task(arn)) => model
            .fleet
            .task(arn)
            .is_some_and(|task| model.fleet.owner_key(task) == model.fleet.canonical(key)),
        // Of several it is not known whose line is whose.
        Some(LogTarget::Group(_) | LogTarget::Several(_)) | None => false,
    };
    if !own {
        return;
    }
    let lines = model.logs.buffer.lines().iter().rev().take(LOG_LINES);
    // Of a stack trace the line that names the error is told, and none of its frames.
    let bad = |line: &&LogLine| !line.frame && line.level >= Some(Level::Error);
    let mut read = ReadLines::default();
    for line in lines.filter(bad) {
        let text = model.logs.shown_line(line, &mut read).text;
        moments.push(Moment::new(line.at, Kind::Log, Style::Warn, text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(second: i64, kind: Kind, text: &str) -> Moment {
        let at = Time::from_second(second).unwrap();
        Moment::new(at, kind, Style::Plain, Clean::new(text))
    }

    fn told(moments: &[(i64, Kind, &str)]) -> Vec<String> {
        let moments = moments
            .iter()
            .map(|(at, kind, text)| moment(*at, *kind, text))
            .collect();
        told_once(moments)
            .iter()
            .map(|moment| format!("{} x{}", moment.text, moment.count))
            .collect()
    }

    #[test]
    fn what_repeats_itself_is_told_once_with_its_count_though_other_things_lie_between() {
        let found = told(&[
            (50, Kind::Task, "979f3fd6 (:42) stopped: no image"),
            (40, Kind::Event, "has started 1 tasks: (task 979f3fd6)."),
            (30, Kind::Task, "c3391007 (:42) stopped: no image"),
            (
                20,
                Kind::Event,
                "has started 2 tasks: (task c3391007) (task 9).",
            ),
        ]);
        assert_eq!(found[0], "979f3fd6 (:42) stopped: no image x2");
        assert_eq!(found.len(), 2, "{found:?}");
    }

    #[test]
    fn another_exit_code_or_revision_is_another_thing() {
        let found = told(&[
            (50, Kind::Task, "979f3fd6 (:42) stopped (exit code 1)"),
            (40, Kind::Task, "c3391007 (:42) stopped (exit code 137)"),
            (30, Kind::Task, "c3391008 (:41) stopped (exit code 1)"),
        ]);
        assert_eq!(found.len(), 3, "{found:?}");
    }

    #[test]
    fn nothing_is_told_together_across_the_beginning_of_a_rollout() {
        let found = told(&[
            (50, Kind::Task, "a1 (:42) started"),
            (40, Kind::Rollout, "rollout of :42 began"),
            (30, Kind::Task, "b2 (:42) started"),
        ]);
        assert_eq!(found.len(), 3, "{found:?}");
    }
}
