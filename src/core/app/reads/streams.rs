//! Which groups and streams a log is read from, and which lines of a group belong to it.
//!
//! The invariant: where a group is read whole, though only some of its
//! streams are wanted, lines of other services' streams are not shown.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::model::Model;
use crate::app::model::log_pane::LogPane;
use crate::app::model::log_streams::{LogOwner, WantedStreams};
use crate::app::model::log_target::LogTarget;
use crate::app::model::row_key::RowKey;
use crate::app::model::slot::Slot;
use crate::app::panes::logs::keys::has_run;
use crate::domain::{LogDestination, LogEvent, LogSource, Task, TaskDefinition};
use crate::text::Clean;

/// Streams that FilterLogEvents takes in one call (source: CloudWatch Logs API reference). More of them are
/// read as the whole group: series side by side could not be put in order where one has too many pages.
const STREAMS: usize = 100;

/// What is read for a log.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::app) struct Streams {
    /// Groups and their streams.
    pub(in crate::app) sources: Vec<LogSource>,
    /// For groups that are read whole because of some streams: which those are.
    pub(in crate::app) wanted: BTreeMap<Clean, WantedStreams>,
    /// The containers whose lines go elsewhere, and where.
    pub(in crate::app) elsewhere: BTreeMap<Clean, Clean>,
    /// Of several logs: which lines are whose.
    pub(in crate::app) owners: Vec<LogOwner>,
}

/// A group and its region, where that is not the console's own.
type Place = (Clean, Option<Clean>);

/// What one log is made of: by group the streams that belong to it, or all of them.
#[derive(Clone, Debug, Default, PartialEq)]
struct Parts {
    groups: BTreeMap<Place, Option<WantedStreams>>,
    elsewhere: BTreeMap<Clean, Clean>,
}

impl WantedStreams {
    fn add(&mut self, stream: Clean, later_too: bool) {
        // Without a prefix the stream is the runtime's id, which says nothing of its container.
        if let Some((prefix, _)) = stream.rsplit_once('/').filter(|_| later_too) {
            self.prefixes.insert(Clean::own(format!("{prefix}/")));
        }
        self.names.insert(stream);
    }

    fn join(&mut self, other: Self) {
        self.names.extend(other.names);
        self.prefixes.extend(other.prefixes);
    }
}

/// The groups and streams of a log, or why there are none. Of several logs those that there are.
pub(in crate::app) fn log_streams(model: &Model, target: &LogTarget) -> Result<Streams, Clean> {
    let several = matches!(target, LogTarget::Several(_));
    let mut all = Parts::default();
    let mut owners = Vec::new();
    let mut nothing = None;
    for one in target.each() {
        match parts_of(model, one) {
            Ok(parts) => {
                if several {
                    owners.push(owner(one, &parts));
                }
                all.join(parts);
            }
            Err(why) => nothing = nothing.or(Some(why)),
        }
    }
    if let Some(why) = nothing.filter(|_| all.groups.is_empty()) {
        return Err(why);
    }
    let mut streams = Streams {
        elsewhere: all.elsewhere,
        owners,
        ..Streams::default()
    };
    for ((group, region), wanted) in all.groups {
        let names = match wanted {
            None => Vec::new(),
            Some(wanted) => {
                let whole = wanted.names.len() > STREAMS
                    || model.logs.whole.get(&group) == Some(&wanted.names);
                if whole {
                    streams.wanted.insert(group.clone(), wanted);
                    Vec::new()
                } else {
                    wanted.names.into_iter().collect()
                }
            }
        };
        streams.sources.push(LogSource {
            group,
            region,
            streams: names,
        });
    }
    Ok(streams)
}

impl Parts {
    /// A group that is wanted whole by one is read whole for all.
    fn join(&mut self, other: Self) {
        self.elsewhere.extend(other.elsewhere);
        for (place, wanted) in other.groups {
            match (self.groups.get_mut(&place), wanted) {
                (None, wanted) => _ = self.groups.insert(place, wanted),
                (Some(None), _) => {}
                (Some(known @ Some(_)), None) => *known = None,
                (Some(Some(known)), Some(wanted)) => known.join(wanted),
            }
        }
    }
}

/// Which lines belong to one of several logs, and what stands beside them.
fn owner(target: &LogTarget, parts: &Parts) -> LogOwner {
    let streams = parts.groups.values().flatten().flat_map(|own| &own.names);
    let mut containers: Vec<&str> = streams.map(|name| LogPane::container_of(name)).collect();
    containers.sort_unstable();
    containers.dedup();
    LogOwner {
        name: target.short_name(),
        has_containers: containers.len() > 1,
        groups: parts
            .groups
            .iter()
            .map(|((group, _), wanted)| (group.clone(), wanted.clone()))
            .collect(),
    }
}

