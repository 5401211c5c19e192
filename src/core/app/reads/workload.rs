//! What there is to do for which service or family, as the deck ties queues and tables to them.
//!
//! The invariant: what a reading did not bring stands here as not known, and never as none.

use std::collections::{BTreeMap, BTreeSet};

use super::local_facts::deck_service;
use crate::app::model::Model;
use crate::app::model::reading::Reading;
use crate::app::model::row_key::RowKey;
use crate::app::model::slot::Slot;
use crate::app::model::work_pane::WorkState;
use crate::app::panes::work::rows::{settle_work, work_state};
use crate::app::writes::source::{cluster_of, template};
use crate::deck::{Deck, Drain, Queue, Run, Table};
use crate::diagnose::work::{
    Formula, Item, ItemState, Keeps, Load, QueueLoad, TableLoad, Unread, Workers,
};
use crate::domain::{CloudError, Task, TaskStatus, Time, WorkTable};
use crate::text::Clean;

/// The formula of a queue of the deck.
pub(in crate::app) fn formula(queue: &Queue) -> Formula {
    Formula {
        per_task: queue.per_task,
        min: queue.min,
        max: queue.max,
    }
}

/// Queues of SQS with who works them off.
pub(super) fn tied_queues(deck: &Deck) -> impl Iterator<Item = (&Queue, &Drain)> {
    let queues = deck.queues.iter().filter(|queue| queue.metric.is_none());
    queues.filter_map(|queue| Some((queue, queue.drains_to.as_ref()?)))
}

/// Tables whose rows belong to tasks, with the template that has their variable.
pub(super) fn tied_tables(deck: &Deck) -> impl Iterator<Item = (&Table, &Run)> {
    deck.tables.iter().filter_map(|table| {
        let variable = table.task_env.as_ref()?;
        let has = |run: &&Run| run.env.iter().any(|one| one.name == variable.as_str());
        Some((table, deck.runs.iter().find(has)?))
    })
}

/// The row that a service's name stands for.
fn service_key(model: &Model, deck: &Deck, name: &str) -> Option<RowKey> {
    let is_it = |service: &&crate::domain::Service| {
        service.name.as_str() == name
            && deck_service(Some(deck), service).is_some_and(|named| named.name == name)
    };
    let mut services = model.fleet.services.values().filter(is_it);
    Some(RowKey::Service(services.next()?.arn.clone()))
}

/// The row of a template's family.
fn family_key(model: &Model, run: &Run) -> Option<RowKey> {
    let family = run.task_definition.split(':').next()?;
    Some(RowKey::Family(
        cluster_of(model, run)?.clone(),
        Clean::new(family),
    ))
}

/// The rows that any work is tied to.
fn tied_rows(model: &Model) -> BTreeSet<RowKey> {
    loads_of(model, |_, _| ()).into_keys().collect()
}

/// The work of each row that any is tied to.
pub(in crate::app) fn loads(model: &Model) -> BTreeMap<RowKey, Load> {
    let rows = loads_of(model, |queues: &[&Queue], tables: &[&Table]| {
        let queues = queues.iter().map(|queue| queue_load(model, queue));
        let tables = tables.iter().map(|table| (*table).clone());
        (queues.collect::<Vec<_>>(), tables.collect::<Vec<_>>())
    });
    let with_workers = rows.into_iter().filter_map(|(key, (queues, tables))| {
        let (workers, tasks_at) = workers(model, &key)?;
        let tables = tables
            .iter()
            .map(|table| table_load(model, table, tasks_at));
        let tables = tables.collect();
        let load = Load {
            workers,
            queues,
            tables,
        };
        Some((key, load))
    });
    with_workers.collect()
}

