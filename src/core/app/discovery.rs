//! Finding logs, queues and tables by what task definitions say.
//!
//! Where a deck names them, the deck counts. Else they are read off the log
//! configurations and the environment of the revisions that run.

use std::collections::{BTreeMap, BTreeSet};

use super::fleet::RowKey;
use super::log_pane::LogTarget;
use super::model::{Model, Pane};
use super::query::WorkQuery;
use crate::domain::{Arn, EnvironmentVariable, LogDestination, LogSource, Task, TaskDefinition};
use crate::text::Clean;

/// Pages (1 MB each) of a table that a deck names, and of one that was only found.
const PAGES_NAMED: u32 = 4;
const PAGES_FOUND: u32 = 1;
/// Streams that FilterLogEvents takes in one call (source: CloudWatch Logs API reference).
const STREAMS: usize = 100;
/// Definitions that are read for what their environment names.
const DEFINITIONS: usize = 20;
/// Queues that are listed where no deck names any.
const LISTED: u32 = 50;

/// The revisions whose definitions are wanted: those of the row that is looked at, and of the first rows
/// where queues and tables are to be found by themselves.
pub(super) fn wanted_definitions(model: &Model) -> Vec<Arn> {
    let mut wanted: Vec<Arn> = Vec::new();
    let mut want = |arn: &Arn| {
        let known =
            model.fleet.definitions.contains_key(arn) || model.fleet.unreadable.contains_key(arn);
        if !known && !arn.as_str().is_empty() && !wanted.contains(arn) {
            wanted.push(arn.clone());
        }
    };
    if let Some(key) = &model.looked_at {
        revisions_of(model, key).iter().for_each(&mut want);
    }
    let rows = if finds_for_itself(model) {
        DEFINITIONS
    } else {
        0
    };
    for row in model.service_rows().iter().take(rows) {
        match &row.key {
            RowKey::Service(arn) => {
                if let Some(service) = model.fleet.services.get(arn) {
                    want(&service.task_definition);
                }
            }
            RowKey::Family(..) => {
                if let Some(task) = model.fleet.tasks_of(&row.key).first() {
                    want(&task.definition);
                }
            }
            RowKey::MissingService(_) | RowKey::MissingCluster(_) => {}
        }
    }
    wanted
}

/// Whether queues or tables are shown that no deck names.
pub(super) fn finds_for_itself(model: &Model) -> bool {
    let shown = |pane: Pane| model.setup.panes.contains(&pane);
    let named = model.setup.deck.as_ref();
    (shown(Pane::Queues) && named.is_none_or(|deck| deck.queues.is_empty()))
        || (shown(Pane::Work) && named.is_none_or(|deck| deck.tables.is_empty()))
}

/// The revisions of a row: its deployments', and those of its tasks, the newest first, not many.
fn revisions_of(model: &Model, key: &RowKey) -> Vec<Arn> {
    let mut revisions: Vec<Arn> = Vec::new();
    if let RowKey::Service(arn) = key
        && let Some(service) = model.fleet.services.get(arn)
    {
        revisions.push(service.task_definition.clone());
        revisions.extend(
            service
                .deployments
                .iter()
                .map(|deployment| deployment.task_definition.clone()),
        );
    }
    let of_tasks: BTreeSet<&Arn> = model
        .fleet
        .tasks_of(key)
        .into_iter()
        .map(|task| &task.definition)
        .collect();
    revisions.extend(of_tasks.into_iter().rev().take(5).cloned());
    revisions
}

/// The variables of all definitions that are known.
fn environment(model: &Model) -> impl Iterator<Item = &EnvironmentVariable> {
    model
        .fleet
        .definitions
        .values()
        .flat_map(|definition| &definition.containers)
        .flat_map(|container| &container.environment)
}

/// The queues to ask for, and how many more to list.
pub(super) fn wanted_queues(model: &Model) -> (Vec<Clean>, u32) {
    let named: Vec<Clean> = model
        .setup
        .deck
        .iter()
        .flat_map(|deck| &deck.queues)
        .filter(|queue| queue.metric.is_none())
        .map(|queue| Clean::new(&queue.name))
        .collect();
    if !named.is_empty() {
        return (named, 0);
    }
    let found: BTreeSet<Clean> = environment(model).filter_map(queue_name).collect();
    (found.into_iter().collect(), LISTED)
}

