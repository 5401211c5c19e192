//! The table of wordings, and what bending the words does to the answer.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Deserialize;

use crate::diagnose::cause::{CauseId, Standing};
use crate::diagnose::messages::{Classified, classify, summary};

#[derive(Deserialize)]
struct Wordings {
    wordings: Vec<String>,
}

pub(super) fn table() -> Vec<(CauseId, String)> {
    let table: BTreeMap<String, Wordings> = toml::from_str(include_str!("worded.toml")).unwrap();
    table
        .into_iter()
        .flat_map(|(id, entry)| {
            let cause = CauseId::from_id(&id).unwrap_or_else(|| panic!("no cause {id}"));
            entry
                .wordings
                .into_iter()
                .map(move |wording| (cause, wording))
        })
        .collect()
}

pub(super) fn first(text: &str) -> CauseId {
    classify(text)[0].cause
}

/// Judged by counts over time or by a snapshot, never by one message.
const TOLD_BY_COUNTS: [CauseId; 7] = [
    CauseId::HealthGraceTooShort,
    CauseId::AutoscalerOverride,
    CauseId::BacklogUnserved,
    CauseId::FallingBehind,
    CauseId::PoisonMessages,
    CauseId::OrphanedItems,
    CauseId::OverdueItems,
];

#[test]
#[expect(
    clippy::print_stdout,
    reason = "the figure is for people who run the tests"
)]
fn every_wording_gets_its_cause() {
    let table = table();
    let wrong: Vec<String> = table
        .iter()
        .filter(|(cause, wording)| first(wording) != *cause)
        .map(|(cause, wording)| format!("{cause}, not {:?}: {wording}", classify(wording)))
        .collect();
    println!("{} of {} wordings", table.len() - wrong.len(), table.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_has_three_wordings_of_each_cause_that_words_can_tell() {
    let table = table();
    assert!(table.len() >= 300, "{}", table.len());
    for cause in CauseId::ALL {
        let wordings = table.iter().filter(|(one, _)| one == cause).count();
        let told = !TOLD_BY_COUNTS.contains(cause);
        assert_eq!(wordings >= 3, told, "{cause}: {wordings}");
    }
}

#[test]
fn case_and_line_ends_change_nothing() {
    for (cause, wording) in table() {
        for bent in [
            wording.to_uppercase(),
            wording.to_lowercase(),
            wording.replace(": ", ":\n\n  "),
            wording.replace(' ', "\t\r\n"),
            format!("  {wording}\n"),
        ] {
            assert_eq!(first(&bent), cause, "{bent}");
        }
    }
}

#[test]
fn words_around_a_message_change_nothing() {
    for (cause, wording) in table() {
        // A reason code and an exit code stand alone; an event's head stands first.
        if matches!(cause.standing(), Standing::Calm | Standing::Unknown) || wording.len() < 60 {
            continue;
        }
        for bent in [
            format!("STOPPED (TaskFailedToStart) {wording}"),
            format!("(service web) was unable to place a task. Reason: {wording}"),
            format!("2026-11-21T08:15:00Z stoppedReason: \"{wording}\""),
        ] {
            let ranking = classify(&bent);
            let found = ranking.iter().any(|one| one.cause == cause);
            assert!(found, "{cause}: {bent}\n{ranking:?}");
        }
    }
}

/// Cut words may say less, and may not say something else with certainty.
#[test]
#[expect(
    clippy::print_stdout,
    reason = "the figure is for people who run the tests"
)]
fn a_cut_message_keeps_its_cause_or_says_less() {
    let (mut same, mut less, mut other) = (0, 0, Vec::new());
    for (cause, wording) in table()
        .into_iter()
        .filter(|(cause, _)| *cause != CauseId::Unknown)
    {
        let keep = wording.len() * 6 / 10;
        let cut: String = wording.chars().take(keep).collect();
        let ranking = classify(&cut);
        let top = ranking[0];
        if top.cause == cause {
            same += 1;
        } else if says_less(top, &ranking, cause) {
            less += 1;
        } else {
            other.push(format!(
                "{cause}, not {} {:.2}: {cut}",
                top.cause, top.confidence
            ));
        }
    }
    let all = same + less + other.len();
    println!(
        "cut at 60 %: {same} the same, {less} less sure, {} other of {all}\n{}",
        other.len(),
        other.join("\n")
    );
    assert!(other.len() * 20 <= all, "{}", other.join("\n"));
}

/// `unknown`, a symptom, or a list of alternatives that is honest about being one.
pub(super) fn says_less(top: Classified, ranking: &[Classified], cause: CauseId) -> bool {
    matches!(top.cause, CauseId::Unknown)
        || top.cause.is_symptom()
        || top.confidence < 0.5
        || (top.decided_by.is_some() && ranking.iter().any(|one| one.cause == cause))
}

#[test]
fn an_ambiguous_message_says_what_decides() {
    for text in [
        "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref",
        "ResourceInitializationError: unable to pull secrets or registry auth",
        "Essential container in task exited",
        "Task failed health checks",
    ] {
        let ranking = classify(text);
        assert!(ranking.len() > 1, "{text}");
        assert!(
            ranking.iter().all(|one| one.decided_by.is_some()),
            "{text}: {ranking:?}"
        );
    }
}

#[test]
fn the_names_that_people_choose_decide_nothing() {
    for name in [
        "out-of-memory",
        "toomanyrequests",
        "AccessDenied",
        "spotinterruption",
        "i/o-timeout",
        "no-space",
        "CannotPullContainerError",
    ] {
        let text = format!("(service {name}) has reached a steady state.");
        assert_eq!(first(&text), CauseId::Steady, "{text}");
        let arn = format!(
            "failed to fetch secret arn:aws:secretsmanager:eu-west-1:111122223333:secret:{name} from secrets manager: context deadline exceeded"
        );
        assert_eq!(first(&arn), CauseId::SecretNetwork, "{arn}");
    }
}

#[test]
fn a_megabyte_on_one_line_is_answered_by_its_beginning() {
    let mut line = "OutOfMemoryError: Container killed due to memory usage ".to_owned();
    line.push_str(&"x".repeat(1 << 20));
    assert_eq!(first(&line), CauseId::OutOfMemory);
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in "\\PC{0,400}|[\\x00-\\x7f\u{80}-\u{2fff}]{0,200}") {
        let ranking = classify(&text);
        prop_assert!(!ranking.is_empty());
        for one in &ranking {
            prop_assert!((0.0..=1.0).contains(&one.confidence));
            prop_assert!(summary(one.cause, &text).starts_with(one.cause.summary()));
        }
    }

    #[test]
    fn letters_without_meaning_are_unknown(text in "[g-z]{4,12}( [g-z]{4,12}){0,20}") {
        prop_assert_eq!(first(&text), CauseId::Unknown);
    }

    #[test]
    fn a_cause_is_named_once(at in 0usize..2000, bent in ".{0,20}") {
        let table = table();
        let (_, wording) = &table[at % table.len()];
        let mut text = wording.clone();
        if let Some((middle, _)) = wording.char_indices().nth(wording.chars().count() / 2) {
            text.insert_str(middle, &bent);
        }
        let ranking = classify(&text);
        for one in &ranking {
            prop_assert_eq!(ranking.iter().filter(|other| other.cause == one.cause).count(), 1);
        }
    }
}
