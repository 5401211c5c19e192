//! What there is to do for a service or family, and who is there to do it: all that the work is judged by.

use std::sync::Arc;

use super::{DepthHistory, Formula, START_SECONDS};
use crate::domain::{Task, Time};
use crate::text::Clean;

/// Why nothing is known of something now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It has not been read yet.
    Awaited,
    /// It could not be read.
    Failed(Clean),
}

/// The work of a service or family at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Load {
    /// Who does it.
    pub workers: Workers,
    /// The queues that they work off.
    pub queues: Vec<QueueLoad>,
    /// The tables whose items they work on.
    pub tables: Vec<TableLoad>,
}

impl Load {
    /// What could not be read, in words.
    pub fn unknown(&self) -> Vec<String> {
        let queues = self
            .queues
            .iter()
            .map(|one| ("queue", &one.name, &one.unknown));
        let tables = self
            .tables
            .iter()
            .map(|one| ("table", &one.name, &one.unknown));
        let mut unknown: Vec<String> = queues
            .chain(tables)
            .filter_map(|(kind, name, why)| match why {
                Some(Unread::Failed(why)) => Some(format!("{kind} {name} ({why})")),
                Some(Unread::Awaited) | None => None,
            })
            .collect();
        if let Some(Unread::Failed(why)) = &self.workers.unread {
            unknown.push(format!("its tasks ({why})"));
        }
        unknown
    }
}

/// What keeps the workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// A service with this desired count.
    Service {
        /// The desired count.
        desired: u32,
    },
    /// Nothing: somebody runs them.
    Family,
}

/// The tasks that do the work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workers {
    /// What keeps them.
    pub keeps: Keeps,
    /// How many run.
    pub running: u32,
    /// How many are on their way.
    pub starting: u32,
    /// When one was asked for, started, or ended last.
    pub moved: Option<Time>,
    /// How often their owner sets the count, in seconds; 0 where the deck does not say.
    pub every: i64,
    /// Why it is not known how many there are.
    pub unread: Option<Unread>,
}

impl Workers {
    /// Whether it is known how many there are.
    pub(super) fn counted(&self) -> bool {
        self.unread.is_none()
    }

    /// Whether none has come, gone or been asked for while a start takes: then nobody is about to change how many there are.
    pub(super) fn at_rest(&self, now: Time) -> bool {
        let patience = self.patience();
        let lately = |at: Time| now.duration_since(at).as_secs() < patience;
        self.starting == 0 && !self.moved.is_some_and(lately)
    }

    /// How long a start takes, with the time until their owner looks, in seconds.
    pub(super) fn patience(&self) -> i64 {
        START_SECONDS.saturating_add(self.every)
    }

    /// `0 tasks run`.
    pub(super) fn words(&self) -> String {
        match self.running {
            1 => "1 task runs".to_owned(),
            running => format!("{running} tasks run"),
        }
    }
}

/// A queue that they work off.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueLoad {
    /// Its name.
    pub name: Clean,
    /// How many tasks it wants.
    pub formula: Formula,
    /// How deep it was. Empty where it is not known.
    pub history: Arc<DepthHistory>,
    /// Its dead-letter queue.
    pub dead_letter: Option<Clean>,
    /// Why nothing is known of it now.
    pub unknown: Option<Unread>,
}

impl QueueLoad {
    /// `163 messages wait in jobs`.
    pub(super) fn waits(&self, visible: u64) -> String {
        match visible {
            1 => format!("1 message waits in {}", self.name),
            visible => format!("{visible} messages wait in {}", self.name),
        }
    }

    /// Its newest depth, where it is known.
    pub(super) fn visible(&self) -> Option<u64> {
        let known = self.unknown.is_none();
        let last = self.history.last().filter(|_| known)?;
        Some(last.depth.visible)
    }
}

/// A table whose items they work on.
#[derive(Clone, Debug, PartialEq)]
pub struct TableLoad {
    /// Its name.
    pub name: Clean,
    /// When it was read.
    pub read_at: Option<Time>,
    /// When the tasks were listed to the end.
    pub tasks_at: Option<Time>,
    /// After how many seconds an item that is worked on is late.
    pub timeout: Option<i64>,
    /// Its items that wait or are worked on.
    pub items: Vec<Item>,
    /// Why nothing is known of it now.
    pub unknown: Option<Unread>,
}

/// How far an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemState {
    /// Nobody has begun.
    Waiting,
    /// It says that somebody works on it.
    Running,
}

/// A work item.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its key.
    pub id: Clean,
    /// Its status, as the table spells it.
    pub status: Clean,
    /// What that means.
    pub state: ItemState,
    /// Since when it was seen so.
    pub since: Time,
    /// The tasks that were given it, of any row.
    pub tasks: Vec<Task>,
}
