//! The log pane.

pub(in crate::app) mod keys;
mod line;
mod opened;
pub(in crate::app) mod portion;

pub use line::{ReadLines, ShownLine};

use super::moving::go_or_say;
use super::services;
use super::spec::{Needs, Part, Spec, Want};
use crate::app::model::Model;
use crate::app::model::list::Motion;
use crate::app::model::slot::Slot;
use crate::keys::Pane;
use crate::logs::LineFilter;
use crate::text::Clean;

pub(in crate::app) const SPEC: Spec = Spec {
    needs: Needs {
        tasks: true,
        definitions: true,
        ..Needs::NOTHING
    },
    part: |slot| match slot {
        Slot::Logs => Part::Whole,
        _ => Part::No,
    },
    wants: |model| {
        let follows = model.logs.follow.is_some();
        let want = Want {
            own_pace: true,
            ..Want::new(Slot::Logs, model.logs.every())
        };
        follows.then_some(want).into_iter().collect()
    },
    is_awaited: |model| model.logs.silent.is_none() && model.logs.target.is_some(),
    step,
    enter: Some(enter),
    open,
    clear,
    back,
    copy,
    describe: services::describe::describe,
    raw: services::describe::raw,
    ..Spec::blank(Pane::Logs)
};

/// Goes to the log of what is selected.
fn enter(model: &mut Model) {
    if model.focus == Pane::Logs {
        return go_or_say(model, Pane::Logs);
    }
    keys::logs(model);
}

fn step(model: &mut Model, motion: Motion) -> bool {
    let before = model.logs.place();
    match motion {
        Motion::By(by) => model.logs.scroll(by),
        Motion::First => model.logs.stand_at_start(usize::from(model.size.1)),
        Motion::Last => model.logs.stand_at_end(),
    }
    model.logs.place() != before
}

/// Opens the last line that is shown.
fn open(model: &mut Model) {
    opened::open(model);
}

/// Takes back the search first, then the line filter, then CloudWatch's.
fn clear(model: &mut Model) -> bool {
    let logs = &mut model.logs;
    if !logs.search.is_empty() {
        logs.search_for("");
        return true;
    }
    if !logs.lines.is_empty() {
        logs.lines = LineFilter::default();
        return true;
    }
    let filtered = logs.pattern.is_some();
    if filtered {
        keys::set_pattern(model, "");
    }
    filtered
}

fn back(model: &mut Model) -> bool {
    let elsewhere = !model.logs.at_end;
    if elsewhere {
        model.logs.stand_at_end();
    }
    elsewhere
}

/// The lines that are seen.
fn copy(model: &Model) -> Option<Clean> {
    let lines = model.logs.window(usize::from(model.size.1));
    let lines: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    (!lines.is_empty()).then(|| Clean::own(lines.join("\n")))
}
