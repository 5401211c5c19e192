//! The panes: a folder for each, and one line in the table that lists them.
//!
//! A pane says what it needs to have read, what its keys do, what it copies and
//! what it tells at length. Whoever asks looks it up here, and names none.

pub(in crate::app) mod actions;
pub(in crate::app) mod columns;
pub(in crate::app) mod copying;
pub(in crate::app) mod describe;
pub(in crate::app) mod detail;
pub(in crate::app) mod fingerprint;
pub(in crate::app) mod logs;
pub(in crate::app) mod moving;
pub(in crate::app) mod queues;
pub(in crate::app) mod searching;
pub(in crate::app) mod services;
pub(in crate::app) mod sorting;
pub(in crate::app) mod spec;
pub(in crate::app) mod tasks;
pub(in crate::app) mod words;
pub(in crate::app) mod work;

use self::spec::{Needs, Spec};
use crate::app::model::Model;
use crate::keys::Pane;

/// Every pane there is.
const TABLE: [&Spec; Pane::ALL.len()] = [
    &services::SPEC,
    &tasks::SPEC,
    &detail::SPEC,
    &queues::SPEC,
    &work::SPEC,
    &logs::SPEC,
];

/// What the screen shows of the panes: rows, columns, words.
pub(super) mod shown {
    pub use super::columns::{Column, SortKey, Width};
    pub use super::copying::CLIPBOARD;
    pub use super::detail::deployments::columns as deployment_columns;
    pub use super::detail::journal::columns as journal_columns;
    pub use super::logs::{ReadLines, ShownLine};
    pub use super::queues::columns::columns as queue_columns;
    pub use super::services::columns::COLUMNS as SERVICE_COLUMNS;
    pub use super::services::rows::service_rows;
    pub use super::tasks::columns::COLUMNS as TASK_COLUMNS;
    pub use super::tasks::rows::task_rows;
    pub use super::words::{health, task_status};
    pub use super::work::columns::columns as work_columns;
    pub use super::work::rows::work_state;
}

/// What a pane says of itself.
pub(in crate::app) fn of(pane: Pane) -> &'static Spec {
    let mut table = TABLE.into_iter();
    table
        .find(|spec| spec.pane == pane)
        .unwrap_or(&services::SPEC)
}

/// The panes that are on the screen.
pub(in crate::app) fn seen(model: &Model) -> impl Iterator<Item = &'static Spec> {
    TABLE.into_iter().filter(|spec| model.shows(spec.pane))
}

/// The panes that somebody may look at, on the screen or behind the one that has it to itself.
pub(in crate::app) fn there(model: &Model) -> impl Iterator<Item = &'static Spec> {
    let panes = &model.setup.panes;
    TABLE.into_iter().filter(|spec| panes.contains(&spec.pane))
}

/// Whether one of these panes needs something.
pub(in crate::app) fn need(
    mut panes: impl Iterator<Item = &'static Spec>,
    what: impl Fn(&Needs) -> bool,
) -> bool {
    panes.any(|spec| what(&spec.needs))
}

impl Model {
    /// Whether anything will come into a pane that has nothing: a log or a table that nothing names is not on its way.
    pub fn is_awaited(&self, pane: Pane) -> bool {
        (of(pane).is_awaited)(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pane_has_its_line_in_the_table() {
        for pane in Pane::ALL {
            assert_eq!(of(pane).pane, pane);
        }
    }
}
