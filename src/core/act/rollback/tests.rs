//! The way back in every state that a service can be in.

use super::*;
use crate::act::sample::{decider, deployment, history, paused};
use crate::diagnose::sample::{revision, service};
use crate::domain::{Controller, RollbackInfo};

fn at(name: &str) -> Service {
    let mut web = service("web");
    web.task_definition = revision(name);
    web
}

use ServiceDeploymentStatus as Status;

fn target(way: &WayBack) -> String {
    way.needs().unwrap().name().to_owned()
}

#[test]
fn after_a_bad_deployment_was_completed_the_newest_good_one_that_differs_comes_back() {
    let history = history(vec![
        deployment("c", Status::Successful, Some("web:2"), "web:3"),
        deployment("b", Status::Successful, Some("web:1"), "web:2"),
        deployment("a", Status::Successful, None, "web:1"),
    ]);
    let way = way_back(&at("web:3"), &history, None).unwrap();
    assert_eq!(target(&way), "web:2");
}

#[test]
fn a_deployment_under_way_is_stopped() {
    for status in [Status::Pending, Status::InProgress] {
        let history = history(vec![
            deployment("b", status, Some("web:1"), "web:2"),
            deployment("a", Status::Successful, None, "web:1"),
        ]);
        let web = at("web:2");
        let way = way_back(&web, &history, None).unwrap();
        let intent = rollback(decider(), &web, &way, &Comeback::default()).unwrap();
        let step = &intent.steps[0];
        assert_eq!(step.request.operation(), "ecs:StopServiceDeployment");
        assert_eq!(step.request.body()["stopType"], "ROLLBACK");
        assert_eq!(intent.changes[0].after, "web:1");
    }
}

#[test]
fn a_hook_that_waits_is_told_to_go_back() {
    let web = at("web:2");
    let way = way_back(&web, &history(vec![paused()]), None).unwrap();
    let intent = rollback(decider(), &web, &way, &Comeback::default()).unwrap();
    let body = intent.steps[0].request.body();
    assert_eq!(
        (&body["hookId"], &body["action"]),
        (&"hook-1".into(), &"ROLLBACK".into())
    );
}

#[test]
fn while_aws_rolls_back_there_is_nothing_to_do_but_watch() {
    for status in [Status::RollbackRequested, Status::RollbackInProgress] {
        let history = history(vec![deployment("b", status, Some("web:1"), "web:2")]);
        let why = way_back(&at("web:1"), &history, None)
            .unwrap_err()
            .to_string();
        assert!(why.contains("already rolling back"), "{why}");
    }
}

#[test]
fn after_aws_has_rolled_back_it_goes_further_back_and_says_so() {
    let mut rolled_back = deployment("c", Status::RollbackSuccessful, Some("web:2"), "web:3");
    rolled_back.rollback = Some(RollbackInfo {
        reason: None,
        started: None,
        revision: Some(Arn::new("service-revision/web:2")),
    });
    let history = history(vec![
        rolled_back,
        deployment("b", Status::Successful, Some("web:1"), "web:2"),
        deployment("a", Status::Successful, None, "web:1"),
    ]);
    let way = way_back(&at("web:2"), &history, None).unwrap();
    assert_eq!(target(&way), "web:1");
    let intent = rollback(decider(), &at("web:2"), &way, &Comeback::default()).unwrap();
    assert!(
        intent
            .notes
            .iter()
            .any(|note| note.contains("rolls back further")),
        "{:?}",
        intent.notes
    );
    // The bad one is never the way back.
    assert_ne!(target(&way), "web:3");
}

#[test]
fn a_forced_deployment_of_the_same_revision_leads_to_the_one_before() {
    for status in [Status::InProgress, Status::Successful] {
        let history = history(vec![
            deployment("c", status, Some("web:2"), "web:2"),
            deployment("b", Status::Successful, Some("web:1"), "web:2"),
            deployment("a", Status::Successful, None, "web:1"),
        ]);
        let way = way_back(&at("web:2"), &history, None).unwrap();
        assert_eq!(target(&way), "web:1", "{status:?}");
    }
}

#[test]
fn the_first_deployment_ever_has_no_way_back_and_asks_for_one() {
    for deployments in [
        vec![deployment("a", Status::InProgress, None, "web:1")],
        vec![deployment("a", Status::Successful, None, "web:1")],
        vec![],
    ] {
        let why = way_back(&at("web:1"), &history(deployments), None).unwrap_err();
        assert!(
            matches!(&why, ActError::Bad(why) if why.contains("no earlier successful deployment")),
            "{why}"
        );
    }
}

#[test]
fn a_revision_that_is_named_comes_back_as_it_was_and_the_present_one_is_there_already() {
    let web = at("web:3");
    let WayBack::Update {
        to, revision: then, ..
    } = way_back(&web, &history(vec![]), Some(&revision("web:2"))).unwrap()
    else {
        panic!("another way")
    };
    assert_eq!(to, revision("web:2"));
    assert!(then.is_some());
    assert!(matches!(
        way_back(&web, &history(vec![]), Some(&web.task_definition)),
        Err(ActError::Already(_))
    ));
}

#[test]
fn what_others_roll_out_is_refused() {
    for controller in [Controller::CodeDeploy, Controller::External] {
        let mut web = at("web:2");
        web.controller = controller;
        assert!(matches!(
            way_back(&web, &history(vec![]), Some(&revision("web:1"))),
            Err(ActError::Refused(_))
        ));
    }
}

fn to_two() -> WayBack {
    way_back(&at("web:3"), &history(vec![]), Some(&revision("web:2"))).unwrap()
}

#[test]
fn an_inactive_revision_and_a_missing_image_are_refused() {
    let mut definition = crate::diagnose::sample::definition("web:2", "/ecs/web");
    definition.status = Clean::literal("INACTIVE");
    let comeback = Comeback {
        definition: Some(&definition),
        images: &[],
    };
    let why = rollback(decider(), &at("web:3"), &to_two(), &comeback)
        .unwrap_err()
        .to_string();
    assert!(why.contains("web:2 is INACTIVE"), "{why}");

    let images = [(Clean::literal("repo/web:old"), ImageState::NoSuchImage)];
    let comeback = Comeback {
        definition: None,
        images: &images,
    };
    let why = rollback(decider(), &at("web:3"), &to_two(), &comeback)
        .unwrap_err()
        .to_string();
    assert!(why.contains("repo/web:old is missing"), "{why}");
}

#[test]
fn only_the_task_definition_is_sent_and_what_stays_different_is_said() {
    let mut way = to_two();
    if let WayBack::Update {
        revision: Some(then),
        ..
    } = &mut way
    {
        then.launch = Clean::literal("EC2");
    }
    let intent = rollback(decider(), &at("web:3"), &way, &Comeback::default()).unwrap();
    let body = intent.steps[0].request.body();
    assert_eq!(body.as_object().unwrap().len(), 3, "{body}");
    assert_eq!(body["taskDefinition"], revision("web:2").as_str());
    assert!(intent.notes[0].contains("capacity"), "{:?}", intent.notes);
    assert!(
        intent
            .guard
            .expects
            .contains(&Expect::Active(revision("web:2")))
    );
}