fn loads_of<T>(model: &Model, make: impl Fn(&[&Queue], &[&Table]) -> T) -> BTreeMap<RowKey, T> {
    let Some(deck) = &model.setup.deck else {
        return BTreeMap::new();
    };
    let mut rows: BTreeMap<RowKey, (Vec<&Queue>, Vec<&Table>)> = BTreeMap::new();
    for (queue, drain) in tied_queues(deck) {
        let key = match drain {
            Drain::Service(name) => service_key(model, deck, name),
            Drain::Run(name) => template(Some(deck), name).and_then(|run| family_key(model, run)),
        };
        if let Some(key) = key {
            rows.entry(key).or_default().0.push(queue);
        }
    }
    for (table, run) in tied_tables(deck) {
        if let Some(key) = family_key(model, run) {
            rows.entry(key).or_default().1.push(table);
        }
    }
    let made = rows
        .into_iter()
        .map(|(key, (queues, tables))| (key, make(&queues, &tables)));
    made.collect()
}

/// Who does the work of a row, and when its tasks were listed to the end.
fn workers(model: &Model, key: &RowKey) -> Option<(Workers, Option<Time>)> {
    let fleet = &model.fleet;
    let tasks = fleet.all_tasks_of(key);
    let moments = |task: &&Task| {
        [task.created, task.started, task.stopping, task.stopped]
            .into_iter()
            .flatten()
            .max()
    };
    let mut moved = tasks.iter().filter_map(moments).max();
    let count = |of: &dyn Fn(&Task) -> bool| {
        u32::try_from(tasks.iter().filter(|task| of(task)).count()).unwrap_or(u32::MAX)
    };
    let (cluster, keeps, running, starting, every) = match key {
        RowKey::Service(arn) => {
            let service = fleet.services.get(arn)?;
            let named = deck_service(model.setup.deck.as_ref(), service);
            let every = named.and_then(|named| named.count_every);
            let deployed = service.deployments.iter().filter_map(|one| one.created);
            moved = moved.into_iter().chain(deployed).max();
            let keeps = Keeps::Service {
                desired: service.desired,
            };
            let every = every.map_or(0, |every| {
                i64::try_from(every.as_secs()).unwrap_or(i64::MAX)
            });
            let (running, starting) = (service.running, service.pending);
            (&service.cluster, keeps, running, starting, every)
        }
        RowKey::Family(cluster, _) => (
            cluster,
            Keeps::Family,
            count(&|task| task.status == TaskStatus::Running),
            count(&|task| task.status < TaskStatus::Running),
            0,
        ),
        RowKey::MissingService(_) | RowKey::MissingCluster(_) => return None,
    };
    let tasks = model.readings.get(&Slot::Tasks(cluster.clone()));
    let services = model.readings.get(&Slot::Services(cluster.clone()));
    let listed = fleet.tasks_listed.contains(cluster);
    let unlisted = (!listed).then_some(Unread::Awaited);
    let unread = unread(tasks).or(unread(services)).or(unlisted);
    let workers = Workers {
        keeps,
        running,
        starting,
        moved,
        every,
        unread,
    };
    Some((workers, tasks.and_then(|reading| reading.read_at)))
}

/// Why a slot's data are not known now.
fn unread(reading: Option<&Reading>) -> Option<Unread> {
    let Some(reading) = reading else {
        return Some(Unread::Awaited);
    };
    match &reading.error {
        Some(error) => Some(Unread::Failed(words(error))),
        None => (!reading.is_known()).then_some(Unread::Awaited),
    }
}

/// An error in a word or two.
fn words(error: &CloudError) -> Clean {
    let what = error.code.as_ref().unwrap_or(&error.message);
    Clean::own(format!("{}: {what}", error.operation))
}

fn queue_load(model: &Model, queue: &Queue) -> QueueLoad {
    let name = Clean::new(&queue.name);
    let pane = &model.queues;
    let known = pane.queues.iter().find(|one| one.name == name);
    let failed = pane.failed.iter().find(|(one, _)| *one == name);
    let gone = pane.missing.contains(&name);
    let unknown = match (unread(model.readings.get(&Slot::Queues)), failed) {
        (Some(why), _) => Some(why),
        (None, Some((_, error))) => Some(Unread::Failed(words(error))),
        (None, None) if gone => Some(Unread::Failed(Clean::literal("no such queue"))),
        (None, None) => known.is_none().then_some(Unread::Awaited),
    };
    let dead_letter = known.and_then(|one| one.dead_letter.as_ref());
    QueueLoad {
        formula: formula(queue),
        history: pane.histories.get(&name).cloned().unwrap_or_default(),
        dead_letter: dead_letter.map(|dead| Clean::new(dead.arn.name())),
        unknown,
        name,
    }
}

