//! From the key that begins a write to the one effect that carries it out.

use std::time::Duration;

use super::super::*;
use super::scene::{ACCOUNT, Scene, setup, with_deck};
use crate::act::{Expect, Intent, Outcome};
use crate::diagnose::sample::{revision, service, service_arn};
use crate::domain::ErrorKind;

const SECOND: Duration = Duration::from_secs(1);

fn acts(effects: &[Effect]) -> Vec<&Intent> {
    let act = |effect: &'_ Effect| matches!(effect, Effect::Worker(WorkerEffect::Act(_)));
    let acts = effects.iter().filter(|effect| act(effect));
    acts.filter_map(|effect| match effect {
        Effect::Worker(WorkerEffect::Act(intent)) => Some(intent.as_ref()),
        _ => None,
    })
    .collect()
}

fn question(scene: &Scene) -> Option<&Confirm> {
    match &scene.model.overlay {
        Some(Overlay::Confirm(confirm)) => Some(confirm),
        _ => None,
    }
}

/// A console that asks whether `web` shall have five tasks instead of two.
fn asked_with(setup: Setup) -> Scene {
    let mut scene = Scene::read(setup, vec![service("web")], vec![]);
    scene.press("U 5 enter");
    scene
}

fn asked() -> Scene {
    asked_with(setup())
}

fn shown(scene: &mut Scene) {
    let asked = scene.effects.iter().rev().find_map(|effect| match effect {
        Effect::Loop(LoopEffect::AskShown(question)) => Some(*question),
        _ => None,
    });
    scene.take(Msg::Shown(asked.unwrap()));
}

#[test]
fn a_count_and_enter_put_a_question_that_shows_what_will_be_done() {
    let scene = asked();
    let intent = &question(&scene).unwrap().proposal.intent;
    assert_eq!(intent.target.subject.service(), Some(&service_arn("web")));
    assert_eq!(
        (&*intent.target.account, &*intent.target.role),
        (ACCOUNT, "OnCall")
    );
    assert_eq!(
        (&*intent.changes[0].before, &*intent.changes[0].after),
        ("2", "5")
    );
    assert_eq!(acts(&scene.effects), Vec::<&Intent>::new());
}

#[test]
fn a_yes_that_comes_alone_to_a_question_that_was_shown_is_one_write_with_the_guard_of_what_was_shown()
 {
    let mut scene = asked();
    shown(&mut scene);
    // What is read meanwhile does not change what was shown.
    scene.change("web", |web| web.desired = 3);
    scene.pass(20 * SECOND);
    scene.press("y");
    let acts = acts(&scene.effects);
    assert_eq!(acts.len(), 1);
    assert_eq!(acts[0].guard.account, ACCOUNT);
    let [Expect::Service(expected)] = acts[0].guard.expects.as_slice() else {
        panic!("{:?}", acts[0].guard)
    };
    assert_eq!(
        (&expected.service, expected.desired),
        (&service_arn("web"), Some(2))
    );
    assert_eq!(expected.task_definition, Some(revision("web:1")));
    let [step] = acts[0].steps.as_slice() else {
        panic!("{:?}", acts[0].steps)
    };
    assert_eq!(step.request.body()["desiredCount"], 5);
    assert_eq!(scene.model.running.len(), 1);
    scene.press("y y");
    assert_eq!(super::writing::acts(&scene.effects).len(), 1);
}

#[test]
fn a_yes_before_the_question_was_shown_does_nothing() {
    let mut scene = asked();
    scene.press("y");
    scene.take(Msg::Shown(999));
    scene.press("y");
    assert_eq!(acts(&scene.effects), Vec::<&Intent>::new());
    assert!(question(&scene).is_some());
}

#[test]
fn a_terminal_that_does_not_say_that_it_has_shown_it_is_given_a_moment() {
    let mut scene = asked();
    scene.pass(Duration::from_millis(599));
    assert!(!question(&scene).unwrap().armed);
    scene.pass(Duration::from_millis(1));
    assert!(question(&scene).unwrap().armed);
    scene.press("y");
    assert_eq!(acts(&scene.effects).len(), 1);
}

