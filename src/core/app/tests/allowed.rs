//! What IAM would refuse is told before it is tried, and hinders nobody.

use super::super::*;
use super::acting::question;
use super::scene::{Scene, setup};
use crate::diagnose::sample::{service, task};
use crate::keys::Action;
use crate::text::Clean;

fn denied(denied: &[&'static str]) -> Scene {
    let mut scene = Scene::new(setup(), vec![service("web")], vec![task("web", "w1")]);
    scene.aws.denied = denied.to_vec();
    scene.pass(std::time::Duration::from_secs(60));
    scene
}

fn refused(scene: &Scene, action: Action) -> Option<Clean> {
    scene.model.refusals().action(action).cloned()
}

#[test]
fn a_key_is_refused_where_iam_says_no_and_the_help_and_the_question_say_why() {
    let mut scene = denied(&["ecs:UpdateService"]);
    for action in [
        Action::Scale,
        Action::Redeploy,
        Action::Drain,
        Action::Deploy,
    ] {
        let why = refused(&scene, action).unwrap();
        assert_eq!(why, "IAM says no: no policy allows ecs:UpdateService");
    }
    for action in [
        Action::Stop,
        Action::Run,
        Action::Hook,
        Action::Rollback,
        Action::Down,
    ] {
        assert_eq!(refused(&scene, action), None, "{action:?}");
    }
    scene.press("?");
    let Some(Overlay::Viewer(help)) = &scene.model.overlay else {
        panic!("no help")
    };
    let line = help.lines.iter().find(|line| line.label == "U").unwrap();
    assert!(line.text.starts_with("IAM says no"), "{}", line.text);
    scene.press("esc U 3 enter");
    let notes = &question(&scene).notes;
    assert!(
        notes
            .iter()
            .any(|note| note.contains("AWS will probably refuse")),
        "{notes:?}"
    );
}

#[test]
fn a_rollback_is_refused_where_both_of_its_ways_are() {
    let scene = denied(&["ecs:UpdateService", "ecs:StopServiceDeployment"]);
    assert!(refused(&scene, Action::Rollback).is_some());
}

#[test]
fn a_console_that_writes_nothing_does_not_ask() {
    let mut setup = setup();
    setup.read_only = true;
    let mut scene = Scene::new(setup, vec![service("web")], vec![]);
    scene.aws.denied = vec!["ecs:UpdateService"];
    scene.pass(std::time::Duration::from_secs(60));
    assert_eq!(refused(&scene, Action::Scale), None);
}
