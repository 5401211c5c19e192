//! What actions do, where nothing lies over the panes.

use super::logs::keys::{begin_pattern, failed_log, range, save, zoom};
use super::logs::portion;
use super::moving::{go_or_say, half_page, page, step_pane};
use super::services::rows::settle_services;
use super::tasks::rows::settle_tasks;
use super::{copying, detail, searching, sorting, tasks};
use crate::app::effect::{Effect, LoopEffect};
use crate::app::model::Model;
use crate::app::model::filter::Filter;
use crate::app::model::list::{Motion, Sort};
use crate::app::model::notice::Tone;
use crate::app::model::overlay::Overlay;
use crate::app::model::pane::{DetailMode, Pane};
use crate::app::model::prompt::{Prompt, Purpose};
use crate::app::model::viewer::Viewer;
use crate::app::overlays::help::help;
use crate::app::overlays::{query, sources};
use crate::app::panes;
use crate::app::writes::driver::begin;
use crate::app::writes::table::pressed;
use crate::keys::{Action, pane_actions, write_actions};
use crate::text::Clean;

pub(in crate::app) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Down => step(model, Motion::By(1)),
        Action::Up => step(model, Motion::By(-1)),
        Action::PageDown => step(model, Motion::By(page(model))),
        Action::PageUp => step(model, Motion::By(-page(model))),
        Action::HalfDown => step(model, Motion::By(half_page(model))),
        Action::HalfUp => step(model, Motion::By(-half_page(model))),
        Action::GoTop => step(model, Motion::First),
        Action::GoBottom => step(model, Motion::Last),
        Action::NextPane => step_pane(model, 1),
        Action::PreviousPane => step_pane(model, -1),
        Action::Open => {
            let before = (model.focus, model.zoom, model.work.opened.len());
            (panes::of(model.focus).open)(model);
            let after = (model.focus, model.zoom, model.work.opened.len());
            if before == after && model.overlay.is_none() {
                nothing_selected(model);
            }
        }
        Action::Back => {
            if !back(model) {
                let key = key_of(model, Action::Leave);
                let text = format!("there is nothing to go back from: {key} leaves the console");
                model.note(Tone::Plain, Clean::own(text));
            }
        }
        Action::Leave => {
            if !back(model) {
                return vec![Effect::Loop(LoopEffect::Quit)];
            }
        }
        pane_actions!() => action
            .info()
            .pane
            .into_iter()
            .for_each(|pane| enter(model, pane)),
        Action::Events => detail::show(model, DetailMode::Timeline),
        Action::Difference => detail::show(model, DetailMode::Difference),
        Action::Deployments => detail::show(model, DetailMode::Deployments),
        Action::ZoomLogs => zoom(model),
        Action::Filter if (panes::of(model.focus).filter)(model).is_some() => {
            model.overlay = Some(Overlay::Prompt(
                Purpose::Filter,
                Prompt::new(&current_filter(model)),
            ));
        }
        // Lines are not rows: they are searched.
        Action::Filter | Action::Search => searching::begin(model),
        Action::Palette => {
            model.palette.begin();
            model.overlay = Some(Overlay::Prompt(Purpose::Palette, Prompt::default()));
        }
        Action::Help => {
            let viewer = help(model);
            model.overlay = Some(Overlay::Viewer(viewer));
        }
        Action::SortNext => sorting::next(model, true),
        Action::SortPrevious => sorting::next(model, false),
        Action::SortReverse => sorting::reverse(model),
        Action::ProblemsOnly => {
            model.problems_only = !model.problems_only;
            settle_services(model);
        }
        Action::ToggleGroups => {
            model.stopped_one_by_one = !model.stopped_one_by_one;
            settle_tasks(model);
        }
        Action::ToggleStopped => {
            model.show_stopped = !model.show_stopped;
            settle_tasks(model);
        }
        Action::Describe => view(model, (panes::of(model.focus).describe)(model)),
        Action::Raw => view(model, (panes::of(model.focus).raw)(model)),
        Action::Copy => return copy(model),
        Action::Refresh => {
            model.fleet.change().forgive_unreadable();
            model.readings.want_all();
            model.journal_pane.asked = None;
            model.note(Tone::Plain, Clean::literal("asking AWS"));
        }
        Action::Follow => model.logs.toggle_follow(),
        Action::SearchNext => searching::next(model, false),
        Action::SearchPrevious => searching::next(model, true),
        Action::ServerFilter => begin_pattern(model),
        Action::RangeTail => range(model, 0),
        Action::Range1m => range(model, 1),
        Action::Range5m => range(model, 2),
        Action::Range15m => range(model, 3),
        Action::Range30m => range(model, 4),
        Action::Range1h => range(model, 5),
        Action::RangeHead => range(model, 6),
        Action::ToggleStamps => model.logs.stamps = model.logs.stamps.next(),
        Action::ToggleFold => {
            model.logs.folds = !model.logs.folds;
            let text = if model.logs.folds {
                "JSON, logfmt and stack traces are folded"
            } else {
                "lines are shown as they were written"
            };
            model.note(Tone::Plain, Clean::literal(text));
        }
        Action::LineFilter => {
            let prompt = Prompt::new(model.logs.lines.text());
            model.overlay = Some(Overlay::Prompt(Purpose::LineFilter, prompt));
        }
        Action::ToggleWrap => model.logs.wrap = !model.logs.wrap,
        Action::AllContainers => {
            let before = model.logs.container.clone();
            model.logs.next_container();
            if model.logs.container == before {
                let text = "no container has written to this log yet";
                model.note(Tone::Plain, Clean::literal(text));
            }
        }
        Action::FailedLog => failed_log(model),
        Action::ChooseLogs => sources::begin(model),
        Action::Query => query::begin(model, ""),
        Action::SaveLog => return save(model, portion::ALL),
        Action::Export => match detail::journal::export(model) {
            Some(saved) => return vec![saved],
            None => model.note(
                Tone::Plain,
                Clean::literal("only the journal is exported: J opens it"),
            ),
        },
        Action::Journal => detail::show(model, DetailMode::Journal),
        Action::Mark if model.tasks.cursor.on().is_none() => nothing_selected(model),
        Action::Mark => tasks::mark(model),
        write_actions!() => {
            if let Some(wish) = pressed(model, action) {
                begin(model, wish);
            }
        }
        Action::Suspend => return vec![Effect::Loop(LoopEffect::Suspend)],
        Action::Quit => return vec![Effect::Loop(LoopEffect::Quit)],
        // Only in a dialog or in a line of input.
        Action::Confirm
        | Action::Accept
        | Action::Cancel
        | Action::Preview
        | Action::PreviousField
        | Action::Complete => {}
    }
    Vec::new()
}

