//! Rows: what the simulated workers write into DynamoDB tables.
//!
//! Invariant: nothing here reads a table. It only collects what workers
//! write, and whoever asks DynamoDB something has that written first.

use std::collections::{BTreeMap, VecDeque};

use crate::bus::RowChange;
use crate::clock::{HOUR, Millis, Time};
use crate::desk::Desk;
use crate::ecs::Task;
use crate::logs::fill;
use crate::world::{RowValue, TableSpec, WorldSpec};

/// The attributes that a write sets.
pub(crate) type Attributes = BTreeMap<String, RowValue>;

/// The tables, and what is to be written into them.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) desk: Desk<()>,
    pub(crate) tables: BTreeMap<String, Table>,
    /// By table and key.
    pub(crate) writes: BTreeMap<(String, String), Attributes>,
    /// Rows that are to be deleted, by table and key.
    pub(crate) deletes: Vec<(String, String)>,
}

/// A table of the world.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) spec: TableSpec,
    pub(crate) created: Time,
    finished: VecDeque<(Time, String)>,
}

impl Table {
    pub(crate) fn new(spec: TableSpec, created: Time) -> Self {
        Table {
            spec,
            created,
            finished: VecDeque::new(),
        }
    }

    fn keep(&self) -> Millis {
        self.spec.keep.0
    }
}

fn text(value: impl Into<String>) -> RowValue {
    RowValue::Text(value.into())
}

impl Rows {
    /// Without any table.
    pub(crate) fn new(desk: Desk<()>) -> Self {
        Rows {
            desk,
            tables: BTreeMap::new(),
            writes: BTreeMap::new(),
            deletes: Vec::new(),
        }
    }

    /// Takes in the tables of a world, with their rows.
    pub(crate) fn furnish(&mut self, spec: &WorldSpec) {
        for table in &spec.table {
            let created = self.desk.epoch - 60 * 24 * HOUR;
            let fresh = Table::new(table.clone(), created);
            self.tables.insert(table.name.clone(), fresh);
            for row in &table.row {
                if let Some(RowValue::Text(key)) = row.get(&table.key) {
                    let mut attributes: BTreeMap<String, RowValue> = row.clone();
                    attributes.remove(&table.key);
                    self.write_row(&table.name, key, attributes);
                }
            }
        }
    }

    /// What a worker makes of the row of a message.
    pub(crate) fn row_told(&mut self, table: &str, key: &str, change: RowChange) {
        match change {
            RowChange::Pending { title } => self.row_is_pending(table, key, title.as_deref()),
            RowChange::Processing { title } => {
                self.row_is_processing(table, key, title.as_deref());
            }
            RowChange::Complete => self.row_is_complete(table, key),
            RowChange::Failed { why } => self.row_is_failed(table, key, &why),
        }
    }

    /// Sets attributes of a row.
    fn write_row(&mut self, table: &str, key: &str, attributes: Attributes) {
        if self.tables.contains_key(table) {
            let row = (table.to_owned(), key.to_owned());
            self.writes.entry(row).or_default().extend(attributes);
        }
    }

    fn set_status(&mut self, table: &str, key: &str, status: &str, further: Attributes) {
        let mut attributes = further;
        attributes.insert("status".to_owned(), text(status));
        attributes.insert("updated_at".to_owned(), text(self.desk.now.rfc3339()));
        self.write_row(table, key, attributes);
    }

    fn row_is_pending(&mut self, table: &str, key: &str, title: Option<&str>) {
        let mut row = Attributes::from([("created_at".to_owned(), text(self.desk.now.rfc3339()))]);
        if let Some(title) = title {
            row.insert("title".to_owned(), text(title));
        }
        self.set_status(table, key, "pending", row);
    }

    fn row_is_processing(&mut self, table: &str, key: &str, title: Option<&str>) {
        let row = title.map(|title| ("title".to_owned(), text(title)));
        self.set_status(table, key, "processing", row.into_iter().collect());
    }

    fn row_is_complete(&mut self, table: &str, key: &str) {
        let number = crate::random::name_key(key);
        let result = self
            .tables
            .get(table)
            .map(|table| &table.spec.result)
            .into_iter()
            .flatten()
            .map(|(name, template)| {
                let filled = fill(template, number);
                let value = filled
                    .parse()
                    .map_or_else(|_| text(filled), RowValue::Number);
                (name.clone(), value)
            })
            .collect();
        self.set_status(table, key, "complete", result);
        self.row_finished(table, key);
    }

    fn row_is_failed(&mut self, table: &str, key: &str, why: &str) {
        let row = Attributes::from([("error".to_owned(), text(why))]);
        self.set_status(table, key, "failed", row);
        self.row_finished(table, key);
    }

    /// Finished rows are deleted after a time, as a TTL would.
    fn row_finished(&mut self, name: &str, key: &str) {
        let now = self.desk.now;
        let Some(table) = self.tables.get_mut(name) else {
            return;
        };
        table.finished.push_back((now, key.to_owned()));
        let keep = table.keep();
        while table
            .finished
            .front()
            .is_some_and(|(at, _)| now - *at > keep)
        {
            if let Some((_, key)) = table.finished.pop_front() {
                let row = (name.to_owned(), key);
                self.writes.remove(&row);
                self.deletes.push(row);
            }
        }
    }

    /// The row that a one-shot task works on: table, key and title.
    fn row_of_task(&self, task: &Task) -> Option<(String, String, Option<String>)> {
        self.tables.values().find_map(|table| {
            let worker = table.spec.worker.as_ref()?;
            if *worker.family.get_ref() != task.definition.family {
                return None;
            }
            let row = task.env(&worker.env)?.to_owned();
            let title = worker.title_env.as_deref().and_then(|env| task.env(env));
            Some((table.spec.name.clone(), row, title.map(str::to_owned)))
        })
    }

    /// Who asks for a one-shot task writes its row first, as processing.
    pub(crate) fn row_of_task_asked(&mut self, task: &Task) {
        if let Some((table, row, title)) = self.row_of_task(task) {
            self.row_is_pending(&table, &row, title.as_deref());
            self.row_is_processing(&table, &row, None);
        }
    }

    pub(crate) fn row_of_task_starts(&mut self, task: &Task) {
        if let Some((table, row, title)) = self.row_of_task(task) {
            self.row_is_processing(&table, &row, title.as_deref());
        }
    }

    pub(crate) fn row_of_task_ends(&mut self, task: &Task, code: i32, reason: Option<&str>) {
        let Some((table, row, _)) = self.row_of_task(task) else {
            return;
        };
        match (code, reason) {
            (0, _) => self.row_is_complete(&table, &row),
            // A killed worker cannot write anything: its row stays as it was.
            (_, Some(_)) => {}
            (code, None) => {
                self.row_is_failed(&table, &row, &format!("worker exited with code {code}"))
            }
        }
    }
}
