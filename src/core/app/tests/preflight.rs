//! The checks beside the question before a write.

use std::time::Duration;

use super::super::*;
use super::acting::question;
use super::scene::{Scene, setup};
use crate::diagnose::sample::{definition, service, task};
use crate::domain::{ErrorKind, SecretReference, TaggedImage};
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

const ECR: &str = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app";
const MISSING: &str = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:nope";

#[test]
fn the_revision_that_a_deploy_registers_is_checked_before_it_is_registered() {
    let mut scene = Scene::read(setup(), vec![service("web")], vec![task("web", "w1")]);
    scene.aws.missing_images = vec![MISSING];
    scene.press("I ctrl-u");
    scene.take(Msg::Pasted(MISSING.to_owned()));
    scene.press("enter");
    let told = &confirm(&scene).warnings;
    assert!(
        told[0].contains("this will fail next, because image not found")
            && told[0].contains(MISSING),
        "{told:?}"
    );
    // Another image is asked about anew.
    scene.press("esc ctrl-u");
    scene.take(Msg::Pasted(format!("{ECR}:2")));
    scene.press("enter");
    assert_eq!(confirm(&scene).warnings, [""; 0]);
    assert_eq!(scene.model.unchecked_words(confirm(&scene)), [""; 0]);
}

/// Where the form for images begins once it has been asked whether the images are there.
fn begins_at(missing: Vec<&'static str>) -> usize {
    let mut scene = Scene::new(setup(), vec![service("web")], vec![task("web", "w1")]);
    let mut revision = definition("web:1", "web");
    let mut proxy = revision.containers[0].clone();
    (proxy.name, proxy.image) = (Clean::literal("proxy"), Clean::literal(MISSING));
    revision.containers.push(proxy);
    scene.aws.definitions = vec![revision];
    scene.aws.document = vec![("app", "repo/app:1"), ("proxy", MISSING)];
    scene.aws.missing_images = missing;
    scene.pass(Duration::from_secs(1));
    scene.press("F esc I");
    match &scene.model.overlay {
        Some(Overlay::Form(form)) => form.at,
        other => panic!("no form: {other:?}"),
    }
}

#[test]
fn the_form_for_images_begins_at_the_container_whose_image_is_missing() {
    assert_eq!(begins_at(vec![MISSING]), 1);
    assert_eq!(begins_at(Vec::new()), 0);
}

#[test]
fn a_tag_of_the_repository_is_chosen_and_one_that_is_typed_counts_as_it_is() {
    let mut scene = Scene::read(setup(), vec![service("web")], vec![task("web", "w1")]);
    let whole = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1";
    scene.aws.document = vec![("app", whole)];
    let image = |tag: &'static str| TaggedImage {
        tags: vec![Clean::literal(tag)],
        digest: None,
        pushed: None,
    };
    scene.aws.tags.images = vec![image("3"), image("2"), image("1")];
    let after = |scene: &Scene| question(scene).intent.changes[0].after.to_string();
    let asked = Slot::Asked(crate::diagnose::Question::Tags(Clean::literal(ECR)));
    assert_eq!(scene.count(&asked), 0, "nobody looks at it");
    scene.press("I");
    assert_eq!(scene.count(&asked), 1);
    scene.press("down down enter");
    assert_eq!(after(&scene), format!("{ECR}:2"));
    // Further up than the first is what was typed.
    scene.press("n down up backspace 9 enter");
    assert_eq!(after(&scene), format!("{ECR}:9"));
    // What is typed says which are offered.
    scene.press("n ctrl-u 3 down enter");
    assert_eq!(after(&scene), format!("{ECR}:3"));
}

#[test]
fn tags_that_may_not_be_listed_and_images_elsewhere_leave_the_plain_field_with_the_reason() {
    let offers = |image: &'static str| {
        let mut scene = Scene::read(setup(), vec![service("web")], vec![task("web", "w1")]);
        scene.aws.document = vec![("app", image)];
        let asked = Slot::Asked(crate::diagnose::Question::Tags(Clean::literal(ECR)));
        scene.aws.broken.push((asked, ErrorKind::Denied));
        scene.press("I");
        let Some(Overlay::Form(form)) = &scene.model.overlay else {
            panic!("no form")
        };
        tag_offers(&scene.model, form).unwrap()
    };
    for (image, why) in [
        ("nginx:1", "the image is not in a private registry of ECR"),
        (MISSING, "no tags are listed: ecs:ListServices: x"),
    ] {
        let told = offers(image);
        assert!(told.offers.is_empty());
        let note = told.note.unwrap();
        assert!(note.contains(why), "{note}");
    }
}
