//! What keys do to a line of input.

use super::palette;
use crate::act::Wish;
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::model::notice::Tone;
use crate::app::model::overlay::Overlay;
use crate::app::model::prompt::{Prompt, Purpose};
use crate::app::panes::actions::{act, set_filter, sort};
use crate::app::panes::logs::keys::{search_typed, show_log};
use crate::app::writes::driver::begin_from;
use crate::keys::{Action, Key};
use crate::logs::LineFilter;

pub(in crate::app) fn in_prompt(
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
pub(in crate::app) fn typed(model: &mut Model, purpose: &Purpose, prompt: &Prompt) {
    match purpose {
        Purpose::Filter => set_filter(model, prompt.text()),
        Purpose::Search => model.logs.search = prompt.text().to_owned(),
        // What is half typed and cannot be read yet hides nothing.
        Purpose::LineFilter => {
            model.logs.lines = LineFilter::new(prompt.text()).unwrap_or_default();
        }
        Purpose::Palette | Purpose::Scale(..) => {}
    }
}

fn accept(model: &mut Model, purpose: Purpose, prompt: Prompt) -> Vec<Effect> {
    match purpose {
        Purpose::Filter => {
            if let Some(words) = model.unknown_column(model.focus) {
                model.note(Tone::Bad, words);
            }
            Vec::new()
        }
        Purpose::Search => {
            search_typed(model);
            Vec::new()
        }
        Purpose::LineFilter => {
            if let Err(why) = LineFilter::new(prompt.text()) {
                model.note(Tone::Bad, why);
                model.overlay = Some(Overlay::Prompt(purpose, prompt));
            }
            Vec::new()
        }
        Purpose::Palette if prompt.text().trim().is_empty() => Vec::new(),
        Purpose::Palette => {
            let done = palette::resolve(model, prompt.text()).and_then(|command| match command {
                palette::Command::Do(action) => Ok(act(model, action)),
                palette::Command::Log(target) => {
                    show_log(model, target);
                    Ok(Vec::new())
                }
                palette::Command::Sort(by) => sort(model, &by).map(|()| Vec::new()),
            });
            done.unwrap_or_else(|why| {
                model.note(Tone::Bad, why);
                model.overlay = Some(Overlay::Prompt(purpose, prompt));
                Vec::new()
            })
        }
        Purpose::Scale(ref service, _) => {
            let wish = Wish::Scale {
                service: service.clone(),
                count: prompt.text().to_owned(),
            };
            // What was typed is kept, so that it can be put right.
            begin_from(model, wish, Overlay::Prompt(purpose, prompt));
            Vec::new()
        }
    }
}
