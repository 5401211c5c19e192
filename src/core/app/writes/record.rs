//! Wishes about an earlier write: taking it back, sending a run again.

use super::facts::{Facts, NotYet, Step};
use crate::act::{self, History, Record, Supplied, withheld};
use crate::app::model::declined::Declined;
use crate::app::writes::forms::resend_form;
use crate::text::Clean;

pub(super) fn undo(facts: Facts<'_>, id: Option<&str>) -> Step {
    let history = facts.history()?;
    let by = facts.decider()?;
    let record = match id {
        Some(id) => named(history, id)?,
        None => history.to_undo(&by.identity.account, by.region)?,
    };
    act::undo(by, record).map_err(|error| {
        let what = format!("{} {}", record.verb, record.target.subject.name());
        Declined::from(error).about(&what).into()
    })
}

/// Sends a run again. The journal holds neither values nor commands: where they are not given, a form asks for them.
pub(super) fn resend(facts: Facts<'_>, id: &str, given: Option<&Supplied>) -> Step {
    let record = named(facts.history()?, id)?;
    if record.is_done() {
        let why = format!("{} was done; nothing to send again", Clean::new(id));
        return Err(Declined::impossible(why).into());
    }
    if given.is_none() && !withheld(record).is_empty() {
        return Err(NotYet::Fill(Box::new(resend_form(facts.model, record))));
    }
    let given = given.cloned().unwrap_or_default();
    Ok(act::resend(facts.decider()?, record, &given)?)
}

/// The write of an id, or of the first characters of one, that still stands or was not done.
fn named<'h>(history: &'h History, id: &str) -> Result<&'h Record, Declined> {
    let record = history.named(id)?;
    if record.is_done() && !record.stands() {
        let why = format!("{} is already undone", Clean::new(id));
        return Err(Declined::impossible(why));
    }
    Ok(record)
}