fn table_load(model: &Model, table: &Table, tasks_at: Option<Time>) -> TableLoad {
    let name = Clean::new(&table.name);
    let reading = model.readings.get(&Slot::Work(name.clone()));
    let timeout = table.timeout.map(|timeout| timeout.as_secs());
    TableLoad {
        read_at: reading.and_then(|reading| reading.read_at),
        unknown: unread(reading),
        tasks_at,
        timeout: timeout.map(|timeout| i64::try_from(timeout).unwrap_or(i64::MAX)),
        items: items(model, table, &name),
        name,
    }
}

/// The items of a table that wait or are worked on, with their tasks.
fn items(model: &Model, table: &Table, name: &Clean) -> Vec<Item> {
    let (Some(read), Some(variable)) = (model.work.tables.get(name), &table.task_env) else {
        return Vec::new();
    };
    let own = read.shape.key.first().map(Clean::as_str);
    let Some(key) = table.key.as_deref().or(own) else {
        return Vec::new();
    };
    let mut tied: BTreeMap<&Clean, Vec<&Task>> = BTreeMap::new();
    for task in model.fleet.known_tasks() {
        let given = task
            .overrides
            .iter()
            .filter(|one| one.name == variable.as_str());
        given.for_each(|one| tied.entry(&one.value).or_default().push(task));
    }
    let deck = model.setup.deck.as_ref();
    let items = read.rows.iter().filter_map(|row| {
        let status = row.get(&read.status_attribute)?;
        let state = state_of(work_state(deck, name, status))?;
        let id = row.get(key)?;
        let tasks = tied.get(id).into_iter().flatten();
        Some(Item {
            id: id.clone(),
            status: status.clone(),
            state,
            since: model.work.since(name, id)?,
            tasks: tasks.map(|task| (*task).clone()).collect(),
        })
    });
    items.collect()
}

fn state_of(state: WorkState) -> Option<ItemState> {
    match state {
        WorkState::Waiting => Some(ItemState::Waiting),
        WorkState::Running => Some(ItemState::Running),
        WorkState::Failed | WorkState::Other | WorkState::Done => None,
    }
}

/// Takes what was read of a table, and remembers since when each item has its status.
pub(in crate::app) fn take(model: &mut Model, table: WorkTable) {
    let name = table.shape.name.clone();
    model.work.tables.insert(name.clone(), table);
    see_items(model, &name);
    settle_work(model);
}

fn see_items(model: &mut Model, name: &Clean) {
    let deck = model.setup.deck.as_ref();
    let plan = deck.and_then(|deck| deck.tables.iter().find(|one| one.name == name.as_str()));
    let (Some(plan), Some(read)) = (plan, model.work.tables.get(name)) else {
        return;
    };
    let own = read.shape.key.first().map(Clean::as_str);
    let Some(key) = plan.key.as_deref().or(own) else {
        return;
    };
    let statuses = read.rows.iter().filter_map(|row| {
        let status = row.get(&read.status_attribute)?;
        Some((row.get(key)?.clone(), status.clone()))
    });
    let statuses = statuses.collect();
    let now = model.stamp.now;
    model.work.see(name, statuses, now);
}

impl Model {
    /// What the verdict of a row rests on of its work and that could not be read, in words.
    pub fn unread_work(&self, row: &RowKey) -> Vec<Clean> {
        let unread = loads(self).remove(row).map(|load| load.unknown());
        unread.into_iter().flatten().map(Clean::own).collect()
    }
}

/// Names the rows as changed that work is tied to where a reading ended that is part of what they mean.
pub(in crate::app) fn read_ended(model: &mut Model, slot: &Slot) {
    if !matches!(slot, Slot::Queues | Slot::Work(_) | Slot::Tasks(_)) {
        return;
    }
    let rows = tied_rows(model);
    if !rows.is_empty() {
        model.fleet.change().work_changed(rows);
    }
}
