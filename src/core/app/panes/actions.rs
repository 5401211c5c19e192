//! What actions do, where nothing lies over the panes.

use super::describe::{describe_selected, raw_selected};
use super::logs::keys::{failed_log, logs, range, save, search, show_log};
use super::moving::{go, move_by, page, step_pane};
use super::services::rows::rebuild_services;
use super::tasks::rows::rebuild_tasks;
use super::work::rows::settle_work;
use crate::app::effect::{Effect, LoopEffect};
use crate::app::model::Model;
use crate::app::model::filter::Filter;
use crate::app::model::list::Motion;
use crate::app::model::log_pane::LogTarget;
use crate::app::model::notice::Tone;
use crate::app::model::overlay::Overlay;
use crate::app::model::pane::{DetailMode, Pane};
use crate::app::model::prompt::{Prompt, Purpose};
use crate::app::model::slot::Slot;
use crate::app::model::work_pane::WorkKey;
use crate::app::overlays::palette;
use crate::app::writes::acting::{Begun, begin_redrive, begin_stop, on_service};
use crate::app::writes::deciding::begin_scale;
use crate::app::writes::forms::{begin_retry, begin_run};
use crate::keys::Action;
use crate::text::Clean;

pub(in crate::app) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Down => move_by(model, Motion::By(1)),
        Action::Up => move_by(model, Motion::By(-1)),
        Action::PageDown => move_by(model, Motion::By(page(model))),
        Action::PageUp => move_by(model, Motion::By(-page(model))),
        Action::GoTop => move_by(model, Motion::First),
        Action::GoBottom => move_by(model, Motion::Last),
        Action::NextPane => step_pane(model, 1),
        Action::PreviousPane => step_pane(model, -1),
        Action::Open => open(model),
        Action::Back => _ = back(model),
        Action::Leave => {
            if !back(model) {
                return vec![Effect::Loop(LoopEffect::Quit)];
            }
        }
        Action::Services => go(model, Pane::Services),
        Action::Tasks => go(model, Pane::Tasks),
        Action::Queues => go(model, Pane::Queues),
        Action::Work => go(model, Pane::Work),
        Action::Why => detail(model, DetailMode::Why),
        Action::Events => detail(model, DetailMode::Timeline),
        Action::Difference => detail(model, DetailMode::Difference),
        Action::Deployments => detail(model, DetailMode::Deployments),
        Action::Logs => logs(model),
        Action::ZoomLogs => {
            let zoomed = model.zoom == Some(Pane::Logs);
            model.zoom = (!zoomed).then_some(Pane::Logs);
            model.focus = Pane::Logs;
        }
        Action::Filter if model.focus != Pane::Logs => {
            model.overlay = Some(Overlay::Prompt(
                Purpose::Filter,
                Prompt::new(&current_filter(model)),
            ));
        }
        // The log's lines are not rows: they are searched.
        Action::Filter | Action::Search => {
            model.overlay = Some(Overlay::Prompt(Purpose::Search, Prompt::default()));
        }
        Action::Palette => {
            model.overlay = Some(Overlay::Prompt(Purpose::Palette, Prompt::default()))
        }
        Action::Help => {
            let viewer = palette::help(model);
            model.overlay = Some(Overlay::Viewer(viewer));
        }
        Action::ProblemsOnly => {
            model.problems_only = !model.problems_only;
            rebuild_services(model);
        }
        Action::ToggleGroups => {
            model.stopped_one_by_one = !model.stopped_one_by_one;
            rebuild_tasks(model);
        }
        Action::ToggleStopped => {
            model.show_stopped = !model.show_stopped;
            rebuild_tasks(model);
        }
        Action::Describe => model.overlay = describe_selected(model).map(Overlay::Viewer),
        Action::Raw => model.overlay = raw_selected(model).map(Overlay::Viewer),
        Action::Copy => return copy(model),
        Action::Refresh => {
            model.fleet.forgive_unreadable();
            model.readings.want_all();
            model.note(Tone::Plain, Clean::literal("asking AWS"));
        }
        Action::Follow => model.logs.toggle_follow(),
        Action::SearchNext => search(model, false),
        Action::SearchPrevious => search(model, true),
        Action::RangeTail => range(model, 0),
        Action::Range1m => range(model, 1),
        Action::Range5m => range(model, 2),
        Action::Range15m => range(model, 3),
        Action::Range30m => range(model, 4),
        Action::Range1h => range(model, 5),
        Action::RangeHead => range(model, 6),
        Action::ToggleStamps => model.logs.stamps = !model.logs.stamps,
        Action::ToggleWrap => model.logs.wrap = !model.logs.wrap,
        Action::AllContainers => model.logs.next_container(),
        Action::FailedLog => failed_log(model),
        Action::SaveLog => return save(model),
        Action::Journal => return crate::app::overlays::journal::open(model),
        Action::Redeploy => on_service(model, Begun::Redeploy),
        Action::Rollback => on_service(model, |arn| Begun::Rollback(arn, None)),
        Action::Drain => on_service(model, Begun::Drain),
        Action::Autoscaling => on_service(model, Begun::Autoscaling),
        Action::Hook => on_service(model, Begun::Hook),
        Action::Deploy => on_service(model, Begun::Image),
        Action::Stop => begin_stop(model),
        Action::Redrive => begin_redrive(model),
        Action::Retry => begin_retry(model),
        Action::Undo => crate::app::writes::preparing::begin(model, Begun::Undo),
        Action::Mark => mark(model),
        Action::Run => begin_run(model),
        Action::Scale => begin_scale(model),
        Action::Suspend => return vec![Effect::Loop(LoopEffect::Suspend)],
        Action::Quit => return vec![Effect::Loop(LoopEffect::Quit)],
        // Only in a dialog or in a line of input.
        Action::Confirm
        | Action::Accept
        | Action::Cancel
        | Action::Preview
        // Only in the journal.
        | Action::Export
        | Action::PreviousField
        | Action::Complete => {}
    }
    Vec::new()
}

