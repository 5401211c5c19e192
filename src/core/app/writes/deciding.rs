//! From the key that begins a write to the write itself: what is asked, and what a yes does.
//!
//! The invariant: a write leaves here only as the answer to a question that
//! showed it, and only while nothing stands against it.

use std::time::Duration;

use super::dialog::{Answer, Confirm, GRACE};
use crate::act::{Change, Intent, Request, Stage, scale};
use crate::app::effect::{Effect, LoopEffect, WorkerEffect};
use crate::app::model::Model;
use crate::app::model::form::Form;
use crate::app::model::notice::Tone;
use crate::app::model::overlay::Overlay;
use crate::app::model::prompt::{Prompt, Purpose};
use crate::app::model::running::Running;
use crate::app::overlays::palette;
use crate::domain::Arn;
use crate::keys::{Action, Key};
use crate::text::Clean;
use crate::text::masked;

/// Asks for the new count of the selected service.
pub(in crate::app) fn begin_scale(model: &mut Model) {
    if let Some(why) = model.writes_off() {
        return model.note(Tone::Bad, why);
    }
    match model
        .selected_service()
        .map(|service| (service.arn.clone(), service.desired))
    {
        Some((arn, desired)) => {
            // From here on the cursor stays on this service, wherever its row goes.
            model
                .services
                .cursor
                .put(crate::app::model::row_key::RowKey::Service(arn.clone()));
            let purpose = Purpose::Scale(arn, desired);
            model.overlay = Some(Overlay::Prompt(purpose, Prompt::default()));
        }
        None => model.note(
            Tone::Bad,
            Clean::literal("only a service can be scaled: select one first"),
        ),
    }
}

/// The write that a typed count means.
pub(in crate::app) fn scale_intent(
    model: &Model,
    service: &Arn,
    count: &str,
) -> Result<Intent, Clean> {
    if let Some(why) = model.writes_off() {
        return Err(why);
    }
    let (Some(service), Some(decider)) = (model.fleet.services.get(service), model.decider())
    else {
        return Err(Clean::literal("the service is no longer there"));
    };
    scale(decider, service, count).map_err(|why| Clean::own(why.to_string()))
}

/// Why a write may not begin now, where that is so.
fn standing_against(model: &Model, intent: &Intent) -> Option<Clean> {
    let mut running = model.running.values();
    let busy = running.any(|running| running.target.clashes_with(&intent.target));
    let kind = intent.target.subject.kind();
    model
        .writes_off()
        .or_else(|| busy.then(|| Clean::own(format!("another change to this {kind} is under way"))))
}

/// Puts the question before a write.
pub(in crate::app) fn ask(model: &mut Model, intent: Intent) -> Vec<Effect> {
    ask_from(model, intent, None)
}

/// The same for a write that a form led to.
pub(in crate::app) fn ask_from(
    model: &mut Model,
    intent: Intent,
    form: Option<Box<Form>>,
) -> Vec<Effect> {
    if let Some(why) = standing_against(model, &intent) {
        match form {
            Some(mut form) => {
                form.error = Some(why);
                model.overlay = Some(Overlay::Form(form));
            }
            None => model.note(Tone::Bad, why),
        }
        return Vec::new();
    }
    model.questions = model.questions.saturating_add(1);
    let question = model.questions;
    let name = palette::must_be_typed(model, &intent);
    let confirm = Confirm {
        commands: commands(&intent),
        notes: palette::notes(model, &intent),
        name,
        intent,
        typed: Prompt::default(),
        form,
        armed: false,
        scrolled: 0,
        question,
        armed_by: model.stamp.elapsed.saturating_add(GRACE),
        held_until: Duration::ZERO,
    };
    model.overlay = Some(Overlay::Confirm(Box::new(confirm)));
    vec![Effect::Loop(LoopEffect::AskShown(question))]
}

/// What is sent, as commands. Somebody may look over the shoulder: what looks like a secret is not shown.
fn commands(intent: &Intent) -> Vec<Clean> {
    let mut shown = intent.clone();
    for step in &mut shown.steps {
        if let Request::RunTask(run) = &mut step.request {
            let containers = run.overrides.container_overrides.iter_mut();
            for variable in containers.flat_map(|container| &mut container.environment) {
                variable.value = masked(&variable.name, &variable.value);
            }
        }
    }
    let commands = shown.aws_commands();
    commands.iter().map(|command| Clean::new(command)).collect()
}

/// Takes a key while a question stands.
pub(in crate::app) fn in_question(
    model: &mut Model,
    mut confirm: Box<Confirm>,
    action: Option<Action>,
    key: Key,
    alone: bool,
) -> Vec<Effect> {
    confirm.scroll(action);
    match confirm.press(action, key, alone, model.stamp.elapsed) {
        Answer::Wait => {
            model.overlay = Some(Overlay::Confirm(confirm));
            Vec::new()
        }
        Answer::No => {
            model.overlay = confirm.form.map(Overlay::Form);
            model.note(Tone::Plain, Clean::literal("nothing was changed"));
            Vec::new()
        }
        // What stood not against it when it was asked may do so now.
        Answer::Yes => match standing_against(model, &confirm.intent) {
            Some(why) => {
                model.draft = confirm.form.map(|form| *form).or(model.draft.take());
                model.note(Tone::Bad, why);
                Vec::new()
            }
            None => {
                if let Some(form) = confirm.form {
                    model.sent.insert(confirm.intent.id.clone(), *form);
                }
                vec![begin(model, confirm.intent)]
            }
        },
    }
}

impl Model {
    /// What should be known beside the change itself: what will happen, and who else sets the value.
    pub fn notes_on(&self, intent: &Intent) -> Vec<Clean> {
        palette::notes(self, intent)
    }

    /// The name that has to be typed before a big change in a protected deck.
    pub fn name_to_type(&self, intent: &Intent) -> Option<Clean> {
        palette::must_be_typed(self, intent)
    }
}

/// A write was confirmed: from here on it is the worker's.
pub(in crate::app) fn begin(model: &mut Model, intent: Intent) -> Effect {
    let name = intent.target.subject.name();
    let changes: Vec<String> = intent
        .changes
        .iter()
        .map(|change| format!("{} \u{2192} {}", change.before, change.after))
        .collect();
    let mut resendable = model.resendable.iter();
    let resends = resendable.find(|record| intent.sends_again(record));
    let running = Running {
        resends: resends.map(|record| record.id.clone()),
        title: Clean::own(format!("{} {name} {}", intent.verb, changes.join(", "))),
        target: intent.target.clone(),
        count: Change::of_count(&intent.changes).cloned(),
        stage: Stage::Checking,
    };
    model.running.insert(intent.id.clone(), running);
    Effect::Worker(WorkerEffect::Act(Box::new(intent)))
}
