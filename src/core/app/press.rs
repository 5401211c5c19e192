//! What a key does: first to what lies over the panes, else to the panes.

use super::effect::Effect;
use super::effect::LoopEffect;
use super::model::Model;
use super::model::insights::Insights;
use super::model::notice::Tone;
use super::model::overlay::Overlay;
use super::overlays::form::in_form;
use super::overlays::prompt::in_prompt;
use super::overlays::prompt::typed;
use super::overlays::results::in_results;
use super::overlays::viewer::in_viewer;
use super::panes::actions::act;
use super::writes::deciding::in_question;
use crate::keys::{Action, Code, Key, Outcome, Pane, Scope};
use crate::text::Clean;

/// Takes a key.
pub(in crate::app) fn press(model: &mut Model, key: Key, alone: bool) -> Vec<Effect> {
    if model
        .notice
        .as_ref()
        .is_some_and(|notice| notice.until.is_none())
    {
        model.notice = None;
    }
    if model.wish.is_some() {
        return meanwhile(model, key);
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
        Some(Action::Suspend) => return vec![Effect::Loop(LoopEffect::Suspend)],
        Some(Action::Quit) if model.overlay.is_none() || key.ctrl => {
            return vec![Effect::Loop(LoopEffect::Quit)];
        }
        _ => {}
    }
    match model.overlay.take() {
        Some(Overlay::Prompt(purpose, prompt)) => in_prompt(model, purpose, prompt, action, key),
        Some(Overlay::Form(form)) => in_form(model, form, action, key, alone),
        Some(Overlay::Confirm(confirm)) => in_question(model, confirm, action, key, alone),
        Some(Overlay::Results) => in_results(model, action),
        Some(Overlay::Viewer(viewer)) => {
            let effects = in_viewer(model, viewer, action);
            // A row that was opened is closed: the others are there again.
            if model.overlay.is_none() && model.insights.is_some() {
                model.overlay = Some(Overlay::Results);
            }
            effects
        }
        None => match action {
            Some(action) => act(model, action),
            None => {
                say_where(model, key);
                Vec::new()
            }
        },
    }
}

/// Takes a key while the facts for a wish are read. What is typed then is thrown away: it was meant for what stood there
/// before, and the question comes whatever was typed. Only who wants to leave is heard.
fn meanwhile(model: &mut Model, key: Key) -> Vec<Effect> {
    let scope = model.scope();
    let mut pending = std::mem::take(&mut model.pending);
    let outcome = model.setup.keymap.press(scope.chain(), &mut pending, key);
    match outcome {
        Outcome::Action(Action::Suspend) => vec![Effect::Loop(LoopEffect::Suspend)],
        Outcome::Action(Action::Quit) if model.overlay.is_none() || key.ctrl => {
            vec![Effect::Loop(LoopEffect::Quit)]
        }
        Outcome::Action(Action::Cancel | Action::Back | Action::Leave) => {
            super::writes::driver::forget(model);
            model.note(Tone::Plain, Clean::literal("nothing was changed"));
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// A key is never silent: what does nothing here says so, and where it does something.
fn say_where(model: &mut Model, key: Key) {
    let (mut title, mut panes) = (None, Vec::new());
    for pane in Pane::ALL {
        let scope = pane.scope();
        if let Some(action) = model.setup.keymap.bound(scope, key)
            && *title.get_or_insert(action.info().title) == action.info().title
        {
            panes.push(scope.name());
        }
    }
    let text = match (title, panes.split_last()) {
        (Some(title), Some((last, []))) => format!("{key} ({title}) works in {last}, not here"),
        (Some(title), Some((last, others))) => {
            format!(
                "{key} ({title}) works in {} and {last}, not here",
                others.join(", ")
            )
        }
        _ => match instead(model, key) {
            Some(instead) => format!("{key} does nothing here: {instead}"),
            None => format!("{key} does nothing here"),
        },
    };
    model.note(Tone::Plain, Clean::own(text));
}

/// What somebody may have meant by a key that is bound nowhere. It never names a key that writes.
fn instead(model: &Model, key: Key) -> Option<String> {
    let refreshes = matches!(key.code, Code::F(5)) || (key.ctrl && key.code == Code::Char('r'));
    let action = if refreshes {
        Action::Refresh
    } else {
        Action::Help
    };
    let keys = model.setup.keymap.keys(action, model.focus.scope());
    let named = keys.first()?;
    Some(match action {
        Action::Refresh => format!("{named} refreshes"),
        _ => format!("{named} shows the keys"),
    })
}

/// Takes pasted text: only what is being typed wants any. It never answers a question.
pub(in crate::app) fn paste(model: &mut Model, text: &str) {
    // While facts for a write are read, what is typed is thrown away.
    if model.wish.is_some() {
        return;
    }
    match &mut model.overlay {
        Some(Overlay::Prompt(purpose, prompt)) => {
            prompt.paste(text);
            let (mut own, prompt) = (purpose.clone(), prompt.clone());
            typed(model, &mut own, &prompt);
            if let Some(Overlay::Prompt(purpose, _)) = &mut model.overlay {
                *purpose = own;
            }
        }
        Some(Overlay::Form(form)) => form.paste(text),
        Some(Overlay::Confirm(_) | Overlay::Viewer(_) | Overlay::Results) | None => {}
    }
}

impl Model {
    /// Where keys are looked up.
    pub fn scope(&self) -> Scope {
        match &self.overlay {
            Some(Overlay::Prompt(..) | Overlay::Form(_)) => Scope::Input,
            Some(Overlay::Confirm(confirm)) => confirm.scope(),
            Some(Overlay::Results)
                if self.insights.as_ref().is_some_and(Insights::is_a_question) =>
            {
                Scope::Dialog
            }
            Some(Overlay::Viewer(_) | Overlay::Results) | None => self.focus.scope(),
        }
    }
}
