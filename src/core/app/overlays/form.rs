//! What keys do to a form.
//!
//! The invariant: only a key that came by itself leads on to the question.
//! Pasted text, and what was typed ahead, at the most fills in fields.

use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::model::field_name::FieldName;
use crate::app::model::form::Form;
use crate::app::model::form_purpose::FormPurpose;
use crate::app::model::notice::Tone;
use crate::app::model::overlay::Overlay;
use crate::app::writes::driver::{begin, begin_from};
use crate::app::writes::forms::{Wrong, open, rollback_form, tag_offers, wish};
use crate::app::writes::run::open_source;
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
    let offers = tag_offers(model, &form).unwrap_or_default().offers;
    if alone
        && matches!(action, Some(Action::Accept | Action::Preview))
        && let Some(chosen) = form.offered.and_then(|at| offers.get(at))
    {
        form.fill(&chosen.image);
    }
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
        Some(Action::Down) if form.step_offer(true, offers.len()) => {}
        Some(Action::Up) if form.step_offer(false, offers.len()) => {}
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
    if let FormPurpose::RunFrom(sources) = &form.purpose {
        let source = form
            .chosen(&FieldName::Source)
            .and_then(|at| sources.get(at).cloned());
        match source.map_or(Ok(None), |source| open_source(model, &source)) {
            Ok(Some(wish)) => begin(model, wish),
            Ok(None) => {}
            Err(why) => {
                form.error = Some(Clean::own(why.to_string()));
                model.overlay = Some(Overlay::Form(form));
            }
        }
        return Vec::new();
    }
    match wish(model, &form) {
        Ok(Some(wish)) => begin_from(model, wish, Overlay::Form(form)),
        // None of those that were listed is meant.
        Ok(None) => {
            if let FormPurpose::RollbackFrom(service, _) = &form.purpose
                && let Some(service) = model.fleet.services.get(service)
            {
                let form = rollback_form(service, None);
                open(model, form);
            }
        }
        Err(Wrong { field, why }) => {
            form.refuse(Some(&field), why);
            model.overlay = Some(Overlay::Form(form));
        }
    }
    Vec::new()
}
