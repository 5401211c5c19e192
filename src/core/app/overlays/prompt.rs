//! What keys do to a line of input.

use super::{palette, query, sources};
use crate::act::Wish;
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::model::filter::Filter;
use crate::app::model::notice::Tone;
use crate::app::model::overlay::Overlay;
use crate::app::model::pane::Pane;
use crate::app::model::prompt::{Prompt, Purpose};
use crate::app::model::row_key::RowKey;
use crate::app::overlays::offers::step;
use crate::app::panes::actions::{act, set_filter, sort};
use crate::app::panes::logs::keys::{begin_pattern, copy_portion, save, set_pattern, show_log};
use crate::app::panes::searching;
use crate::app::writes::driver::{begin, begin_from};
use crate::app::writes::service::count_typed;
use crate::app::writes::target::on_service;
use crate::keys::{Action, Code, Key};
use crate::logs::LineFilter;
use crate::text::Clean;

pub(in crate::app) fn in_prompt(
    model: &mut Model,
    purpose: Purpose,
    mut prompt: Prompt,
    action: Option<Action>,
    key: Key,
) -> Vec<Effect> {
    match action {
        Some(Action::Cancel) => {
            cancel(model, purpose);
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
                palette::complete(model, prompt.text()).map_or(prompt, |text| Prompt::new(&text));
            model.palette.begin();
            model.overlay = Some(Overlay::Prompt(purpose, completed));
            Vec::new()
        }
        Some(action @ (Action::Down | Action::Up | Action::PageDown | Action::PageUp))
            if purpose == Purpose::Palette =>
        {
            choose(model, &mut prompt, action);
            model.overlay = Some(Overlay::Prompt(purpose, prompt));
            Vec::new()
        }
        Some(
            action @ (Action::Down
            | Action::Up
            | Action::PageDown
            | Action::PageUp
            | Action::Complete),
        ) if matches!(purpose, Purpose::Sources | Purpose::Query) => {
            if purpose == Purpose::Sources {
                sources::choose(model, &prompt, action);
            } else {
                query::choose(model, &mut prompt, action);
            }
            model.overlay = Some(Overlay::Prompt(purpose, prompt));
            Vec::new()
        }
        _ => {
            let before = prompt.clone();
            let again = purpose == Purpose::LineFilter
                && prompt.text().is_empty()
                && key.code == Code::Char('&')
                && !key.ctrl
                && !key.alt;
            if again {
                // The sign once more: CloudWatch's own filter.
                begin_pattern(model);
                return Vec::new();
            }
            let mut purpose = purpose;
            if prompt.press(key) {
                typed(model, &mut purpose, &prompt);
            } else if prompt == before {
                let text =
                    format!("{key} does nothing in this line: enter takes it, esc leaves it");
                model.note(Tone::Plain, Clean::own(text));
            }
            model.overlay = Some(Overlay::Prompt(purpose, prompt));
            Vec::new()
        }
    }
}

/// The line is left: what it did while it was typed is taken back.
fn cancel(model: &mut Model, mut purpose: Purpose) {
    typed(model, &mut purpose, &Prompt::default());
    if let Purpose::InText(viewer, _) = purpose {
        model.overlay = Some(Overlay::Viewer(*viewer));
    }
}

/// Chooses among what the palette offers; above the first offer the lines come back that were typed before.
fn choose(model: &mut Model, prompt: &mut Prompt, action: Action) {
    let last = palette::offers(model, prompt.text())
        .len()
        .saturating_sub(1);
    let at = model.palette.chosen;
    if action != Action::Up || at > 0 {
        model.palette.chosen = step(model, action, at, last);
        return;
    }
    match model.palette.recall() {
        Some(line) => *prompt = Prompt::new(&line),
        None => {
            let text = "this is the first; no earlier line was typed";
            model.note(Tone::Plain, Clean::literal(text));
        }
    }
}

/// Goes to a row of the services.
fn select(model: &mut Model, key: RowKey) {
    model.focus = Pane::Services;
    model.zoom = None;
    if !model.service_rows().iter().any(|row| row.key == key) {
        // What hides it was for something else.
        model.services.filter = Filter::default();
        model.problems_only = false;
    }
    model.services.cursor.put(key);
    model.moved_at = model.stamp.elapsed;
    model.tasks.cursor.release();
    model.marks.clear();
    model.detail_top = 0;
    model.logs.pinned = false;
}

/// Filters and searches take effect while they are typed.
pub(in crate::app) fn typed(model: &mut Model, purpose: &mut Purpose, prompt: &Prompt) {
    match purpose {
        Purpose::Filter => set_filter(model, prompt.text()),
        Purpose::Search => searching::typed(model, prompt.text()),
        Purpose::InText(viewer, from) => viewer.search_for(prompt.text(), *from),
        // What is half typed and cannot be read yet hides nothing.
        Purpose::LineFilter => {
            model.logs.lines = LineFilter::new(prompt.text()).unwrap_or_default();
        }
        Purpose::Palette => model.palette.begin(),
        Purpose::Sources => model.sources.chosen = 0,
        Purpose::Query => model.queries.chosen = None,
        Purpose::Pattern | Purpose::Scale(..) => {}
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
            searching::accept(model);
            Vec::new()
        }
        Purpose::InText(viewer, _) => searching::in_text(model, *viewer),
        Purpose::Pattern => {
            set_pattern(model, prompt.text());
            Vec::new()
        }
        Purpose::LineFilter => {
            if let Err(why) = LineFilter::new(prompt.text()) {
                model.note(Tone::Bad, why);
                model.overlay = Some(Overlay::Prompt(purpose, prompt));
            }
            Vec::new()
        }
        Purpose::Palette if prompt.text().trim().is_empty() && model.palette.chosen == 0 => {
            Vec::new()
        }
        Purpose::Palette => {
            let done = palette::resolve(model, prompt.text()).and_then(|command| match command {
                palette::Command::Do(action) => {
                    let used = model.palette.used.entry(action).or_default();
                    *used = used.saturating_add(1);
                    Ok(act(model, action))
                }
                palette::Command::Scale(count) => {
                    if let Some(wish) = on_service(model, |service| Wish::Scale { service, count })
                    {
                        begin(model, wish);
                    }
                    Ok(Vec::new())
                }
                palette::Command::Select(key) => {
                    select(model, key);
                    Ok(Vec::new())
                }
                palette::Command::Log(target) => {
                    show_log(model, target);
                    Ok(Vec::new())
                }
                palette::Command::Query(line) => query::ask(model, &line).map(|()| Vec::new()),
                palette::Command::Save(portion) => Ok(save(model, portion)),
                palette::Command::Copy(portion) => Ok(copy_portion(model, portion)),
                palette::Command::Sort(by) => sort(model, &by).map(|()| Vec::new()),
            });
            if done.is_ok() && !prompt.text().trim().is_empty() {
                model.palette.remember(prompt.text().trim());
            }
            done.unwrap_or_else(|why| {
                model.note(Tone::Bad, why);
                model.overlay = Some(Overlay::Prompt(purpose, prompt));
                Vec::new()
            })
        }
        Purpose::Sources => sources::accept(model, prompt),
        Purpose::Query => query::accept(model, prompt),
        Purpose::Scale(service, current) => {
            let (wish, from) = count_typed(service, current, prompt);
            begin_from(model, wish, from);
            Vec::new()
        }
    }
}
