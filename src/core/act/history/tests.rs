//! What lines of a journal come to.

use std::cell::Cell;

use serde_json::{Value, json};

use super::*;
use crate::act::sample::decider;
use crate::act::{Intent, Made, Outcome, bounds, drain, resume, scale, suspend, undo};
use crate::diagnose::sample;
use crate::domain::{ScalableTarget, Service};

thread_local! {
    /// How often a write was looked at.
    static VISITS: Cell<usize> = const { Cell::new(0) };
}

pub(super) fn visited() {
    VISITS.set(VISITS.get() + 1);
}

/// A line of a journal, as it stands there.
#[derive(Clone)]
pub(super) struct Line(Value);

impl Line {
    fn new(id: &str, kind: &str) -> Self {
        Self(json!({
            "kind": kind, "id": id, "at": "2026-01-01T00:00:00Z",
            "who": { "arn": "arn:aws:iam::1:user/ann", "os_user": "ann" },
            "verb": "scale",
            "target": { "account": "1", "region": "r", "role": "o", "cluster": "c",
                "service": "arn:aws:ecs:r:1:service/c/web" },
            "changes": [{ "what": "desired count", "before": "2", "after": "3" }],
            "operation": "ecs:UpdateService",
        }))
    }

    pub(super) fn intent(id: &str) -> Self {
        Self::new(id, "intent")
    }

    pub(super) fn ended(id: &str, word: &str) -> Self {
        Self::new(id, "outcome")
            .with("outcome", word)
            .with("request_id", "req-1")
    }

    pub(super) fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.0[member] = value.into();
        self
    }
}

pub(super) fn fold(lines: &[Line]) -> History {
    History::of(&entries(lines))
}

fn entries(lines: &[Line]) -> Vec<Entry> {
    let entry = |line: &Line| serde_json::from_value(line.0.clone()).unwrap();
    lines.iter().map(entry).collect()
}

fn states(history: &History) -> Vec<State> {
    history.records().iter().map(Record::state).collect()
}

fn settled(id: &str, word: &str) -> Line {
    Line::ended(id, word).with("settled", true)
}

#[test]
fn the_last_outcome_of_a_write_counts() {
    let history = fold(&[
        Line::intent("aaaa"),
        Line::intent("bbbb"),
        Line::ended("bbbb", "unknown"),
        Line::intent("cccc"),
        Line::ended("cccc", "done"),
        Line::intent("dddd"),
        Line::ended("dddd", "unknown"),
        settled("dddd", "done"),
        Line::intent("eeee"),
        Line::ended("eeee", "unknown"),
        settled("eeee", "unknown"),
        Line::intent("ffff"),
        Line::ended("ffff", "vanished"),
    ]);
    assert_eq!(
        states(&history),
        [
            State::Open,
            State::Unknown,
            State::Done,
            State::Done,
            State::Unknowable,
            State::Other
        ]
    );
    let open: Vec<&str> = history
        .unsettled_in("r")
        .map(|one| one.id.as_str())
        .collect();
    assert_eq!(open, ["aaaa", "bbbb"]);
    assert_eq!(history.unsettled_in("elsewhere").count(), 0);
}

#[test]
fn what_was_sent_is_known_though_the_outcome_was_found_out_later() {
    let history = fold(&[
        Line::intent("aaaa"),
        Line::ended("aaaa", "unknown").with("attempts", 2),
        Line::new("aaaa", "outcome")
            .with("outcome", "done")
            .with("settled", true),
    ]);
    let record = &history.records()[0];
    assert_eq!(record.request_ids(), ["req-1"]);
    assert_eq!(record.ended.as_ref().unwrap().attempts, Some(2));
}

