//! What keys do.

use super::detail::{DetailMode, describe_selected, raw_selected};
use super::dialog::{Answer, Confirm, GRACE};
use super::effect::Effect;
use super::filter::Filter;
use super::input::{Prompt, Purpose};
use super::list::Motion;
use super::log_pane::{LogRange, LogTarget};
use super::model::{Model, Overlay, Pane, Running, Tone};
use super::palette;
use super::update::{rebuild_services, rebuild_tasks};
use super::viewer::Viewer;
use crate::act::{Intent, IntentId, Stage, scale};
use crate::domain::Arn;
use crate::keys::{Action, Key, Outcome, Scope};
use crate::text::Clean;

/// Takes a key.
pub(super) fn press(model: &mut Model, key: Key, alone: bool) -> Vec<Effect> {
    if model
        .notice
        .as_ref()
        .is_some_and(|notice| notice.until.is_none())
    {
        model.notice = None;
    }
    let scope = model.scope();
    let mut pending = std::mem::take(&mut model.pending);
    let outcome = model.setup.keymap.press(scope.chain(), &mut pending, key);
    model.pending = pending;
    let action = match outcome {
        Outcome::Action(action) => Some(action),
        Outcome::Unbound => None,
        Outcome::Pending(_) | Outcome::Cancelled => return Vec::new(),
    };
    match action {
        // These two work everywhere: a question must never keep somebody from leaving.
        Some(Action::Suspend) => return vec![Effect::Suspend],
        Some(Action::Quit) if model.overlay.is_none() || key.ctrl => return vec![Effect::Quit],
        _ => {}
    }
    match model.overlay.take() {
        Some(Overlay::Prompt(purpose, prompt)) => in_prompt(model, purpose, prompt, action, key),
        Some(Overlay::Confirm(confirm)) => in_question(model, confirm, action, key, alone),
        Some(Overlay::Viewer(viewer)) => in_viewer(model, viewer, action),
        None => action.map(|action| act(model, action)).unwrap_or_default(),
    }
}

/// Takes pasted text: only a line of input wants any. It never answers a question.
pub(super) fn paste(model: &mut Model, text: &str) {
    let Some(Overlay::Prompt(purpose, prompt)) = &mut model.overlay else {
        return;
    };
    prompt.paste(text);
    let (purpose, prompt) = (purpose.clone(), prompt.clone());
    typed(model, &purpose, &prompt);
}

impl Model {
    /// Where keys are looked up.
    pub fn scope(&self) -> Scope {
        match &self.overlay {
            Some(Overlay::Prompt(..)) => Scope::Input,
            Some(Overlay::Confirm(confirm)) => confirm.scope(),
            Some(Overlay::Viewer(_)) | None => match self.focus {
                Pane::Services => Scope::Services,
                Pane::Tasks => Scope::Tasks,
                Pane::Detail => Scope::Detail,
                Pane::Queues => Scope::Queues,
                Pane::Work => Scope::Work,
                Pane::Logs => Scope::Logs,
            },
        }
    }
}

fn in_prompt(
    model: &mut Model,
    purpose: Purpose,
    mut prompt: Prompt,
    action: Option<Action>,
    key: Key,
) -> Vec<Effect> {
    match action {
        Some(Action::Cancel) => {
            typed(model, &purpose, &Prompt::default());
            Vec::new()
        }
        Some(Action::Accept) => accept(model, purpose, prompt),
        Some(Action::Complete) if purpose == Purpose::Palette => {
            let completed =
                palette::complete(prompt.text()).map_or(prompt, |text| Prompt::new(&text));
            model.overlay = Some(Overlay::Prompt(purpose, completed));
            Vec::new()
        }
        _ => {
            if prompt.press(key) {
                typed(model, &purpose, &prompt);
            }
            model.overlay = Some(Overlay::Prompt(purpose, prompt));
            Vec::new()
        }
    }
}

/// Filters and searches take effect while they are typed.
fn typed(model: &mut Model, purpose: &Purpose, prompt: &Prompt) {
    match purpose {
        Purpose::Filter => set_filter(model, prompt.text()),
        Purpose::Search => model.logs.search = prompt.text().to_owned(),
        Purpose::Palette | Purpose::Scale(_) => {}
    }
}

fn set_filter(model: &mut Model, text: &str) {
    let filter = Filter::new(text);
    match model.focus {
        Pane::Services | Pane::Detail | Pane::Logs => {
            model.services.filter = filter;
            rebuild_services(model);
        }
        Pane::Tasks => {
            model.tasks.filter = filter;
            rebuild_tasks(model);
        }
        Pane::Queues => model.queues.list.filter = filter,
        Pane::Work => model.work.list.filter = filter,
    }
}

