//! Every action from its key to its question, and what keeps it from being proposed.

use std::time::Duration;

use super::super::*;
use super::forms::{form, typed};
use super::scene::{Scene, error, setup, with_deck};
use crate::act::history::{Author, Entry, Sent, markdown};
use crate::act::sample::{deployment, history, paused};
use crate::act::{History, Intent, IntentId, Outcome, Seen, Verb};
use crate::diagnose::Question;
use crate::diagnose::sample::{ended, revision, service, service_arn, task};
use crate::domain::{
    Arn, Controller, DeadLetter, ErrorKind, Owner, Queue, QueueDepth, Row, ScalableTarget,
    Scheduling, ServiceDeploymentStatus, Suspended, Task,
};
use crate::text::Clean;

fn web() -> Scene {
    Scene::read(setup(), vec![service("web")], vec![task("web", "w1")])
}

pub(super) fn question(scene: &Scene) -> &Proposal {
    match &scene.model.overlay {
        Some(Overlay::Confirm(confirm)) => &confirm.proposal,
        other => panic!("no question: {other:?}; {}", scene.notice()),
    }
}

pub(super) fn operations(intent: &Intent) -> Vec<&'static str> {
    let steps = intent.steps.iter();
    steps.map(|step| step.request.operation()).collect()
}

fn change(intent: &Intent) -> String {
    intent.change_words("->")
}

/// Confirms what is asked, and gives the write.
pub(super) fn confirmed(scene: &mut Scene) -> Intent {
    let asked = scene.effects.iter().rev().find_map(|effect| match effect {
        Effect::Loop(LoopEffect::AskShown(question)) => Some(*question),
        _ => None,
    });
    scene.take(Msg::Shown(asked.unwrap()));
    scene.press("y");
    let act = scene.effects.iter().rev().find_map(|effect| match effect {
        Effect::Worker(WorkerEffect::Act(intent)) => Some(intent.as_ref().clone()),
        _ => None,
    });
    act.unwrap()
}

/// As the journal has it once it was done.
pub(super) fn written(intent: &Intent) -> [Entry; 2] {
    let who = Author {
        arn: Clean::literal("arn:aws:sts::123456789012:assumed-role/OnCall/ann"),
        os_user: Some(Clean::literal("ann")),
        ssh_client: Some(Clean::literal("10.0.0.1")),
        deck: None,
    };
    let sent = Sent {
        request_ids: vec![Clean::literal("req-1")],
        ..Sent::default()
    };
    [
        Entry::intent(intent, who.clone()),
        Entry::outcome(intent, who, intent.at, &Outcome::Done, &sent),
    ]
}

pub(super) fn ends(scene: &mut Scene, intent: &Intent, outcome: Outcome, seen: Seen) {
    let effects = scene.take(Msg::Acted {
        intent: intent.id.clone(),
        outcome,
        seen: Box::new(seen),
    });
    scene.answer(effects);
}

#[test]
fn redeploy_asks_at_once_and_refuses_who_is_rolled_out_by_others() {
    let mut scene = web();
    scene.press("F");
    let intent = &question(&scene).intent;
    assert_eq!(operations(intent), ["ecs:UpdateService"]);
    assert_eq!(intent.steps[0].request.body()["forceNewDeployment"], true);
    let mut blue = service("web");
    blue.controller = Controller::CodeDeploy;
    let mut scene = Scene::read(setup(), vec![blue], vec![]);
    for key in ["F", "R"] {
        scene.press(key);
        assert!(
            scene.notice().contains("CodeDeploy"),
            "{key}: {}",
            scene.notice()
        );
    }
}

#[test]
fn rollback_reads_the_rollouts_anew_and_stops_the_one_that_goes_on() {
    let mut scene = web();
    scene.change("web", |web| web.task_definition = revision("web:2"));
    scene.pass(Duration::from_secs(30));
    scene.aws.rollouts = history(vec![deployment(
        "b",
        ServiceDeploymentStatus::InProgress,
        Some("web:1"),
        "web:2",
    )]);
    scene.press("R");
    let confirm = question(&scene);
    assert_eq!(operations(&confirm.intent), ["ecs:StopServiceDeployment"]);
    assert_eq!(change(&confirm.intent), "task definition web:2 -> web:1");
}

