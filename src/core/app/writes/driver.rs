//! The driver of a wish: reads what its step is missing, and takes the step again until it leads somewhere.
//!
//! The invariant: it leads to a form or a question only while nothing lies over the panes but what it came from, and
//! what is typed meanwhile is thrown away, so that neither comes up under somebody's fingers. A wish from the command line puts
//! up nothing: it leads to [`Model::proposal`].

use std::collections::BTreeSet;

use crate::act::Intent;
use crate::act::Wish;
use crate::app::effect::{Effect, WorkerEffect};
use crate::app::model::Model;
use crate::app::model::declined::Declined;
use crate::app::model::field_name::FieldName;
use crate::app::model::form_purpose::FormPurpose;
use crate::app::model::notice::{Notice, Tone};
use crate::app::model::overlay::Overlay;
use crate::app::model::pending_wish::{Earlier, Missing, Origin, PendingWish};
use crate::app::model::slot::Slot;
use crate::app::writes::deciding::{ask_from, standing_against};
use crate::app::writes::facts::{Facts, NotYet};
use crate::app::writes::forms::open;
use crate::app::writes::proposing::propose;
use crate::app::writes::table::{step, words};
use crate::text::Clean;

/// Takes a wish from a key.
pub(in crate::app) fn begin(model: &mut Model, wish: Wish) {
    match model.writes_off() {
        Some(why) => model.note(Tone::Bad, why),
        None => start(model, wish, Origin::Key),
    }
}

/// Takes a wish from a form or a line of input, which stays where it is meanwhile.
pub(in crate::app) fn begin_from(model: &mut Model, wish: Wish, mut overlay: Overlay) {
    match (model.writes_off(), &mut overlay) {
        (Some(why), Overlay::Form(form)) => form.error = Some(why),
        (Some(why), _) => model.note(Tone::Bad, why),
        (None, _) => start(model, wish, Origin::Overlay),
    }
    model.overlay = Some(overlay);
}

/// Takes a wish from the command line. A dry run reads and proposes, whatever stands against a write.
pub(in crate::app) fn begin_command(model: &mut Model, wish: Wish, dry_run: bool) {
    model.proposal = None;
    match model.writes_off().filter(|_| !dry_run) {
        Some(why) => model.proposal = Some(Err(Declined::impossible(why.as_str()))),
        None => start(model, wish, Origin::Command { dry_run }),
    }
}

fn start(model: &mut Model, wish: Wish, origin: Origin) {
    let settles = matches!(origin, Origin::Command { .. }) && !model.setup.read_only;
    model.wish = Some(PendingWish {
        wish,
        origin,
        missing: Missing::default(),
        since: model.stamp.elapsed,
        asked: BTreeSet::new(),
        reading: None,
        read: None,
        journal: false,
        earlier: if settles {
            Earlier::ToSettle
        } else {
            Earlier::Settled
        },
    });
    // What others have written since counts too.
    model.journal = None;
}

/// Somebody does something else.
pub(in crate::app) fn forget(model: &mut Model) {
    if model.wish.take().is_some() {
        model.readings.cancel(&Slot::Prepared);
        model.notice = None;
    }
}

/// The wish was about what is no longer asked: a command is told why.
pub(in crate::app) fn withdraw(model: &mut Model, why: &str) {
    if let Some(PendingWish {
        origin: Origin::Command { .. },
        ..
    }) = model.wish.take()
    {
        model.proposal = Some(Err(Declined::impossible(why)));
    }
}

/// It is known what became of earlier writes.
pub(in crate::app) fn earlier_settled(model: &mut Model) {
    if let Some(pending) = &mut model.wish {
        pending.earlier = Earlier::Settled;
    }
}

