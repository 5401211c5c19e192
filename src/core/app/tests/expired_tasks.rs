//! What AWS has forgotten and the ring still knows.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::*;
use super::scene::{Scene, setup};
use crate::diagnose::sample::{ago, deployment, ended, service, task};
use crate::diagnose::{LocalFacts, Verdict};
use crate::domain::{Owner, Rollout, Service, Task};
use crate::text::Clean;

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3_600);

fn died(id: &str, seconds_ago: i64) -> Task {
    let mut task = ended(task("web", id), 1, seconds_ago);
    task.started = Some(ago(seconds_ago + 20));
    task
}

fn kept(task: Task) -> ExpiredTask {
    ExpiredTask {
        since: ago(7_000),
        task,
    }
}

/// A rollout that began two hours ago and goes on.
fn rolling() -> Service {
    let mut web = service("web");
    web.running = 0;
    web.deployments = vec![crate::domain::Deployment {
        rollout: Some(Rollout::InProgress),
        running: 0,
        created: Some(ago(7_200)),
        updated: Some(ago(7_200)),
        ..deployment("ecs-svc/1", "web:1")
    }];
    web
}

fn written(scene: &Scene) -> Vec<Vec<&str>> {
    scene
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Worker(WorkerEffect::KeepStopped { tasks, .. }) => {
                Some(tasks.iter().map(Task::id).collect())
            }
            _ => None,
        })
        .collect()
}

fn loads(scene: &Scene) -> usize {
    let is_load = |effect: &&Effect| {
        matches!(
            effect,
            Effect::Worker(WorkerEffect::LoadExpiredTasks { .. })
        )
    };
    scene.effects.iter().filter(is_load).count()
}

#[test]
fn the_disk_is_read_once_and_each_stopped_task_is_written_once() {
    let tasks = vec![task("web", "w1"), died("a1", 60)];
    let mut scene = Scene::read(setup(), vec![service("web")], tasks);
    scene.pass(30 * SECOND);
    assert_eq!(loads(&scene), 1);
    assert_eq!(written(&scene), [["a1"]]);
    scene.aws.tasks.push(died("b2", 10));
    scene.pass(30 * SECOND);
    assert_eq!(written(&scene), [["a1"], ["b2"]]);
}

#[test]
fn what_the_disk_has_already_is_not_written_again() {
    let mut scene = Scene::new(setup(), vec![service("web")], vec![died("a1", 60)]);
    scene.aws.kept = vec![kept(died("a1", 60))];
    scene.pass(30 * SECOND);
    assert_eq!(written(&scene), [[""; 0]; 0]);
}

#[test]
fn a_one_shot_task_that_did_its_work_is_not_kept_and_one_that_failed_is() {
    let tasks = vec![job("good", 0, 60), job("bad", 1, 60)];
    let scene = Scene::read(setup(), vec![], tasks);
    assert_eq!(written(&scene), [["bad"]]);
}

fn job(id: &str, code: i32, seconds_ago: i64) -> Task {
    let mut task = ended(task("job", id), code, seconds_ago);
    task.owner = Owner::Family(Clean::new("job"));
    task
}

#[test]
fn a_run_that_aws_has_forgotten_is_a_row_and_goes_when_a_later_one_went_well() {
    let mut scene = Scene::new(setup(), vec![service("web")], vec![]);
    scene.aws.kept = vec![
        kept(job("j1", 1, 7_300)),
        kept(job("old", 1, 90_000)),
        kept(died("a1", 7_300)),
    ];
    scene.pass(30 * SECOND);
    assert_eq!(scene.names(), ["job", "web"]);
    let row = scene.model.selected().unwrap();
    assert_eq!(row.verdict, Verdict::Failed);
    assert!(row.summary.contains("last, 2h ago"), "{}", row.summary);
    scene.press("enter");
    let shown = scene.model.task_rows();
    assert!(shown.iter().all(|row| row.kept.is_some()), "{shown:?}");
    scene.aws.tasks.push(job("j2", 0, 10));
    scene.pass(200 * SECOND);
    assert_eq!(written(&scene), [["j2"]], "it takes the failure back");
    let row = scene.model.service_rows().iter();
    let row = row.clone().find(|row| row.name.as_str() == "job").unwrap();
    assert_eq!(row.verdict, Verdict::Steady);
}

#[test]
fn runs_of_a_cluster_that_is_gone_or_of_more_than_a_day_ago_are_no_row() {
    let mut scene = Scene::new(setup(), vec![service("web")], vec![]);
    scene.aws.kept = vec![kept(job("old", 1, 90_000))];
    scene.pass(30 * SECOND);
    assert_eq!(scene.names(), ["web"]);
    let mut fleet = Fleet::default();
    let one = job("j1", 1, 7_300);
    let here = crate::diagnose::sample::cluster("prod");
    fleet.set_clusters(vec![here], Vec::new());
    fleet.keep_tasks(&one.cluster, None, &std::collections::BTreeSet::new());
    fleet.take_kept(vec![kept(one)]);
    fleet.diagnose(ago(0), false, |_| LocalFacts::default(), &BTreeMap::new());
    assert_eq!(fleet.families().count(), 1);
    fleet.set_clusters(Vec::new(), Vec::new());
    fleet.diagnose(ago(0), false, |_| LocalFacts::default(), &BTreeMap::new());
    assert_eq!(fleet.families().count(), 0);
}

