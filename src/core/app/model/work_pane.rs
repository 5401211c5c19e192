//! The panes of queues and work items.

use std::collections::{BTreeMap, BTreeSet};

use super::filter::Filter;
use super::list::ListPane;
use crate::deck::Deck;
use crate::domain::{CloudError, Queue, Row, WorkTable};
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
    before: BTreeMap<Clean, u64>,
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
    ) {
        self.before = self
            .queues
            .iter()
            .map(|queue| (queue.name.clone(), queue.depth.visible))
            .collect();
        (self.queues, self.missing, self.failed) = (queues, missing, failed);
    }

    /// Brings the cursor into line with the rows.
    pub(in crate::app) fn settle(&mut self, deck: Option<&Deck>) {
        let names: Vec<Clean> = self.rows(deck).iter().map(|row| row.name.clone()).collect();
        self.list.cursor.settle(&names);
    }

    /// The rows: the deck's queues in its order, then the deepest first. A queue that is only another's
    /// dead-letter queue is shown in that one's row.
    pub fn rows(&self, deck: Option<&Deck>) -> Vec<QueueRow<'_>> {
        let named: Vec<&str> = deck
            .iter()
            .flat_map(|deck| &deck.queues)
            .map(|queue| queue.name.as_str())
            .collect();
        let place = |name: &str| {
            named
                .iter()
                .position(|named| *named == name)
                .unwrap_or(usize::MAX)
        };
        let is_dead_letter = |queue: &Queue| {
            self.queues.iter().any(|other| {
                other
                    .dead_letter
                    .as_ref()
                    .is_some_and(|dead| dead.arn == queue.arn)
            })
        };
        let mut rows: Vec<QueueRow<'_>> = self
            .queues
            .iter()
            .filter(|queue| place(&queue.name) != usize::MAX || !is_dead_letter(queue))
            .map(|queue| QueueRow {
                name: &queue.name,
                queue: Some(queue),
                error: None,
                trend: self
                    .before
                    .get(&queue.name)
                    .map_or(std::cmp::Ordering::Equal, |before| {
                        queue.depth.visible.cmp(before)
                    }),
            })
            .collect();
        let without = |name, error| QueueRow {
            name,
            queue: None,
            error,
            trend: std::cmp::Ordering::Equal,
        };
        // A name that only looked like a queue's, in some variable, is not missed when it is none.
        rows.extend(
            self.missing
                .iter()
                .filter(|name| place(name) != usize::MAX)
                .map(|name| without(name, None)),
        );
        rows.extend(
            self.failed
                .iter()
                .map(|(name, error)| without(name, Some(error))),
        );
        rows.sort_by_key(|row| {
            let depth = row.queue.map_or(0, |queue| queue.depth.visible);
            (place(row.name), std::cmp::Reverse(depth), row.name.clone())
        });
        if !self.list.filter.is_empty() {
            let mut matching = self.list.filter.matching(&["name"]);
            rows.retain(|row| matching.shows(&[("name", row.name)]));
        }
        rows
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
    /// What names it.
    pub fn key(&self) -> WorkKey {
        match self {
            Self::Table(name, _) => WorkKey::Table(name.clone()),
            Self::Item { key, .. } => key.clone(),
        }
    }
}

/// The meaning of a status: what the deck says, else what the word says.
pub fn work_state(deck: Option<&Deck>, table: &str, status: &str) -> WorkState {
    let states = deck
        .and_then(|deck| deck.tables.iter().find(|known| known.name == table))
        .and_then(|table| table.states.as_ref());
    let word = status.to_ascii_lowercase();
    if let Some(states) = states {
        let has = |list: &[String]| list.iter().any(|known| known.eq_ignore_ascii_case(&word));
        return match () {
            () if has(&states.failed) => WorkState::Failed,
            () if has(&states.running) => WorkState::Running,
            () if has(&states.waiting) => WorkState::Waiting,
            () if has(&states.done) => WorkState::Done,
            () => WorkState::Other,
        };
    }
    match word.as_str() {
        "failed" | "error" | "errored" | "dead" => WorkState::Failed,
        "processing" | "running" | "in_progress" | "in-progress" | "started" => WorkState::Running,
        "pending" | "queued" | "waiting" | "new" => WorkState::Waiting,
        "complete" | "completed" | "done" | "succeeded" | "success" => WorkState::Done,
        _ => WorkState::Other,
    }
}

