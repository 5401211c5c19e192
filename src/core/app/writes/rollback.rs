//! Rolling back: which way back there is, and whether the revision can come back.

use super::facts::{Facts, NotYet, Step};
use crate::act::{self, ActError, Comeback, Look, way_back};
use crate::app::model::declined::Declined;
use crate::app::model::pending_wish::Missing;
use crate::app::reads::checking::revision_of;
use crate::app::writes::forms::{revisions_form, rollback_form};
use crate::app::writes::revisions::candidates;
use crate::diagnose::{Fact, Question};
use crate::domain::{Arn, ImageState, RolloutHistory, Service, TaskDefinition};
use crate::text::Clean;

pub(super) fn rollback(facts: Facts<'_>, service: &Arn, to: Option<&str>) -> Step {
    let service = facts.service(service)?;
    // Refused for its own reason where others roll it out, whatever its rollouts.
    let rollouts = facts.rollouts(service)?;
    let to = match to {
        Some(to) => Some(revision_of(facts.model, service, to)?),
        None => None,
    };
    let way = match way_back(service, &rollouts, to.as_ref()) {
        Ok(way) => way,
        // ECS knows none: then a person has to name one.
        Err(ActError::Bad(why)) if to.is_none() => {
            return Err(choose(facts, service, &rollouts, &why)?);
        }
        Err(error) => return Err(error.into()),
    };
    let definition = match way.needs() {
        Some(to) => Some(revision(facts, &rollouts, to)?),
        None => None,
    };
    let (images, notes) = match definition {
        Some(definition) => images(facts, definition)?,
        None => (Vec::new(), Vec::new()),
    };
    let comeback = Comeback {
        definition,
        images: &images,
    };
    let mut intent = act::rollback(facts.decider()?, service, &way, &comeback)?;
    intent.notes.extend(notes);
    Ok(intent)
}

/// The form in which a person says which revision is meant: chosen from those of the family, where they can be listed.
fn choose(
    facts: Facts<'_>,
    service: &Service,
    rollouts: &RolloutHistory,
    why: &Clean,
) -> Step<NotYet> {
    let form = match facts.revisions(service)? {
        Ok(listed) => {
            let candidates = candidates(facts.model, service, rollouts, listed);
            if candidates.is_empty() {
                let why = format!("{why}, and the family has no other revision");
                rollback_form(service, Some(Clean::own(why)))
            } else {
                revisions_form(service, why.clone(), candidates, facts.model.now())
            }
        }
        Err(error) => {
            let why = format!("{why}, and its revisions could not be listed: {error}");
            rollback_form(service, Some(Clean::own(why)))
        }
    };
    Ok(NotYet::Fill(Box::new(form)))
}

/// The task definition that shall come back.
fn revision<'m>(facts: Facts<'m>, rollouts: &RolloutHistory, to: &Arn) -> Step<&'m TaskDefinition> {
    let looks = vec![Look::Definition(to.clone())];
    let seen = facts.seen(looks, "the earlier revision")?;
    if let Some(Some(definition)) = seen.definitions.get(to) {
        return Ok(definition);
    }
    let revisions = rollouts.revisions.values();
    let mut known: Vec<Clean> = revisions
        .map(|revision| Clean::new(revision.task_definition.name()))
        .collect();
    known.sort();
    known.dedup();
    Err(Declined::Unknown {
        what: "revision",
        name: Clean::new(to.name()),
        known,
    }
    .into())
}

type Images = (Vec<(Clean, ImageState)>, Vec<Clean>);

/// Whether its images are still there. One that ECR does not tell of is a note and holds nothing up; credentials that
/// do not work are never a mere note.
fn images(facts: Facts<'_>, definition: &TaskDefinition) -> Step<Images> {
    let (mut known, mut notes) = (Vec::new(), Vec::new());
    let mut missing = Missing::default();
    let images = definition
        .containers
        .iter()
        .map(|container| &container.image);
    // Other registries cannot be asked.
    for image in images.filter(|image| image.contains(".dkr.ecr.")) {
        let question = Question::Image(image.clone());
        match facts.answered(&question) {
            Some(Ok(Fact::Image(state))) => known.push((image.clone(), state.clone())),
            Some(Ok(_)) => {}
            Some(Err(error)) if error.is_about_credentials() => {
                let what = Clean::own(format!("the image {image}"));
                let error = error.clone();
                return Err(Declined::Unread { what, error }.into());
            }
            Some(Err(error)) => notes.push(Clean::own(format!(
                "whether the image {image} is still there is not known: {error}"
            ))),
            None => missing.questions.push(question),
        }
    }
    if missing == Missing::default() {
        Ok((known, notes))
    } else {
        Err(missing.into())
    }
}
