//! What keys do to a form.
//!
//! The invariant: only a key that came by itself leads on to the question.
//! Pasted text, and what was typed ahead, at the most fills in fields.

use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::model::form::Form;
use crate::app::model::notice::Tone;
use crate::app::model::overlay::Overlay;
use crate::app::writes::acting::{Begun, from_form};
use crate::app::writes::forms::{FormPurpose, open_source};
use crate::app::writes::preparing::begin_from;
use crate::keys::{Action, Key};
use crate::text::Clean;

/// Fields that a page has.
const PAGE: isize = 5;

/// Takes a key while a form is open.
pub(in crate::app) fn in_form(
    model: &mut Model,
    mut form: Box<Form>,
    action: Option<Action>,
    key: Key,
    alone: bool,
) -> Vec<Effect> {
    match action {
        Some(Action::Cancel) => {
            model.draft = Some(*form);
            model.note(Tone::Plain, Clean::literal("nothing was changed"));
            return Vec::new();
        }
        Some(Action::Accept) if form.break_line() => {}
        Some(Action::Accept | Action::Preview) if !alone => {}
        Some(Action::Accept) if !form.is_at_end() => form.step(1),
        Some(Action::Accept | Action::Preview) => return preview(model, form),
        Some(Action::Complete) => form.next(),
        Some(Action::PreviousField) => form.step(-1),
        Some(Action::Down) => form.line(true),
        Some(Action::Up) => form.line(false),
        Some(Action::PageDown) => form.step(PAGE),
        Some(Action::PageUp) => form.step(-PAGE),
        _ => form.press(key),
    }
    model.overlay = Some(Overlay::Form(form));
    Vec::new()
}

/// Goes on from a form that is filled in: to the next form, or to the question.
fn preview(model: &mut Model, mut form: Box<Form>) -> Vec<Effect> {
    if !form.check() {
        model.overlay = Some(Overlay::Form(form));
        return Vec::new();
    }
    match &form.purpose {
        FormPurpose::RunFrom(sources) => {
            let source = form.chosen("from").and_then(|at| sources.get(at).cloned());
            let opened = source.map_or(Ok(()), |source| open_source(model, &source));
            if let Err(why) = opened {
                form.error = Some(why);
                model.overlay = Some(Overlay::Form(form));
            }
            return Vec::new();
        }
        FormPurpose::Run(base) => {
            let begun = Begun::Run(base.family.clone());
            begin_from(model, begun, form);
            return Vec::new();
        }
        FormPurpose::RollbackTo(service) => {
            let begun = Begun::Rollback(service.clone(), Some(form.get("to").trim().to_owned()));
            begin_from(model, begun, form);
            return Vec::new();
        }
        FormPurpose::Again(_)
        | FormPurpose::Autoscaling { .. }
        | FormPurpose::Hook(..)
        | FormPurpose::Image(..) => {}
    }
    let why = match (model.writes_off(), from_form(model, &form)) {
        (Some(why), _) | (None, Some(Err(why))) => why,
        (None, Some(Ok(intent))) => {
            return crate::app::writes::deciding::ask_from(model, intent, Some(form));
        }
        (None, None) => Clean::default(),
    };
    form.error = Some(why);
    model.overlay = Some(Overlay::Form(form));
    Vec::new()
}
