//! From the verdict to what helps: the keys beside it, what they lead to, and evidence that outlives AWS's hour.

use std::path::PathBuf;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::harness::{Home, Pty, Shown, Sim, names_the_cause};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 50)];

/// The two rows of the verdict.
fn verdict(shown: &Shown) -> String {
    shown.rows[1..3].join(" ")
}

#[test]
fn service_cause_and_keys_are_in_the_verdict_before_any_key() {
    let sim = Sim::still("short-drama");
    for size in SIZES {
        let home = Home::on(&sim);
        let mut pty = Pty::start(&home, size, &[]);
        let shown = pty.until("the verdict with its keys", |shown| {
            let verdict = verdict(shown);
            verdict.contains("STUCK")
                && verdict.contains("short-drama-backend")
                && names_the_cause(&verdict)
                && verdict.contains("v difference")
        });
        assert!(shown.has("fix: "), "{}", shown.text());
        pty.send("\x03");
        assert_eq!(pty.ends().status.exit_code(), 0);
    }
}

#[test]
fn the_difference_and_the_timeline_are_one_key_away() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    let mut pty = Pty::start(&home, (120, 40), &[]);
    pty.until("the keys", |shown| verdict(shown).contains("v difference"));
    pty.send("v");
    pty.until("what changed", |shown| {
        shown.has("Difference short-drama-backend :41 \u{2192} :42")
            && shown.words().contains("v1.90 of ")
    });
    pty.send("e");
    let shown = pty.until("the timeline", |shown| {
        shown.has("Timeline short-drama-backend")
            && shown.has("rollout of :42 began")
            && shown
                .rows
                .iter()
                .any(|row| row.contains("task") && row.contains('\u{d7}'))
    });
    assert!(shown.has("event"), "{}", shown.text());
    pty.send("/kind:rollout\r");
    pty.until("rollouts alone", |shown| {
        shown.has("/kind:rollout") && !shown.rows.iter().any(|row| row.contains(" event  :"))
    });
    pty.send("\x1b");
    pty.until("everything again", |shown| shown.has(" event  :"));
    pty.send("\x1b");
    pty.until("the panes", |shown| {
        shown.has("Services 3") && shown.has("Why ")
    });
    pty.send("\x03");
    assert_eq!(pty.ends().status.exit_code(), 0);
}

#[test]
fn one_key_leads_from_the_cause_to_the_failed_task_s_last_lines() {
    let home = Home::new();
    let mut pty = Pty::start(&home, (120, 40), &["demo", "--scenario", "out-of-memory"]);
    pty.until("the key", |shown| verdict(shown).contains("P failed log"));
    pty.send("P");
    pty.until("its last lines", |shown| {
        shown.has("Logs of task") && shown.has("loading vocabulary")
    });
    pty.send("\x03");
    assert_eq!(pty.ends().status.exit_code(), 0);
}

fn ring(home: &Home) -> PathBuf {
    let folder = home.path().join(".local/state/ecsdeck/stopped");
    folder.join("123456789012-us-east-1.jsonl")
}

/// The ids of the tasks that are kept.
fn kept(home: &Home) -> Vec<String> {
    let text = std::fs::read_to_string(ring(home)).unwrap_or_default();
    text.lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .map(|task| {
            let arn = task["arn"].as_str().unwrap();
            arn.rsplit('/').next().unwrap().to_owned()
        })
        .collect()
}

/// The ids of the stopped tasks that AWS shows.
fn stopped(sim: &Sim) -> Vec<String> {
    let body = json!({ "cluster": "short-drama-cluster", "desiredStatus": "STOPPED" });
    let answer = sim.ask("AmazonEC2ContainerServiceV20141113.ListTasks", &body);
    let arns = answer["taskArns"].as_array().unwrap();
    arns.iter()
        .map(|arn| arn.as_str().unwrap().rsplit('/').next().unwrap().to_owned())
        .collect()
}

#[test]
fn evidence_outlives_a_kill_and_the_hour_after_which_aws_forgets_it() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    let mut pty = Pty::start(&home, (120, 40), &[]);
    let shown_now = stopped(&sim);
    assert!(!shown_now.is_empty());
    pty.until("the stopped tasks on disk", |_| {
        let kept = kept(&home);
        shown_now.iter().all(|id| kept.contains(id))
    });
    pty.signal(Signal::KILL);
    pty.ends();

    sim.running().advance(Duration::from_secs(70 * 60));
    let left = stopped(&sim);
    let forgotten: Vec<&String> = shown_now.iter().filter(|id| !left.contains(id)).collect();
    assert_eq!(
        forgotten.len(),
        shown_now.len(),
        "AWS forgets after an hour"
    );

    // They still speak for the rollout that is under way.
    let why = home.run(&["why", "short-drama-backend", "--json"]).json();
    let count = why["causes"][0]["evidence"][0]["count"].as_u64();
    let least = u64::try_from(left.len()).unwrap();
    assert!(count > Some(least), "{count:?} of {least}: {why}");

    let mut pty = Pty::start(&home, (120, 40), &[]);
    pty.until("the tasks", |shown| {
        shown.has(" kept ") && verdict(shown).contains("STUCK")
    });
    pty.send("\to");
    let id = forgotten[0].get(..8).unwrap();
    pty.send(&format!("/id:{id}\r"));
    pty.until("the forgotten task", |shown| {
        shown
            .rows
            .iter()
            .any(|row| row.contains(id) && row.contains(" kept "))
    });
    pty.until("since when", |shown| {
        shown
            .words()
            .contains("AWS has forgotten it; kept here since")
    });
    pty.send("\x03");
    assert_eq!(pty.ends().status.exit_code(), 0);
}

#[test]
fn a_damaged_ring_is_said_once_and_set_aside() {
    let sim = Sim::still("short-drama");
    let home = Home::on(&sim);
    home.write(
        ".local/state/ecsdeck/stopped/123456789012-us-east-1.jsonl",
        "no record at all\n",
    );
    let mut pty = Pty::start(&home, (120, 40), &[]);
    pty.until("the problem", |shown| {
        shown
            .words()
            .contains("cannot be read; the file was set aside")
    });
    pty.until("the verdict", |shown| verdict(shown).contains("STUCK"));
    pty.until("new tasks in the ring", |_| !kept(&home).is_empty());
    pty.send("\x03");
    pty.ends();
    let folder = std::fs::read_dir(ring(&home).parent().unwrap()).unwrap();
    let aside = folder
        .map(|entry| entry.unwrap().path())
        .find(|path| path.display().to_string().contains(".damaged-"))
        .unwrap();
    assert_eq!(
        std::fs::read_to_string(aside).unwrap(),
        "no record at all\n"
    );
}

#[test]
fn a_demo_does_not_touch_the_users_ring() {
    let home = Home::new();
    let mut pty = Pty::start(&home, (120, 40), &["demo"]);
    pty.until("stopped tasks", |shown| shown.has("CannotPull"));
    pty.send("\x03");
    pty.ends();
    assert!(!home.path().join(".local/state/ecsdeck").exists());
}
