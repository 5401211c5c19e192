//! What the journal is asked for: taking the last write back, and bringing back what a drain took away.

use super::super::preparing::Needs;
use super::{Built, Next, decider, target, words};
use crate::act::{History, drain, restore, undo};
use crate::app::model::Model;
use crate::diagnose::Question;
use crate::domain::Service;
use crate::text::Clean;

pub(super) fn drain_or_restore(model: &Model, service: &Service) -> Built {
    let mut needs = Needs::default();
    let target = match target(model, service) {
        Some(target) => target,
        None => {
            needs.questions.push(Question::autoscaling(service));
            Ok(None)
        }
    };
    let journal = model.journal.as_ref();
    needs.journal = service.desired == 0 && journal.is_none();
    if needs != Needs::default() {
        return Ok(Next::Wait(needs));
    }
    // A drain must not fail for want of a permission to look: what could not be read is told.
    let (target, note) = match target {
        Ok(target) => (target, None),
        Err(why) => (None, Some(why)),
    };
    let mut intent = if service.desired > 0 {
        drain(decider(model)?, service, target.as_ref()).map_err(words)?
    } else {
        let history = history(model)?;
        let drained = history.drained(&service.arn).ok_or_else(|| {
            Clean::own(format!(
                "{} is at zero, and the journal has no drain of it: scale it instead",
                service.name
            ))
        })?;
        restore(decider(model)?, service, target.as_ref(), drained, true).map_err(words)?
    };
    intent.notes.extend(note);
    Ok(Next::Ask(Box::new(intent)))
}

/// What the journal says, once it was read; or why it cannot be read.
pub(super) fn history(model: &Model) -> Result<&History, Clean> {
    match &model.journal {
        Some(Ok(history)) => Ok(history),
        Some(Err(why)) => Err(Clean::own(format!("the journal cannot be read: {why}"))),
        None => Err(Clean::literal("the journal was not read")),
    }
}

pub(super) fn undo_last(model: &Model) -> Built {
    if model.journal.is_none() {
        return Ok(Next::Wait(Needs {
            journal: true,
            ..Needs::default()
        }));
    }
    let by = decider(model)?;
    let (account, region) = (&by.identity.account, by.region);
    let last = history(model)?.to_undo(account, region).map_err(words)?;
    let intent = undo(by, last).map_err(|error| {
        Clean::own(format!(
            "{} {}: {error}",
            last.verb,
            last.target.subject.name()
        ))
    })?;
    Ok(Next::Ask(Box::new(intent)))
}
