//! What would meet the same fault says so before it is confirmed, whichever action it comes from.

use std::time::Duration;

use super::super::*;
use super::acting::written;
use super::parity::proposed;
use super::scene::{Scene, setup};
use crate::act::sample::{deployment as rollout, history};
use crate::diagnose::sample::{
    ago, definition, deployment, revision, service, service_arn, task, unstarted,
};
use crate::domain::{
    DeploymentStatus, RollbackInfo, Rollout, Service, ServiceDeploymentStatus, Task,
};
use crate::text::Clean;

const NO_IMAGE: &str =
    "CannotPullContainerError: failed to resolve ref docker.io/library/web:v9: not found";
const WILL: &str = "new tasks of web:2 will fail the same way";

/// A rollout from `web:1`, of which two tasks run well, to `web:2`, whose image is missing.
fn stuck() -> Service {
    let mut web = service("web");
    web.deployments[0].status = DeploymentStatus::Active;
    let mut new = deployment("ecs-svc/2", "web:2");
    (new.rollout, new.running, new.failed) = (Some(Rollout::InProgress), 0, 3);
    (new.created, new.updated) = (Some(ago(600)), Some(ago(600)));
    web.task_definition = revision("web:2");
    web.deployments.push(new);
    web
}

fn failed(id: &str, ago: i64) -> Task {
    let mut task = unstarted(task("web", id), NO_IMAGE, ago);
    task.definition = revision("web:2");
    task.started_by = Some(Clean::literal("ecs-svc/2"));
    task
}

fn scene_of(web: Service) -> Scene {
    let tasks = vec![
        task("web", "w1"),
        task("web", "w2"),
        failed("a1", 200),
        failed("b2", 60),
    ];
    let mut scene = Scene::new(setup(), vec![web], tasks);
    scene.aws.definitions = ["web:1", "web:2"]
        .map(|name| {
            let mut definition = definition(name, "web");
            // What is run like the service needs no subnets.
            definition.network_mode = Some(Clean::literal("bridge"));
            definition
        })
        .into();
    scene.pass(Duration::from_secs(60));
    scene
}

fn notes(scene: &mut Scene, wish: Wish) -> String {
    let proposal = proposed(scene, wish);
    let notes = proposal.notes.iter().map(|note| note.as_str());
    notes.collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn says(notes: &str, words: &str) {
    assert!(notes.contains(words), "no {words:?} in\n{notes}");
}

#[test]
fn a_forced_deployment_and_a_greater_count_of_a_revision_that_cannot_start_say_so() {
    let mut scene = scene_of(stuck());
    says(&notes(&mut scene, Wish::Redeploy(service_arn("web"))), WILL);
    let more = |count: &str| Wish::Scale {
        service: service_arn("web"),
        count: count.to_owned(),
    };
    says(&notes(&mut scene, more("5")), WILL);
    assert!(!notes(&mut scene, more("1")).contains("fail the same way"));
}

#[test]
fn to_stop_a_healthy_old_task_says_what_cannot_take_its_place() {
    let mut scene = scene_of(stuck());
    let old = scene.aws.tasks[0].arn.clone();
    let wish = Wish::Stop {
        tasks: vec![old],
        reason: None,
    };
    says(&notes(&mut scene, wish), WILL);
}

#[test]
fn to_run_a_task_of_the_broken_revision_says_so_and_of_the_good_one_does_not() {
    let mut scene = scene_of(stuck());
    let run = |scene: &Scene, number: u32| {
        let source = RunSource::Service(service_arn("web"));
        let mut order = scene.model.order_from(&source).unwrap();
        order.revision = Some(number);
        Wish::Run {
            order: Box::new(order),
            retries: None,
        }
    };
    let wish = run(&scene, 2);
    says(&notes(&mut scene, wish), WILL);
    let wish = run(&scene, 1);
    assert!(!notes(&mut scene, wish).contains("fail the same way"));
}

#[test]
fn to_drain_in_the_middle_of_a_stuck_rollout_says_what_is_lost_and_what_restore_brings() {
    let mut scene = scene_of(stuck());
    let notes = notes(&mut scene, Wish::Drain(service_arn("web")));
    says(&notes, "2 healthy tasks of web:1 will stop");
    says(
        &notes,
        "restore brings web:2 back, whose tasks fail: roll back first",
    );
}

#[test]
fn a_service_that_is_well_is_drained_without_a_warning() {
    let mut scene = Scene::read(setup(), vec![service("web")], vec![task("web", "w1")]);
    assert!(!notes(&mut scene, Wish::Drain(service_arn("web"))).contains("will stop, and"));
}

fn rolled_back() -> crate::domain::RolloutHistory {
    let mut back = rollout(
        "b",
        ServiceDeploymentStatus::RollbackSuccessful,
        Some("web:1"),
        "web:2",
    );
    back.rollback = Some(RollbackInfo {
        reason: Some(Clean::literal("circuit breaker")),
        started: Some(ago(120)),
        revision: Some(crate::domain::Arn::new("service-revision/web:1")),
    });
    history(vec![
        back,
        rollout("a", ServiceDeploymentStatus::Successful, None, "web:1"),
    ])
}

#[test]
fn to_go_to_the_revision_that_was_just_rolled_back_says_how_it_ended() {
    let mut scene = scene_of(service("web"));
    scene.aws.rollouts = rolled_back();
    scene.pass(Duration::from_secs(60));
    let to = |revision: &str| Wish::Rollback {
        service: service_arn("web"),
        to: Some(revision.to_owned()),
    };
    says(
        &notes(&mut scene, to("2")),
        "the last rollout of web:2 was rolled back (circuit breaker): it may fail the same way",
    );
}

#[test]
fn to_restore_a_revision_whose_rollout_never_went_through_says_so() {
    let mut scene = scene_of(stuck());
    let drain = proposed(&mut scene, Wish::Drain(service_arn("web"))).intent;
    scene.aws.journal.extend(written(&drain));
    scene.change("web", |web| (web.desired, web.running) = (0, 0));
    scene.aws.rollouts = rolled_back();
    scene.pass(Duration::from_secs(60));
    let restore = Wish::Restore {
        service: service_arn("web"),
        keep_revision: false,
    };
    says(
        &notes(&mut scene, restore),
        "the last rollout of web:2 was rolled back",
    );
}
