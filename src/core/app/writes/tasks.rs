//! Wishes about tasks: stopping some, running others.

use super::facts::{Facts, NotYet, Step};
use crate::act::{self, Look, Order};
use crate::app::model::declined::Declined;
use crate::domain::{Arn, Task};
use crate::text::Clean;

pub(super) fn stop(facts: Facts<'_>, tasks: &[Arn], reason: Option<&str>) -> Step {
    let known = &facts.model.fleet.tasks;
    let there: Vec<&Task> = tasks
        .iter()
        .map(|arn| known.get(arn).ok_or_else(|| Declined::gone(arn)))
        .collect::<Result<_, _>>()?;
    // A mark may be older than its task's end.
    let (ended, run): (Vec<&Task>, Vec<&Task>) =
        there.into_iter().partition(|task| task.is_stopped());
    if run.is_empty() && !ended.is_empty() {
        let why = match ended.as_slice() {
            [task] => format!("task {} has already stopped", Clean::new(task.id())),
            _ => "all of these tasks have already stopped".to_owned(),
        };
        return Err(Declined::impossible(why).into());
    }
    let mut intent = act::stop(facts.decider()?, &run, reason)?;
    let skipped = (!ended.is_empty())
        .then(|| Clean::own(format!("{} of the tasks have already stopped", ended.len())));
    intent.notes.extend(skipped);
    Ok(intent)
}

pub(super) fn run(facts: Facts<'_>, order: &Order) -> Step {
    let named = order.definition();
    let looks = vec![Look::Definition(named.clone())];
    let seen = facts.seen(looks, "the task definition");
    let seen = seen.map_err(|not_yet| match not_yet {
        NotYet::Declined(_, why) => NotYet::Declined("revision", why),
        other => other,
    })?;
    let Some(Some(definition)) = seen.definitions.get(&named) else {
        let unknown = Declined::Unknown {
            what: "task definition",
            name: named.clean().clone(),
            known: revisions(facts, &order.family),
        };
        return Err(NotYet::Declined("revision", Box::new(unknown)));
    };
    let wanted = order.wanted(definition).map_err(|error| {
        let mut known = definition.containers.iter();
        let unknown = |name: &Clean| !known.any(|container| container.name == *name);
        let field = if order.container.as_ref().is_some_and(unknown) {
            "container"
        } else {
            ""
        };
        NotYet::Declined(field, Box::new(error.into()))
    })?;
    Ok(act::run(facts.decider()?, &wanted)?)
}

/// The revisions of a family that are in use.
fn revisions(facts: Facts<'_>, family: &Clean) -> Vec<Clean> {
    let fleet = &facts.model.fleet;
    let services = fleet.services.values().map(|one| &one.task_definition);
    let tasks = fleet.tasks.values().map(|task| &task.definition);
    let mut names: Vec<Clean> = services
        .chain(tasks)
        .filter(|definition| definition.family() == family.as_str())
        .map(|definition| Clean::new(definition.name()))
        .collect();
    names.sort();
    names.dedup();
    names
}