#[test]
fn rollback_after_the_end_sets_the_revision_that_went_well_once_it_was_read() {
    let mut scene = web();
    scene.change("web", |web| web.task_definition = revision("web:2"));
    scene.pass(Duration::from_secs(30));
    scene.aws.rollouts = history(vec![
        deployment(
            "b",
            ServiceDeploymentStatus::Successful,
            Some("web:1"),
            "web:2",
        ),
        deployment("a", ServiceDeploymentStatus::Successful, None, "web:1"),
    ]);
    scene.press("R");
    assert_eq!(operations(&question(&scene).intent), ["ecs:UpdateService"]);
    // A revision that is gone is not offered.
    scene.press("esc");
    scene
        .aws
        .definitions
        .retain(|known| known.arn != revision("web:1"));
    scene.press("R");
    assert!(
        scene.notice().contains("no revision named web:1"),
        "{}",
        scene.notice()
    );
}

#[test]
fn without_a_history_a_person_names_the_revision_and_a_wrong_one_stays_in_its_field() {
    let mut scene = web();
    scene.press("R");
    assert!(
        form(&scene)
            .error
            .as_ref()
            .unwrap()
            .contains("no earlier successful deployment")
    );
    typed(&mut scene, "x");
    scene.press("enter");
    assert_eq!(form(&scene).get(&FieldName::Revision), "x");
    assert!(
        form(&scene)
            .error
            .as_ref()
            .unwrap()
            .contains("no revision named x")
    );
    scene.press("backspace 9 enter");
    assert!(
        form(&scene)
            .error
            .as_ref()
            .unwrap()
            .contains("no revision named web:9")
    );
    scene
        .aws
        .definitions
        .push(crate::diagnose::sample::definition("web:9", "web"));
    scene.press("enter");
    assert_eq!(
        change(&question(&scene).intent),
        "task definition web:1 -> web:9"
    );
    // A no goes back to what was typed.
    scene.press("n");
    assert_eq!(form(&scene).get(&FieldName::Revision), "9");
}

/// The options of the form's only choice, and which one is chosen.
fn options(scene: &Scene) -> (Vec<Clean>, usize) {
    match &form(scene).fields[0].value {
        Value::Choice { options, at } => (options.clone(), *at),
        other => panic!("{other:?}"),
    }
}

#[test]
fn without_a_history_the_revisions_of_the_family_are_chosen_from() {
    let mut scene = web();
    scene.change("web", |web| web.task_definition = revision("web:3"));
    scene.aws.rollouts = history(vec![
        deployment(
            "b",
            ServiceDeploymentStatus::RollbackFailed,
            Some("web:1"),
            "web:2",
        ),
        deployment("a", ServiceDeploymentStatus::Stopped, None, "web:1"),
    ]);
    for (name, image) in [("web:2", "app:2"), ("web:3", "app:3"), ("web:4", "app:4")] {
        let mut added = crate::diagnose::sample::definition(name, "web");
        added.containers[0].image = Clean::literal(image);
        if name == "web:4" {
            added.status = Clean::literal("INACTIVE");
        }
        scene.aws.definitions.push(added);
    }
    scene.pass(Duration::from_secs(30));
    scene.press("R");
    let why = form(&scene).error.clone().unwrap_or_default();
    assert_eq!(why, "ECS knows no earlier successful deployment");
    let (lines, at) = options(&scene);
    let said = |at: usize, words: &[&str]| {
        let line = &lines[at];
        assert!(words.iter().all(|word| line.contains(word)), "{line}");
    };
    said(
        0,
        &[
            "web:4",
            "INACTIVE",
            "none known",
            "image of app 3 \u{2192} 4",
        ],
    );
    said(
        1,
        &[
            "web:2",
            "ACTIVE",
            "rollback failed",
            "image of app 3 \u{2192} 2",
        ],
    );
    said(
        2,
        &["web:1", "ACTIVE", "stopped", "image of app 3 \u{2192} 1"],
    );
    said(3, &["another one"]);
    assert_eq!((lines.len(), at), (4, 2), "a rollout of web:2 has failed");
    scene.press("enter");
    assert_eq!(
        change(&question(&scene).intent),
        "task definition web:3 -> web:1"
    );
    // A no goes back to the list; none of these is a name to be typed.
    scene.press("n down enter");
    typed(&mut scene, "2");
    scene.press("enter");
    assert_eq!(
        change(&question(&scene).intent),
        "task definition web:3 -> web:2"
    );
}

