//! The journal on the screen: who changed what, when, with what result.

use crate::act::Record;
use crate::app::effect::{Effect, WorkerEffect};
use crate::app::model::Model;
use crate::app::model::notice::Tone;
use crate::app::model::overlay::Overlay;
use crate::app::model::pane::Pane;
use crate::app::model::viewer::{Line, Style, Viewer};
use crate::app::model::written::Written;
use crate::keys::{Action, Scope};
use crate::text::{Clean, clock};

/// The title of the journal's viewer, by which it is known.
const TITLE: &str = "journal";

impl Written {
    /// How it ended, in a word.
    fn result(&self) -> &str {
        self.record.outcome.as_deref().unwrap_or("never concluded")
    }

    fn style(&self) -> Style {
        match self.record.outcome.as_deref() {
            Some("done") => Style::Good,
            Some("refused") => Style::Dim,
            Some("failed") => Style::Bad,
            Some(_) | None => Style::Warn,
        }
    }

    fn what(&self) -> Clean {
        let record = &self.record;
        let changes: Vec<String> = record
            .changes
            .iter()
            .map(|change| {
                format!(
                    "{} {} \u{2192} {}",
                    change.what, change.before, change.after
                )
            })
            .collect();
        Clean::own(format!(
            "{} {} {}: {}",
            record.verb,
            record.target.subject.kind(),
            record.target.subject.name(),
            changes.join(", ")
        ))
    }

    fn who(&self) -> Clean {
        let user = self
            .user
            .as_ref()
            .map(|user| format!(" ({user})"))
            .unwrap_or_default();
        Clean::own(format!("{}{user}", self.arn))
    }

    fn lines(&self) -> Vec<Line> {
        let record = &self.record;
        let at = Clean::own(record.at.strftime("%m-%d %H:%M:%S").to_string());
        let mut lines = vec![
            Line {
                label: at,
                text: Clean::own(format!("{} \u{2014} {}", self.what(), self.result())),
                style: self.style(),
            },
            Line::of("  who", Style::Dim, self.who()),
        ];
        let deck = self
            .deck
            .as_ref()
            .map(|deck| format!(", deck {deck}"))
            .unwrap_or_default();
        lines.push(Line::of(
            "  where",
            Style::Dim,
            Clean::own(format!(
                "account {}, {}{deck}",
                record.target.account, record.target.region
            )),
        ));
        if let Some(detail) = &self.detail {
            lines.push(Line::of("  why", Style::Plain, detail.clone()));
        }
        if let Some(id) = &self.request_id {
            lines.push(Line::of("  request", Style::Dim, id.clone()));
        }
        lines
    }

    /// A row of a Markdown table.
    fn row(&self) -> String {
        let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
        let request = self.request_id.as_deref().unwrap_or("");
        let why = self.detail.as_deref().unwrap_or("");
        format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            self.record.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            cell(&self.who()),
            cell(&self.what()),
            self.result(),
            cell(why),
            cell(request),
        )
    }
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
    outcome: Option<&Clean>,
    detail: &Clean,
    resend: Option<Box<Record>>,
) {
    let word = outcome.map_or("not settled", Clean::as_str);
    let tone = if word == "done" {
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
pub(in crate::app) fn read(model: &mut Model, journal: Result<Vec<Written>, Clean>) {
    let opens = std::mem::take(&mut model.opens_journal)
        && model.overlay.is_none()
        && model.preparing.is_none();
    match (&journal, opens) {
        (Ok(written), true) => model.overlay = Some(Overlay::Viewer(viewer(written))),
        (Err(why), true) => {
            let why = Clean::own(format!("the journal cannot be read: {why}"));
            model.note(Tone::Bad, why);
        }
        (_, false) => {}
    }
    model.journal = Some(journal);
}

fn viewer(written: &[Written]) -> Viewer {
    let mut lines = Vec::new();
    // The newest first.
    for written in written.iter().rev() {
        if !lines.is_empty() {
            lines.push(Line::gap());
        }
        lines.extend(written.lines());
    }
    if lines.is_empty() {
        lines.push(Line::new(
            Style::Dim,
            Clean::literal("nothing has been changed yet"),
        ));
    }
    Viewer::new(Clean::literal(TITLE), lines)
}

/// The journal as a table for the incident's page, where it is what is looked at.
pub(in crate::app) fn export(model: &Model, viewer: &Viewer) -> Option<Effect> {
    let Some(Ok(written)) = model.journal.as_ref().filter(|_| viewer.title == TITLE) else {
        return None;
    };
    let mut text = format!(
        "# Changes, as of {} {}\n\n| when | who | what | result | why | request id |\n|---|---|---|---|---|---|\n",
        model.stamp.now.strftime("%Y-%m-%d"),
        clock(model.stamp.now),
    );
    written
        .iter()
        .rev()
        .for_each(|written| text.push_str(&written.row()));
    Some(Effect::Worker(WorkerEffect::Save {
        stem: Clean::literal("journal"),
        text,
    }))
}
