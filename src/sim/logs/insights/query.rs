//! A query, and those that are remembered.

use std::collections::BTreeMap;

use super::parse::Plan;
use super::row::Outcome;
use crate::clock::{MINUTE, Millis, Time};

/// How long a query is scheduled at most, in milliseconds after its start: one that takes no time is done at once.
const SCHEDULED: Millis = 300;
/// When AWS ends one that runs (source: CloudWatch Logs API reference, StartQuery).
const LONGEST: Millis = 60 * MINUTE;
/// How many queries are remembered.
const KEPT: usize = 1_000;

/// The queries that were started.
#[derive(Debug, Default)]
pub(in crate::logs) struct Queries {
    pub(super) all: BTreeMap<u64, Query>,
    pub(super) started: u64,
}

/// A query.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) id: String,
    pub(super) text: String,
    pub(super) plan: Plan,
    pub(super) groups: Vec<String>,
    pub(super) from: Time,
    pub(super) to: Time,
    pub(super) started: Time,
    /// How long it runs once its turn has come.
    pub(super) takes: Millis,
    pub(super) cancelled: bool,
    pub(super) outcome: Option<Outcome>,
}

impl Query {
    pub(super) fn status(&self, now: Time) -> &'static str {
        match now - self.started {
            _ if self.cancelled => "Cancelled",
            passed if passed < self.waits() => "Scheduled",
            passed if passed < self.ends() => "Running",
            _ if self.takes > LONGEST => "Timeout",
            _ => "Complete",
        }
    }

    pub(super) fn under_way(&self, now: Time) -> bool {
        !self.cancelled && now - self.started < self.ends()
    }

    /// How long after its start it is over.
    pub(super) fn ends(&self) -> Millis {
        self.waits() + self.takes.min(LONGEST)
    }

    /// How long it is scheduled.
    fn waits(&self) -> Millis {
        SCHEDULED.min(self.takes)
    }
}

impl Queries {
    pub(super) fn find(&mut self, id: &str) -> Option<&mut Query> {
        self.all.values_mut().find(|query| query.id == id)
    }

    pub(super) fn add(&mut self, query: Query) {
        self.started += 1;
        self.all.insert(self.started, query);
        if self.all.len() > KEPT {
            self.all.pop_first();
        }
    }
}
