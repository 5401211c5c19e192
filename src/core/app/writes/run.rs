//! Running tasks: from a template, like a service or an earlier task.

use super::facts::{Facts, NotYet, Step};
use super::retry;
use crate::act::{self, Look, Order, Wish, WorkItem};
use crate::app::model::Model;
use crate::app::model::declined::Declined;
use crate::app::model::field_name::FieldName;
use crate::app::model::form::{Field, Form};
use crate::app::model::form_purpose::{FormPurpose, RunBase, RunSource};
use crate::app::model::notice::Tone;
use crate::app::model::pane::Pane;
use crate::app::writes::forms::{again, open, run_form};
use crate::text::Clean;

/// Begins to run tasks: asks from what, where there is something to choose from.
pub(super) fn choose(model: &mut Model) -> Option<Wish> {
    if let Some(why) = model.writes_off() {
        model.note(Tone::Bad, why);
        return None;
    }
    let sources = sources(model);
    match sources.as_slice() {
        [] => {
            let text = "nothing to run a task from: no template in the deck, and no service or task is selected";
            model.note(Tone::Bad, Clean::literal(text));
            None
        }
        [source] => open_source(model, &source.clone()).unwrap_or_else(|why| {
            model.note(Tone::Bad, Clean::own(why.to_string()));
            None
        }),
        _ => {
            let words = sources.iter().map(RunSource::words).collect();
            let from = Field::choice(FieldName::Source, "run", words, 0);
            let title = Clean::literal("run a task based on");
            open(
                model,
                Form::new(FormPurpose::RunFrom(sources), title, vec![from]),
            );
            None
        }
    }
}

/// Goes on with what a task is to be run from: opens its form, or says the wish where there is nothing to fill in.
pub(in crate::app) fn open_source(
    model: &mut Model,
    source: &RunSource,
) -> Result<Option<Wish>, Declined> {
    if let RunSource::Again(id, _) = source {
        let id = id.as_str().to_owned();
        return Ok(Some(Wish::Resend { id, given: None }));
    }
    let base = RunBase::of(model, source)?;
    let form = run_form(model, base);
    open(model, form);
    Ok(None)
}

/// Everything that a task can be run from here, the most likely first.
fn sources(model: &Model) -> Vec<RunSource> {
    let templates = model.setup.deck.iter().flat_map(|deck| &deck.runs);
    let templates = templates.map(|run| RunSource::Template(Clean::new(&run.name)));
    let task = model.selected_task().map(|task| task.arn.clone());
    let task = task.map(RunSource::Task);
    let service = model.selected_service().map(|service| service.arn.clone());
    let service = service.map(RunSource::Service);
    // Who stands on a task means that task.
    let (first, last) = if model.focus == Pane::Tasks {
        (task, None)
    } else {
        (None, task)
    };
    let mut all = again(model);
    all.extend(first);
    all.extend(templates);
    all.extend(service);
    all.extend(last);
    all
}

pub(super) fn run(facts: Facts<'_>, order: &Order, retries: Option<&WorkItem>) -> Step {
    let notes = match retries {
        Some(item) => retry::notes(facts, item)?,
        None => Vec::new(),
    };
    let named = order.definition();
    let looks = vec![Look::Definition(named.clone())];
    let seen = facts.seen(looks, "the task definition");
    let seen = seen.map_err(|not_yet| match not_yet {
        NotYet::Declined(_, why) => NotYet::Declined(Some(FieldName::Revision), why),
        other => other,
    })?;
    let Some(Some(definition)) = seen.definitions.get(&named) else {
        let unknown = Declined::Unknown {
            what: "task definition",
            name: named.clean().clone(),
            known: revisions(facts, &order.family),
        };
        return Err(NotYet::Declined(
            Some(FieldName::Revision),
            Box::new(unknown),
        ));
    };
    let wanted = order.wanted(definition).map_err(|error| {
        let mut known = definition.containers.iter();
        let unknown = |name: &Clean| !known.any(|container| container.name == *name);
        let field = if order.container.as_ref().is_some_and(unknown) {
            Some(FieldName::Container)
        } else {
            None
        };
        NotYet::Declined(field, Box::new(error.into()))
    })?;
    let mut intent = act::run(facts.decider()?, &wanted)?;
    intent.notes.extend(notes);
    Ok(intent)
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