#[test]
fn a_write_is_taken_back_only_by_one_that_was_done() {
    let undo =
        |id: &str, undone: &str| Line::intent(id).with("verb", "undo").with("undoes", undone);
    let mut lines = vec![
        Line::intent("aaaa"),
        Line::ended("aaaa", "done"),
        undo("bbbb", "aaaa"),
        Line::ended("bbbb", "refused"),
    ];
    assert_eq!(states(&fold(&lines)), [State::Done, State::Refused]);
    lines.extend([undo("cccc", "aaaa"), Line::ended("cccc", "done")]);
    let history = fold(&lines);
    assert_eq!(
        states(&history),
        [State::Undone, State::Refused, State::Done]
    );
    assert_eq!(
        history.records()[0].undone_by,
        Some(history.records()[2].id.clone())
    );
    assert!(history.to_undo("1", "r").is_err(), "nothing is left");
    // Taking the undo back lets the first write stand again.
    lines.extend([undo("dddd", "cccc"), Line::ended("dddd", "done")]);
    let history = fold(&lines);
    assert_eq!(
        states(&history),
        [State::Done, State::Refused, State::Undone, State::Done]
    );
    assert_eq!(history.to_undo("1", "r").unwrap().id.as_str(), "aaaa");
}

#[test]
fn a_write_cannot_take_back_itself_or_a_later_one() {
    let history = fold(&[
        Line::intent("aaaa").with("undoes", "bbbb"),
        Line::ended("aaaa", "done"),
        Line::intent("bbbb").with("undoes", "bbbb"),
        Line::ended("bbbb", "done"),
    ]);
    assert_eq!(states(&history), [State::Done, State::Done]);
}

#[test]
fn what_the_steps_made_is_kept_though_there_is_no_outcome() {
    let made = json!({ "revision": "web:8" });
    let history = fold(&[
        Line::intent("aaaa"),
        Line::new("aaaa", "step").with("made", made),
    ]);
    assert_eq!(history.records()[0].made.revision, Some(Arn::new("web:8")));
    assert_eq!(states(&history), [State::Open]);
}

#[test]
fn of_a_write_whose_intent_is_lost_nothing_is_settled_or_taken_back() {
    let history = fold(&[
        Line::new("aaaa", "step"),
        Line::ended("bbbb", "done"),
        Line::intent("cccc").with("verb", "teleport"),
        Line::ended("cccc", "done"),
    ]);
    assert_eq!(history.records().len(), 3, "but it is shown");
    assert_eq!(history.unsettled().count(), 0);
    let last = history.to_undo("1", "r").unwrap();
    assert_eq!((last.id.as_str(), last.verb.as_str()), ("cccc", "teleport"));
    let service = Arn::new("arn:aws:ecs:r:1:service/c/web");
    assert_eq!(history.last_on(&service, crate::act::Word::ALL), None);
}

#[test]
fn a_write_is_named_by_the_beginning_of_its_id() {
    let history = fold(&[Line::intent("abcd1111"), Line::intent("abcd2222")]);
    assert_eq!(history.named("abcd2").unwrap().id.as_str(), "abcd2222");
    for (id, says) in [
        ("abcd", "several writes begin with abcd"),
        ("abc", "no write abc"),
        ("ffff", "no write ffff"),
        ("\u{e9}\u{e9}", "no write"),
    ] {
        let why = history.named(id).unwrap_err().to_string();
        assert!(why.contains(says), "{id}: {why}");
    }
}