impl WorkPane {
    /// The rows: each table's heading, then its items, those that failed first.
    pub fn rows(&self, deck: Option<&Deck>, wanted: &[Clean]) -> Vec<WorkRow<'_>> {
        let mut rows = Vec::new();
        for name in wanted {
            let table = self.tables.get(name);
            rows.push(WorkRow::Table(name.clone(), table));
            let mut items: Vec<WorkRow<'_>> = table
                .into_iter()
                .flat_map(|table| items(table, deck, name))
                .collect();
            items.sort_by_cached_key(|row| match row {
                WorkRow::Item { key, state, .. } => (*state, key.clone()),
                WorkRow::Table(..) => (WorkState::Other, row.key()),
            });
            rows.extend(filtered(items, &self.list.filter));
        }
        // Reading a table costs money: one that was only listed is read when somebody opens it.
        let unread = self.listed.iter().filter(|name| !wanted.contains(name));
        let unread = unread
            .map(|name| WorkRow::Table(name.clone(), None))
            .collect();
        rows.extend(filtered(unread, &self.list.filter));
        rows
    }
}

fn filtered<'a>(mut rows: Vec<WorkRow<'a>>, filter: &Filter) -> Vec<WorkRow<'a>> {
    if !filter.is_empty() {
        let mut matching = filter.matching(&["id", "status", "title"]);
        rows.retain(|row| match row {
            WorkRow::Item {
                id, status, text, ..
            } => matching.shows(&[("id", id), ("status", status), ("title", text)]),
            WorkRow::Table(..) => true,
        });
    }
    rows
}

fn items<'a>(table: &'a WorkTable, deck: Option<&Deck>, name: &Clean) -> Vec<WorkRow<'a>> {
    let plan = deck.and_then(|deck| deck.tables.iter().find(|known| known.name == name.as_str()));
    let mut columns: Vec<&str> = plan
        .and_then(|plan| plan.title.as_deref())
        .into_iter()
        .collect();
    columns.extend(
        plan.into_iter()
            .flat_map(|plan| &plan.columns)
            .map(String::as_str),
    );
    table
        .rows
        .iter()
        .map(|row| {
            let key: Vec<Clean> = table
                .shape
                .key
                .iter()
                .map(|name| row.get(name).cloned().unwrap_or_default())
                .collect();
            let status = row
                .get(&table.status_attribute)
                .cloned()
                .unwrap_or_default();
            let id = Clean::own(
                key.iter()
                    .map(Clean::as_str)
                    .collect::<Vec<_>>()
                    .join(" / "),
            );
            let own = [&table.status_attribute];
            // Without a deck the attributes themselves are shown, in their order.
            let text = if columns.is_empty() {
                let rest = row
                    .0
                    .iter()
                    .filter(|(name, _)| !table.shape.key.contains(name) && !own.contains(name));
                rest.map(|(name, value)| format!("{name}={value}"))
                    .collect::<Vec<_>>()
                    .join(" ")
            } else {
                columns
                    .iter()
                    .filter_map(|name| row.get(name))
                    .map(Clean::as_str)
                    .collect::<Vec<_>>()
                    .join("  ")
            };
            WorkRow::Item {
                key: WorkKey::Item(name.clone(), key),
                id,
                state: work_state(deck, name, &status),
                status,
                text: Clean::multiline(&text),
                row,
            }
        })
        .collect()
}
