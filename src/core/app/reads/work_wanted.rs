//! Which queues and tables are read for the verdicts, whichever panes are shown.

use super::workload::{tied_queues, tied_tables};
use crate::app::model::Model;
use crate::app::model::slot::Slot;
use crate::app::panes;
use crate::app::panes::spec::Want;
use crate::app::panes::{queues, work};
use crate::text::Clean;

/// Reads the queues and tables that are tied to a service or family, wherever a verdict is told.
pub(in crate::app) fn wants(model: &Model) -> Vec<Want> {
    let told = model.why.is_some()
        || model.setup.asks && panes::need(panes::seen(model), |needs| needs.verdicts);
    let Some(deck) = model.setup.deck.as_ref().filter(|_| told) else {
        return Vec::new();
    };
    // Who works them off is known only then.
    if model.fleet.listed.is_empty() {
        return Vec::new();
    }
    let mut wants = Vec::new();
    if tied_queues(deck).next().is_some() {
        wants.push(Want::new(Slot::Queues, queues::EVERY));
    }
    let tables = tied_tables(deck).map(|(table, _)| Slot::Work(Clean::new(&table.name)));
    wants.extend(tables.map(|slot| Want::new(slot, work::ROWS)));
    wants
}