/// The lines of writes that were done, one after the other.
fn done(intents: &[Intent]) -> History {
    let who = Author::of(&Arn::new("arn:aws:iam::1:user/ann"));
    let mut entries = Vec::new();
    for (number, intent) in (100_u128..).zip(intents) {
        let intent = Intent {
            id: IntentId::new(number),
            ..intent.clone()
        };
        entries.push(Entry::intent(&intent, who.clone()));
        let (outcome, sent) = (Outcome::Done, Sent::default());
        entries.push(Entry::outcome(
            &intent,
            who.clone(),
            intent.at,
            &outcome,
            &sent,
        ));
    }
    // As they are read.
    let read = |entry: &Entry| {
        let text = serde_json::to_string(entry).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    History::of(&entries.iter().map(read).collect::<Vec<_>>())
}

const SCALED: ScalableTarget = ScalableTarget {
    min: 1,
    max: 4,
    suspended: Suspended {
        scale_in: true,
        scale_out: false,
        scheduled: false,
    },
};
const HELD: ScalableTarget = ScalableTarget {
    suspended: Suspended::ALL,
    ..SCALED
};

fn web() -> Service {
    sample::service("web")
}

#[test]
fn what_was_suspended_before_is_known_though_the_bounds_were_changed_since() {
    let held = suspend(decider(), &web(), Some(&SCALED)).unwrap();
    let other_bounds = bounds(decider(), &web(), Some(&HELD), "1", "5").unwrap();
    let history = done(&[held.clone(), other_bounds]);
    assert_eq!(
        history.suspended_before(&web().arn, Suspended::ALL),
        Some(SCALED.suspended)
    );
    // A drain suspends all as well.
    let drained = drain(decider(), &web(), Some(&SCALED)).unwrap();
    let history = done(&[drained]);
    assert_eq!(
        history.suspended_before(&web().arn, Suspended::ALL),
        Some(SCALED.suspended)
    );
    assert_eq!(
        history.suspended_before(&sample::service_arn("api"), Suspended::ALL),
        None
    );
    assert_eq!(
        history.suspended_before(&web().arn, SCALED.suspended),
        None,
        "somebody resumed it"
    );
    // What somebody else suspended after it was resumed here is not what was suspended here.
    let resumed = resume(decider(), &web(), Some(&HELD), Some(SCALED.suspended)).unwrap();
    let history = done(&[held.clone(), resumed]);
    assert_eq!(history.suspended_before(&web().arn, Suspended::ALL), None);
    assert_eq!(done(&[]).suspended_before(&web().arn, Suspended::ALL), None);
}

#[test]
fn what_was_undone_is_neither_a_drain_nor_a_suspension() {
    let drained = drain(decider(), &web(), Some(&SCALED)).unwrap();
    let history = done(std::slice::from_ref(&drained));
    let record = history.drained(&web().arn).unwrap();
    assert_eq!(record.made, Made::default());
    let back = undo(decider(), record).unwrap();
    let history = done(&[drained, back]);
    assert_eq!(states(&history), [State::Undone, State::Done]);
    assert_eq!(history.drained(&web().arn), None);
    assert_eq!(history.suspended_before(&web().arn, Suspended::ALL), None);
}

#[test]
fn the_last_write_here_is_what_is_taken_back() {
    let first = scale(decider(), &web(), "5").unwrap();
    let history = done(&[first.clone(), first]);
    let (account, region) = ("123456789012", "us-east-1");
    let last = history.to_undo(account, region).unwrap();
    assert_eq!(last.id, history.records()[1].id);
    assert!(history.to_undo(account, "eu-west-1").is_err());
    assert!(history.to_undo("999999999999", region).is_err());
}

/// A journal of years is folded in a time that grows with its length: each line is looked at once, each write once more.
#[test]
fn each_line_is_looked_at_once() {
    let mut lines = Vec::new();
    for number in 0..20_000_u32 {
        let id = format!("{number:08x}");
        lines.push(Line::intent(&id));
        lines.push(Line::new(&id, "step"));
        lines.push(Line::ended(&id, "unknown"));
        lines.push(settled(&id, "done"));
        let undo = format!("f{number:07x}");
        lines.push(Line::intent(&undo).with("undoes", id));
    }
    let entries = entries(&lines);
    VISITS.set(0);
    let history = History::of(&entries);
    assert_eq!((entries.len(), history.records().len()), (100_000, 40_000));
    assert_eq!(VISITS.get(), entries.len() + history.records().len());
}
