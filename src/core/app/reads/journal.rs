//! The journal as it is read: for the pane that lists it, and for what became of writes whose end nobody saw.

use crate::act::{History, OutcomeKind, Record};
use crate::app::effect::{Effect, WorkerEffect};
use crate::app::model::Model;
use crate::app::model::notice::Tone;
use crate::app::model::pane::{DetailMode, Pane};
use crate::keys::{Action, Scope};
use crate::text::Clean;

/// Asks for the journal where it is on the screen: when it comes there, when something was written since, and when
/// somebody wants everything fresh.
pub(in crate::app) fn keep(model: &mut Model) -> Option<Effect> {
    let shown = model.detail == DetailMode::Journal;
    let asked = shown.then(|| model.done.revision());
    let asks = asked.is_some() && model.journal_pane.asked != asked;
    model.journal_pane.asked = asked;
    asks.then_some(Effect::Worker(WorkerEffect::ReadJournal))
}

/// At the start, once it is known who we are: what became of writes whose end nobody saw? Commands have no such pane: they
/// settle before they write, and wait for it.
pub(in crate::app) fn settle_once(model: &mut Model) -> Option<Effect> {
    let asks = !model.asked_to_settle
        && model.identity.is_some()
        && !model.setup.read_only
        && model.setup.panes.contains(&Pane::Detail);
    model.asked_to_settle |= asks;
    let region = || model.setup.region.clone();
    asks.then(|| Effect::Worker(WorkerEffect::SettleJournal { region: region() }))
}

/// It was looked at what became of one.
pub(in crate::app) fn settled(
    model: &mut Model,
    title: &Clean,
    outcome: Option<OutcomeKind>,
    detail: &Clean,
    resend: Option<Box<Record>>,
) {
    // Its line is another one now.
    model.journal_pane.asked = None;
    let word = outcome.map_or("not settled", OutcomeKind::words);
    let tone = if outcome == Some(OutcomeKind::Done) {
        Tone::Plain
    } else {
        Tone::Bad
    };
    let mut text = format!("earlier {title}: {word} \u{2014} {detail}");
    if let Some(record) = resend {
        model.resendable.push(*record);
        let keys = model.setup.keymap.keys(Action::Run, Scope::Services);
        if let Some(key) = keys.first() {
            text.push_str(&format!("; {key} offers it again"));
        }
    }
    model.note(tone, Clean::own(text));
}

/// The journal was read.
pub(in crate::app) fn read(model: &mut Model, journal: Result<History, Clean>) {
    if model.detail == DetailMode::Journal {
        let records = journal.as_ref().map(|history| history.records().to_vec());
        model.journal_pane.records = Some(records.map_err(Clone::clone));
    }
    model.journal = Some(journal);
}
