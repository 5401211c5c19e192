//! In which order a list stands, and which columns a filter may name.

use crate::app::model::Model;
use crate::app::model::list::Sort;
use crate::app::model::notice::Tone;
use crate::app::panes;
use crate::keys::Pane;
use crate::text::Clean;

impl Model {
    /// Whether the services are those of several clusters.
    pub fn has_several_clusters(&self) -> bool {
        let missing = self.fleet.missing_clusters.len();
        self.fleet.clusters.len().saturating_add(missing) > 1
    }

    /// That the list's filter names a column which it does not have, and which ones it has.
    pub fn unknown_column(&self, pane: Pane) -> Option<Clean> {
        let pane = panes::of(pane);
        let columns = (pane.columns)(self);
        if columns.is_empty() {
            return None;
        }
        let unknown = (pane.filter)(self)?.unknown(&columns)?;
        Some(Clean::own(format!(
            "no column {} (available: {})",
            Clean::new(unknown),
            columns.join(", ")
        )))
    }
}

/// Sorts by the next column, or by the one before; behind the last one the list has its own order again.
pub(in crate::app) fn next(model: &mut Model, forward: bool) {
    let pane = panes::of(model.focus);
    let columns = (pane.columns)(model);
    let at =
        (pane.sorted)(model).and_then(|sort| columns.iter().position(|name| *name == sort.column));
    let next = match (at, forward) {
        (None, true) => Some(0),
        (None, false) => columns.len().checked_sub(1),
        (Some(at), true) => at.checked_add(1),
        (Some(at), false) => at.checked_sub(1),
    };
    let column = next.and_then(|at| columns.get(at)).copied();
    let sort = column.map(|column| Sort {
        column,
        descending: false,
    });
    set(model, sort);
}

/// The other way round.
pub(in crate::app) fn reverse(model: &mut Model) {
    let pane = panes::of(model.focus);
    match (pane.sorted)(model) {
        Some(sort) => set(
            model,
            Some(Sort {
                descending: !sort.descending,
                ..sort
            }),
        ),
        None if (pane.columns)(model).is_empty() => set(model, None),
        None => {
            let order = (pane.order)(model);
            let text = format!("the order is {order}: > sorts by a column, = then turns it round");
            model.note(Tone::Plain, Clean::own(text));
        }
    }
}

fn set(model: &mut Model, sort: Option<Sort>) {
    let pane = panes::of(model.focus);
    let told = match sort {
        _ if (pane.columns)(model).is_empty() => {
            "only lists are sorted: services, tasks, queues, work, deployments, the journal"
                .to_owned()
        }
        None => format!("sorted: {}", (pane.order)(model)),
        Some(sort) if sort.descending => format!("sorted by {}, reversed", sort.column),
        Some(sort) => format!("sorted by {}", sort.column),
    };
    (pane.sort)(model, sort);
    model.note(Tone::Plain, Clean::own(told));
}
