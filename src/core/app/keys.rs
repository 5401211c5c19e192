//! What a key does: first to what lies over the panes, else to the panes.

use super::actions::{act, set_filter};
use super::deciding::{ask, in_question, scale_intent};
use super::effect::Effect;
use super::form_keys::in_form;
use super::input::{Prompt, Purpose};
use super::log_keys::{search_typed, show_log};
use super::log_pane::LogTarget;
use super::model::{Model, Overlay, Pane, Tone};
use super::palette;
use super::viewer::Viewer;
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
    super::preparing::forget(model);
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
        Some(Overlay::Form(form)) => in_form(model, form, action, key, alone),
        Some(Overlay::Confirm(confirm)) => in_question(model, confirm, action, key, alone),
        Some(Overlay::Viewer(viewer)) => in_viewer(model, viewer, action),
        None => action.map(|action| act(model, action)).unwrap_or_default(),
    }
}

/// Takes pasted text: only what is being typed wants any. It never answers a question.
pub(super) fn paste(model: &mut Model, text: &str) {
    match &mut model.overlay {
        Some(Overlay::Prompt(purpose, prompt)) => {
            prompt.paste(text);
            let (purpose, prompt) = (purpose.clone(), prompt.clone());
            typed(model, &purpose, &prompt);
        }
        Some(Overlay::Form(form)) => form.paste(text),
        Some(Overlay::Confirm(_) | Overlay::Viewer(_)) | None => {}
    }
}

impl Model {
    /// Where keys are looked up.
    pub fn scope(&self) -> Scope {
        match &self.overlay {
            Some(Overlay::Prompt(..) | Overlay::Form(_)) => Scope::Input,
            Some(Overlay::Confirm(confirm)) => confirm.scope(),
            Some(Overlay::Viewer(_)) | None => pane_scope(self.focus),
        }
    }
}

/// Where keys are looked up while a pane has the focus and nothing lies over it.
pub(super) const fn pane_scope(pane: Pane) -> Scope {
    match pane {
        Pane::Services => Scope::Services,
        Pane::Tasks => Scope::Tasks,
        Pane::Detail => Scope::Detail,
        Pane::Queues => Scope::Queues,
        Pane::Work => Scope::Work,
        Pane::Logs => Scope::Logs,
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
        // While rows are filtered one can already go through them.
        Some(action @ (Action::Down | Action::Up | Action::PageDown | Action::PageUp))
            if purpose == Purpose::Filter =>
        {
            let effects = act(model, action);
            model.overlay = Some(Overlay::Prompt(purpose, prompt));
            effects
        }
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
        Purpose::Palette | Purpose::Scale(..) => {}
    }
}

fn accept(model: &mut Model, purpose: Purpose, prompt: Prompt) -> Vec<Effect> {
    match purpose {
        Purpose::Filter => Vec::new(),
        Purpose::Search => {
            search_typed(model);
            Vec::new()
        }
        Purpose::Palette if prompt.text().trim().is_empty() => Vec::new(),
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
        Purpose::Scale(ref service, _) => match scale_intent(model, service, prompt.text()) {
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

fn in_viewer(model: &mut Model, mut viewer: Viewer, action: Option<Action>) -> Vec<Effect> {
    let page = usize::from(model.size.1.saturating_sub(4)).max(1);
    let last = viewer.lines.len().saturating_sub(page);
    viewer.top = match action {
        Some(
            Action::Back
            | Action::Leave
            | Action::Quit
            | Action::Open
            | Action::Help
            | Action::Raw
            | Action::Journal
            | Action::Describe,
        ) => return Vec::new(),
        Some(Action::Down) => viewer.top.saturating_add(1).min(last),
        Some(Action::Up) => viewer.top.saturating_sub(1),
        Some(Action::PageDown) => viewer.top.saturating_add(page).min(last),
        Some(Action::PageUp) => viewer.top.saturating_sub(page),
        Some(Action::GoTop) => 0,
        Some(Action::GoBottom) => last,
        Some(Action::Export) => {
            let saved = super::journal::export(model, &viewer);
            model.overlay = Some(Overlay::Viewer(viewer));
            return saved.into_iter().collect();
        }
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