fn parts_of(model: &Model, target: &LogTarget) -> Result<Parts, Clean> {
    match target {
        LogTarget::Group(name) => {
            let logs = model.setup.deck.iter().flat_map(|deck| &deck.logs);
            let named = logs.into_iter().find(|log| log.name == name.as_str());
            let group = named.map_or_else(|| name.clone(), |log| Clean::new(&log.group));
            Ok(Parts {
                groups: BTreeMap::from([((group, None), None)]),
                ..Parts::default()
            })
        }
        LogTarget::Task(arn) => {
            let tasks: Vec<&Task> = model.fleet.task(arn).into_iter().collect();
            parts_of_tasks(model, target, &tasks, None)
        }
        LogTarget::Row(key) => {
            parts_of_tasks(model, target, &model.fleet.shown_tasks_of(key), None)
        }
        LogTarget::Container(key, name) => {
            let tasks = model.fleet.shown_tasks_of(key);
            parts_of_tasks(model, target, &tasks, Some(name))
        }
        // None of several is several itself.
        LogTarget::Several(_) => Ok(Parts::default()),
    }
}

fn parts_of_tasks(
    model: &Model,
    target: &LogTarget,
    tasks: &[&Task],
    only: Option<&Clean>,
) -> Result<Parts, Clean> {
    let mut parts = Parts::default();
    let mut here: BTreeSet<&Clean> = BTreeSet::new();
    let (mut undefined, mut unstarted) = (0_usize, 0_usize);
    let later_too = target.row().is_some();
    for task in tasks {
        let Some(definition) = model.fleet.definitions.get(&task.definition) else {
            undefined += usize::from(!model.fleet.unreadable.contains_key(&task.definition));
            continue;
        };
        // A container that never ran has no stream, and CloudWatch refuses a call that names one.
        if !has_run(task) {
            unstarted += 1;
            continue;
        }
        let elsewhere = containers_elsewhere(definition);
        let elsewhere = elsewhere.filter(|(name, _)| only.is_none_or(|only| only == name));
        parts.elsewhere.extend(elsewhere);
        here.extend(containers_here(definition));
        for (destination, stream) in streams_of(definition, task, only) {
            match destination {
                LogDestination::CloudWatch { group, region, .. } => {
                    let other = region
                        .clone()
                        .filter(|region| *region != model.setup.region);
                    let place = (group.clone(), other);
                    let wanted = parts.groups.entry(place).or_default();
                    let wanted = wanted.get_or_insert_default();
                    if let Some(stream) = stream {
                        wanted.add(stream, later_too);
                    }
                }
                LogDestination::Driver { .. } => {}
            }
        }
    }
    // One revision may log elsewhere and another one here: then its lines are shown.
    parts.elsewhere.retain(|name, _| !here.contains(name));
    // A stream that is named later is read from less far back, so a log begins with all that it has.
    let waiting =
        undefined > 0 && model.logs.follow.is_none() && definitions_error(model).is_none();
    if parts.groups.is_empty() || waiting {
        let elsewhere = &parts.elsewhere;
        return Err(silence(
            model, target, tasks, undefined, unstarted, elsewhere,
        ));
    }
    Ok(parts)
}

/// The streams of a task's containers, or of one of them. Source: ECS developer guide, "awslogs-stream-prefix":
/// `prefix/container/task-id`; without a prefix the stream has the container's runtime id.
fn streams_of<'a>(
    definition: &'a TaskDefinition,
    task: &'a Task,
    only: Option<&'a Clean>,
) -> impl Iterator<Item = (&'a LogDestination, Option<Clean>)> {
    let containers = definition.containers.iter();
    let containers =
        containers.filter(move |container| only.is_none_or(|only| *only == container.name));
    containers.filter_map(move |container| {
        let mut own = task.containers.iter();
        let has_ended = own.any(|own| own.name == container.name && own.exit_code.is_some());
        if task.started.is_none() && !has_ended {
            return None;
        }
        let destination = container.log.as_ref()?;
        let stream = match destination {
            LogDestination::CloudWatch {
                prefix: Some(prefix),
                ..
            } => Some(Clean::own(format!(
                "{prefix}/{}/{}",
                container.name,
                Clean::new(task.id())
            ))),
            LogDestination::CloudWatch { prefix: None, .. } => task
                .containers
                .iter()
                .find(|own| own.name == container.name)
                .and_then(|own| own.runtime_id.clone()),
            LogDestination::Driver { .. } => None,
        };
        Some((destination, stream))
    })
}

/// The lines that belong to the log that is shown.
pub(in crate::app) fn own_lines(model: &Model, mut events: Vec<LogEvent>) -> Vec<LogEvent> {
    if model.logs.wanted.is_empty() {
        return events;
    }
    let mut known: BTreeMap<(Clean, Clean), bool> = BTreeMap::new();
    events.retain(|event| {
        let Some(wanted) = model.logs.wanted.get(&event.group) else {
            return true;
        };
        *known
            .entry((event.group.clone(), event.stream.clone()))
            .or_insert_with(|| is_own(model, wanted, &event.stream))
    });
    events
}