#[test]
fn revisions_that_may_not_be_listed_are_named_by_hand_and_the_form_says_why() {
    let mut scene = web();
    let slot = Slot::Asked(Question::Revisions(Clean::literal("web")));
    scene.aws.broken.push((slot, ErrorKind::Denied));
    scene.press("R");
    let why = form(&scene).error.clone().unwrap_or_default();
    assert!(
        why.contains("could not be listed") && why.contains("no earlier successful deployment"),
        "{why}"
    );
    scene.press("1 enter");
    let why = form(&scene).error.clone().unwrap_or_default();
    assert!(why.contains("web is at web:1 already"), "{why}");
}

#[test]
fn what_aws_does_not_answer_is_told_and_esc_takes_back_what_was_asked_for() {
    let mut scene = web();
    scene.key("R", true);
    assert!(scene.notice().contains("asking AWS"), "{}", scene.notice());
    scene.elapsed += Duration::from_secs(21);
    scene.take(Msg::Ticked);
    assert!(
        scene.notice().contains("did not answer in time"),
        "{}",
        scene.notice()
    );
    let mut scene = web();
    let effects = scene.key("R", true);
    scene.key("esc", true);
    scene.answer(effects);
    assert_eq!(
        scene.model.overlay, None,
        "nothing comes up under somebody's fingers"
    );
    let mut scene = web();
    let rollouts = crate::diagnose::Question::Rollouts {
        cluster: service("web").cluster,
        service: service_arn("web"),
    };
    scene.aws.broken = vec![(Slot::Asked(rollouts), ErrorKind::Denied)];
    scene.press("R");
    assert!(
        scene.notice().contains("could not be read"),
        "{}",
        scene.notice()
    );
}

#[test]
fn drain_holds_autoscaling_first_and_restore_brings_both_back() {
    let mut scene = web();
    scene.aws.target = Some(ScalableTarget {
        min: 1,
        max: 4,
        suspended: Suspended::default(),
    });
    scene.press("Z");
    let drain = question(&scene).intent.clone();
    assert_eq!(
        operations(&drain),
        [
            "application-autoscaling:RegisterScalableTarget",
            "ecs:UpdateService"
        ]
    );
    scene.aws.journal.extend(written(&drain));
    scene.aws.target.as_mut().unwrap().suspended = Suspended::ALL;
    scene.press("esc");
    scene.change("web", |web| {
        web.desired = 0;
        web.task_definition = revision("web:2");
    });
    scene.pass(Duration::from_secs(30));
    scene.press("Z");
    let restore = &question(&scene).intent;
    assert_eq!(
        (restore.verb, &restore.undoes),
        (Verb::Restore, &Some(drain.id))
    );
    assert!(
        change(restore).contains("desired count 0 -> 2")
            && change(restore).contains("task definition web:2 -> web:1"),
        "{}",
        change(restore)
    );
}

#[test]
fn what_autoscaling_will_do_to_a_count_stands_beside_it() {
    let mut scene = Scene::new(setup(), vec![service("web")], vec![task("web", "w1")]);
    scene.aws.target = Some(ScalableTarget {
        min: 1,
        max: 4,
        suspended: Suspended::default(),
    });
    scene.pass(Duration::from_secs(60));
    for (keys, words) in [
        (
            "U 5 enter",
            "keeps the count from 1 to 4: it will change this",
        ),
        ("U 3 enter", "may change this count again, from 1 to 4"),
    ] {
        scene.press(keys);
        let notes = &question(&scene).notes;
        assert!(notes.iter().any(|note| note.contains(words)), "{notes:?}");
        scene.press("esc");
    }
}

