//! Work items: rows of a DynamoDB table that say how far a job is.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::text::Clean;

/// What DescribeTable tells about how a table can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableShape {
    /// The table's name.
    pub name: Clean,
    /// Partition key, then the sort key where there is one.
    pub key: Vec<Clean>,
    /// Global secondary indexes that are ACTIVE: name and partition key.
    pub indexes: Vec<(Clean, Clean)>,
    /// Items, about six hours old.
    pub item_count: Option<u64>,
}

/// One row: its attributes as text. Nested values are compact JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Row(pub BTreeMap<Clean, Clean>);

impl Row {
    /// An attribute's value.
    pub fn get(&self, name: &str) -> Option<&Clean> {
        self.0.get(name)
    }
}

/// How many rows have a status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WorkCount {
    /// The status as the table spells it.
    pub status: Clean,
    /// How many rows were read that have it.
    pub count: u64,
}

/// What was read of a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorkTable {
    /// How it can be asked.
    pub shape: TableShape,
    /// The attribute that holds the status.
    pub status_attribute: Clean,
    /// Counts by status, in the table's spelling.
    pub counts: Vec<WorkCount>,
    /// The rows that were read.
    pub rows: Vec<Row>,
    /// Reading stopped at the page cap: counts and rows are a part.
    pub capped: bool,
    /// Read capacity units that this reading used.
    pub consumed: f64,
}
