//! Credentials that expire, come back, or are another account's.

use std::time::Duration;

use super::super::*;
use super::scene::{Scene, setup};
use crate::diagnose::sample::{cluster_arn, service};
use crate::domain::ErrorKind;

const SECOND: Duration = Duration::from_secs(1);

fn expired() -> Scene {
    let mut scene = Scene::read(setup(), vec![service("web")], vec![]);
    let slots: Vec<Slot> = scene
        .model
        .readings
        .iter()
        .map(|(slot, _)| slot.clone())
        .collect();
    scene.aws.broken = slots
        .into_iter()
        .map(|slot| (slot, ErrorKind::Expired))
        .collect();
    scene.pass(60 * SECOND);
    scene
}

#[test]
fn while_they_do_not_work_only_the_identity_is_asked_for_every_three_seconds() {
    let mut scene = expired();
    assert!(scene.model.readings.credentials_error().is_some());
    scene.effects.clear();
    scene.pass(30 * SECOND);
    assert_eq!(Scene::slots(&scene.effects), vec![Slot::Identity; 10]);
    let renewed = scene
        .effects
        .iter()
        .filter(|effect| **effect == Effect::Worker(WorkerEffect::RenewCredentials));
    assert_eq!(renewed.count(), 10);
}

#[test]
fn a_login_is_noticed_within_five_seconds_however_long_it_was_waited_for() {
    let mut scene = expired();
    scene.pass(600 * SECOND);
    assert_eq!(scene.names(), ["web"], "what was read stays");
    assert!(scene.model.writes_off().is_some());
    scene.aws.broken.clear();
    scene.change("web", |web| web.running = 7);
    scene.pass(4 * SECOND);
    assert_eq!(scene.model.readings.credentials_error(), None);
    assert_eq!(scene.model.writes_off(), None);
    assert_eq!(scene.model.selected_service().unwrap().running, 7);
}

#[test]
fn an_identity_that_came_is_not_asked_for_twice() {
    let mut scene = expired();
    scene.aws.broken.clear();
    scene.effects.clear();
    scene.pass(4 * SECOND);
    assert_eq!(scene.count(&Slot::Identity), 1);
}

#[test]
fn another_account_s_credentials_forget_everything_and_withdraw_the_question() {
    let mut scene = Scene::read(setup(), vec![service("web")], vec![]);
    scene.press("U 5");
    scene.press("backspace backspace 5 enter");
    assert!(matches!(scene.model.overlay, Some(Overlay::Confirm(_))));
    scene.aws.account = "999999999999";
    scene.aws.services.clear();
    scene.pass(301 * SECOND);
    assert_eq!(scene.model.overlay, None);
    assert_eq!(scene.names(), Vec::<&str>::new());
    assert!(
        scene.notice().contains("999999999999"),
        "{}",
        scene.notice()
    );
}

/// What the console does with these credentials of the same account while a question stands.
fn with_credentials_of(arn: &'static str) -> Scene {
    let mut scene = Scene::read(setup(), vec![service("web")], vec![]);
    scene.press("U 5 enter");
    assert!(matches!(scene.model.overlay, Some(Overlay::Confirm(_))));
    scene.aws.caller = Some(arn);
    scene.pass(301 * SECOND);
    scene
}

#[test]
fn another_role_s_credentials_withdraw_the_question_and_keep_what_was_read() {
    for other in [
        "arn:aws:sts::123456789012:assumed-role/Admin/ann",
        "arn:aws:iam::123456789012:user/OnCall",
    ] {
        let scene = with_credentials_of(other);
        assert_eq!(scene.model.overlay, None, "{other}");
        assert_eq!(scene.names(), ["web"]);
        let notice = scene.notice();
        assert!(notice.contains("before it was"), "{notice}");
    }
}

#[test]
fn another_session_of_the_same_role_is_nobody_else() {
    let new = "arn:aws:sts::123456789012:assumed-role/OnCall/ann-2";
    let scene = with_credentials_of(new);
    assert!(matches!(scene.model.overlay, Some(Overlay::Confirm(_))));
    assert_eq!(scene.model.identity.as_ref().unwrap().arn.as_str(), new);
}

#[test]
fn while_paused_nothing_is_asked_and_nothing_wakes() {
    let paused = Setup {
        refresh: Duration::ZERO,
        ..setup()
    };
    let mut scene = Scene::read(paused, vec![service("web")], vec![]);
    assert_eq!(scene.names(), ["web"], "the first reading is not held back");
    scene.pass(10 * SECOND);
    assert_eq!(scene.model.next_wake(), None);
    scene.effects.clear();
    scene.pass(3_600 * SECOND);
    assert_eq!(Scene::slots(&scene.effects), []);
    let listing = Slot::Services(cluster_arn("prod"));
    scene.press("r");
    assert_eq!(scene.count(&listing), 1, "a key asks");
}
