//! CloudWatch Logs Insights: queries that run for a moment and then have results.
//!
//! Invariant: a query sees the lines that had been ingested when it was started. It is
//! carried out once, when its results are first asked for after it has had its time.

mod api;
mod condition;
mod parse;
mod run;
mod stats;

use std::collections::BTreeMap;

pub(super) use api::{describe_queries, get_query_results, start_query, stop_query};

use crate::clock::Time;

/// How long a query is scheduled, and until when it runs, in milliseconds after its start.
const SCHEDULED: i64 = 300;
const RUNS: i64 = 1_500;
/// How many queries are remembered.
const KEPT: usize = 1_000;

/// The queries that were started.
#[derive(Debug, Default)]
pub(crate) struct Queries {
    all: BTreeMap<u64, Query>,
    started: u64,
}

/// A query.
#[derive(Debug)]
struct Query {
    id: String,
    text: String,
    plan: parse::Plan,
    groups: Vec<String>,
    from: Time,
    to: Time,
    started: Time,
    cancelled: bool,
    outcome: Option<run::Outcome>,
}

impl Query {
    fn status(&self, now: Time) -> &'static str {
        match now - self.started {
            _ if self.cancelled => "Cancelled",
            passed if passed < SCHEDULED => "Scheduled",
            passed if passed < RUNS => "Running",
            _ => "Complete",
        }
    }

    fn under_way(&self, now: Time) -> bool {
        !self.cancelled && now - self.started < RUNS
    }
}

impl Queries {
    fn find(&mut self, id: &str) -> Option<&mut Query> {
        self.all.values_mut().find(|query| query.id == id)
    }

    fn add(&mut self, query: Query) {
        self.started += 1;
        self.all.insert(self.started, query);
        if self.all.len() > KEPT {
            self.all.pop_first();
        }
    }
}
