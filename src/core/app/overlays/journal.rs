//! The journal on the screen: who changed what, when, with what result.

use crate::act::history::markdown;
use crate::act::{History, OutcomeKind, Record, State};
use crate::app::effect::{Effect, WorkerEffect};
use crate::app::model::Model;
use crate::app::model::notice::Tone;
use crate::app::model::overlay::Overlay;
use crate::app::model::pane::Pane;
use crate::app::model::viewer::{Line, Style, Viewer};
use crate::keys::{Action, Scope};
use crate::text::Clean;

/// The title of the journal's viewer, by which it is known.
const TITLE: &str = "journal";

fn style(state: State) -> Style {
    match state {
        State::Done | State::Undone => Style::Good,
        State::Refused => Style::Dim,
        State::Failed => Style::Bad,
        State::Open | State::Unknown | State::Unknowable | State::Other => Style::Warn,
    }
}

/// A write, with who did it and what AWS said.
fn lines(record: &Record) -> Vec<Line> {
    let target = &record.target;
    let at = Clean::own(record.at.strftime("%m-%d %H:%M:%S").to_string());
    let what = format!(
        "{} {}: {} \u{2014} {}",
        record.verb,
        record.target_words(),
        record.change_words("\u{2192}"),
        record.result_words()
    );
    let deck = record.who.deck.as_ref();
    let deck = deck.map(|deck| format!(", deck {deck}"));
    let place = format!(
        "account {}, {}{}",
        target.account,
        target.region,
        deck.unwrap_or_default()
    );
    let mut lines = vec![
        Line {
            label: at,
            text: Clean::own(what),
            style: style(record.state()),
        },
        Line::of("  who", Style::Dim, Clean::own(record.who.to_string())),
        Line::of("  where", Style::Dim, Clean::own(place)),
    ];
    if let Some(detail) = record.detail() {
        lines.push(Line::of("  why", Style::Plain, detail.clone()));
    }
    let requests = record.request_ids();
    if !requests.is_empty() {
        let ids = Clean::own(requests.join(", "));
        lines.push(Line::of("  request", Style::Dim, ids));
    }
    lines
}

/// Asks for the journal.
pub(in crate::app) fn open(model: &mut Model) -> Vec<Effect> {
    model.journal = None;
    model.opens_journal = true;
    vec![Effect::Worker(WorkerEffect::ReadJournal)]
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
    let word = outcome.map_or("not settled", OutcomeKind::as_str);
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
    let opens =
        std::mem::take(&mut model.opens_journal) && model.overlay.is_none() && model.wish.is_none();
    match (&journal, opens) {
        (Ok(history), true) => model.overlay = Some(Overlay::Viewer(viewer(history))),
        (Err(why), true) => {
            let why = Clean::own(format!("the journal cannot be read: {why}"));
            model.note(Tone::Bad, why);
        }
        (_, false) => {}
    }
    model.journal = Some(journal);
}

fn viewer(history: &History) -> Viewer {
    let mut all = Vec::new();
    // The newest first.
    for record in history.records().iter().rev() {
        if !all.is_empty() {
            all.push(Line::gap());
        }
        all.extend(lines(record));
    }
    if all.is_empty() {
        all.push(Line::new(
            Style::Dim,
            Clean::literal("nothing has been changed yet"),
        ));
    }
    Viewer::new(Clean::literal(TITLE), all)
}

/// The journal as a table for the incident's page, where it is what is looked at.
pub(in crate::app) fn export(model: &Model, viewer: &Viewer) -> Option<Effect> {
    let Some(Ok(history)) = model.journal.as_ref().filter(|_| viewer.title == TITLE) else {
        return None;
    };
    Some(Effect::Worker(WorkerEffect::Save {
        stem: Clean::literal("journal"),
        text: markdown(history.records()),
    }))
}
