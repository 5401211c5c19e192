//! The shape of queues and tables: the work, who does it, and where it is written down.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::defaults::{Name, one};
use super::spans::{Between, Span};

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QueueSpec {
    pub(crate) name: String,
    /// Messages that arrive in a minute.
    #[serde(default)]
    pub(crate) per_minute: f64,
    pub(crate) dead_letter: Option<Name>,
    #[serde(default = "three")]
    pub(crate) max_receive: u32,
    #[serde(default = "default_visibility")]
    pub(crate) visibility: Span,
    pub(crate) work: Option<WorkSpec>,
    /// The table that has a row for each message.
    pub(crate) rows: Option<Name>,
    /// Titles of those rows.
    #[serde(default)]
    pub(crate) titles: Vec<String>,
    /// What messages say: a template in which `{message}` is the key of the row.
    pub(crate) body: Option<String>,
    /// By how much the counts that SQS tells are behind.
    #[serde(default = "default_lag")]
    pub(crate) lag: Span,
    /// Kept by a broker of somebody's own: SQS does not know it, and only metrics tell.
    #[serde(default)]
    pub(crate) outside: bool,
}

/// Who takes messages off a queue, and how it goes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WorkSpec {
    pub(crate) service: Name,
    /// The container that says so in its log.
    pub(crate) container: String,
    pub(crate) takes: Between,
    /// The share of attempts that fail, from 0 to 1.
    #[serde(default)]
    pub(crate) fails: f64,
    /// How many messages one task works on at the same time.
    #[serde(default = "one")]
    pub(crate) slots: u32,
    #[serde(default)]
    pub(crate) start_line: Option<String>,
    #[serde(default)]
    pub(crate) done_line: Option<String>,
    #[serde(default)]
    pub(crate) failed_line: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableSpec {
    pub(crate) name: String,
    pub(crate) key: String,
    #[serde(default)]
    pub(crate) index: Vec<IndexSpec>,
    /// Rows that exist at the start, by attribute.
    #[serde(default)]
    pub(crate) row: Vec<BTreeMap<String, RowValue>>,
    /// Attributes that a row gets when its work is complete, as templates.
    #[serde(default)]
    pub(crate) result: BTreeMap<String, String>,
    pub(crate) worker: Option<TableWorkerSpec>,
    /// How long a finished row is kept.
    #[serde(default = "default_keep")]
    pub(crate) keep: Span,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IndexSpec {
    pub(crate) name: String,
    pub(crate) key: String,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub(crate) enum RowValue {
    Flag(bool),
    Number(i64),
    Text(String),
}

/// One-shot tasks that keep a row of the table up to date.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableWorkerSpec {
    pub(crate) family: Name,
    /// The environment variable that holds the row's key.
    pub(crate) env: String,
    /// The one that holds its title.
    pub(crate) title_env: Option<String>,
}

fn three() -> u32 {
    3
}

fn default_visibility() -> Span {
    Span(5 * crate::clock::MINUTE)
}

fn default_lag() -> Span {
    Span(5 * crate::clock::SECOND)
}

fn default_keep() -> Span {
    Span(24 * crate::clock::HOUR)
}