#[test]
fn a_service_without_a_count_is_not_drained_and_one_at_zero_without_a_drain_says_so() {
    let mut daemon = service("web");
    daemon.scheduling = Scheduling::Daemon;
    let mut scene = Scene::read(setup(), vec![daemon], vec![]);
    scene.press("Z");
    assert!(scene.notice().contains("DAEMON"), "{}", scene.notice());
    let mut zero = service("web");
    zero.desired = 0;
    let mut scene = Scene::read(setup(), vec![zero], vec![]);
    scene.press("Z");
    assert!(
        scene.notice().contains("no drain of web"),
        "{}",
        scene.notice()
    );
}

#[test]
fn autoscaling_is_held_released_and_bounded_with_a_form() {
    let mut scene = web();
    scene.press("A");
    assert!(
        scene.notice().contains("nothing scales web"),
        "{}",
        scene.notice()
    );
    scene.aws.target = Some(ScalableTarget {
        min: 1,
        max: 4,
        suspended: Suspended::default(),
    });
    scene.press("A");
    assert_eq!(
        (
            form(&scene).get(&FieldName::Scaling),
            form(&scene).get(&FieldName::Maximum)
        ),
        ("suspend", "4")
    );
    scene.press("ctrl-s");
    let intent = question(&scene).intent.clone();
    assert_eq!(
        operations(&intent),
        ["application-autoscaling:RegisterScalableTarget"]
    );
    scene.press("n left tab tab backspace 0 ctrl-s");
    let form = form(&scene);
    assert!(
        form.error
            .as_ref()
            .unwrap()
            .contains("greater than maximum"),
        "{form:?}"
    );
    scene.press("backspace 9 ctrl-s");
    let body = question(&scene).intent.steps[0].request.body();
    assert_eq!(
        (&body["MaxCapacity"], body.get("MinCapacity")),
        (&9.into(), None)
    );
}

#[test]
fn a_hook_that_waits_is_answered_and_none_says_so() {
    let mut scene = web();
    scene.press("H");
    assert!(
        scene.notice().contains("waits at a hook"),
        "{}",
        scene.notice()
    );
    scene.aws.rollouts = history(vec![paused()]);
    scene.press("H down enter");
    let body = question(&scene).intent.steps[0].request.body();
    assert_eq!(
        (&body["hookId"], &body["action"]),
        (&"hook-1".into(), &"ROLLBACK".into())
    );
}

#[test]
fn an_image_is_deployed_by_writing_over_the_present_one() {
    let mut scene = web();
    scene.press("I");
    assert_eq!(
        form(&scene).get(&FieldName::Image(Clean::literal("app"))),
        "repo/app:1"
    );
    scene.press("enter");
    assert!(form(&scene).error.as_ref().unwrap().contains("already"));
    scene.press("backspace 2 enter");
    let intent = &question(&scene).intent;
    assert_eq!(
        operations(intent),
        ["ecs:RegisterTaskDefinition", "ecs:UpdateService"]
    );
    assert_eq!(change(intent), "image of app repo/app:1 -> repo/app:2");
}

#[test]
fn marked_tasks_are_stopped_together_and_else_the_one_under_the_cursor() {
    let tasks = ["a", "b", "c"].map(|id| task("web", id)).to_vec();
    let mut scene = Scene::read(setup(), vec![service("web")], tasks);
    scene.press("enter S");
    assert_eq!(question(&scene).intent.steps.len(), 1);
    scene.press("esc space space S");
    let intent = &question(&scene).intent;
    assert_eq!(intent.steps.len(), 2);
    assert!(intent.big, "a protected deck wants a name typed");
    assert!(
        question(&scene)
            .notes
            .iter()
            .any(|note| note.contains("another one in its place"))
    );
}

