//! `explain` and `why`: the same document, once out of a file and once out of AWS.

use std::io::Write;
use std::process::{Command, Stdio};

use ecsdeck_sim::Scenario;
use serde_json::Value;

use crate::harness::{ECSDECK, Home, Sim};

const NOT_FOUND: &str = "CannotPullContainerError: manifest for app:9 not found";

fn objects(stdout: &str) -> Vec<Value> {
    stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn first_cause(object: &Value) -> &str {
    object["causes"][0]["id"].as_str().unwrap()
}

#[test]
fn lines_are_explained_one_by_one_without_a_network() {
    let home = Home::new();
    let path = home.write(
        "lines",
        &format!("{NOT_FOUND}\n(service web) has reached a steady state.\n"),
    );
    let path = path.to_str().unwrap();
    let objects = objects(&home.run(&["explain", path, "--json"]).ends(1).stdout);
    let causes: Vec<&str> = objects.iter().map(first_cause).collect();
    assert_eq!(causes, ["image-not-found", "steady"]);
    assert_eq!(
        (&objects[0]["input"], &objects[1]["input"]),
        (&0.into(), &1.into())
    );
    assert_eq!(objects[1]["verdict"], "steady");
    let text = home.run(&["explain", path]).ends(1).stdout;
    assert!(
        text.contains("image not found") && text.contains("fix"),
        "{text}"
    );
}

#[test]
fn in_a_directory_links_are_followed_and_a_file_that_cannot_be_read_is_named() {
    let home = Home::new();
    let file = home.write("away/reason", NOT_FOUND);
    let folder = home
        .write("case/.hidden", "nothing")
        .parent()
        .unwrap()
        .to_owned();
    std::os::unix::fs::symlink(&file, folder.join("reason")).unwrap();
    let path = folder.to_str().unwrap();
    let found = objects(&home.run(&["explain", path, "--json"]).ends(1).stdout);
    assert_eq!(first_cause(&found[0]), "image-not-found");
    std::os::unix::fs::symlink("/no/such/file", folder.join("broken")).unwrap();
    let ran = home.run(&["explain", path]).ends(2);
    assert!(ran.stderr.contains("broken: "), "{}", ran.stderr);
}

#[test]
fn what_is_piped_in_is_read_and_a_bad_item_spoils_no_other() {
    let mut child = Command::new(ECSDECK)
        .args(["explain", "--json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let input =
        format!(r#"{{"tasks":[{{"stoppedReason":7}},{{"stoppedReason":"{NOT_FOUND}\u001b[2J"}}"#);
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let stdout = String::from_utf8(output.stdout).unwrap();
    let objects = objects(&stdout);
    let causes: Vec<&str> = objects.iter().map(first_cause).collect();
    assert_eq!(causes, ["unknown", "image-not-found", "unknown"]);
    assert!(
        objects[0]["error"].as_str().unwrap().contains("byte"),
        "{stdout}"
    );
    assert!(
        objects[2]["error"].as_str().unwrap().contains("cut off"),
        "{stdout}"
    );
    assert!(!stdout.contains("u001b"), "{stdout}");
}

#[test]
fn what_cannot_be_read_is_refused() {
    let home = Home::new();
    home.run(&["explain", "nowhere.json"]).ends(2);
    home.run(&["explain"]).ends(2);
    let huge = home.write("huge", "");
    std::fs::File::options()
        .write(true)
        .open(&huge)
        .and_then(|file| file.set_len((256 << 20) + 1))
        .unwrap();
    let ran = home.run(&["explain", huge.to_str().unwrap()]).ends(2);
    assert!(
        ran.stderr.contains("256 MB") && ran.stdout.is_empty(),
        "{ran:?}"
    );
    // Of what is piped in nobody knows the length before it was read.
    let piped = Command::new(ECSDECK)
        .args(["explain", "-"])
        .stdin(std::fs::File::open(&huge).unwrap())
        .output()
        .unwrap();
    assert_eq!((piped.status.code(), piped.stdout.len()), (Some(2), 0));
    let told = String::from_utf8(piped.stderr).unwrap();
    assert!(
        told.contains("standard input: larger than 256 MB"),
        "{told}"
    );
}

#[test]
fn what_is_no_text_is_named_and_the_rest_is_explained() {
    let home = Home::new();
    let mut input = b"\x7fELF\x02\x01\x01\0\0\xff\n".to_vec();
    input.extend("x".repeat(1 << 20).bytes());
    input.extend(
        b"\n\x1b]0;title\x07OutOfMemoryError: Container killed due to memory usage\x1b[2J\n",
    );
    let path = home.path().join("binary");
    std::fs::write(&path, input).unwrap();
    for json in [true, false] {
        let mut words = vec!["explain", path.to_str().unwrap()];
        words.extend(json.then_some("--json"));
        let ran = home.run(&words).ends(2);
        for named in [
            "a NUL at byte 7",
            "the line at byte 11 has 1048576 bytes",
            "out-of-memory",
        ] {
            assert!(ran.stdout.contains(named), "no {named}: {}", ran.stdout);
        }
        assert!(ran.stderr.contains("2 of 3 items"), "{}", ran.stderr);
        let unsafe_bytes = |c: char| c.is_control() && c != '\n';
        assert!(!ran.stdout.contains(unsafe_bytes), "{:?}", ran.stdout);
        assert!(ran.stdout.len() < 200_000, "{}", ran.stdout.len());
    }
}

#[test]
fn why_names_the_cause_with_its_evidence_and_what_helps() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    let document = home
        .run(&["why", "short-drama-cluster/short-drama-backend", "--json"])
        .ends(1)
        .json();
    assert_eq!(document["verdict"], "stuck");
    assert_eq!(document["account"], "123456789012");
    assert_eq!(document["service"], "short-drama-backend");
    assert_eq!(first_cause(&document), "image-not-found");
    let first = &document["causes"][0];
    assert_eq!(first["actions"][0], "rollback");
    assert_eq!(first["evidence"][0]["source"], "stopped_task");
    assert!(first["evidence"][0]["count"].as_u64().unwrap() > 1);
    assert!(
        document["elapsed_seconds"].as_u64().unwrap() >= 600,
        "{document}"
    );
    let well = home
        .run(&["why", "short-drama-web", "--wait", "--json"])
        .ends(0)
        .json();
    assert_eq!(
        (&well["verdict"], first_cause(&well)),
        (&"steady".into(), "steady")
    );
    assert_eq!(well["causes"].as_array().unwrap().len(), 1);
    let ran = home.run(&["why", "short-drama-wob"]).ends(2);
    assert!(ran.stderr.contains("short-drama-web"), "{ran:?}");
}

#[test]
fn why_waits_until_the_rollout_has_ended() {
    let sim = Sim::with("aistudio", |options| {
        options.scenarios = vec![Scenario::builtin("progressing").unwrap()];
        options.paused = true;
    });
    let home = Home::on(&sim);
    let now = home.run(&["why", "aistudio-dev", "--json"]).ends(0).json();
    assert_eq!(
        (&now["verdict"], first_cause(&now)),
        (&"progressing".into(), "progressing")
    );
    assert!(now["elapsed_seconds"].as_u64().unwrap() >= 40, "{now}");
    let before = sim.calls_of("DescribeServices").len();
    let document = std::thread::scope(|scope| {
        let asked = scope.spawn(|| {
            home.run(&["why", "aistudio-dev", "--wait", "--json"])
                .ends(0)
                .json()
        });
        // It has seen the rollout, and asks again.
        sim.until("a second look", |calls| {
            calls
                .iter()
                .filter(|call| call.action == "DescribeServices")
                .count()
                >= before + 2
        });
        sim.running().advance(std::time::Duration::from_secs(1_800));
        asked.join().unwrap()
    });
    assert_eq!(
        (&document["verdict"], first_cause(&document)),
        (&"steady".into(), "steady")
    );
    assert!(document["elapsed_seconds"].is_null(), "{document}");
}
