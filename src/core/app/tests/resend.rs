//! A run that started nothing is offered again, asked about, and sent with the tokens that it had.

use super::super::*;
use super::acting::{confirmed, ends, operations, question, with_job, written};
use super::forms::{form, typed};
use super::scene::{Scene, error};
use crate::act::sample::done;
use crate::act::{Intent, Outcome, OutcomeKind, Record, Seen, WITHHELD};
use crate::domain::ErrorKind;
use crate::text::Clean;

/// As the journal has a run of which no answer came.
fn lost(run: &Intent) -> Record {
    let mut record = done(run);
    for step in &mut record.steps {
        let value = "/overrides/containerOverrides/0/environment/0/value";
        if let Some(value) = step.request.pointer_mut(value) {
            *value = WITHHELD.into();
        }
    }
    record.ended = None;
    record
}

fn token(intent: &Intent) -> serde_json::Value {
    intent.steps[0].request.body()["clientToken"].clone()
}

/// A console that has found out that its predecessor's run started nothing, and that run.
fn found_out() -> (Scene, Intent) {
    let mut scene = with_job(vec![]);
    scene.press("T enter 7 ctrl-s");
    let run = question(&scene).intent.clone();
    let mut scene = with_job(vec![]);
    // No outcome came.
    let [intent, _] = written(&run);
    scene.aws.journal.push(intent);
    scene.take(Msg::JournalSettled {
        title: Clean::literal("run job"),
        outcome: Some(OutcomeKind::Failed),
        detail: Clean::literal("no task was started"),
        resend: Some(Box::new(lost(&run))),
    });
    (scene, run)
}

#[test]
fn it_is_offered_first_and_nothing_is_sent_before_a_person_says_so() {
    let (mut scene, run) = found_out();
    assert!(
        scene.notice().contains("T offers it again"),
        "{}",
        scene.notice()
    );
    scene.press("T enter");
    assert_eq!(form(&scene).fields.len(), 1);
    typed(&mut scene, "7");
    scene.press("ctrl-s");
    let again = question(&scene).intent.clone();
    assert_eq!(operations(&again), ["ecs:RunTask"]);
    assert_eq!(again.steps, run.steps, "the very same, values and tokens");
    let sent = |effect: &Effect| matches!(effect, Effect::Worker(WorkerEffect::Act(_)));
    assert!(!scene.effects.iter().any(sent));
    assert_eq!(token(&confirmed(&mut scene)), token(&run));
}

#[test]
fn what_came_about_is_not_offered_once_more_and_what_was_refused_is() {
    for (outcome, offered) in [
        (Outcome::Failed(error(ErrorKind::Throttled)), true),
        (Outcome::Unknown(error(ErrorKind::TimedOut)), false),
        (Outcome::Done, false),
    ] {
        let (mut scene, _) = found_out();
        scene.press("T enter 7 ctrl-s");
        let again = confirmed(&mut scene);
        ends(&mut scene, &again, outcome.clone(), Seen::default());
        scene.press("T");
        let first = form(&scene).get(&FieldName::Source).to_owned();
        assert_eq!(first.starts_with("again"), offered, "{outcome:?}: {first}");
    }
}

#[test]
fn what_is_too_old_says_so_in_the_form() {
    let (mut scene, _) = found_out();
    scene.press("T enter 7");
    scene.pass(std::time::Duration::from_secs(3_600));
    scene.press("ctrl-s");
    let why = form(&scene).error.clone().unwrap_or_default();
    assert!(why.contains("55 minutes"), "{why}");
    assert_eq!(form(&scene).fields[0].text_value(), "7", "kept");
}
