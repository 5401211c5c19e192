//! From a proposal to the write itself: what is asked, and what a yes does.
//!
//! The invariant: a write leaves here only as the answer to a question that
//! showed it, and only while nothing stands against it.

use std::time::Duration;

use crate::act::{Change, Goal, Intent, Stage};
use crate::app::effect::{Effect, LoopEffect, WorkerEffect};
use crate::app::model::Model;
use crate::app::model::confirm::{Answer, Confirm, GRACE};
use crate::app::model::declined::Declined;
use crate::app::model::form::Form;
use crate::app::model::notice::Tone;
use crate::app::model::overlay::Overlay;
use crate::app::model::prompt::Prompt;
use crate::app::model::running::Running;
use crate::app::writes::proposing::propose;
use crate::keys::{Action, Key};
use crate::text::Clean;

/// Why a write may not begin now, where that is so.
pub(in crate::app) fn standing_against(model: &Model, intent: &Intent) -> Option<Clean> {
    let mut running = model.running.values();
    let busy = running.any(|running| running.target.clashes_with(&intent.target));
    let kind = intent.target.subject.kind();
    model
        .writes_off()
        .or_else(|| busy.then(|| Clean::own(format!("another change to this {kind} is under way"))))
}

/// Puts the question before a write, and remembers the form that led to it.
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
    let confirm = Confirm {
        proposal: propose(model, intent),
        typed: Prompt::default(),
        form,
        armed: false,
        scrolled: 0,
        since: model.stamp.elapsed,
        warnings: Vec::new(),
        question,
        armed_by: model.stamp.elapsed.saturating_add(GRACE),
        held_until: Duration::ZERO,
    };
    model.overlay = Some(Overlay::Confirm(Box::new(confirm)));
    vec![Effect::Loop(LoopEffect::AskShown(question))]
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
        // Re-check: a guard may have failed since the question was shown.
        Answer::Yes => match standing_against(model, &confirm.proposal.intent) {
            Some(why) => {
                model.draft = confirm.form.map(|form| *form).or(model.draft.take());
                model.note(Tone::Bad, why);
                Vec::new()
            }
            None => {
                if let Some(form) = confirm.form {
                    model.sent.insert(confirm.proposal.intent.id.clone(), *form);
                }
                vec![begin(model, confirm.proposal.intent)]
            }
        },
    }
}

/// Somebody said yes to what was proposed on the command line.
pub(in crate::app) fn decided(model: &mut Model) -> Option<Effect> {
    let proposal = match model.proposal.take()? {
        Ok(proposal) => proposal,
        Err(why) => {
            model.proposal = Some(Err(why));
            return None;
        }
    };
    match standing_against(model, &proposal.intent) {
        None => Some(begin(model, proposal.intent)),
        Some(why) => {
            model.proposal = Some(Err(Declined::impossible(why.as_str())));
            None
        }
    }
}

/// A write was confirmed: from here on it is the worker's.
fn begin(model: &mut Model, intent: Intent) -> Effect {
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
        verb: Goal::effect(intent.steps.iter().map(|step| &step.goal), intent.verb),
        undoable: intent
            .steps
            .iter()
            .all(|step| step.goal.lasting().is_none()),
        target: intent.target.clone(),
        count: Change::of_count(&intent.changes).cloned(),
        stage: Stage::Checking,
    };
    model.running.insert(intent.id.clone(), running);
    Effect::Worker(WorkerEffect::Act(Box::new(intent)))
}