/// The queue that a variable names: by URL, by resource name, or plainly where the variable speaks of a queue.
fn queue_name(variable: &EnvironmentVariable) -> Option<Clean> {
    let value = variable.value.as_str();
    if value.starts_with("arn:") {
        return value
            .contains(":sqs:")
            .then(|| Clean::new(Arn::new(value).resource()));
    }
    if value.starts_with("http") {
        // https://sqs.REGION.amazonaws.com/ACCOUNT/NAME; other URLs have no account in them.
        let mut parts = value.rsplit('/');
        let (name, account) = (parts.next()?, parts.next()?);
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        return (is_account && is_queue_name(name)).then(|| Clean::new(name));
    }
    let speaks = variable.name.to_ascii_uppercase().contains("QUEUE");
    (speaks && is_queue_name(value)).then(|| variable.value.clone())
}

/// Source: SQS API reference, CreateQueue: up to 80 letters, digits, `-` and `_`; a FIFO queue ends in `.fifo`.
fn is_queue_name(name: &str) -> bool {
    let stem = name.strip_suffix(".fifo").unwrap_or(name);
    (1..=80).contains(&name.len())
        && stem
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// The tables to read, in the order in which they are shown.
pub(super) fn wanted_tables(model: &Model) -> Vec<Clean> {
    let named: Vec<Clean> = model
        .setup
        .deck
        .iter()
        .flat_map(|deck| &deck.tables)
        .map(|table| Clean::new(&table.name))
        .collect();
    if !named.is_empty() {
        return named;
    }
    let found: BTreeSet<Clean> = environment(model).filter_map(table_name).collect();
    found.into_iter().collect()
}

/// The table that a variable names: by resource name, or plainly where the variable speaks of a table.
fn table_name(variable: &EnvironmentVariable) -> Option<Clean> {
    let value = variable.value.as_str();
    if value.starts_with("arn:") {
        let arn = Arn::new(value);
        return value
            .contains(":dynamodb:")
            .then(|| arn.resource().strip_prefix("table/").map(Clean::new))
            .flatten();
    }
    // Source: DynamoDB developer guide, naming rules: 3 to 255 of a-z A-Z 0-9 _ - .
    let plain = (3..=255).contains(&value.len())
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let name = variable.name.to_ascii_uppercase();
    (plain && (name.contains("TABLE") || name.contains("DYNAMO"))).then(|| variable.value.clone())
}

/// How to read a table.
pub(super) fn work_query(model: &Model, table: &Clean) -> WorkQuery {
    let shape = model
        .work
        .tables
        .get(table)
        .map(|known| known.shape.clone());
    let named = model
        .setup
        .deck
        .iter()
        .flat_map(|deck| &deck.tables)
        .find(|named| named.name == table.as_str());
    let Some(named) = named else {
        return WorkQuery {
            table: table.clone(),
            shape,
            status: None,
            index: None,
            statuses: Vec::new(),
            pages: PAGES_FOUND,
        };
    };
    let statuses = named.states.iter().flat_map(|states| {
        [
            &states.failed,
            &states.running,
            &states.waiting,
            &states.done,
        ]
        .into_iter()
        .flatten()
    });
    WorkQuery {
        table: table.clone(),
        shape,
        status: named.status.as_deref().map(Clean::new),
        index: named.index.as_deref().map(Clean::new),
        statuses: statuses.map(|status| Clean::new(status)).collect(),
        pages: PAGES_NAMED,
    }
}

/// The groups and streams of a log, or why there are none.
pub(super) fn log_sources(model: &Model, target: &LogTarget) -> Result<Vec<LogSource>, Clean> {
    match target {
        LogTarget::Group(name) => {
            let named = model
                .setup
                .deck
                .iter()
                .flat_map(|deck| &deck.logs)
                .find(|log| log.name == name.as_str());
            let group = named.map_or_else(|| name.clone(), |log| Clean::new(&log.group));
            Ok(vec![LogSource {
                group,
                region: None,
                streams: Vec::new(),
            }])
        }
        LogTarget::Task(arn) => {
            let tasks: Vec<&Task> = model.fleet.tasks.get(arn).into_iter().collect();
            sources_of(model, &tasks)
        }
        LogTarget::Row(key) => {
            let mut tasks = model.fleet.tasks_of(key);
            // What runs first, then what ended last: only so many streams fit into a call.
            tasks.sort_by_key(|task| {
                (
                    task.is_stopped(),
                    std::cmp::Reverse(task.stopped),
                    std::cmp::Reverse(task.created),
                )
            });
            sources_of(model, &tasks)
        }
    }
}

fn sources_of(model: &Model, tasks: &[&Task]) -> Result<Vec<LogSource>, Clean> {
    let mut by_group: BTreeMap<(Clean, Option<Clean>), Vec<Clean>> = BTreeMap::new();
    let mut drivers: BTreeSet<Clean> = BTreeSet::new();
    let (mut undefined, mut unstarted) = (0_usize, 0_usize);
    for task in tasks {
        let Some(definition) = model.fleet.definitions.get(&task.definition) else {
            undefined += 1;
            continue;
        };
        // A container that never ran has no stream, and CloudWatch refuses a call that names one.
        if task.started.is_none() {
            unstarted += 1;
            continue;
        }
        for (destination, stream) in streams_of(definition, task) {
            match destination {
                LogDestination::CloudWatch { group, region, .. } => {
                    let other = region
                        .clone()
                        .filter(|region| *region != model.setup.region);
                    let streams = by_group.entry((group.clone(), other)).or_default();
                    if streams.len() < STREAMS {
                        streams.extend(stream);
                    }
                }
                LogDestination::Driver(driver) => drop(drivers.insert(driver.clone())),
            }
        }
    }
    if by_group.is_empty() {
        return Err(silence(model, tasks.len(), undefined, unstarted, &drivers));
    }
    Ok(by_group
        .into_iter()
        .map(|((group, region), streams)| {
            let streams = if model.logs.whole.contains(&group) {
                Vec::new()
            } else {
                streams
            };
            LogSource {
                group,
                region,
                streams,
            }
        })
        .collect())
}

/// The streams of a task's containers. Source: ECS developer guide, "awslogs-stream-prefix":
/// `prefix/container/task-id`; without a prefix the stream has the container's runtime id.
fn streams_of<'a>(
    definition: &'a TaskDefinition,
    task: &'a Task,
) -> impl Iterator<Item = (&'a LogDestination, Option<Clean>)> {
    definition.containers.iter().filter_map(move |container| {
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
            LogDestination::Driver(_) => None,
        };
        Some((destination, stream))
    })
}