#[test]
fn a_yes_in_a_burst_and_a_pasted_one_do_nothing() {
    let mut scene = asked();
    shown(&mut scene);
    scene.key("y", false);
    scene.take(Msg::Pasted("y".to_owned()));
    scene.take(Msg::Pasted("y\n".to_owned()));
    assert_eq!(acts(&scene.effects), Vec::<&Intent>::new());
    assert!(question(&scene).is_some());
}

#[test]
fn a_key_that_is_held_down_since_before_the_question_never_answers_it() {
    for first_repeat in [30, 250, 660] {
        let mut scene = asked();
        scene.key("y", true);
        scene.elapsed += Duration::from_millis(first_repeat);
        shown(&mut scene);
        for _ in 0..150 {
            scene.key("y", true);
            scene.elapsed += Duration::from_millis(33);
        }
        assert_eq!(
            acts(&scene.effects),
            Vec::<&Intent>::new(),
            "{first_repeat} ms"
        );
        scene.elapsed += SECOND;
        scene.key("y", true);
        assert_eq!(acts(&scene.effects).len(), 1, "let go and pressed again");
    }
}

#[test]
fn every_key_held_for_five_seconds_writes_nothing() {
    let printable = (b' '..=b'~').map(|byte| match byte {
        b' ' => "space".to_owned(),
        byte => char::from(byte).to_string(),
    });
    for key in printable.chain(["enter", "esc", "tab"].map(str::to_owned)) {
        let mut scene = Scene::read(setup(), vec![service("web")], vec![]);
        for _ in 0..150 {
            let effects = scene.key(&key, true);
            scene.answer(effects);
            scene.elapsed += Duration::from_millis(33);
        }
        assert_eq!(acts(&scene.effects), Vec::<&Intent>::new(), "{key}");
    }
}

#[test]
fn escape_and_no_withdraw_the_question() {
    for key in ["esc", "n"] {
        let mut scene = asked();
        scene.press(key);
        assert_eq!(scene.model.overlay, None);
        assert_eq!(scene.notice(), "nothing was changed");
        shown(&mut scene);
        scene.press("y");
        assert_eq!(acts(&scene.effects), Vec::<&Intent>::new());
    }
}

#[test]
fn coming_back_from_the_shell_withdraws_the_question() {
    let mut scene = asked();
    shown(&mut scene);
    let effects = scene.take(Msg::Resumed);
    assert!(effects.contains(&Effect::Loop(LoopEffect::Repaint)));
    assert_eq!(scene.model.overlay, None);
    scene.press("y");
    assert_eq!(acts(&scene.effects), Vec::<&Intent>::new());
}

fn protected() -> Setup {
    with_deck("protected = true\n")
}

#[test]
fn a_protected_deck_wants_the_name_typed_for_a_cut_to_zero_or_by_more_than_half() {
    for (before, after, typed) in [
        (2, "0", true),
        (9, "4", true),
        (9, "5", false),
        (2, "9", false),
    ] {
        let mut web = service("web");
        web.desired = before;
        let mut scene = Scene::read(protected(), vec![web], vec![]);
        scene.press(&format!("U {after} enter"));
        let name = question(&scene).unwrap().proposal.name.clone();
        assert_eq!(name.is_some(), typed, "{before} to {after}");
    }
}

#[test]
fn the_name_and_enter_confirm_and_nothing_less() {
    let mut scene = Scene::read(protected(), vec![service("web")], vec![]);
    scene.press("U 0 enter");
    shown(&mut scene);
    scene.press("y enter");
    assert_eq!(acts(&scene.effects), Vec::<&Intent>::new());
    scene.press("backspace w e enter");
    assert_eq!(acts(&scene.effects), Vec::<&Intent>::new());
    scene.press("b");
    scene.key("enter", false);
    assert_eq!(acts(&scene.effects), Vec::<&Intent>::new());
    scene.elapsed += SECOND;
    scene.press("enter");
    assert_eq!(acts(&scene.effects).len(), 1);
}

#[test]
fn a_pasted_name_is_not_typed() {
    let mut scene = Scene::read(protected(), vec![service("web")], vec![]);
    scene.press("U 0 enter");
    shown(&mut scene);
    scene.take(Msg::Pasted("web".to_owned()));
    for key in ["w", "e", "b"] {
        scene.key(key, false);
    }
    scene.press("enter");
    assert_eq!(acts(&scene.effects), Vec::<&Intent>::new());
}

