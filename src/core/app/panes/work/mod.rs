//! The work pane: tables and their work items.

pub(in crate::app) mod columns;
pub(in crate::app) mod describe;
pub(in crate::app) mod rows;

use std::time::Duration;

use self::describe::{describe, raw};
use self::rows::{settle_work, wanted_tables, work_keys};
use super::columns::names;
use super::spec::{Part, Spec, Want};
use crate::app::model::Model;
use crate::app::model::filter::Filter;
use crate::app::model::list::Motion;
use crate::app::model::overlay::Overlay;
use crate::app::model::slot::Slot;
use crate::app::model::work_pane::WorkKey;
use crate::keys::Pane;

/// How often the names of the tables are listed, and how often rows are read.
const TABLES: Duration = Duration::from_secs(300);
pub(in crate::app) const ROWS: Duration = Duration::from_secs(15);

pub(in crate::app) const SPEC: Spec = Spec {
    part: |slot| match slot {
        Slot::Work(_) | Slot::Tables => Part::Whole,
        _ => Part::No,
    },
    wants,
    is_found: |model| !has_tables(model),
    // Tables are found by what task definitions name, so not before those were read.
    is_awaited: |model| {
        let mut slots = model.readings.iter();
        model.fleet.listed.is_empty() || slots.any(|(slot, _)| matches!(slot, Slot::Work(_)))
    },
    step,
    open,
    filter: |model| Some(&model.work.list.filter),
    set_filter,
    columns: |_| names(&columns::columns()),
    sorted: |model| model.work.list.sort,
    sort: |model, sort| {
        model.work.list.sort = sort;
        settle_work(model);
    },
    copy: |model| model.selected_work().map(|(id, _)| id),
    describe,
    raw,
    ..Spec::blank(Pane::Work)
};

/// Whether the deck names tables.
fn has_tables(model: &Model) -> bool {
    let mut decks = model.setup.deck.iter();
    decks.any(|deck| !deck.tables.is_empty())
}

fn wants(model: &Model) -> Vec<Want> {
    let lists = (!has_tables(model)).then(|| Want::new(Slot::Tables, TABLES));
    let tables = wanted_tables(model).into_iter();
    let read = tables.map(|table| Want::new(Slot::Work(table), ROWS));
    lists.into_iter().chain(read).collect()
}

fn step(model: &mut Model, motion: Motion) -> bool {
    let keys = work_keys(model);
    model.work.list.cursor.settle(&keys);
    let moved = model.work.list.cursor.go(motion, &keys);
    if moved {
        model.moved_at = model.stamp.elapsed;
    }
    moved
}

fn open(model: &mut Model) {
    match model.work.list.cursor.on() {
        Some(WorkKey::Table(name)) if !model.work.tables.contains_key(name) => {
            let name = name.clone();
            model.readings.want(&Slot::Work(name.clone()));
            model.work.opened.insert(name);
        }
        _ => model.overlay = describe(model).map(Overlay::Viewer),
    }
}

fn set_filter(model: &mut Model, filter: Filter) {
    model.work.list.filter = filter;
    settle_work(model);
}