/// Shows text over the panes, where there is any.
fn view(model: &mut Model, viewer: Option<Viewer>) {
    match viewer {
        Some(viewer) => model.overlay = Some(Overlay::Viewer(viewer)),
        None => nothing_selected(model),
    }
}

fn nothing_selected(model: &mut Model) {
    model.note(Tone::Plain, Clean::literal("nothing is selected here"));
}

/// Goes to a pane by its key.
fn enter(model: &mut Model, pane: Pane) {
    match panes::of(pane).enter {
        Some(enter) => enter(model),
        None => go_or_say(model, pane),
    }
}

/// Moves; where there is no further row, says so.
fn step(model: &mut Model, motion: Motion) {
    if (panes::of(model.focus).step)(model, motion) {
        return;
    }
    let up = match motion {
        Motion::By(by) => by < 0,
        Motion::First => true,
        Motion::Last => false,
    };
    let text = if up {
        "this is the beginning"
    } else {
        "this is the end"
    };
    model.note(Tone::Plain, Clean::literal(text));
}

/// The shortest key of an action, as it is bound here.
fn key_of(model: &Model, action: Action) -> String {
    let keys = model.setup.keymap.keys(action, model.focus.scope());
    keys.into_iter().next().unwrap_or_default()
}

/// One step back: marks, the filter, the zoom, then what the log was pinned to, then the pane. Gives whether there was
/// anywhere to go back to.
fn back(model: &mut Model) -> bool {
    let pane = panes::of(model.focus);
    if (pane.clear)(model) {
    } else if !current_filter(model).is_empty() {
        set_filter(model, "");
    } else if model.zoom.is_some() {
        model.zoom = None;
    } else if (pane.back)(model) {
    } else if model.logs.pinned {
        model.logs.pinned = false;
        model.focus = Pane::Services;
    } else if detail::back_to_why(model) {
    } else if model.focus != Pane::Services {
        model.tasks.cursor.release();
        model.focus = Pane::Services;
    } else {
        return false;
    }
    true
}

pub(in crate::app) fn set_filter(model: &mut Model, text: &str) {
    (panes::of(model.focus).set_filter)(model, Filter::new(text));
}

/// Sorts the rows by a column that somebody names, the greatest first where a `-` stands before it; where none is named,
/// they go back to their own order.
pub(in crate::app) fn sort(model: &mut Model, by: &str) -> Result<(), Clean> {
    let pane = panes::of(model.focus);
    let (descending, name) = match by.trim().strip_prefix('-') {
        Some(name) => (true, name),
        None => (false, by.trim()),
    };
    let columns = (pane.columns)(model);
    let column = columns
        .iter()
        .find(|column| column.eq_ignore_ascii_case(name));
    match column {
        Some(column) => (pane.sort)(model, Some(Sort { column, descending })),
        None if columns.is_empty() => {
            let text = format!("the rows of {} cannot be sorted", model.focus.scope());
            return Err(Clean::own(text));
        }
        None if name.is_empty() => (pane.sort)(model, None),
        None => {
            let name = Clean::new(name);
            let text = format!("no column {name} (available: {})", columns.join(", "));
            return Err(Clean::own(text));
        }
    }
    Ok(())
}

fn current_filter(model: &Model) -> String {
    let filter = (panes::of(model.focus).filter)(model);
    filter.map_or_else(String::new, |filter| filter.text().to_owned())
}

fn copy(model: &mut Model) -> Vec<Effect> {
    let Some(text) = (panes::of(model.focus).copy)(model) else {
        nothing_selected(model);
        return Vec::new();
    };
    let shown = crate::text::fit(&text, 60, crate::text::Ellipsis::END).into_owned();
    copying::copy(model, text, &shown)
}
