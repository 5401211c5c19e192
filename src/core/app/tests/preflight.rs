//! The checks beside the question before a write.

use std::time::Duration;

use super::super::*;
use super::acting::question;
use super::scene::{Scene, setup};
use crate::diagnose::sample::{definition, service, task};
use crate::domain::SecretReference;
use crate::text::Clean;

/// A service whose revision reads a secret that is not there.
fn without_its_secret() -> Scene {
    let mut scene = Scene::new(setup(), vec![service("web")], vec![task("web", "w1")]);
    let mut with_secret = definition("web:1", "web");
    with_secret.containers[0].secrets.push(SecretReference {
        name: Clean::literal("PASSWORD"),
        from: Clean::literal("arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf"),
    });
    scene.aws.definitions = vec![with_secret];
    scene.pass(Duration::from_secs(1));
    scene
}

fn shown(scene: &Scene) -> u64 {
    let mut effects = scene.effects.iter().rev();
    let asked = effects.find_map(|effect| match effect {
        Effect::Loop(LoopEffect::AskShown(question)) => Some(*question),
        _ => None,
    });
    asked.unwrap()
}

fn confirm(scene: &Scene) -> &Confirm {
    match &scene.model.overlay {
        Some(Overlay::Confirm(confirm)) => confirm,
        other => panic!("no question: {other:?}"),
    }
}

fn is_sent(scene: &Scene) -> bool {
    let mut effects = scene.effects.iter();
    effects.any(|effect| matches!(effect, Effect::Worker(WorkerEffect::Act(_))))
}

#[test]
fn a_finding_that_comes_late_counts_no_yes_before_it_is_on_the_screen() {
    let mut scene = without_its_secret();
    let effects = scene.key("F", true);
    assert!(question(&scene).check.is_some());
    let first = shown(&scene);
    scene.take(Msg::Shown(first));
    assert!(confirm(&scene).armed, "the checks hold nothing up");
    assert!(confirm(&scene).warnings.is_empty());
    assert_eq!(
        scene.model.unchecked_words(confirm(&scene)),
        ["checking what it needs\u{2026}"]
    );
    scene.answer(effects);
    let told = &confirm(&scene).warnings;
    assert!(
        told[0].contains("this will fail next, because") && told[0].contains("db-AbCdEf"),
        "{told:?}"
    );
    assert_eq!(scene.model.unchecked_words(confirm(&scene)), [""; 0]);
    scene.press("y");
    assert!(!confirm(&scene).armed && !is_sent(&scene));
    // What was asked before shows the question without the finding.
    scene.take(Msg::Shown(first));
    assert!(!confirm(&scene).armed);
    scene.take(Msg::Shown(shown(&scene)));
    scene.pass(Duration::from_secs(1));
    scene.press("y");
    assert!(is_sent(&scene));
}

#[test]
fn what_has_not_answered_in_two_seconds_is_said_to_be_unchecked() {
    let mut scene = without_its_secret();
    scene.key("F", true);
    scene.elapsed += Duration::from_secs(2);
    scene.take(Msg::Ticked);
    let words = scene.model.unchecked_words(confirm(&scene));
    assert!(
        words[0].starts_with("not checked yet: ") && words[0].contains("db-AbCdEf"),
        "{words:?}"
    );
    assert!(confirm(&scene).armed);
}

#[test]
fn a_write_that_starts_nothing_is_checked_for_nothing() {
    let mut scene = without_its_secret();
    scene.press("Z");
    assert_eq!(question(&scene).check, None);
    assert_eq!(scene.model.unchecked_words(confirm(&scene)), [""; 0]);
}