fn accept(model: &mut Model, purpose: Purpose, prompt: Prompt) -> Vec<Effect> {
    match purpose {
        Purpose::Filter => Vec::new(),
        Purpose::Search => {
            if !prompt.text().is_empty() && !model.logs.find(true) {
                model.note(
                    Tone::Plain,
                    Clean::own(format!("not found: {}", Clean::new(prompt.text()))),
                );
            }
            Vec::new()
        }
        Purpose::Palette => match palette::resolve(model, prompt.text()) {
            Ok(palette::Command::Do(action)) => act(model, action),
            Ok(palette::Command::Log(name)) => {
                show_log(model, LogTarget::Group(name));
                Vec::new()
            }
            Err(why) => {
                model.note(Tone::Bad, why);
                model.overlay = Some(Overlay::Prompt(purpose, prompt));
                Vec::new()
            }
        },
        Purpose::Scale(ref service) => match intent(model, service, prompt.text()) {
            Ok(intent) => ask(model, intent),
            Err(why) => {
                // What was typed is kept, so that it can be put right.
                model.note(Tone::Bad, why);
                model.overlay = Some(Overlay::Prompt(purpose, prompt));
                Vec::new()
            }
        },
    }
}

fn intent(model: &Model, service: &Arn, count: &str) -> Result<Intent, Clean> {
    if let Some(why) = model.writes_off() {
        return Err(why);
    }
    let (Some(service), Some(identity)) = (model.fleet.services.get(service), &model.identity)
    else {
        return Err(Clean::literal("the service is no longer there"));
    };
    let id = IntentId::new(model.stamp.entropy);
    scale(
        id,
        model.stamp.now,
        identity,
        &model.setup.region,
        service,
        count,
    )
    .map_err(|why| Clean::own(why.to_string()))
}

/// Puts the question before a write.
fn ask(model: &mut Model, intent: Intent) -> Vec<Effect> {
    if model
        .running
        .values()
        .any(|running| running.target == intent.target.service)
    {
        model.note(
            Tone::Bad,
            Clean::literal("another change to this service is under way"),
        );
        return Vec::new();
    }
    model.questions = model.questions.saturating_add(1);
    let question = model.questions;
    let name = palette::must_be_typed(model, &intent);
    let confirm = Confirm {
        notes: palette::notes(model, &intent),
        name,
        intent,
        typed: Prompt::default(),
        armed: false,
        question,
        armed_by: model.stamp.elapsed.saturating_add(GRACE),
    };
    model.overlay = Some(Overlay::Confirm(Box::new(confirm)));
    vec![Effect::AskShown(question)]
}

fn in_question(
    model: &mut Model,
    mut confirm: Box<Confirm>,
    action: Option<Action>,
    key: Key,
    alone: bool,
) -> Vec<Effect> {
    match confirm.press(action, key, alone) {
        Answer::Wait => {
            model.overlay = Some(Overlay::Confirm(confirm));
            Vec::new()
        }
        Answer::No => {
            model.note(Tone::Plain, Clean::literal("nothing was changed"));
            Vec::new()
        }
        Answer::Yes => vec![begin(model, confirm.intent)],
    }
}

/// A write was confirmed: from here on it is the worker's.
pub(super) fn begin(model: &mut Model, intent: Intent) -> Effect {
    let name = Clean::new(intent.target.service.name());
    let changes: Vec<String> = intent
        .changes
        .iter()
        .map(|change| format!("{} \u{2192} {}", change.before, change.after))
        .collect();
    let running = Running {
        title: Clean::own(format!("{} {name} {}", intent.verb, changes.join(", "))),
        target: intent.target.service.clone(),
        stage: Stage::Checking,
    };
    model.running.insert(intent.id.clone(), running);
    Effect::Act(Box::new(intent))
}

fn in_viewer(model: &mut Model, mut viewer: Viewer, action: Option<Action>) -> Vec<Effect> {
    let page = usize::from(model.size.1.saturating_sub(4)).max(1);
    let last = viewer.lines.len().saturating_sub(page);
    viewer.top = match action {
        Some(
            Action::Back
            | Action::Quit
            | Action::Open
            | Action::Help
            | Action::Raw
            | Action::Describe,
        ) => return Vec::new(),
        Some(Action::Down) => viewer.top.saturating_add(1).min(last),
        Some(Action::Up) => viewer.top.saturating_sub(1),
        Some(Action::PageDown) => viewer.top.saturating_add(page).min(last),
        Some(Action::PageUp) => viewer.top.saturating_sub(page),
        Some(Action::GoTop) => 0,
        Some(Action::GoBottom) => last,
        Some(Action::Copy) => {
            let text: Vec<&str> = viewer.lines.iter().map(|line| line.text.as_str()).collect();
            let text = Clean::own(text.join("\n"));
            model.overlay = Some(Overlay::Viewer(viewer));
            return vec![Effect::Copy(text)];
        }
        _ => viewer.top,
    };
    model.overlay = Some(Overlay::Viewer(viewer));
    Vec::new()
}

