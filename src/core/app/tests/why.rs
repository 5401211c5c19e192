//! From what is wrong to what helps: the keys, the timeline, the difference, the failed log, the groups.

use std::time::Duration;

use super::super::*;
use super::scene::{Scene, line, setup};
use crate::diagnose::sample::{
    ago, container, definition, deployment, ended, event, revision, service, task, unstarted,
};
use crate::domain::{
    DeploymentStatus, EnvironmentVariable, Rollout, Service, Task, TaskDefinition,
};
use crate::text::Clean;

const SECOND: Duration = Duration::from_secs(1);

/// A rollout of `web:2` that is stuck since ten minutes; `web:1` ran before.
fn rolling() -> Service {
    let mut web = service("web");
    let old = crate::domain::Deployment {
        status: DeploymentStatus::Active,
        ..deployment("ecs-svc/1", "web:1")
    };
    let new = crate::domain::Deployment {
        rollout: Some(Rollout::InProgress),
        running: 0,
        failed: 3,
        created: Some(ago(600)),
        updated: Some(ago(600)),
        ..deployment("ecs-svc/2", "web:2")
    };
    web.task_definition = revision("web:2");
    web.deployments = vec![old, new];
    web.events = vec![
        event("(service web) has started 1 tasks: (task c3).", 90),
        event("(service web) has started 1 tasks: (task b2).", 190),
    ];
    web
}

/// A task of the new rollout.
fn new_task(id: &str) -> Task {
    let mut task = task("web", id);
    task.definition = revision("web:2");
    task.started_by = Some(Clean::new("ecs-svc/2"));
    task
}

fn died(id: &str, seconds_ago: i64) -> Task {
    let mut task = ended(new_task(id), 1, seconds_ago);
    task.started = Some(ago(seconds_ago + 20));
    task
}

fn scene() -> Scene {
    let tasks = vec![
        task("web", "w1"),
        died("a1", 280),
        died("b2", 180),
        died("c3", 80),
    ];
    let mut scene = Scene::new(setup(), vec![rolling()], tasks);
    let variable = |value: &str| EnvironmentVariable {
        name: Clean::new("DB_PASSWORD"),
        value: Clean::new(value),
    };
    let with = |name: &str, image: &str, value: &str| {
        let mut definition = definition(name, "web");
        definition.containers[0].image = Clean::new(image);
        definition.containers[0].environment = vec![variable(value)];
        let mut sidecar = definition.containers[0].clone();
        sidecar.name = Clean::new("proxy");
        definition.containers.push(sidecar);
        definition
    };
    scene.aws.definitions = vec![
        with("web:1", "registry/app:v1", "hunter2"),
        with("web:2", "registry/app:v2", "hunter3"),
    ];
    scene.pass(5 * SECOND);
    scene
}

pub(super) fn lines(scene: &Scene) -> Vec<String> {
    scene
        .model
        .detail_lines()
        .iter()
        .map(|line| format!("{}: {}", line.label, line.text))
        .collect()
}

#[track_caller]
fn has(scene: &Scene, words: &str) -> String {
    let lines = lines(scene);
    let found = lines.iter().find(|line| line.contains(words));
    found
        .unwrap_or_else(|| panic!("no {words:?} in\n{}", lines.join("\n")))
        .clone()
}

fn keys(scene: &Scene) -> Vec<String> {
    let hints = scene.model.helping_keys();
    hints
        .iter()
        .map(|hint| format!("{} {}", hint.keys, hint.info.title))
        .collect()
}

fn rows(scene: &Scene) -> Vec<(String, u32)> {
    let rows = scene.model.task_rows().iter();
    rows.map(|row| (row.id.to_string(), row.count)).collect()
}

