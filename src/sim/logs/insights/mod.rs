//! CloudWatch Logs Insights: queries that run for a moment and then have results.
//!
//! Invariant: a query sees the lines that had been ingested when it was started. It is
//! carried out once, when its results are first asked for after it has had its time.

mod api;
mod condition;
mod names;
mod parse;
mod query;
mod row;
mod run;
mod stats;

pub(super) use api::{describe_queries, get_query_results, start_query, stop_query};
pub(super) use query::Queries;