/// Goes on with a wish, as far as what it needs is there.
pub(in crate::app) fn go_on(model: &mut Model) -> Vec<Effect> {
    let Some(mut pending) = model.wish.take() else {
        return Vec::new();
    };
    if !pending.is_at(model.overlay.as_ref()) {
        // Something else has come up: nothing is gone on with behind it.
        model.wish = Some(pending);
        forget(model);
        return Vec::new();
    }
    if pending.earlier != Earlier::Settled {
        let asks = pending.earlier == Earlier::ToSettle;
        pending.earlier = Earlier::Settling;
        model.wish = Some(pending);
        let region = model.setup.region.clone();
        return asks
            .then_some(Effect::Worker(WorkerEffect::SettleJournal { region }))
            .into_iter()
            .collect();
    }
    match step(Facts::new(model, &pending), &pending.wish) {
        Err(NotYet::Read(missing)) => read(model, pending, *missing),
        led => {
            model.notice = None;
            model.readings.cancel(&Slot::Prepared);
            lead(model, pending.origin, led)
        }
    }
}

/// Where a step has led that needs nothing more.
fn lead(model: &mut Model, origin: Origin, led: Result<Intent, NotYet>) -> Vec<Effect> {
    match (origin, led) {
        (Origin::Command { dry_run }, led) => {
            let led = led.map_err(declined).and_then(|intent| {
                let against = standing_against(model, &intent).filter(|_| !dry_run);
                match against {
                    Some(why) => Err(Declined::impossible(why.as_str())),
                    None => Ok(Box::new(propose(model, intent))),
                }
            });
            model.proposal = Some(led);
        }
        (Origin::Key | Origin::Overlay, Ok(intent)) => {
            let form = match model.overlay.take() {
                Some(Overlay::Form(form)) => Some(form),
                _ => None,
            };
            return ask_from(model, intent, form);
        }
        (_, Err(NotYet::Fill(form))) => open(model, *form),
        (_, Err(NotYet::Declined(field, why))) => refuse(model, field.as_ref(), &why),
        (_, Err(NotYet::Read(_))) => {}
    }
    Vec::new()
}

/// Why a command has nothing to propose. It says all that a form would ask for; what only a person can name is missing.
fn declined(not_yet: NotYet) -> Declined {
    match not_yet {
        NotYet::Declined(_, why) => *why,
        NotYet::Fill(form) => {
            let why = form.error.unwrap_or(form.title);
            match form.purpose {
                FormPurpose::RollbackFrom(_, known) => Declined::WhichRevision { why, known },
                FormPurpose::RollbackTo(_) => Declined::WhichRevision {
                    why,
                    known: Vec::new(),
                },
                _ => Declined::Act(crate::act::ActError::Bad(why)),
            }
        }
        NotYet::Read(_) => Declined::impossible("a fact is missing"),
    }
}

/// Reads what is missing, if there is still time for it.
fn read(model: &mut Model, mut pending: PendingWish, missing: Missing) -> Vec<Effect> {
    let words = words(&pending.wish);
    if pending
        .until()
        .is_some_and(|until| until <= model.stamp.elapsed)
    {
        model.readings.cancel(&Slot::Prepared);
        model.notice = None;
        refuse(model, None, &Declined::TooLate(words));
        return Vec::new();
    }
    let mut effects = Vec::new();
    for question in &missing.questions {
        if pending.asked.insert(question.clone()) {
            model.readings.want(&Slot::Asked(question.clone()));
        }
    }
    let reading = (missing.looks.clone(), missing.document.clone());
    if reading != (Vec::new(), None) && pending.reading.as_ref() != Some(&reading) {
        pending.reading = Some(reading);
        pending.read = None;
        model.readings.forget(|slot| *slot == Slot::Prepared);
    }
    if missing.journal && !pending.journal {
        pending.journal = true;
        effects.push(Effect::Worker(WorkerEffect::ReadJournal));
    }
    pending.missing = missing;
    model.wish = Some(pending);
    // It stays as long as the wish does.
    model.notice = Some(Notice {
        tone: Tone::Plain,
        text: Clean::own(format!("{words}: asking AWS \u{2026} (esc cancels)")),
        until: None,
    });
    effects
}

/// Says why it cannot be done: in the form that led to it, else in the last line.
fn refuse(model: &mut Model, field: Option<&FieldName>, why: &Declined) {
    let words = Clean::own(why.to_string());
    match &mut model.overlay {
        Some(Overlay::Form(form)) => form.refuse(field, words),
        _ => model.note(Tone::Bad, words),
    }
}