pub(super) fn queue(name: &str, dead: Option<&str>, visible: u64) -> Queue {
    let depth = QueueDepth {
        visible,
        in_flight: 0,
        delayed: 0,
    };
    Queue {
        url: Clean::new(name),
        arn: Arn::new(&format!("arn:aws:sqs:us-east-1:123456789012:{name}")),
        name: Clean::new(name),
        depth,
        dead_letter: dead.map(|dead| DeadLetter {
            arn: Arn::new(&format!("arn:aws:sqs:us-east-1:123456789012:{dead}")),
            max_receives: 3,
            depth: Some(QueueDepth {
                visible: 7,
                ..depth
            }),
        }),
    }
}

#[test]
fn a_dead_letter_queue_is_redriven_from_the_row_of_its_queue() {
    let mut scene = Scene::new(setup(), vec![service("web")], vec![]);
    scene.aws.queues = vec![queue("jobs", Some("jobs-dead"), 2), queue("plain", None, 1)];
    scene.pass(Duration::from_secs(60));
    scene.press(": q u e u e s enter");
    scene.press("D");
    let intent = &question(&scene).intent;
    assert_eq!(operations(intent), ["sqs:StartMessageMoveTask"]);
    assert!(
        change(intent).contains("about 7 in jobs-dead"),
        "{}",
        change(intent)
    );
    scene.press("esc j D");
    assert!(
        scene.notice().contains("no dead-letter queue"),
        "{}",
        scene.notice()
    );
}

#[test]
fn undo_takes_back_the_last_write_and_says_what_it_cannot_take_back() {
    let mut scene = web();
    scene.press("X");
    assert!(
        scene.notice().contains("no write in this account"),
        "{}",
        scene.notice()
    );
    scene.press("U 5 enter");
    let scale = confirmed(&mut scene);
    ends(&mut scene, &scale, Outcome::Done, Seen::default());
    scene.change("web", |web| web.desired = 5);
    scene.aws.journal.extend(written(&scale));
    scene.press("X");
    let undo = question(&scene).intent.clone();
    assert_eq!(change(&undo), "desired count 5 -> 2");
    // Once it was taken back there is nothing more.
    scene.press("esc");
    scene.aws.journal.extend(written(&undo));
    scene.press("X");
    assert!(
        scene.notice().contains("no write in this account"),
        "{}",
        scene.notice()
    );
    scene.press("F");
    let redeploy = confirmed(&mut scene);
    ends(&mut scene, &redeploy, Outcome::Done, Seen::default());
    scene.aws.journal.extend(written(&redeploy));
    scene.press("X");
    assert!(
        scene.notice().contains("cannot be undone"),
        "{}",
        scene.notice()
    );
}

#[test]
fn the_journal_is_shown_newest_first_and_saved_for_the_incident() {
    let mut scene = web();
    scene.press("U 5 enter");
    let [intent, mut outcome] = written(&question(&scene).intent);
    outcome.detail = Some(Clean::literal("because | of it"));
    scene.press("esc F");
    let [mut open, _] = written(&question(&scene).intent);
    open.id = IntentId::new(99);
    scene.press("esc");
    scene.aws.journal = vec![intent, outcome, open];
    scene.press("J");
    let rows = scene.model.journal_rows();
    let ids: Vec<&IntentId> = rows.iter().map(|row| &row.id).collect();
    assert_eq!(ids, [&IntentId::new(99), &scene.aws.journal[0].id]);
    scene.press("j enter");
    let Some(Overlay::Viewer(viewer)) = &scene.model.overlay else {
        panic!("{}", scene.notice())
    };
    let lines: Vec<&str> = viewer.lines.iter().map(|line| line.text.as_str()).collect();
    let there = |words: &str| lines.iter().any(|line| line.contains(words));
    assert!(there("desired count 2 \u{2192} 5") && there("ann from 10.0.0.1"));
    assert!(lines.contains(&"req-1"), "{lines:?}");
    scene.press("esc / a c t i o n : r e d enter");
    assert_eq!(scene.model.journal_rows().len(), 1, "filtered by a column");
    let effects = scene.press("ctrl-s");
    let saved = effects.iter().find_map(|effect| match effect {
        Effect::Worker(WorkerEffect::Save { text, .. }) => Some(text),
        _ => None,
    });
    let saved = saved.unwrap();
    assert!(saved.contains("because \\| of it | req-1 |"), "{saved}");
    // The very page that the command line makes of the same journal.
    let history = History::of(&scene.aws.journal);
    assert_eq!(*saved, markdown(history.records()));
    scene.press("J");
    assert_eq!(scene.model.focus, Pane::Services);
}

