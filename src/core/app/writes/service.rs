//! Wishes about a service: its count, its tasks, its image, its autoscaling, its hook.

use super::facts::{Facts, NotYet, Step};
use super::target::{on_service, selected_service};
use crate::act::{self, HookAction, Intent, Request, Revision, Scaling, Wish, autoscaling_words};
use crate::app::model::Model;
use crate::app::model::declined::Declined;
use crate::app::model::notice::Tone;
use crate::app::model::overlay::Overlay;
use crate::app::model::prompt::{Prompt, Purpose};
use crate::app::writes::forms::{autoscaling_form, hook_form, image_form};
use crate::diagnose::{Fact, Question};
use crate::domain::{Arn, Controller, DeploymentHook, Suspended};
use crate::text::Clean;

/// Asks for the new count of the selected service. What is typed becomes the wish in [`count_typed`].
pub(super) fn ask_count(model: &mut Model) -> Option<Wish> {
    if let Some(why) = model.writes_off() {
        model.note(Tone::Bad, why);
        return None;
    }
    let arn = selected_service(model)?;
    let service = model.fleet.services.get(&arn);
    let desired = service.map_or(0, |service| service.desired);
    let purpose = Purpose::Scale(arn, desired);
    model.overlay = Some(Overlay::Prompt(purpose, Prompt::default()));
    None
}

/// The wish that a typed count is, and the line in which it stands, so that it can be put right.
pub(in crate::app) fn count_typed(service: Arn, current: u32, typed: Prompt) -> (Wish, Overlay) {
    let wish = Wish::Scale {
        service: service.clone(),
        count: typed.text().to_owned(),
    };
    let purpose = Purpose::Scale(service, current);
    (wish, Overlay::Prompt(purpose, typed))
}

pub(super) fn scale(facts: Facts<'_>, service: &Arn, count: &str) -> Step {
    let service = facts.service(service)?;
    let mut intent = act::scale(facts.decider()?, service, count)?;
    let (target, note) = facts.scaling_or_note(service)?;
    intent.notes.extend(note);
    let count = count.trim().parse().ok();
    let taken_back = target.zip(count);
    intent
        .notes
        .extend(taken_back.and_then(|(target, count)| autoscaling_words(&target, count)));
    Ok(intent)
}

pub(super) fn redeploy(facts: Facts<'_>, service: &Arn) -> Step {
    Ok(act::redeploy(facts.decider()?, facts.service(service)?)?)
}

/// Takes the selected service to zero, or brings it back from there.
pub(super) fn drain_or_restore(model: &mut Model) -> Option<Wish> {
    let drained = model
        .selected_service()
        .is_some_and(|service| service.desired == 0);
    on_service(model, |service| {
        if drained {
            Wish::Restore {
                service,
                keep_revision: false,
            }
        } else {
            Wish::Drain(service)
        }
    })
}

pub(super) fn drain(facts: Facts<'_>, service: &Arn) -> Step {
    let service = facts.service(service)?;
    let (target, note) = facts.scaling_or_note(service)?;
    let mut intent = act::drain(facts.decider()?, service, target.as_ref())?;
    intent.notes.extend(note);
    Ok(intent)
}

pub(super) fn restore(facts: Facts<'_>, service: &Arn, keep_revision: bool) -> Step {
    let service = facts.service(service)?;
    let Some(drained) = facts.history()?.drained(&service.arn) else {
        let why = format!(
            "the journal has no drain of {}; set the desired count with scale",
            service.name
        );
        return Err(Declined::impossible(why).into());
    };
    let (target, note) = facts.scaling_or_note(service)?;
    let (by, target) = (facts.decider()?, target.as_ref());
    let mut intent = act::restore(by, service, target, drained, !keep_revision)?;
    intent.notes.extend(note);
    // What cannot be read holds up nothing: who drained has to come back.
    if service.controller == Controller::Ecs
        && let Ok(Fact::Rollouts(rollouts)) = facts.answer(Question::rollouts(service))?
    {
        let revision = brought(&intent).unwrap_or(&service.task_definition);
        intent.notes.extend(act::ended_badly(rollouts, revision));
    }
    Ok(intent)
}

/// The revision that a change of a service brings, where it brings one that is there.
fn brought(intent: &Intent) -> Option<&Arn> {
    let mut requests = intent.steps.iter().map(|step| &step.request);
    requests.find_map(|request| match request {
        Request::UpdateService(update) => match update.task_definition.as_ref()? {
            Revision::Known(revision) => Some(revision),
            Revision::Registered => None,
        },
        _ => None,
    })
}

pub(super) fn autoscaling(facts: Facts<'_>, service: &Arn, to: Option<&Scaling>) -> Step {
    let service = facts.service(service)?;
    let target = facts.scaling(service)?;
    let (by, known) = (facts.decider()?, target.as_ref());
    let Some(to) = to else {
        let target = target.ok_or_else(|| act::nothing_scales(service))?;
        return Err(NotYet::Fill(Box::new(autoscaling_form(service, &target))));
    };
    Ok(match to {
        Scaling::Suspend => act::suspend(by, service, known)?,
        Scaling::Bounds { min, max } => act::bounds(by, service, known, min, max)?,
        Scaling::Resume => {
            let now = target.map_or(Suspended::default(), |target| target.suspended);
            let earlier = facts.history()?.suspended_before(&service.arn, now);
            act::resume(by, service, known, earlier)?
        }
    })
}

pub(super) fn hook(facts: Facts<'_>, service: &Arn, answer: Option<HookAction>) -> Step {
    let service = facts.service(service)?;
    let rollouts = facts.rollouts(service)?;
    let paused = rollouts
        .ongoing()
        .filter(|ongoing| ongoing.hooks.iter().any(DeploymentHook::awaits_action));
    let Some(deployment) = paused else {
        let why = format!("no deployment of {} waits at a hook", service.name);
        return Err(Declined::impossible(why).into());
    };
    match answer {
        Some(answer) => Ok(act::answer_hook(
            facts.decider()?,
            service,
            deployment,
            answer,
        )?),
        None => Err(NotYet::Fill(Box::new(hook_form(service)))),
    }
}

pub(super) fn deploy(
    facts: Facts<'_>,
    service: &Arn,
    images: Option<&[String]>,
    seen: Option<&Arn>,
) -> Step {
    let service = facts.service(service)?;
    let now = &service.task_definition;
    if seen.is_some_and(|seen| seen != now) {
        let now = Clean::new(now.name());
        let why = format!("{} is at {now} by now; start over", service.name);
        return Err(Declined::impossible(why).into());
    }
    let document = facts.document(now)?;
    match images {
        Some(images) => {
            let images: Vec<&str> = images.iter().map(String::as_str).collect();
            Ok(act::deploy(facts.decider()?, service, document, &images)?)
        }
        None => Err(NotYet::Fill(Box::new(image_form(
            facts.model,
            service,
            document,
        )?))),
    }
}