#[test]
fn the_cause_comes_first_and_evidence_says_which_task_it_was_seen_at() {
    let scene = scene();
    let lines = lines(&scene);
    assert!(lines[2].starts_with("cause: "), "{lines:?}");
    assert!(lines[3].starts_with("keys: "), "{lines:?}");
    assert!(lines[4].starts_with("fix: "), "{lines:?}");
    let evidence = has(&scene, "stopped task");
    assert!(
        evidence.starts_with("stopped task c3 \u{d7}3, 1m ago: "),
        "{evidence}"
    );
}

#[test]
fn the_keys_that_help_are_those_that_are_bound_and_that_do_something() {
    let scene = scene();
    let found = keys(&scene);
    assert!(found.contains(&"P failed log".to_owned()), "{found:?}");
    assert!(found.contains(&"v difference".to_owned()), "{found:?}");
    for hint in scene.model.helping_keys() {
        let keymap = &scene.model.setup.keymap;
        let bound = keymap.keys(hint.info.action, crate::keys::Scope::Services);
        assert!(bound.contains(&hint.keys.to_string()), "{found:?}");
    }
    // A rollout that failed before any program ran has left no log.
    let never = unstarted(new_task("a1"), "CannotPullContainerError: x", 60);
    let scene = Scene::read(setup(), vec![rolling()], vec![never]);
    assert!(!keys(&scene).contains(&"P failed log".to_owned()));
}

#[test]
fn what_may_not_be_written_is_not_offered() {
    let mut read_only = setup();
    read_only.read_only = true;
    let tasks = vec![died("a1", 280), died("b2", 180), died("c3", 80)];
    let mut scene = Scene::new(read_only, vec![rolling()], tasks);
    scene.pass(5 * SECOND);
    assert!(!scene.model.helping_keys().is_empty());
    assert!(
        scene
            .model
            .helping_keys()
            .iter()
            .all(|hint| !hint.info.write)
    );
}

#[test]
fn a_service_that_is_well_needs_no_keys() {
    let scene = Scene::read(setup(), vec![service("web")], vec![task("web", "w1")]);
    assert_eq!(scene.model.helping_keys(), []);
}

#[test]
fn the_timeline_joins_events_tasks_and_rollouts_newest_first_and_repeats_are_told_once() {
    let mut scene = scene();
    scene.press("e");
    assert_eq!(scene.model.focus, Pane::Detail);
    let lines = lines(&scene);
    let place = |words: &str| {
        let found = lines.iter().position(|line| line.contains(words));
        found.unwrap_or_else(|| panic!("no {words:?} in\n{}", lines.join("\n")))
    };
    let stopped = place("c3 (:2) stopped: Essential container in task exited (exit code 1)");
    assert!(
        lines[stopped].contains("\u{d7}3 since"),
        "{}",
        lines[stopped]
    );
    assert!(lines[place("has started 1 tasks")].contains("\u{d7}2 since"));
    assert!(stopped < place("rollout of :2 began"));
    assert!(place("rollout of :2 began") < place("w1 (:1) started"));
    assert!(place("w1 (:1) started") < place("rollout of :1 completed"));
}

#[test]
fn the_timeline_shows_errors_of_the_log_and_what_was_done_from_here() {
    let mut scene = scene();
    scene.aws.lines = vec![
        line("/ecs/web", "ecs/app/w1", 30, "ERROR no route to host"),
        line("/ecs/web", "ecs/app/w1", 20, "INFO all is well"),
    ];
    scene.pass(10 * SECOND);
    scene.press("U 5 enter");
    let Some(Overlay::Confirm(confirm)) = &scene.model.overlay else {
        panic!("no question");
    };
    let question = confirm.question;
    scene.take(Msg::Shown(question));
    scene.press("y");
    let intent = scene.model.running.keys().next().cloned().unwrap();
    scene.take(Msg::Acted {
        intent,
        outcome: crate::act::Outcome::Done,
        seen: Box::default(),
    });
    scene.press("e");
    has(&scene, "action : scale web 2 \u{2192} 5: done");
    has(&scene, "log    : ERROR no route to host");
    assert!(
        !lines(&scene)
            .iter()
            .any(|line| line.contains("all is well"))
    );
}

