//! What is known of queues and work items.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::list::ListPane;
use crate::diagnose::work::{DepthHistory, Sample};
use crate::domain::{CloudError, Queue, Row, Time, WorkTable};
use crate::text::Clean;

/// Queue depths.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QueuePane {
    /// Cursor (by name) and filter.
    pub list: ListPane<Clean>,
    /// Queues that are there.
    pub queues: Vec<Queue>,
    /// Wanted ones that are not there.
    pub missing: Vec<Clean>,
    /// Those that could not be read.
    pub failed: Vec<(Clean, CloudError)>,
    /// Visible messages at the last reading but one, by name: which way it goes.
    pub(in crate::app) before: BTreeMap<Clean, u64>,
    /// How deep each was, by name.
    pub(in crate::app) histories: BTreeMap<Clean, Arc<DepthHistory>>,
}

/// A row of the queues pane.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueRow<'a> {
    /// Its name.
    pub name: &'a Clean,
    /// The queue, where it is there.
    pub queue: Option<&'a Queue>,
    /// Why it could not be read.
    pub error: Option<&'a CloudError>,
    /// How the number of visible messages has changed since the reading before.
    pub trend: std::cmp::Ordering,
}

impl QueuePane {
    /// Takes a reading.
    pub(in crate::app) fn put(
        &mut self,
        queues: Vec<Queue>,
        missing: Vec<Clean>,
        failed: Vec<(Clean, CloudError)>,
        now: Time,
    ) {
        for queue in &queues {
            let dead = queue.dead_letter.as_ref().and_then(|dead| dead.depth);
            let history = self.histories.entry(queue.name.clone()).or_default();
            Arc::make_mut(history).see(Sample {
                at: now,
                depth: queue.depth,
                dead: dead.map(|depth| depth.visible),
            });
        }
        // One that is gone begins anew when it is there again.
        self.histories.retain(|name, _| !missing.contains(name));
        self.before = self
            .queues
            .iter()
            .map(|queue| (queue.name.clone(), queue.depth.visible))
            .collect();
        (self.queues, self.missing, self.failed) = (queues, missing, failed);
    }
}

/// Work items.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkPane {
    /// Cursor and filter.
    pub list: ListPane<WorkKey>,
    /// What was read, by table.
    pub tables: BTreeMap<Clean, WorkTable>,
    /// Names of all tables, where they were listed.
    pub listed: Vec<Clean>,
    /// Listed tables that somebody opened: they are read like those that were found.
    pub opened: BTreeSet<Clean>,
    /// Each item's status and since when it was seen so, by table and key.
    statuses: BTreeMap<Clean, BTreeMap<Clean, (Clean, Time)>>,
}

impl WorkPane {
    /// Remembers the status of each item of a table, by key, and since when it has it.
    pub(in crate::app) fn see(
        &mut self,
        table: &Clean,
        statuses: BTreeMap<Clean, Clean>,
        now: Time,
    ) {
        let mut before = self.statuses.remove(table).unwrap_or_default();
        let seen = statuses.into_iter().map(|(key, status)| {
            let same = before.remove(&key).filter(|(old, _)| *old == status);
            let since = same.map_or(now, |(_, since)| since);
            (key, (status, since))
        });
        self.statuses.insert(table.clone(), seen.collect());
    }

    /// Since when an item was seen with the status that it has.
    pub(in crate::app) fn since(&self, table: &Clean, key: &Clean) -> Option<Time> {
        self.statuses.get(table)?.get(key).map(|(_, since)| *since)
    }
}

/// Names a row of the work pane.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WorkKey {
    /// A table's heading.
    Table(Clean),
    /// A row: its table, and its key's values.
    Item(Clean, Vec<Clean>),
}

/// What a status means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WorkState {
    /// It did not go well.
    Failed,
    /// Somebody works on it.
    Running,
    /// Nobody has begun.
    Waiting,
    /// The deck does not say.
    Other,
    /// It is done.
    Done,
}

/// A row of the work pane.
#[derive(Clone, Debug, PartialEq)]
pub enum WorkRow<'a> {
    /// A table: its name, and what was read of it where anything was.
    Table(Clean, Option<&'a WorkTable>),
    /// An item.
    Item {
        /// What names it.
        key: WorkKey,
        /// Its key's values, joined.
        id: Clean,
        /// Its status as the table spells it.
        status: Clean,
        /// What that means.
        state: WorkState,
        /// Its title and the deck's columns, where there are any.
        text: Clean,
        /// Everything.
        row: &'a Row,
    },
}

impl WorkRow<'_> {
    /// Whether a cursor can stand on it: a table's heading is none of the items, but one that was not read can be opened.
    pub fn is_selectable(&self) -> bool {
        !matches!(self, Self::Table(_, Some(_)))
    }

    /// What names it.
    pub fn key(&self) -> WorkKey {
        match self {
            Self::Table(name, _) => WorkKey::Table(name.clone()),
            Self::Item { key, .. } => key.clone(),
        }
    }
}
