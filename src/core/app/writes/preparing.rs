//! What has to be read before a write can be proposed: earlier rollouts, what scales a service, the journal.
//!
//! The invariant: it leads to a form or a question only while nothing lies over
//! the panes and no key was pressed meanwhile, so that neither comes up under
//! somebody's fingers.

use std::collections::BTreeSet;
use std::time::Duration;

use super::acting::{Begun, Next, build};
use super::deciding::ask_from;
use super::forms::{Wrong, open};
use crate::act::{Look, Seen};
use crate::app::effect::{Effect, WorkerEffect};
use crate::app::model::Model;
use crate::app::model::form::Form;
use crate::app::model::notice::{Notice, Tone};
use crate::app::model::overlay::Overlay;
use crate::app::model::slot::Slot;
use crate::diagnose::{Fact, Question};
use crate::domain::{Arn, CloudError};
use crate::text::Clean;

/// How long AWS is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// An action that was begun, and what it waits for.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::app) struct Preparing {
    /// What was begun.
    pub(in crate::app) begun: Begun,
    /// What is needed for it, as far as that is known.
    pub(in crate::app) needs: Needs,
    /// When it was begun, since the console started.
    since: Duration,
    /// Questions that were asked anew for it.
    asked: BTreeSet<Question>,
    /// What was read for it by itself.
    pub(in crate::app) read: Option<Result<Box<Prepared>, CloudError>>,
    /// What the reading was for.
    reading: Option<(Vec<Look>, Option<Arn>)>,
    /// The journal was asked for.
    journal: bool,
    /// A form led to it, and stays on the screen until it is proposed.
    from_form: bool,
}

/// What was read for one action alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prepared {
    /// What was looked at.
    pub seen: Seen,
    /// The body of DescribeTaskDefinition's answer as it came: never to be drawn.
    pub document: Option<serde_json::Value>,
}

/// What an action needs before it can be proposed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::app) struct Needs {
    /// Facts, read since it was begun.
    pub(in crate::app) questions: Vec<Question>,
    /// What is looked at for it alone.
    pub(super) looks: Vec<Look>,
    /// The definition whose whole document is needed.
    pub(super) document: Option<Arn>,
    /// The journal.
    pub(super) journal: bool,
}

impl Preparing {
    /// What was looked at for it, once it was.
    pub(in crate::app) fn seen(&self) -> Option<&Prepared> {
        match &self.read {
            Some(Ok(prepared)) => Some(prepared),
            Some(Err(_)) | None => None,
        }
    }

    /// What is looked at for it.
    pub(in crate::app) fn reading(&self) -> Option<(Vec<Look>, Option<Arn>)> {
        self.reading.clone()
    }

    /// Until when it waits, since the console started.
    pub(in crate::app) fn until(&self) -> Duration {
        self.since.saturating_add(PATIENCE)
    }
}

/// Begins an action: proposes it at once, or as soon as what it needs has been read.
pub(in crate::app) fn begin(model: &mut Model, begun: Begun) {
    match model.writes_off() {
        Some(why) => model.note(Tone::Bad, why),
        None => start(model, begun, false),
    }
}

/// The same from a form, which stays where it is meanwhile.
pub(in crate::app) fn begin_from(model: &mut Model, begun: Begun, mut form: Box<Form>) {
    match model.writes_off() {
        Some(why) => form.error = Some(why),
        None => start(model, begun, true),
    }
    model.overlay = Some(Overlay::Form(form));
}

fn start(model: &mut Model, begun: Begun, from_form: bool) {
    model.preparing = Some(Preparing {
        begun,
        needs: Needs::default(),
        since: model.stamp.elapsed,
        asked: BTreeSet::new(),
        read: None,
        reading: None,
        journal: false,
        from_form,
    });
    // What others have written since counts too.
    model.journal = None;
}

/// Somebody does something else.
pub(in crate::app) fn forget(model: &mut Model) {
    if model.preparing.take().is_some() {
        model.readings.cancel(&Slot::Prepared);
        model.notice = None;
    }
}

/// Goes on with what was begun, as far as what it needs is there.
pub(in crate::app) fn go_on(model: &mut Model) -> Vec<Effect> {
    let from_form = match (&model.preparing, &model.overlay) {
        (Some(preparing), None) => preparing.from_form,
        (Some(preparing), Some(Overlay::Form(_))) if preparing.from_form => true,
        (None, _) => return Vec::new(),
        // Something else has come up: what was begun is not gone on with behind it.
        (Some(_), Some(_)) => {
            forget(model);
            return Vec::new();
        }
    };
    let next = build(model);
    let Some(mut preparing) = model.preparing.take() else {
        return Vec::new();
    };
    if !matches!(next, Next::Wait(_)) {
        model.notice = None;
        model.readings.cancel(&Slot::Prepared);
    }
    match next {
        Next::Ask(intent) => {
            let form = match model.overlay.take() {
                Some(Overlay::Form(form)) if from_form => Some(form),
                _ => None,
            };
            ask_from(model, *intent, form)
        }
        Next::Fill(form) => {
            open(model, *form);
            Vec::new()
        }
        Next::No(Wrong { field, why }) => {
            refuse(model, &field, why);
            Vec::new()
        }
        Next::Wait(needs) if preparing.until() > model.stamp.elapsed => {
            let mut effects = Vec::new();
            for question in &needs.questions {
                if preparing.asked.insert(question.clone()) {
                    model.readings.want(&Slot::Asked(question.clone()));
                }
            }
            let looks = (needs.looks.clone(), needs.document.clone());
            if looks != (Vec::new(), None) && preparing.reading.as_ref() != Some(&looks) {
                preparing.reading = Some(looks);
                preparing.read = None;
                model.readings.forget(|slot| *slot == Slot::Prepared);
            }
            if needs.journal && !preparing.journal {
                preparing.journal = true;
                effects.push(Effect::Worker(WorkerEffect::ReadJournal));
            }
            let words = format!("{}: asking AWS \u{2026}", preparing.begun.words());
            preparing.needs = needs;
            model.preparing = Some(preparing);
            // It stays until a key is pressed, which takes back what was begun too.
            model.notice = Some(Notice {
                tone: Tone::Plain,
                text: Clean::own(words),
                until: None,
            });
            effects
        }
        Next::Wait(_) => {
            model.readings.cancel(&Slot::Prepared);
            let words = format!("{}: AWS did not answer in time", preparing.begun.words());
            refuse(model, "", Clean::own(words));
            Vec::new()
        }
    }
}

/// Says why it cannot be done: in the form that led to it, else in the last line.
fn refuse(model: &mut Model, field: &str, why: Clean) {
    match &mut model.overlay {
        Some(Overlay::Form(form)) => form.refuse(field, why),
        _ => model.note(Tone::Bad, why),
    }
}

/// What a question brought, once it has been answered since the action was begun.
pub(super) fn answered<'m>(
    model: &'m Model,
    question: &Question,
) -> Option<Result<&'m Fact, &'m CloudError>> {
    // Only what was asked anew for this action: not what was known before its key was pressed.
    if !model.preparing.as_ref()?.asked.contains(question) {
        return None;
    }
    let reading = model.readings.get(&Slot::Asked(question.clone()))?;
    if reading.in_flight.is_some() || reading.is_wanted_now() {
        return None;
    }
    if let Some(error) = &reading.error {
        return Some(Err(error));
    }
    let answered = model.fleet.facts.answered(question)?;
    Some(answered.fact.as_ref())
}