/// Tries to scale; gives what is said instead of a question.
fn refused(scene: &mut Scene) -> String {
    scene.press("U");
    assert_eq!(scene.model.overlay, None);
    scene.notice().to_owned()
}

#[test]
fn read_only_another_account_and_an_unknown_identity_refuse() {
    let read_only = Setup {
        read_only: true,
        ..setup()
    };
    let mut scene = Scene::read(read_only, vec![service("web")], vec![]);
    assert_eq!(refused(&mut scene), "the console is read-only");

    let other = with_deck("account = \"999999999999\"\n");
    let mut scene = Scene::read(other, vec![service("web")], vec![]);
    assert!(refused(&mut scene).contains("the deck is for 999999999999"));

    let mut scene = Scene::new(setup(), vec![service("web")], vec![]);
    scene.aws.broken = vec![(Slot::Identity, ErrorKind::TimedOut)];
    scene.pass(SECOND);
    assert!(refused(&mut scene).contains("not known yet"));
}

#[test]
fn a_question_whose_credentials_expired_meanwhile_is_not_carried_out() {
    let mut scene = asked();
    shown(&mut scene);
    let slots: Vec<Slot> = scene
        .model
        .readings
        .iter()
        .map(|(slot, _)| slot.clone())
        .collect();
    let broken = slots.into_iter().map(|slot| (slot, ErrorKind::Expired));
    scene.aws.broken = broken.collect();
    scene.pass(60 * SECOND);
    scene.press("y");
    assert_eq!(acts(&scene.effects), Vec::<&Intent>::new());
    assert!(scene.notice().contains("credentials"), "{}", scene.notice());
}

#[test]
fn a_second_write_to_the_same_service_waits_for_the_first() {
    let mut scene = asked();
    shown(&mut scene);
    scene.press("y");
    scene.press("U 7 enter");
    assert_eq!(question(&scene), None);
    assert!(scene.notice().contains("under way"), "{}", scene.notice());
    let id = acts(&scene.effects)[0].id.clone();
    let effects = scene.take(Msg::Acted {
        intent: id.clone(),
        outcome: Outcome::Done,
        seen: Box::default(),
    });
    scene.answer(effects);
    assert_eq!(scene.notice(), "scale web 2 \u{2192} 5: done");
    assert_eq!(scene.model.outcomes[&id].0, Outcome::Done);
    scene.press("esc U 7 enter");
    assert!(question(&scene).is_some());
}

#[test]
fn an_end_that_is_not_known_is_said_and_stays_until_a_key() {
    let mut scene = asked();
    shown(&mut scene);
    scene.press("y");
    let id = acts(&scene.effects)[0].id.clone();
    let error = super::scene::error(ErrorKind::TimedOut);
    scene.take(Msg::Acted {
        intent: id,
        outcome: Outcome::Unknown(error),
        seen: Box::default(),
    });
    scene.pass(600 * SECOND);
    assert!(scene.notice().contains("unknown"), "{}", scene.notice());
    scene.press("2");
    assert_eq!(scene.notice(), "");
}

#[test]
fn a_count_that_makes_no_sense_is_told_and_kept() {
    for (count, why) in [
        ("x", "whole number"),
        ("2", "already"),
        ("9 9 9 9 9", "5000"),
    ] {
        let mut scene = Scene::read(setup(), vec![service("web")], vec![]);
        scene.press(&format!("U {count} enter"));
        assert!(scene.notice().contains(why), "{count}: {}", scene.notice());
        let Some(Overlay::Prompt(Purpose::Scale(..), prompt)) = &scene.model.overlay else {
            panic!("the line is gone")
        };
        assert_eq!(prompt.text(), count.replace(' ', ""));
    }
}

#[test]
fn the_service_whose_count_is_typed_stays_the_target_wherever_the_rows_go() {
    let mut scene = Scene::read(setup(), vec![service("api"), service("web")], vec![]);
    scene.press("j U 5");
    scene.change("web", |web| web.running = 0);
    scene.change("api", |api| api.running = 1);
    scene.pass(20 * SECOND);
    scene.press("enter");
    assert_eq!(
        question(&scene)
            .unwrap()
            .proposal
            .intent
            .target
            .subject
            .service(),
        Some(&service_arn("web"))
    );
}