#[test]
fn the_timeline_is_filtered_by_itself() {
    let mut scene = scene();
    scene.press("e / k i n d : r o l l enter");
    let filtered = lines(&scene);
    assert!(
        filtered.len() >= 3 && filtered.iter().all(|line| line.contains("rollout")),
        "{filtered:?}"
    );
    assert_eq!(scene.names(), ["web"], "the services are not filtered");
    scene.press("esc");
    assert!(lines(&scene).len() > filtered.len());
    scene.press("esc");
    assert_eq!(
        (scene.model.detail, scene.model.focus),
        (DetailMode::Why, Pane::Services)
    );
}

#[test]
fn a_task_that_became_healthy_is_told_with_when_it_was_seen() {
    let mut scene = scene();
    let mut young = new_task("d4");
    young.started = Some(ago(5));
    young.health = crate::domain::Health::Unknown;
    scene.aws.tasks.push(young);
    scene.pass(20 * SECOND);
    if let Some(task) = scene.aws.tasks.last_mut() {
        task.health = crate::domain::Health::Healthy;
    }
    scene.pass(20 * SECOND);
    scene.press("e");
    has(&scene, "d4 is healthy");
}

#[test]
fn the_difference_names_what_changed_and_shows_no_secret() {
    let mut scene = scene();
    scene.press("v");
    scene.pass(SECOND);
    assert!(
        scene.model.detail_title().contains(":1 \u{2192} :2"),
        "{}",
        scene.model.detail_title()
    );
    has(&scene, "app image: v1 \u{2192} v2 of registry/app");
    has(&scene, "app env DB_PASSWORD: <masked");
    let text = lines(&scene).join("\n");
    assert!(!text.contains("hunter"), "{text}");
    scene.press("v");
    assert_eq!(
        (scene.model.detail, scene.model.focus),
        (DetailMode::Why, Pane::Services)
    );
}

#[test]
fn a_revision_before_that_nobody_saw_run_is_called_a_guess() {
    let mut web = service("web");
    web.task_definition = revision("web:2");
    web.deployments = vec![deployment("ecs-svc/2", "web:2")];
    let mut scene = Scene::new(setup(), vec![web], vec![]);
    scene.aws.definitions = vec![definition("web:1", "web"), definition("web:2", "web")];
    scene.pass(5 * SECOND);
    let asked = |scene: &Scene| {
        scene.effects.iter().any(|effect| {
            matches!(effect, Effect::Worker(WorkerEffect::Read { query: Query::Definitions { revisions }, .. })
                if revisions.contains(&revision("web:1")))
        })
    };
    assert!(
        !asked(&scene),
        "a guess is not read before somebody wants it"
    );
    scene.press("v");
    scene.pass(2 * SECOND);
    assert!(asked(&scene));
    has(&scene, "AWS does not say which revision ran before");
    has(&scene, "the two say the same");
}

#[test]
fn a_definition_that_cannot_be_read_says_why_there_is_no_difference() {
    let mut scene = scene();
    scene
        .model
        .fleet
        .change()
        .definitions
        .remove(&revision("web:1"));
    let error = super::scene::error(crate::domain::ErrorKind::Denied);
    scene
        .model
        .fleet
        .change()
        .put_unreadable(revision("web:1"), error);
    scene.press("v");
    has(&scene, "web:1 cannot be read");
}

#[test]
fn one_key_leads_to_the_last_lines_of_the_failed_task_in_all_its_containers() {
    let mut scene = scene();
    scene.aws.lines = vec![
        line("/ecs/web", "ecs/app/c3", 85, "panic: no key"),
        line("/ecs/web", "ecs/proxy/c3", 84, "proxy: upstream gone"),
        line("/ecs/web", "ecs/app/w1", 10, "from the old one"),
    ];
    scene.press("P");
    scene.pass(2 * SECOND);
    assert_eq!(scene.model.focus, Pane::Logs);
    assert_eq!(scene.log(), ["panic: no key", "proxy: upstream gone"]);
    assert!(scene.model.logs.at_end && scene.model.logs.container.is_none());
}

