//! Finds queues and tables in task definitions; lists the definitions to load.
//!
//! Where a deck names them, the deck counts. Else they are read off the
//! environment of the revisions that run.

use std::collections::BTreeSet;

use crate::app::model::Model;
use crate::app::model::discovered::Discovered;
use crate::app::model::log_target::LogTarget;
use crate::app::model::pane::DetailMode;
use crate::app::model::row_key::RowKey;
use crate::app::panes;
use crate::app::panes::detail::difference::sides;
use crate::app::query::WorkQuery;
use crate::diagnose::EvidenceSource;
use crate::domain::{Arn, EnvironmentVariable, TaskDefinition};
use crate::text::Clean;

/// Pages (1 MB each) of a table that a deck names, and of one that was only found.
const PAGES_NAMED: u32 = 4;
const PAGES_FOUND: u32 = 1;
/// Definitions that are read for what their environment names.
const DEFINITIONS: usize = 20;
/// Queues that are listed where no deck names any.
const LISTED: u32 = 50;

/// The revisions whose definitions are wanted: those of the row that is looked at, of the log, and of the first
/// rows where queues and tables are to be found by themselves.
pub(in crate::app) fn wanted_definitions(model: &Model) -> Vec<Arn> {
    let mut wanted: Vec<Arn> = Vec::new();
    let mut want = |arn: &Arn| {
        let known =
            model.fleet.definitions.contains_key(arn) || model.fleet.unreadable.contains_key(arn);
        if !known && !arn.as_str().is_empty() && !wanted.contains(arn) {
            wanted.push(arn.clone());
        }
    };
    if let Some(check) = model.checked() {
        want(&check.revision);
    }
    if let Some(key) = &model.looked_at {
        revisions_of(model, key).iter().for_each(&mut want);
    }
    // What could be wrong with a service in trouble often stands in its definition.
    for row in super::asking::rows(model) {
        if let RowKey::Service(arn) = row
            && let Some(service) = model.fleet.services.get(arn)
        {
            let deployments = service.deployments.iter();
            deployments.for_each(|deployment| want(&deployment.task_definition));
        }
        // AWS may have gone back since: then only the tasks that failed say which revision it was.
        let causes = model.fleet.diagnosis(row).map(|found| &found.causes);
        let evidence = causes
            .into_iter()
            .flatten()
            .flat_map(|cause| &cause.evidence);
        let seen_at = evidence.filter(|one| one.source == EvidenceSource::StoppedTask);
        seen_at
            .filter_map(|one| model.fleet.task(&Arn::new(&one.reference)))
            .for_each(|task| want(&task.definition));
    }
    let queried = model.insights.iter().map(|insights| &insights.wish.target);
    let logs = model.logs.target.iter().chain(queried);
    for target in logs.flat_map(LogTarget::each) {
        match target {
            LogTarget::Row(key) | LogTarget::Container(key, _) => {
                revisions_of(model, key).iter().for_each(&mut want);
            }
            LogTarget::Task(arn) => {
                if let Some(task) = model.fleet.task(arn) {
                    want(&task.definition);
                }
            }
            LogTarget::Group(_) | LogTarget::Several(_) => {}
        }
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
                if let Some(task) = model.fleet.shown_tasks_of(&row.key).first() {
                    want(&task.definition);
                }
            }
            RowKey::MissingService(_) | RowKey::MissingCluster(_) => {}
        }
    }
    wanted
}

/// Whether queues or tables are shown that no deck names.
pub(in crate::app) fn finds_for_itself(model: &Model) -> bool {
    panes::there(model).any(|pane| (pane.is_found)(model))
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
        // What a new revision changes is told beside what it broke.
        // A guess is looked at only when somebody wants to see it.
        if let Some(sides) = sides(model, service)
            .filter(|sides| !sides.guessed || model.detail == DetailMode::Difference)
        {
            revisions.extend([sides.old, sides.new]);
        }
    }
    let of_tasks: BTreeSet<&Arn> = model
        .fleet
        .shown_tasks_of(key)
        .into_iter()
        .map(|task| &task.definition)
        .collect();
    revisions.extend(of_tasks.into_iter().rev().take(5).cloned());
    revisions
}

impl Discovered {
    /// Takes a definition that has come.
    pub(in crate::app) fn add(&mut self, definition: &TaskDefinition) {
        let containers = definition.containers.iter();
        for variable in containers.flat_map(|container| &container.environment) {
            self.queues.extend(queue_name(variable));
            self.tables.extend(table_name(variable));
        }
    }

    /// A name was no table's. Gives whether it was taken for one.
    pub(in crate::app) fn drop_table(&mut self, name: &Clean) -> bool {
        self.tables.remove(name)
    }
}

/// The queues to ask for, and how many more to list.
pub(in crate::app) fn wanted_queues(model: &Model) -> (Vec<Clean>, u32) {
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
    (model.found.queues.iter().cloned().collect(), LISTED)
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
pub(in crate::app) fn work_query(model: &Model, table: &Clean) -> WorkQuery {
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
