use std::fs;
use std::os::unix::fs::PermissionsExt;

use ecsdeck_core::domain::{Container, EnvironmentOverride, Health, Owner, StopCode, TaskStatus};
use ecsdeck_core::text::Clean;
use tempfile::TempDir;

use super::*;

const ACCOUNT: &str = "123456789012";
const REGION: &str = "us-east-1";

fn at(second: i64) -> Time {
    Time::from_second(second).unwrap()
}

const NOW: i64 = 1_800_000_000;

fn task(id: &str, stopped: i64) -> Task {
    let arn =
        |kind: &str| ecsdeck_core::domain::Arn::new(&format!("arn:aws:ecs:us-east-1:1:{kind}"));
    Task {
        arn: arn(&format!("task/prod/{id}")),
        cluster: arn("cluster/prod"),
        definition: arn("task-definition/web:42"),
        owner: Owner::Service(Clean::new("web")),
        started_by: Some(Clean::new("ecs-svc/42")),
        status: TaskStatus::Stopped,
        desired: Clean::new("STOPPED"),
        health: Health::Unknown,
        created: Some(at(stopped - 60)),
        pull_started: None,
        pull_stopped: None,
        started: Some(at(stopped - 30)),
        stopping: None,
        stopped: Some(at(stopped)),
        stop_code: Some(StopCode::EssentialContainerExited),
        stopped_reason: Some(Clean::new("Essential container in task exited")),
        containers: vec![Container {
            name: Clean::new("app"),
            status: Clean::new("STOPPED"),
            exit_code: Some(1),
            reason: Some(Clean::new("OutOfMemoryError: killed")),
            health: Health::Unknown,
            image: Some(Clean::new("app:42")),
            digest: None,
            runtime_id: Some(Clean::new("r-1")),
            restarts: None,
        }],
        launch: Clean::new("FARGATE"),
        cpu: None,
        memory: None,
        zone: None,
        private_ip: None,
        interface: None,
        subnet: None,
        instance: None,
        connected: None,
        connected_since: None,
        attachments: Vec::new(),
        commands: Vec::new(),
        overrides: vec![EnvironmentOverride {
            container: Clean::new("app"),
            name: Clean::new("DB_PASSWORD"),
            value: Clean::new("hunter2"),
        }],
    }
}

fn ring() -> (TempDir, Ring, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("state/ecsdeck/stopped");
    let path = folder.join("123456789012-us-east-1.jsonl");
    (home, Ring::new(folder), path)
}

fn keep(ring: &Ring, tasks: &[Task]) {
    ring.keep(ACCOUNT, REGION, tasks, at(NOW)).unwrap();
}

fn ids(loaded: &Loaded) -> Vec<&str> {
    loaded.tasks.iter().map(|kept| kept.task.id()).collect()
}

fn load(ring: &Ring) -> Loaded {
    ring.load(ACCOUNT, REGION, at(NOW)).unwrap()
}

#[test]
fn what_tells_why_a_task_ended_comes_back_and_values_given_to_it_do_not() {
    let (_home, ring, path) = ring();
    let before = task("a", NOW - 60);
    keep(&ring, std::slice::from_ref(&before));
    let text = fs::read_to_string(&path).unwrap();
    assert!(
        !text.contains("hunter2") && text.contains("DB_PASSWORD"),
        "{text}"
    );
    let loaded = load(&ring);
    let kept = loaded.tasks.first().unwrap();
    assert_eq!(kept.since, at(NOW));
    let mut expected = before;
    expected.overrides[0].value = Clean::new("<withheld>");
    assert_eq!(kept.task, expected);
}

#[test]
fn files_and_folder_are_the_users_alone() {
    let (_home, ring, path) = ring();
    keep(&ring, &[task("a", NOW)]);
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for entry in fs::read_dir(path.parent().unwrap()).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
}

#[test]
fn a_task_is_kept_once_however_many_consoles_see_it() {
    let (_home, ring, path) = ring();
    keep(&ring, &[task("a", NOW), task("b", NOW)]);
    keep(&ring, &[task("b", NOW), task("c", NOW)]);
    assert_eq!(fs::read_to_string(path).unwrap().lines().count(), 3);
    assert_eq!(ids(&load(&ring)), ["a", "b", "c"]);
}