/// Marks the task that the cursor stands on, or takes its mark away, and goes on to the next.
fn mark(model: &mut Model) {
    let Some(task) = model.tasks.cursor.on().cloned() else {
        return;
    };
    if !model.marks.remove(&task) {
        model.marks.insert(task);
    }
    move_by(model, Motion::By(1));
}

fn detail(model: &mut Model, mode: DetailMode) {
    model.detail_top = 0;
    let at_length = model.reads_at_length();
    // The same key once more goes back to what it was.
    if model.detail == mode && mode != DetailMode::Why {
        model.detail = DetailMode::Why;
        if at_length {
            go(model, Pane::Services);
        }
        return;
    }
    model.detail = mode;
    match mode {
        DetailMode::Why if model.focus != Pane::Services => go(model, Pane::Services),
        DetailMode::Timeline | DetailMode::Difference => go(model, Pane::Detail),
        DetailMode::Why | DetailMode::Deployments => {}
    }
}

fn open(model: &mut Model) {
    match model.focus {
        Pane::Services => go(model, Pane::Tasks),
        Pane::Tasks => {
            if let Some(task) = model.tasks.cursor.on().cloned() {
                show_log(model, LogTarget::Task(task));
            }
        }
        Pane::Work => match model.work.list.cursor.on() {
            Some(WorkKey::Table(name)) if !model.work.tables.contains_key(name) => {
                let name = name.clone();
                model.readings.want(&Slot::Work(name.clone()));
                model.work.opened.insert(name);
            }
            _ => model.overlay = describe_selected(model).map(Overlay::Viewer),
        },
        Pane::Detail | Pane::Queues => {
            model.overlay = describe_selected(model).map(Overlay::Viewer);
        }
        Pane::Logs => {
            model.zoom = if model.zoom.is_some() {
                None
            } else {
                Some(Pane::Logs)
            }
        }
    }
}

/// One step back: the filter, then the zoom, then what the log was pinned to, then the pane. Gives whether there was
/// anywhere to go back to.
fn back(model: &mut Model) -> bool {
    if model.focus == Pane::Tasks && !model.marks.is_empty() {
        model.marks.clear();
    } else if !current_filter(model).is_empty() {
        set_filter(model, "");
    } else if model.focus == Pane::Logs && !model.logs.search.is_empty() {
        model.logs.search.clear();
    } else if model.zoom.is_some() {
        model.zoom = None;
    } else if model.focus == Pane::Logs && !model.logs.at_end {
        model.logs.stand_at_end();
    } else if model.logs.pinned {
        model.logs.pinned = false;
        model.focus = Pane::Services;
    } else if model.reads_at_length() {
        model.detail = DetailMode::Why;
        model.focus = Pane::Services;
    } else if model.detail != DetailMode::Why {
        model.detail = DetailMode::Why;
    } else if model.focus != Pane::Services {
        model.tasks.cursor.release();
        model.focus = Pane::Services;
    } else {
        return false;
    }
    true
}

pub(in crate::app) fn set_filter(model: &mut Model, text: &str) {
    let filter = Filter::new(text);
    match model.focus {
        Pane::Logs => {}
        Pane::Detail if model.detail == DetailMode::Timeline => {
            model.timeline_filter = filter;
            model.detail_top = 0;
        }
        Pane::Services | Pane::Detail => {
            model.services.filter = filter;
            rebuild_services(model);
        }
        Pane::Tasks => {
            model.tasks.filter = filter;
            rebuild_tasks(model);
        }
        Pane::Queues => {
            model.queues.list.filter = filter;
            model.queues.settle(model.setup.deck.as_ref());
        }
        Pane::Work => {
            model.work.list.filter = filter;
            settle_work(model);
        }
    }
}

fn current_filter(model: &Model) -> String {
    let filter = match model.focus {
        Pane::Detail if model.detail == DetailMode::Timeline => &model.timeline_filter,
        Pane::Services | Pane::Detail => &model.services.filter,
        Pane::Tasks => &model.tasks.filter,
        Pane::Queues => &model.queues.list.filter,
        Pane::Work => &model.work.list.filter,
        Pane::Logs => return String::new(),
    };
    filter.text().to_owned()
}

fn copy(model: &mut Model) -> Vec<Effect> {
    let text = match model.focus {
        Pane::Services | Pane::Detail => match model.services.cursor.on() {
            Some(crate::app::model::row_key::RowKey::Service(arn)) => Some(arn.clean().clone()),
            _ => model.selected().map(|row| row.name.clone()),
        },
        Pane::Tasks => model.tasks.cursor.on().map(|arn| arn.clean().clone()),
        Pane::Queues => model.queues.list.cursor.on().cloned(),
        Pane::Work => model.selected_work().map(|(id, _)| id),
        Pane::Logs => {
            let lines: Vec<&str> = model
                .logs
                .window(usize::from(model.size.1))
                .iter()
                .map(|line| line.text.as_str())
                .collect();
            (!lines.is_empty()).then(|| Clean::own(lines.join("\n")))
        }
    };
    match text {
        Some(text) => {
            let shown = crate::text::fit(&text, 60, crate::text::Ellipsis::END).into_owned();
            model.note(Tone::Good, Clean::new(&format!("copied {shown}")));
            vec![Effect::Loop(LoopEffect::Copy(text))]
        }
        None => Vec::new(),
    }
}
