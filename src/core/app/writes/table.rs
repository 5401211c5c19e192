//! The table of wishes: the key that each comes from, what it is called, and what it leads to with the facts that are
//! there.

use super::facts::{Facts, Step};
use super::target::on_service;
use super::{record, redrive, retry, rollback, run, service, stop};
use crate::act::{Verb, Wish};
use crate::app::model::Model;
use crate::app::panes::detail::journal;
use crate::domain::Arn;
use crate::keys::{Action, other_actions};
use crate::text::Clean;

/// What a key wishes. None where it asks for something first, or has said why there is nothing to wish.
pub(in crate::app) fn pressed(model: &mut Model, action: Action) -> Option<Wish> {
    match action {
        Action::Scale => service::ask_count(model),
        Action::Redeploy => on_service(model, Wish::Redeploy),
        Action::Rollback => on_service(model, |service| Wish::Rollback { service, to: None }),
        Action::Deploy => on_service(model, |service| Wish::Deploy {
            service,
            images: None,
            seen: None,
        }),
        Action::Drain => service::drain_or_restore(model),
        Action::Autoscaling => on_service(model, |service| Wish::Autoscaling { service, to: None }),
        Action::Hook => on_service(model, |service| Wish::Hook {
            service,
            answer: None,
        }),
        Action::Stop => stop::marked(model),
        Action::Redrive => redrive::selected(model),
        Action::Retry => retry::fill(model),
        Action::Run => run::choose(model),
        Action::Undo => Some(Wish::Undo {
            id: journal::named(model),
        }),
        other_actions!() => None,
    }
}

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
        Wish::Stop { tasks, reason } => stop::stop(facts, tasks, reason.as_deref()),
        Wish::Redrive { queue, rate } => redrive::redrive(facts, queue, *rate),
        Wish::Run { order, retries } => run::run(facts, order, retries.as_ref()),
        Wish::Resend { id, given } => record::resend(facts, id, given.as_ref()),
        Wish::Undo { id } => record::undo(facts, id.as_deref()),
    }
}

/// What a wish is, for the line that says that facts are read for it.
pub(in crate::app) fn words(wish: &Wish) -> Clean {
    let of = |verb: Verb, arn: &Arn| Clean::new(&format!("{verb} {}", arn.name()));
    match wish {
        Wish::Scale { service, .. } => of(Verb::Scale, service),
        Wish::Redeploy(service) => of(Verb::Redeploy, service),
        Wish::Rollback { service, .. } => of(Verb::Rollback, service),
        Wish::Deploy { service, .. } => of(Verb::Deploy, service),
        Wish::Drain(service) => of(Verb::Drain, service),
        Wish::Restore { service, .. } => of(Verb::Restore, service),
        Wish::Autoscaling { service, .. } => of(Verb::Autoscaling, service),
        Wish::Hook { service, .. } => of(Verb::Continue, service),
        Wish::Stop { .. } => Clean::literal("stop"),
        Wish::Redrive { queue, .. } => Clean::own(format!("redrive {queue}")),
        Wish::Run { order, .. } => Clean::own(format!("run {}", order.name)),
        Wish::Resend { .. } => Clean::literal("run again"),
        Wish::Undo { .. } => Clean::literal("undo"),
    }
}
