//! The journal as a list: who changed what, when, with what result.

use crate::act::history::markdown;
use crate::act::{IntentId, Record, State};
use crate::app::effect::{Effect, WorkerEffect};
use crate::app::model::Model;
use crate::app::model::list::Motion;
use crate::app::model::pane::{DetailMode, Pane};
use crate::app::model::viewer::{Line, Style, Viewer};
use crate::app::panes::columns::{Column, SortKey, arrange};
use crate::text::Clean;

/// What is told of a write.
pub fn columns<'a>() -> [Column<&'a Record>; 9] {
    [
        Column::new("when", "when", |row: &&'a Record, _| {
            Clean::own(row.at.strftime("%m-%d %H:%M:%S").to_string())
        })
        .filtered()
        .key(|row| SortKey::Time(Some(row.at))),
        Column::new("result", "result", |row: &&'a Record, _| {
            Clean::literal(word(row.state()))
        })
        .filtered()
        .style(|row| style(row.state())),
        Column::new("action", "action", |row: &&'a Record, _| {
            Clean::new(row.verb.as_str())
        })
        .filtered(),
        Column::new("target", "target", |row: &&'a Record, _| {
            row.target.subject.name().clone()
        })
        .filtered(),
        Column::new("who", "who", |row: &&'a Record, _| who(row)).filtered(),
        Column::new("change", "change", |row: &&'a Record, _| change(row)).filtered(),
        Column::new("region", "region", |row: &&'a Record, _| {
            row.target.region.clone()
        })
        .filtered(),
        Column::new("account", "account", |row: &&'a Record, _| {
            row.target.account.clone()
        })
        .filtered(),
        Column::new("id", "id", |row: &&'a Record, _| Clean::new(row.id.short())).filtered(),
    ]
}

/// The last part of the name that AWS has for who it was.
fn who(record: &Record) -> Clean {
    let name = record.who.arn.rsplit('/').next();
    Clean::new(name.unwrap_or(&record.who.arn))
}

fn change(record: &Record) -> Clean {
    let mut words = record.change_words("\u{2192}");
    if let Some(by) = &record.undone_by {
        words.push_str(&format!("; undone by {}", by.short()));
    }
    if let Some(detail) = record.detail() {
        words.push_str(&format!("; {detail}"));
    }
    Clean::own(words)
}

/// What has become of a write, in a word.
fn word(state: State) -> &'static str {
    match state {
        State::Done => "done",
        State::AppliedByUnknown => "by whom?",
        State::Undone => "undone",
        State::Refused => "refused",
        State::Failed => "failed",
        State::Open => "open",
        State::Unknown | State::Unknowable => "unknown",
        State::Other => "other",
    }
}

fn style(state: State) -> Style {
    match state {
        State::Done | State::Undone => Style::Good,
        State::Refused => Style::Dim,
        State::Failed => Style::Bad,
        State::Open
        | State::AppliedByUnknown
        | State::Unknown
        | State::Unknowable
        | State::Other => Style::Warn,
    }
}

impl Model {
    /// The writes of the journal, as they are shown: the newest first.
    pub fn journal_rows(&self) -> Vec<&Record> {
        rows(self).0
    }
}

/// The rows, and how many the filter hides.
fn rows(model: &Model) -> (Vec<&Record>, usize) {
    let pane = &model.journal_pane;
    let mut rows: Vec<&Record> = match &pane.records {
        Some(Ok(records)) => records.iter().rev().collect(),
        Some(Err(_)) | None => Vec::new(),
    };
    let (filter, sort) = (&pane.list.filter, pane.list.sort);
    let hidden = arrange(&mut rows, &columns(), filter, sort, model.now());
    (rows, hidden)
}

fn keys(rows: &[&Record]) -> Vec<IntentId> {
    rows.iter().map(|row| row.id.clone()).collect()
}

pub(in crate::app) fn settle(model: &mut Model) {
    let (rows, hidden) = rows(model);
    let keys = keys(&rows);
    model.journal_pane.list.hidden = hidden;
    model.journal_pane.list.cursor.settle(&keys);
}

/// Moves the cursor. Returns whether it stands on another write.
pub(in crate::app) fn step(model: &mut Model, motion: Motion) -> bool {
    let keys = keys(&model.journal_rows());
    model.journal_pane.list.cursor.go(motion, &keys)
}

fn selected(model: &Model) -> Option<&Record> {
    let on = model.journal_pane.list.cursor.on()?;
    let mut rows = model.journal_rows().into_iter();
    rows.find(|row| row.id == *on)
}

/// The write that is marked, where the journal is what keys go to: that one is meant by an undo.
pub(in crate::app) fn named(model: &Model) -> Option<String> {
    let looks = model.focus == Pane::Detail && model.detail == DetailMode::Journal;
    let on = model.journal_pane.list.cursor.on().filter(|_| looks)?;
    Some(on.as_str().to_owned())
}

pub(in crate::app) fn copy(model: &Model) -> Option<Clean> {
    selected(model).map(|record| Clean::new(record.id.as_str()))
}

/// A write, with who did it and what AWS said.
pub(in crate::app) fn describe(model: &Model) -> Option<Viewer> {
    let record = selected(model)?;
    let target = &record.target;
    let deck = record.who.deck.as_ref();
    let deck = deck.map(|deck| format!(", deck {deck}"));
    let place = format!(
        "account {}, {}{}",
        target.account,
        target.region,
        deck.unwrap_or_default()
    );
    let mut lines = vec![
        Line::of("at", Style::Plain, Clean::own(record.at.to_string())),
        Line::of("target", Style::Plain, Clean::own(record.target_words())),
        Line::of(
            "change",
            Style::Plain,
            Clean::own(record.change_words("\u{2192}")),
        ),
        Line::of(
            "result",
            style(record.state()),
            Clean::own(record.result_words()),
        ),
    ];
    if let Some(detail) = record.detail() {
        lines.push(Line::of("why", Style::Plain, detail.clone()));
    }
    lines.push(Line::of(
        "who",
        Style::Plain,
        Clean::own(record.who.to_string()),
    ));
    lines.push(Line::of("where", Style::Plain, Clean::own(place)));
    let requests = record.request_ids();
    if !requests.is_empty() {
        let ids = Clean::own(requests.join(", "));
        lines.push(Line::of("request", Style::Plain, ids));
    }
    lines.push(Line::of("id", Style::Dim, Clean::new(record.id.as_str())));
    let title = format!("{} {}", record.verb, target.subject.name());
    Some(Viewer::new(Clean::own(title), lines))
}

/// The journal as a table for the incident's page, where it is what is looked at.
pub(in crate::app) fn export(model: &Model) -> Option<Effect> {
    if model.focus != Pane::Detail || model.detail != DetailMode::Journal {
        return None;
    }
    let Some(Ok(records)) = &model.journal_pane.records else {
        return None;
    };
    Some(Effect::Worker(WorkerEffect::Save {
        stem: Clean::literal("journal"),
        text: markdown(records),
    }))
}