#[test]
fn a_task_that_aws_forgets_stays_and_is_said_to_be_kept() {
    let tasks = vec![task("web", "w1"), died("a1", 60)];
    let mut scene = Scene::read(setup(), vec![service("web")], tasks);
    scene.aws.tasks.pop();
    scene.pass(Duration::from_secs(200));
    let row = scene.model.task_rows().last().cloned().unwrap();
    assert_eq!(row.id.as_str(), "a1");
    assert!(row.kept.is_some() && row.failed);
    scene.press("enter G");
    let lines = scene.model.detail_lines();
    let told = lines.iter().find(|line| line.label.as_str() == "kept");
    assert!(
        told.unwrap()
            .text
            .starts_with("AWS has forgotten it; kept here since")
    );
}

#[test]
fn the_evidence_of_the_rollout_under_way_outlives_the_hour_and_a_restart() {
    let mut scene = Scene::new(setup(), vec![rolling()], vec![]);
    scene.aws.kept = vec![
        kept(died("a1", 4_000)),
        kept(died("b2", 4_100)),
        kept(died("c3", 4_200)),
    ];
    scene.pass(5 * SECOND);
    let row = scene.model.selected().unwrap();
    assert_eq!(row.verdict, Verdict::Stuck);
    assert!(
        row.summary.contains("(exit code 1) (\u{d7}3)"),
        "{}",
        row.summary
    );
    let group = scene.model.task_rows().first().unwrap();
    assert_eq!((group.count, group.kept_count), (3, 3));
    assert!(group.kept.is_some());
}

#[test]
fn tasks_of_a_rollout_that_is_over_speak_no_more() {
    let mut old = died("a1", 4_000);
    old.started_by = Some(Clean::new("ecs-svc/0"));
    let mut scene = Scene::new(setup(), vec![rolling()], vec![]);
    scene.aws.kept = vec![kept(old)];
    scene.pass(5 * SECOND);
    let diagnosis = scene
        .model
        .fleet
        .diagnosis(&scene.model.selected().unwrap().key);
    assert_eq!(diagnosis.unwrap().evidence, []);
}

#[test]
fn a_problem_of_the_disk_is_said_and_the_console_goes_on() {
    let mut scene = Scene::new(setup(), vec![service("web")], vec![died("a1", 60)]);
    scene.aws.kept_problem = Some(Clean::new("1 lines cannot be read"));
    scene.pass(2 * SECOND);
    assert_eq!(scene.notice(), "1 lines cannot be read");
    scene.take(Msg::StoppedNotKept(Clean::new("disk full")));
    assert_eq!(
        scene.notice(),
        "stopped tasks are not kept on disk: disk full"
    );
    scene.press("2");
    scene.take(Msg::StoppedNotKept(Clean::new("disk full")));
    assert_eq!(scene.notice(), "", "said once");
    assert_eq!(scene.names(), ["web"]);
}

#[test]
fn another_account_has_a_ring_of_its_own() {
    let mut scene = Scene::read(setup(), vec![service("web")], vec![died("a1", 60)]);
    scene.aws.account = "210987654321";
    scene.aws.tasks.clear();
    scene.press("r");
    scene.pass(HOUR / 6);
    assert_eq!(loads(&scene), 2);
    assert_eq!(scene.model.task_rows(), []);
}

#[test]
fn writes_of_the_journal_are_in_the_timeline_of_what_they_changed() {
    let past = |id: u128, name: &str, text: &str| PastAction {
        verb: None,
        by: Clean::literal("ann"),
        own: false,
        undoable: false,
        id: crate::act::IntentId::new(id),
        at: ago(500),
        subject: crate::act::Subject::Service(crate::diagnose::sample::service_arn(name)),
        text: Clean::new(text),
        good: true,
        count: None,
    };
    let mut scene = Scene::new(setup(), vec![service("web")], vec![]);
    scene.aws.past = vec![
        past(1, "web", "scale web: done"),
        past(2, "api", "scale api: done"),
    ];
    scene.pass(2 * SECOND);
    scene.press("e");
    let lines = scene.model.detail_lines();
    let has = |words: &str| lines.iter().any(|line| line.text.contains(words));
    assert!(has("scale web: done") && !has("scale api: done"));
}

#[test]
fn a_task_that_aws_lists_but_could_not_describe_is_not_forgotten() {
    let task = died("a", 100);
    let (arn, cluster) = (task.arn.clone(), task.cluster.clone());
    let listed = std::collections::BTreeSet::from([arn.clone()]);
    let mut fleet = Fleet::default();
    fleet.take_kept(vec![kept(task)]);
    fleet.keep_tasks(&cluster, None, &listed);
    assert_eq!(fleet.kept_since(&arn), None, "DescribeTasks failed");
    let missing = super::scene::failure(arn.clone(), "MISSING");
    fleet.put_tasks(Vec::new(), vec![missing]);
    fleet.keep_tasks(&cluster, None, &listed);
    assert_eq!(fleet.kept_since(&arn), Some(ago(7_000)), "AWS said so");
}