const RUN: &str = r#"
clusters = ["prod"]
[[run]]
name = "worker"
task_definition = "job"
container = "app"
network = { subnets = ["subnet-021cb68f18ae60508"] }
env = [{ name = "TASK_ID", required = true }, { name = "TITLE" }]
[[table]]
name = "work"
task_env = "TASK_ID"
"#;

pub(super) fn with_job(tasks: Vec<Task>) -> Scene {
    let mut scene = Scene::new(with_deck(RUN), vec![service("web")], tasks);
    let job = |name| crate::diagnose::sample::definition(name, "job");
    scene.aws.definitions.extend([job("job:1"), job("job:4")]);
    scene.pass(Duration::from_secs(60));
    scene
}

#[test]
fn a_run_is_proposed_with_the_newest_revision_and_its_log_is_shown_and_its_end_is_told() {
    let mut scene = with_job(vec![]);
    scene.press("T enter 7 ctrl-s");
    let confirm = question(&scene);
    assert_eq!(operations(&confirm.intent), ["ecs:RunTask"]);
    assert_eq!(change(&confirm.intent), "start nothing -> 1 task of job:4");
    let body = confirm.intent.steps[0].request.body();
    let given = &body["overrides"]["containerOverrides"][0]["environment"];
    assert_eq!(
        given,
        &serde_json::json!([{ "name": "TASK_ID", "value": "7" }])
    );
    let intent = confirmed(&mut scene);
    let mut job = task("job", "j1");
    job.owner = Owner::Family(Clean::literal("job"));
    job.created = Some(scene.model.now());
    scene.aws.tasks.push(job.clone());
    let mut seen = Seen::default();
    seen.made.tasks = vec![job.arn.clone()];
    ends(&mut scene, &intent, Outcome::Done, seen);
    scene.pass(Duration::from_secs(2));
    assert_eq!(
        (scene.model.focus, scene.selected()),
        (Pane::Services, "web"),
        "what is selected stays: the next key is meant for that"
    );
    assert!(
        scene.notice().contains("has started, in the row job"),
        "{}",
        scene.notice()
    );
    assert_eq!(
        scene.model.logs.target,
        Some(LogTarget::Task(job.arn.clone()))
    );
    scene.aws.tasks = vec![ended(job, 3, 0)];
    scene.pass(Duration::from_secs(60));
    assert!(
        scene.notice().contains("has failed, exit 3"),
        "{}",
        scene.notice()
    );
}

#[test]
fn a_run_that_aws_refused_keeps_what_was_typed() {
    let mut scene = with_job(vec![]);
    scene.press("T enter 7 ctrl-s");
    let intent = confirmed(&mut scene);
    ends(
        &mut scene,
        &intent,
        Outcome::Failed(error(ErrorKind::Denied)),
        Seen::default(),
    );
    scene.press("T enter");
    assert_eq!(
        form(&scene).get(&FieldName::Variable("TASK_ID".to_owned())),
        "7"
    );
    assert!(form(&scene).error.is_some());
    scene.press("ctrl-s");
    let intent = confirmed(&mut scene);
    ends(&mut scene, &intent, Outcome::Done, Seen::default());
    scene.press("T enter");
    assert_eq!(
        form(&scene).get(&FieldName::Variable("TASK_ID".to_owned())),
        "",
        "what was done is not offered again"
    );
}

