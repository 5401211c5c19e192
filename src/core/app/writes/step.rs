//! What a wish leads to with the facts that are there.

use super::facts::{Facts, Step};
use super::{queue, record, retry, rollback, service, tasks};
use crate::app::model::wish::Wish;

/// What a wish leads to: the intent, or what has to be read or filled in before.
pub(in crate::app) fn step(facts: Facts<'_>, wish: &Wish) -> Step {
    match wish {
        Wish::Scale { service, count } => service::scale(facts, service, count),
        Wish::Redeploy(service) => service::redeploy(facts, service),
        Wish::Rollback { service, to } => rollback::rollback(facts, service, to.as_deref()),
        Wish::Deploy {
            service,
            images,
            seen,
        } => service::deploy(facts, service, images.as_deref(), seen.as_ref()),
        Wish::Drain(service) => service::drain(facts, service),
        Wish::Restore {
            service,
            keep_revision,
        } => service::restore(facts, service, *keep_revision),
        Wish::Autoscaling { service, to } => service::autoscaling(facts, service, to.as_ref()),
        Wish::Hook { service, answer } => service::hook(facts, service, *answer),
        Wish::Stop { tasks, reason } => tasks::stop(facts, tasks, reason.as_deref()),
        Wish::Redrive { queue, rate } => queue::redrive(facts, queue, *rate),
        Wish::Run { order, retries } => {
            let notes = match retries {
                Some(item) => retry::notes(facts, item)?,
                None => Vec::new(),
            };
            let mut intent = tasks::run(facts, order)?;
            intent.notes.extend(notes);
            Ok(intent)
        }
        Wish::Resend { id, values } => record::resend(facts, id, values.as_deref()),
        Wish::Undo { id } => record::undo(facts, id.as_deref()),
    }
}