#[test]
fn consoles_that_write_at_once_lose_nothing() {
    let (_home, ring, _path) = ring();
    std::thread::scope(|scope| {
        for console in 0..4 {
            let ring = &ring;
            scope.spawn(move || {
                for n in 0..5 {
                    keep(ring, &[task(&format!("{console}-{n}"), NOW)]);
                }
            });
        }
    });
    assert_eq!(load(&ring).tasks.len(), 20);
}

#[test]
fn a_line_that_was_cut_short_is_tolerated_and_the_next_one_is_whole() {
    let (_home, ring, path) = ring();
    keep(&ring, &[task("a", NOW), task("b", NOW)]);
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() - 40]).unwrap();
    let loaded = load(&ring);
    assert_eq!((ids(&loaded), loaded.problem.is_none()), (vec!["a"], true));
    keep(&ring, &[task("c", NOW)]);
    let loaded = load(&ring);
    assert_eq!((ids(&loaded), &loaded.problem), (vec!["a", "c"], &None));
}

#[test]
fn a_damaged_file_is_said_once_and_nothing_of_it_is_lost() {
    let (_home, ring, path) = ring();
    keep(&ring, &[task("a", NOW)]);
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend(b"\x00\xffnot a record\n");
    bytes.extend(fs::read(&path).unwrap());
    fs::write(&path, &bytes).unwrap();
    keep(&ring, &[task("b", NOW)]);
    let loaded = load(&ring);
    assert_eq!(ids(&loaded), ["a", "b"]);
    let problem = loaded.problem.unwrap();
    assert!(
        problem.starts_with("1 lines") && problem.contains(".damaged-"),
        "{problem}"
    );
    let again = load(&ring);
    assert_eq!((ids(&again), &again.problem), (vec!["a", "b"], &None));
    let aside = fs::read_dir(path.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.to_string_lossy().contains("damaged"))
        .unwrap();
    assert!(
        fs::read(aside).unwrap().starts_with(&bytes),
        "set aside whole"
    );
}

#[test]
fn old_tasks_are_let_go_and_the_newest_stay() {
    let (_home, ring, path) = ring();
    keep(
        &ring,
        &[task("old", NOW - 8 * 86_400), task("new", NOW - 86_400)],
    );
    assert_eq!(ids(&load(&ring)), ["new"]);
    let many: Vec<Task> = (0..i64::try_from(MOST + SLACK).unwrap())
        .map(|n| task(&format!("n{n}"), NOW - 50_000 + n))
        .collect();
    keep(&ring, &many);
    let lines = fs::read_to_string(path).unwrap().lines().count();
    assert_eq!(lines, MOST, "the file was written anew");
    let loaded = load(&ring);
    assert_eq!(loaded.tasks.len(), MOST);
    assert!(!ids(&loaded).contains(&"n0") && ids(&loaded).contains(&"n5499"));
}

#[test]
fn a_ring_that_is_not_there_is_empty_and_nothing_is_made_to_read_it() {
    let (home, ring, _path) = ring();
    assert!(load(&ring).tasks.is_empty());
    assert!(!home.path().join("state").exists());
}

#[test]
fn a_file_that_cannot_be_read_is_an_error() {
    let (_home, ring, path) = ring();
    fs::create_dir_all(&path).unwrap();
    assert!(ring.load(ACCOUNT, REGION, at(NOW)).is_err());
    assert!(
        ring.keep(ACCOUNT, REGION, &[task("a", NOW)], at(NOW))
            .is_err()
    );
}

#[test]
fn a_name_cannot_lead_out_of_the_folder() {
    let (home, ring, _path) = ring();
    ring.keep("../../1", "../x/", &[task("a", NOW)], at(NOW))
        .unwrap();
    let inside = home.path().join("state/ecsdeck/stopped");
    assert!(inside.join("1-x.jsonl").exists());
}