fn is_own(model: &Model, wanted: &WantedStreams, stream: &Clean) -> bool {
    if wanted.names.contains(stream) {
        return true;
    }
    let Some((prefix, task)) = stream.rsplit_once('/') else {
        return false;
    };
    if !wanted.prefixes.contains(format!("{prefix}/").as_str()) {
        return false;
    }
    // Another service may use the same prefix and container name in the same group: its tasks tell it apart.
    match &model.logs.target {
        Some(target) => target
            .each()
            .iter()
            .filter_map(LogTarget::row)
            .any(|key| model.fleet.keeps(key, task).unwrap_or(true)),
        None => false,
    }
}

fn definitions_error(model: &Model) -> Option<&crate::domain::CloudError> {
    model.readings.get(&Slot::Definitions)?.error.as_ref()
}

/// Why not every task is known.
fn tasks_error(model: &Model) -> Option<&crate::domain::CloudError> {
    let of_tasks = |slot: &Slot| matches!(slot, Slot::Tasks(_) | Slot::TasksOf(..));
    model.readings.error_of(of_tasks)
}

/// Why there is nothing to read.
fn silence(
    model: &Model,
    target: &LogTarget,
    tasks: &[&Task],
    undefined: usize,
    unstarted: usize,
    elsewhere: &BTreeMap<Clean, Clean>,
) -> Clean {
    if tasks.is_empty() {
        if let Some(error) = tasks_error(model) {
            return Clean::own(format!("the tasks cannot be read: {error}"));
        }
        return match target.row() {
            Some(key) if !is_listed(model, key) => Clean::literal("reading the tasks \u{2026}"),
            _ => Clean::literal("no tasks ran in the last hour, so there is no log to show"),
        };
    }
    if undefined > 0 {
        return definitions_error(model).map_or_else(
            || Clean::literal("reading the task definition \u{2026}"),
            |error| Clean::own(format!("the task definition cannot be read: {error}")),
        );
    }
    let unreadable = tasks
        .iter()
        .find_map(|task| model.fleet.unreadable.get(&task.definition));
    if let Some(error) = unreadable {
        return Clean::own(format!("the task definition cannot be read: {error}"));
    }
    if unstarted == tasks.len() {
        return Clean::literal("no container of these tasks has started, so they wrote no log");
    }
    if elsewhere.is_empty() {
        return Clean::literal("the containers have no log configuration");
    }
    Clean::own(format!(
        "nothing is in CloudWatch Logs: {}",
        words_elsewhere(elsewhere)
    ))
}

/// Where lines go that are not in CloudWatch Logs, container by container: `app logs to awsfirelens (datadog)`.
pub fn words_elsewhere(elsewhere: &BTreeMap<Clean, Clean>) -> Clean {
    let each: Vec<String> = elsewhere
        .iter()
        .map(|(name, to)| format!("{name} {to}"))
        .collect();
    Clean::own(each.join(", "))
}

/// The containers of a task definition whose lines are in CloudWatch Logs.
fn containers_here(definition: &TaskDefinition) -> impl Iterator<Item = &Clean> {
    let containers = definition.containers.iter();
    containers
        .filter(|own| matches!(own.log, Some(LogDestination::CloudWatch { .. })))
        .map(|own| &own.name)
}

/// The containers of a task definition whose lines are not in CloudWatch Logs, and where they go.
fn containers_elsewhere(definition: &TaskDefinition) -> impl Iterator<Item = (Clean, Clean)> {
    definition.containers.iter().filter_map(|container| {
        let words = match &container.log {
            Some(LogDestination::CloudWatch { .. }) | None => return None,
            Some(LogDestination::Driver { name, to: Some(to) }) => {
                Clean::own(format!("logs to {name} ({to})"))
            }
            Some(LogDestination::Driver { name, to: None }) => {
                Clean::own(format!("logs to {name}"))
            }
        };
        Some((container.name.clone(), words))
    })
}

/// Whether the tasks of a row have been listed and described.
fn is_listed(model: &Model, key: &RowKey) -> bool {
    let cluster = match key {
        RowKey::Service(arn) => model
            .fleet
            .services
            .get(arn)
            .map(|service| &service.cluster),
        RowKey::Family(cluster, _) => Some(cluster),
        RowKey::MissingService(_) | RowKey::MissingCluster(_) => None,
    };
    cluster.is_none_or(|cluster| {
        let of_tasks = |slot: &Slot| {
            matches!(slot, Slot::Tasks(own) | Slot::TasksOf(own, _) if own == cluster)
        };
        let readings = model.readings.iter();
        let mut readings = readings.filter(|(slot, _)| of_tasks(slot)).peekable();
        // Between listing and describing nobody knows whose tasks they are.
        let is_described =
            readings.peek().is_none() || readings.any(|(_, reading)| reading.is_known());
        is_described && model.fleet.tasks_listed.contains(cluster)
    })
}
