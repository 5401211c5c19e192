//! The services pane: clusters and services, the most broken first.

pub(in crate::app) mod columns;
pub(in crate::app) mod describe;
pub(in crate::app) mod missing;
pub(in crate::app) mod rows;
pub(in crate::app) mod serving;
pub(in crate::app) mod story;

use self::describe::{describe, raw};
use self::rows::settle_services;
use super::columns::names;
use super::moving::go;
use super::spec::{Needs, Part, Spec};
use super::tasks::rows::settle_tasks;
use crate::app::model::Model;
use crate::app::model::filter::Filter;
use crate::app::model::list::Motion;
use crate::app::model::row_key::RowKey;
use crate::app::model::slot::Slot;
use crate::keys::Pane;
use crate::text::Clean;

pub(in crate::app) const SPEC: Spec = Spec {
    needs: Needs {
        verdicts: true,
        ..Needs::NOTHING
    },
    part,
    step,
    open: |model| go(model, Pane::Tasks),
    filter: |model| Some(&model.services.filter),
    set_filter,
    columns: |_| names(&columns::COLUMNS),
    sorted: |model| model.services.sort,
    sort: |model, sort| {
        model.services.sort = sort;
        settle_services(model);
    },
    copy,
    describe,
    raw,
    ..Spec::blank(Pane::Services)
};

pub(in crate::app) fn part(slot: &Slot) -> Part {
    match slot {
        Slot::Services(_) | Slot::Clusters | Slot::Identity => Part::Whole,
        Slot::Watched(_) => Part::Quicker,
        _ => Part::No,
    }
}

fn step(model: &mut Model, motion: Motion) -> bool {
    let rows = model.service_rows.iter();
    let keys: Vec<_> = rows.map(|row| row.key.clone()).collect();
    let moved = model.services.cursor.go(motion, &keys);
    if moved {
        model.moved_at = model.stamp.elapsed;
        model.tasks.cursor.release();
        model.marks.clear();
        model.detail_top = 0;
        model.logs.pinned = false;
        settle_tasks(model);
    }
    moved
}

pub(in crate::app) fn set_filter(model: &mut Model, filter: Filter) {
    model.services.filter = filter;
    settle_services(model);
}

pub(in crate::app) fn copy(model: &Model) -> Option<Clean> {
    match model.services.cursor.on() {
        Some(RowKey::Service(arn)) => Some(arn.clean().clone()),
        _ => model.selected().map(|row| row.name.clone()),
    }
}
