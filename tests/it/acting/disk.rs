//! The journal's disk is full, or its file is none; and several consoles write at once.

use std::path::PathBuf;

use super::stage::{Stage, nothing_was_written};
use crate::harness::{Home, Ran, Sim};
use ecsdeck_core::act::State;
use ecsdeck_worker::Journal;
use ecsdeck_worker::journal::Who;

const WEB: &str = "short-drama-web";

fn place(home: &Home) -> PathBuf {
    home.path().join(".local/state/ecsdeck/journal.jsonl")
}

pub(super) fn journal(home: &Home) -> Journal {
    Journal::new(place(home), Who::default())
}

/// Refused with the reason, nothing sent, and the journal as it was.
fn is_refused(sim: &Sim, ran: Ran) {
    let calls = sim.calls_of("UpdateService");
    assert!(calls.is_empty(), "{ran:?}");
    assert!(
        ran.stdout.contains("refused") && ran.stdout.contains("the journal cannot be written"),
        "{ran:?}"
    );
    ran.ends(5);
}

#[test]
fn a_disk_that_takes_no_more_refuses_the_action() {
    let sim = Sim::of("short-drama");
    // Of nothing at all, and of the first half kilobyte of a line.
    for blocks in [0, 1] {
        let home = Home::on(&sim);
        let ran = home.run_with_small_files(blocks, &["scale", WEB, "3", "--yes"]);
        is_refused(&sim, ran);
        assert_eq!(std::fs::read(place(&home)).unwrap_or_default(), b"");
    }
    // Behind a line that is there already.
    let home = Home::on(&sim);
    home.run(&["scale", WEB, "3", "--yes"]).ends(0);
    let there = std::fs::read(place(&home)).unwrap();
    let blocks = there.len() / 512 + 1;
    let ran = home.run_with_small_files(blocks, &["scale", WEB, "4", "--yes"]);
    assert!(
        ran.stdout.contains("the journal cannot be written"),
        "{ran:?}"
    );
    assert_eq!(sim.calls_of("UpdateService").len(), 1, "the first alone");
    assert_eq!(std::fs::read(place(&home)).unwrap(), there);
    // And with room again it goes on.
    home.run(&["scale", WEB, "4", "--yes"]).ends(0);
    assert_eq!(journal(&home).read().unwrap().warnings, []);
}

#[test]
fn a_disk_that_takes_no_more_refuses_every_action() {
    let stage = Stage::set("");
    let task = stage.running_tasks().remove(0);
    let actions: [&[&str]; 8] = [
        &["run", "one-off"],
        &["rollback", "web", "--to", "2"],
        &["rollback", "stuck"],
        &["redeploy", "web"],
        &["deploy", "web", "--image", ":2"],
        &["stop", &task],
        &["drain", "scaled"],
        &["redrive", "jobs"],
    ];
    for action in actions {
        let words = [action, &["--deck", stage.deck(), "--yes"]].concat();
        let ran = stage.home.run_with_small_files(0, &words);
        nothing_was_written(&stage, &format!("{words:?}: {ran:?}"));
        let why = "the journal cannot be written";
        assert!(ran.stdout.contains(why), "{words:?}: {ran:?}");
        ran.ends(5);
    }
}

#[test]
fn a_journal_that_cannot_be_a_file_refuses_the_action() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    std::fs::create_dir_all(place(&home)).unwrap();
    is_refused(&sim, home.run(&["scale", WEB, "3", "--yes"]));
    let home = Home::on(&sim);
    std::fs::create_dir_all(place(&home).parent().unwrap()).unwrap();
    std::os::unix::fs::symlink("/dev/full", place(&home)).unwrap();
    is_refused(&sim, home.run(&["scale", WEB, "3", "--yes"]));
    let home = Home::on(&sim);
    std::fs::create_dir_all(home.path().join(".local/state")).unwrap();
    std::fs::write(home.path().join(".local/state/ecsdeck"), "in the way").unwrap();
    is_refused(&sim, home.run(&["scale", WEB, "3", "--yes"]));
}

#[test]
fn consoles_that_act_at_once_keep_the_chain() {
    let sim = Sim::of("short-drama");
    let home = Home::on(&sim);
    let wanted: [(&str, &str); 3] = [
        (WEB, "4"),
        ("short-drama-notifier", "3"),
        ("short-drama-backend", "5"),
    ];
    std::thread::scope(|scope| {
        for (service, count) in wanted {
            let home = &home;
            scope.spawn(move || home.run(&["scale", service, count, "--yes"]).ends(0));
        }
    });
    // One that begins while another writes leaves that one's outcome to it: each write has two lines.
    let written = journal(&home).read().unwrap();
    assert_eq!(written.warnings, []);
    assert_eq!(written.entries.len(), 6, "{:#?}", written.entries);
    let history = written.history();
    let records = history.records();
    assert_eq!(records.len(), 3, "{records:#?}");
    for record in records {
        assert_eq!(record.state(), State::Done, "{record:#?}");
    }
    assert_eq!(sim.calls_of("UpdateService").len(), 3);
}