#[test]
fn the_log_of_a_task_that_ended_long_ago_is_read_from_its_beginning() {
    let mut old = died("a1", 3_000);
    old.started = Some(ago(3_400));
    let mut scene = Scene::read(setup(), vec![rolling()], vec![task("web", "w1"), old]);
    scene.aws.lines = vec![line("/ecs/web", "ecs/app/a1", 3_390, "first words")];
    scene.pass(30 * SECOND);
    scene.press("P");
    scene.pass(2 * SECOND);
    assert_eq!(scene.log(), ["first words"]);
}

#[test]
fn where_no_failed_task_ran_it_says_so() {
    let never = unstarted(new_task("a1"), "CannotPullContainerError: x", 60);
    let mut scene = Scene::read(setup(), vec![rolling()], vec![never]);
    scene.pass(5 * SECOND);
    scene.press("P");
    assert_eq!(
        scene.notice(),
        "no task that failed got as far as writing a log"
    );
}

#[test]
fn a_container_that_ran_has_its_log_though_its_task_never_started() {
    let mut never = unstarted(new_task("a1"), "ResourceInitializationError: x", 60);
    let mut ran = container("app");
    ran.exit_code = Some(1);
    never.containers = vec![ran, container("proxy")];
    let mut scene = Scene::read(setup(), vec![rolling()], vec![never]);
    scene.aws.lines = vec![line("/ecs/web", "ecs/app/a1", 61, "migrating")];
    scene.aws.missing_streams = vec![Clean::new("ecs/proxy/a1")];
    scene.pass(30 * SECOND);
    scene.press("P");
    scene.pass(2 * SECOND);
    assert_eq!(scene.log(), ["migrating"]);
}

#[test]
fn tasks_that_ended_for_the_same_reason_on_the_same_revision_share_a_row() {
    let mut scene = scene();
    let mut other = died("x9", 300);
    other.containers[0].exit_code = Some(137);
    scene.aws.tasks.push(other);
    scene.pass(30 * SECOND);
    let group = ("c3".to_owned(), 3);
    assert_eq!(
        rows(&scene),
        [("w1".to_owned(), 1), group, ("x9".to_owned(), 1)]
    );
    let row = scene.model.task_rows()[1].clone();
    assert_eq!((row.stopped, row.first), (Some(ago(80)), Some(ago(280))));
    scene.press("enter o");
    assert_eq!(rows(&scene).len(), 5);
    scene.press("o x");
    assert_eq!(rows(&scene), [("w1".to_owned(), 1)]);
}

#[test]
fn the_cursor_stays_on_its_group_and_enter_opens_the_newest_task_of_it() {
    let mut scene = scene();
    scene.press("enter j");
    assert_eq!(scene.model.selected_task().map(Task::id), Some("c3"));
    scene.aws.tasks.push(died("d4", 10));
    scene.pass(30 * SECOND);
    assert_eq!(scene.model.selected_task().map(Task::id), Some("d4"));
    scene.press("enter");
    let newest = died("d4", 10).arn;
    assert_eq!(scene.model.logs.target, Some(LogTarget::Task(newest)));
}

#[test]
fn after_a_way_back_the_bad_revision_is_the_new_one() {
    let mut web = service("web");
    web.events = vec![event(
        "(service web) (deployment ecs-svc/2) deployment failed: rolling back to deployment ecs-svc/1.",
        300,
    )];
    let mut scene = Scene::new(setup(), vec![web], vec![task("web", "w1"), died("c3", 320)]);
    let mut bad: TaskDefinition = definition("web:2", "web");
    bad.containers[0].image = Clean::new("app:2");
    scene.aws.definitions = vec![definition("web:1", "web"), bad];
    scene.pass(5 * SECOND);
    scene.press("v");
    assert!(
        scene.model.detail_title().contains(":1 \u{2192} :2"),
        "{}",
        scene.model.detail_title()
    );
}