#[test]
fn revisions_containers_and_values_that_do_not_go_are_told_in_their_fields() {
    let mut scene = with_job(vec![]);
    scene.press("T enter 7 tab tab tab tab tab tab ctrl-u 9 9 ctrl-s");
    let field = form(&scene).field().unwrap();
    assert_eq!(field.name, FieldName::Revision);
    assert!(
        field
            .error
            .as_ref()
            .unwrap()
            .contains("no task definition named job:99")
    );
    let mut scene = with_job(vec![]);
    scene.press("T enter");
    scene.take(Msg::Pasted("x".repeat(8_192)));
    scene.press("ctrl-s");
    assert!(
        form(&scene).error.as_ref().unwrap().contains("too long"),
        "{:?}",
        form(&scene).error
    );
    assert_eq!(
        form(&scene)
            .get(&FieldName::Variable("TASK_ID".to_owned()))
            .len(),
        8_192
    );
}

#[test]
fn a_value_that_looks_like_a_secret_is_sent_and_not_shown() {
    let mut job = ended(task("job", "j1"), 1, 10);
    job.owner = Owner::Family(Clean::literal("job"));
    job.subnet = Some(Clean::literal("subnet-1"));
    job.overrides = vec![crate::domain::EnvironmentOverride {
        container: Clean::literal("app"),
        name: Clean::literal("API_TOKEN"),
        value: Clean::literal("canary"),
    }];
    let mut scene = Scene::new(setup(), vec![], vec![job]);
    scene.pass(Duration::from_secs(60));
    scene.press("enter T ctrl-s");
    let confirm = question(&scene);
    assert!(
        confirm.intent.steps[0]
            .request
            .body()
            .to_string()
            .contains("canary")
    );
    let shown = format!(
        "{:?} {:?} {:?}",
        confirm.commands, confirm.notes, confirm.intent.changes
    );
    assert!(
        shown.contains("API_TOKEN") && !shown.contains("canary"),
        "{shown}"
    );
}

fn row(id: &str, status: &str) -> Row {
    Row([("id", id), ("status", status), ("title", "Fix it")]
        .map(|(name, value)| (Clean::new(name), Clean::new(value)))
        .into())
}

#[test]
fn a_failed_row_is_tried_again_as_its_task_was_or_from_the_template() {
    let mut job = ended(task("job", "j1"), 1, 10);
    job.owner = Owner::Family(Clean::literal("job"));
    job.overrides = vec![crate::domain::EnvironmentOverride {
        container: Clean::literal("app"),
        name: Clean::literal("TASK_ID"),
        value: Clean::literal("r1"),
    }];
    let mut scene = with_job(vec![job]);
    scene.aws.work = vec![row("r1", "failed"), row("r2", "failed"), row("r3", "done")];
    scene.pass(Duration::from_secs(60));
    scene.press(": w o r k enter");
    let stand_on = |scene: &mut Scene, id: &str| {
        scene.press("g");
        for _ in 0..9 {
            if scene.model.selected_work().is_some_and(|(on, _)| on == *id) {
                return;
            }
            scene.press("j");
        }
        panic!("no row {id}")
    };
    stand_on(&mut scene, "r1");
    scene.press("Y");
    assert_eq!(form(&scene).get(&FieldName::Override(0)), "r1");
    scene.press("esc");
    stand_on(&mut scene, "r2");
    scene.press("Y");
    assert_eq!(
        (
            form(&scene).get(&FieldName::Variable("TASK_ID".to_owned())),
            form(&scene).get(&FieldName::Variable("TITLE".to_owned()))
        ),
        ("r2", "Fix it")
    );
    scene.press("esc");
    // One that has not failed may be done again, and the question says so.
    stand_on(&mut scene, "r3");
    scene.press("Y ctrl-s");
    let notes = &question(&scene).notes;
    assert!(
        notes[0].contains("row is done, not failed; retrying may do the work twice"),
        "{notes:?}"
    );
}

#[test]
fn every_action_says_why_it_is_off_in_a_read_only_console() {
    let read_only = Setup {
        read_only: true,
        ..with_deck(RUN)
    };
    let mut scene = Scene::read(read_only, vec![service("web")], vec![task("web", "w1")]);
    for keys in ["T", "U", "R", "F", "I", "Z", "A", "H", "X", "enter S"] {
        scene.press(keys);
        assert_eq!(scene.notice(), "the console is read-only", "{keys}");
        assert_eq!(scene.model.overlay, None, "{keys}");
    }
}