fn silence(
    model: &Model,
    tasks: usize,
    undefined: usize,
    unstarted: usize,
    drivers: &BTreeSet<Clean>,
) -> Clean {
    if tasks == 0 {
        return Clean::literal("no task has run in the last hour, so there is no log to show");
    }
    if let Some(error) = model
        .fleet
        .unreadable
        .values()
        .next()
        .filter(|_| undefined > 0)
    {
        return Clean::own(format!("the task definition cannot be read: {error}"));
    }
    if undefined > 0 {
        return Clean::literal("reading the task definition …");
    }
    if unstarted == tasks {
        return Clean::literal("no container of these tasks has started, so they wrote no log");
    }
    if drivers.is_empty() {
        return Clean::literal("the containers have no log configuration");
    }
    let names: Vec<&str> = drivers.iter().map(Clean::as_str).collect();
    Clean::own(format!(
        "the log goes to {}, not to CloudWatch",
        names.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &str, value: &str) -> EnvironmentVariable {
        EnvironmentVariable {
            name: Clean::new(name),
            value: Clean::new(value),
        }
    }

    fn queue(name: &str, value: &str) -> Option<String> {
        queue_name(&variable(name, value)).map(|name| name.as_str().to_owned())
    }

    #[test]
    fn a_queue_is_found_by_url_by_resource_name_and_by_its_variable() {
        assert_eq!(
            queue("X", "https://sqs.us-east-1.amazonaws.com/123456789012/jobs").as_deref(),
            Some("jobs")
        );
        assert_eq!(
            queue("X", "arn:aws:sqs:us-east-1:123456789012:jobs").as_deref(),
            Some("jobs")
        );
        assert_eq!(
            queue("GPU_QUEUE", "gpu_tasks_queue").as_deref(),
            Some("gpu_tasks_queue")
        );
    }

    #[test]
    fn other_values_are_not_taken_for_queues() {
        assert_eq!(queue("URL", "https://example.com/a/b"), None);
        assert_eq!(queue("AGENT_INPUT_QUEUE", "agent.mandates"), None);
        assert_eq!(
            queue("TOPIC", "arn:aws:sns:us-east-1:123456789012:jobs"),
            None
        );
        assert_eq!(queue("NAME", "jobs"), None);
    }

    #[test]
    fn a_table_is_found_by_resource_name_and_by_its_variable() {
        let table = |name: &str, value: &str| {
            table_name(&variable(name, value)).map(|name| name.as_str().to_owned())
        };
        assert_eq!(
            table("X", "arn:aws:dynamodb:us-east-1:1:table/tasks").as_deref(),
            Some("tasks")
        );
        assert_eq!(
            table("TASK_TABLE", "task_store").as_deref(),
            Some("task_store")
        );
        assert_eq!(table("TASK_TABLE", "no such/name"), None);
        assert_eq!(table("STORE", "task_store"), None);
    }
}
