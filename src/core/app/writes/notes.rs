//! What should be known beside a change: what would fail again, what ECS will do, who else sets the count, what IAM says.

use super::{allowed, failing};
use crate::act::{Intent, Request, UpdateService};
use crate::app::model::Model;
use crate::app::reads::local_facts::deck_service;
use crate::deck::CountOwner;
use crate::domain::Service;
use crate::text::Clean;

/// What should be known beside the change itself.
pub(super) fn notes(model: &Model, intent: &Intent) -> Vec<Clean> {
    let mut notes = intent.notes.clone();
    notes.extend(failing::notes(model, intent));
    let service = intent.target.subject.service();
    let Some(service) = service.and_then(|arn| model.fleet.services.get(arn)) else {
        return notes;
    };
    notes.extend(allowed::notes(model, service, intent));
    let counts: Vec<u32> = updates(intent)
        .filter_map(|update| update.desired_count)
        .collect();
    notes.extend(counts.iter().map(|count| effect_of(service, *count)));
    let named = deck_service(model.setup.deck.as_ref(), service).filter(|_| !counts.is_empty());
    notes.extend(named.and_then(owner_note));
    notes
}

/// Who else sets the count, as the deck says.
fn owner_note(named: &crate::deck::Service) -> Option<Clean> {
    let owner = named.count_owner?;
    let words = owner.words(named.count_by.as_deref());
    Some(Clean::new(&match owner {
        CountOwner::People => words,
        CountOwner::Autoscaling | CountOwner::Lambda | CountOwner::Orchestrator => {
            format!("{words}: it may change it back")
        }
    }))
}

fn updates(intent: &Intent) -> impl Iterator<Item = &UpdateService> {
    intent.steps.iter().filter_map(|step| match &step.request {
        Request::UpdateService(update) => Some(update),
        _ => None,
    })
}

fn effect_of(service: &Service, after: u32) -> Clean {
    let tasks = |count: u32| if count == 1 { "task" } else { "tasks" };
    let running = service.running;
    Clean::own(match after.checked_sub(running) {
        None => format!(
            "ECS will stop {} of {running} running {}",
            running - after.min(running),
            tasks(running)
        ),
        Some(0) => "no task will be started or stopped".to_owned(),
        Some(more) => format!("ECS will start {more} {} ({running} running)", tasks(more)),
    })
}
