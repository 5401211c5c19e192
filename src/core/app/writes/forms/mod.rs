//! The forms there are: what each asks for, and the wish that its answers make.
//!
//! The invariant: a form names what it is about by resource name from the
//! moment it is opened, so that rows may move under it.

mod broken;
mod resend;
mod run;
mod run_base;
mod service;
mod tags;
mod wrong;

use crate::act::Wish;
use crate::app::model::Model;
use crate::app::model::field_name::FieldName;
use crate::app::model::form::Form;
use crate::app::model::form_purpose::FormPurpose;
use crate::app::model::overlay::Overlay;
pub use run::order;
pub use tags::{TagOffer, TagOffers, tag_offers};
pub use wrong::Wrong;

pub(in crate::app) use resend::{again, resend_form};
pub(in crate::app) use run::run_form;
pub(in crate::app) use service::{
    autoscaling_form, hook_form, image_form, revisions_form, rollback_form,
};
pub(in crate::app) use tags::tags_question;

/// The wish of a form that was filled in; none of one that only chooses the next form.
///
/// # Errors
/// The first thing that is wrong with it.
pub(in crate::app) fn wish(model: &Model, form: &Form) -> Result<Option<Wish>, Wrong> {
    Ok(Some(match &form.purpose {
        FormPurpose::RunFrom(_) => return Ok(None),
        FormPurpose::Run(base) => Wish::Run {
            order: Box::new(order(model, base, form)?),
            retries: base.retries.clone(),
        },
        FormPurpose::Again(id, withheld) => resend::wish(id, withheld, form)?,
        FormPurpose::RollbackFrom(service, candidates) => {
            return Ok(service::rollback_wish(service, candidates, form));
        }
        FormPurpose::RollbackTo(service) => Wish::Rollback {
            service: service.clone(),
            to: Some(form.get(&FieldName::Revision).trim().to_owned()),
        },
        FormPurpose::Autoscaling(service) => service::autoscaling_wish(service, form),
        FormPurpose::Hook(service) => service::hook_wish(service, form),
        FormPurpose::Image(service, revision, _) => service::image_wish(service, revision, form),
    }))
}

/// Opens a form, with what was filled in before where it was left or refused.
pub(in crate::app) fn open(model: &mut Model, form: Form) {
    let kept = model
        .draft
        .take_if(|draft| draft.purpose.is_same(&form.purpose));
    model.overlay = Some(Overlay::Form(Box::new(kept.unwrap_or(form))));
}