fn act(model: &mut Model, action: Action) -> Vec<Effect> {
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
        Action::Back => back(model),
        Action::Services => go(model, Pane::Services),
        Action::Tasks => go(model, Pane::Tasks),
        Action::Queues => go(model, Pane::Queues),
        Action::Work => go(model, Pane::Work),
        Action::Why => detail(model, DetailMode::Why),
        Action::Events => detail(model, DetailMode::Events),
        Action::Deployments => detail(model, DetailMode::Deployments),
        Action::Logs => logs(model),
        Action::ZoomLogs => {
            let zoomed = model.zoom == Some(Pane::Logs);
            model.zoom = (!zoomed).then_some(Pane::Logs);
            model.focus = Pane::Logs;
        }
        Action::Filter => {
            model.overlay = Some(Overlay::Prompt(
                Purpose::Filter,
                Prompt::new(&current_filter(model)),
            ));
        }
        Action::Search => {
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
        Action::ToggleStopped => {
            model.show_stopped = !model.show_stopped;
            rebuild_tasks(model);
        }
        Action::Describe => model.overlay = describe_selected(model).map(Overlay::Viewer),
        Action::Raw => model.overlay = raw_selected(model).map(Overlay::Viewer),
        Action::Copy => return copy(model),
        Action::Refresh => {
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
        Action::Scale => begin_scale(model),
        Action::Suspend => return vec![Effect::Suspend],
        Action::Quit => return vec![Effect::Quit],
        // Only in a dialog or in a line of input.
        Action::Confirm | Action::Accept | Action::Cancel | Action::Complete => {}
    }
    Vec::new()
}

fn page(model: &Model) -> isize {
    isize::try_from(usize::from(model.size.1) / 2)
        .unwrap_or(1)
        .max(1)
}

fn move_by(model: &mut Model, motion: Motion) {
    match model.focus {
        Pane::Services => {
            let keys: Vec<_> = model
                .service_rows
                .iter()
                .map(|row| row.key.clone())
                .collect();
            if model.services.cursor.go(motion, &keys) {
                model.moved_at = model.stamp.elapsed;
                model.tasks.cursor.release();
                model.detail_top = 0;
                model.logs.pinned = false;
                rebuild_tasks(model);
            }
        }
        Pane::Tasks => {
            let keys: Vec<_> = model.task_rows.iter().map(|row| row.key.clone()).collect();
            if model.tasks.cursor.go(motion, &keys) {
                model.detail_top = 0;
            }
        }
        Pane::Detail => {
            let lines = model.detail_lines().len().saturating_sub(1);
            model.detail_top = match motion {
                Motion::By(by) => model.detail_top.saturating_add_signed(by).min(lines),
                Motion::First => 0,
                Motion::Last => lines,
            };
        }
        Pane::Queues => {
            let keys: Vec<Clean> = model
                .queues
                .rows(model.setup.deck.as_ref())
                .iter()
                .map(|row| row.name.clone())
                .collect();
            model.queues.list.cursor.settle(&keys);
            model.queues.list.cursor.go(motion, &keys);
        }
        Pane::Work => {
            let keys: Vec<_> = model
                .work_rows()
                .iter()
                .map(super::work_pane::WorkRow::key)
                .collect();
            model.work.list.cursor.settle(&keys);
            model.work.list.cursor.go(motion, &keys);
        }
        Pane::Logs => match motion {
            Motion::By(by) => model.logs.scroll(by),
            Motion::First => model.logs.stand_at_start(usize::from(model.size.1)),
            Motion::Last => model.logs.stand_at_end(),
        },
    }
}

fn step_pane(model: &mut Model, by: isize) {
    let at = Pane::ALL
        .iter()
        .position(|pane| *pane == model.focus)
        .unwrap_or(0);
    let count = Pane::ALL.len();
    let next = at.saturating_add(count).saturating_add_signed(by) % count;
    if let Some(pane) = Pane::ALL.get(next) {
        go(model, *pane);
    }
}

fn go(model: &mut Model, pane: Pane) {
    model.focus = pane;
    model.zoom = model.zoom.map(|_| pane);
}

fn detail(model: &mut Model, mode: DetailMode) {
    // The same key once more goes back to what it was.
    if model.detail == mode && mode != DetailMode::Why {
        model.detail = DetailMode::Why;
    } else {
        model.detail = mode;
        if mode == DetailMode::Why && model.focus != Pane::Services {
            model.focus = Pane::Services;
        }
    }
    model.detail_top = 0;
}

fn open(model: &mut Model) {
    match model.focus {
        Pane::Services => go(model, Pane::Tasks),
        Pane::Tasks => {
            if let Some(task) = model.tasks.cursor.on().cloned() {
                show_log(model, LogTarget::Task(task));
            }
        }
        Pane::Detail | Pane::Queues | Pane::Work => {
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

/// One step back: the filter, then the zoom, then what the log was pinned to, then the pane.
fn back(model: &mut Model) {
    if !current_filter(model).is_empty() {
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
    } else if model.detail != DetailMode::Why {
        model.detail = DetailMode::Why;
    } else {
        model.tasks.cursor.release();
        model.focus = Pane::Services;
    }
}

fn current_filter(model: &Model) -> String {
    let filter = match model.focus {
        Pane::Services | Pane::Detail => &model.services.filter,
        Pane::Tasks => &model.tasks.filter,
        Pane::Queues => &model.queues.list.filter,
        Pane::Work => &model.work.list.filter,
        Pane::Logs => return String::new(),
    };
    filter.text().to_owned()
}

pub(super) fn show_log(model: &mut Model, target: LogTarget) {
    model.logs.clear();
    model.logs.target = Some(target);
    model.logs.pinned = true;
    model.focus = Pane::Logs;
    if model.zoom.is_some() {
        model.zoom = Some(Pane::Logs);
    }
    model.readings.cancel(&super::query::Slot::Logs);
}

fn logs(model: &mut Model) {
    match (model.focus, model.tasks.cursor.on().cloned()) {
        (Pane::Tasks, Some(task)) => show_log(model, LogTarget::Task(task)),
        _ => go(model, Pane::Logs),
    }
}

/// The log of the selected row's task that failed last.
fn failed_log(model: &mut Model) {
    let Some(key) = model.services.cursor.on() else {
        return;
    };
    let last = model
        .fleet
        .tasks_of(key)
        .into_iter()
        .filter(|task| crate::diagnose::is_failure(task))
        .max_by_key(|task| task.stopped)
        .map(|task| task.arn.clone());
    match last {
        Some(task) => {
            show_log(model, LogTarget::Task(task));
            model.logs.range = LogRange {
                seconds: 3_600,
                label: "1h",
            };
        }
        None => model.note(
            Tone::Plain,
            Clean::literal("no task of this row has failed in the last hour"),
        ),
    }
}

fn search(model: &mut Model, back: bool) {
    if model.logs.search.is_empty() {
        model.note(
            Tone::Plain,
            Clean::literal("nothing is searched for: / begins a search"),
        );
    } else if !model.logs.find(back) {
        model.note(
            Tone::Plain,
            Clean::own(format!(
                "no further match for {}",
                Clean::new(&model.logs.search)
            )),
        );
    }
}

fn range(model: &mut Model, which: usize) {
    if let Some(range) = LogRange::ALL.get(which) {
        let (target, pinned) = (model.logs.target.clone(), model.logs.pinned);
        model.logs.clear();
        (model.logs.target, model.logs.pinned) = (target, pinned);
        model.logs.range = *range;
        model.readings.cancel(&super::query::Slot::Logs);
    }
}

fn copy(model: &mut Model) -> Vec<Effect> {
    let text = match model.focus {
        Pane::Services | Pane::Detail => match model.services.cursor.on() {
            Some(super::fleet::RowKey::Service(arn)) => Some(arn.clean().clone()),
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
            vec![Effect::Copy(text)]
        }
        None => Vec::new(),
    }
}

fn begin_scale(model: &mut Model) {
    if let Some(why) = model.writes_off() {
        return model.note(Tone::Bad, why);
    }
    match model
        .selected_service()
        .map(|service| (service.arn.clone(), service.desired))
    {
        Some((arn, desired)) => {
            // From here on the cursor stays on this service, wherever its row goes.
            model
                .services
                .cursor
                .put(super::fleet::RowKey::Service(arn.clone()));
            model.overlay = Some(Overlay::Prompt(
                Purpose::Scale(arn),
                Prompt::new(&desired.to_string()),
            ));
        }
        None => model.note(
            Tone::Bad,
            Clean::literal("only a service can be scaled: select one first"),
        ),
    }
}
