//! The rows of the work pane.

use crate::app::model::Model;
use crate::app::model::work_pane::{WorkKey, WorkRow};

pub(in crate::app) fn work_keys(model: &Model) -> Vec<WorkKey> {
    model.work_rows().iter().map(WorkRow::key).collect()
}

/// Brings the work pane's cursor into line with its rows.
pub(in crate::app) fn settle_work(model: &mut Model) {
    let keys = work_keys(model);
    model.work.list.cursor.settle(&keys);
}
