//! The queues pane: how many messages wait, and what came to nothing.

pub(in crate::app) mod columns;
pub(in crate::app) mod rows;

use std::time::Duration;

use serde_json::json;

use super::columns::names;
use super::describe::json_viewer;
use super::spec::{Part, Spec, Want};
use crate::app::model::Model;
use crate::app::model::filter::Filter;
use crate::app::model::list::Motion;
use crate::app::model::overlay::Overlay;
use crate::app::model::slot::Slot;
use crate::app::model::viewer::Viewer;
use crate::domain::Queue;
use crate::keys::Pane;
use crate::text::Clean;

/// How often queues are read.
pub(in crate::app) const EVERY: Duration = Duration::from_secs(10);

pub(in crate::app) const SPEC: Spec = Spec {
    part: |slot| match slot {
        Slot::Queues => Part::Whole,
        _ => Part::No,
    },
    wants,
    is_found: |model| {
        let deck = model.setup.deck.as_ref();
        deck.is_none_or(|deck| deck.queues.is_empty())
    },
    step,
    open: |model| model.overlay = describe(model).map(Overlay::Viewer),
    filter: |model| Some(&model.queues.list.filter),
    set_filter,
    columns: |_| names(&columns::columns()),
    sorted: |model| model.queues.list.sort,
    order: |_| "the deck's order, then the deepest first",
    sort: |model, sort| {
        model.queues.list.sort = sort;
        model.queues.settle(model.setup.deck.as_ref());
    },
    copy: |model| model.queues.list.cursor.on().cloned(),
    describe,
    raw,
    ..Spec::blank(Pane::Queues)
};

/// Queues are found by what task definitions name, so not before services were listed.
fn wants(model: &Model) -> Vec<Want> {
    let listed = !model.fleet.listed.is_empty();
    listed
        .then(|| Want::new(Slot::Queues, EVERY))
        .into_iter()
        .collect()
}

fn step(model: &mut Model, motion: Motion) -> bool {
    let rows = model.queues.rows(model.setup.deck.as_ref());
    let keys: Vec<Clean> = rows.iter().map(|row| row.name.clone()).collect();
    model.queues.list.cursor.settle(&keys);
    let moved = model.queues.list.cursor.go(motion, &keys);
    if moved {
        model.moved_at = model.stamp.elapsed;
    }
    moved
}

fn set_filter(model: &mut Model, filter: Filter) {
    model.queues.list.filter = filter;
    model.queues.settle(model.setup.deck.as_ref());
}

fn named<'m>(model: &'m Model, name: &Clean) -> Option<&'m Queue> {
    let mut queues = model.queues.queues.iter();
    queues.find(|queue| queue.name == *name)
}

/// The selected queue, or the first where nobody has chosen one.
fn describe(model: &Model) -> Option<Viewer> {
    let queue = match model.queues.list.cursor.on() {
        Some(name) => named(model, name)?,
        None => model.queues.queues.first()?,
    };
    let title = Clean::own(format!("queue {}", queue.name));
    Some(json_viewer(title, &json!(queue)))
}

fn raw(model: &Model) -> Option<Viewer> {
    let name = model.queues.list.cursor.on()?;
    Some(json_viewer(name.clone(), &json!(named(model, name)?)))
}
