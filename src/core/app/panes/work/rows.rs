//! The rows of the work pane.

use super::columns::columns;
use crate::app::model::Model;
use crate::app::model::work_pane::{WorkKey, WorkPane, WorkRow, WorkState};
use crate::app::panes::columns::arrange;
use crate::deck::Deck;
use crate::domain::{Row, Time, WorkTable};
use crate::text::Clean;

pub(in crate::app) fn work_keys(model: &Model) -> Vec<WorkKey> {
    let rows = model.work_rows();
    let rows = rows.iter().filter(|row| row.is_selectable());
    rows.map(WorkRow::key).collect()
}

/// Brings the work pane's cursor into line with its rows.
pub(in crate::app) fn settle_work(model: &mut Model) {
    let deck = model.setup.deck.as_ref();
    let (rows, hidden) = model.work.arranged(deck, &wanted_tables(model));
    let stands = rows.iter().filter(|row| row.is_selectable());
    let keys: Vec<WorkKey> = stands.map(WorkRow::key).collect();
    model.work.list.cursor.settle(&keys);
    model.work.list.hidden = hidden;
}

/// The tables to read, in the order in which they are shown.
pub(in crate::app) fn wanted_tables(model: &Model) -> Vec<Clean> {
    let named: Vec<Clean> = model
        .setup
        .deck
        .iter()
        .flat_map(|deck| &deck.tables)
        .map(|table| Clean::new(&table.name))
        .collect();
    if !named.is_empty() {
        return named;
    }
    model
        .found
        .tables
        .union(&model.work.opened)
        .cloned()
        .collect()
}

impl Model {
    /// The selected work item: its key and its attributes.
    pub fn selected_work(&self) -> Option<(Clean, Row)> {
        let on = self.work.list.cursor.on()?;
        self.work_rows().into_iter().find_map(|row| match row {
            WorkRow::Item { key, id, row, .. } if key == *on => Some((id, row.clone())),
            _ => None,
        })
    }

    /// The rows of the work pane.
    pub fn work_rows(&self) -> Vec<WorkRow<'_>> {
        self.work
            .rows(self.setup.deck.as_ref(), &wanted_tables(self))
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
        self.arranged(deck, wanted).0
    }

    /// The rows, and how many the filter hides. A filter hides no table, and rows are sorted within their table.
    fn arranged(&self, deck: Option<&Deck>, wanted: &[Clean]) -> (Vec<WorkRow<'_>>, usize) {
        let (mut rows, mut hidden) = (Vec::new(), 0_usize);
        let list = &self.list;
        // No column of it tells a time.
        let now = Time::UNIX_EPOCH;
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
            let of_table = arrange(&mut items, &columns(), &list.filter, list.sort, now);
            hidden = hidden.saturating_add(of_table);
            rows.extend(items);
        }
        // Reading a table costs money: one that was only listed is read when somebody opens it.
        let unread = self.listed.iter().filter(|name| !wanted.contains(name));
        rows.extend(unread.map(|name| WorkRow::Table(name.clone(), None)));
        (rows, hidden)
    }
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
