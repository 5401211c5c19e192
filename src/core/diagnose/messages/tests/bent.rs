//! The same error in other clothes: other places, other registries, other wrappers, cut, joined.
//!
//! Each wording of the table is bent in every way that applies to it. What an
//! error is about does not change with that, so neither may the answer.

use super::worded::{first, says_less, table};
use crate::diagnose::cause::{CauseId, Standing};
use crate::diagnose::messages::{Classified, classify};

/// The causes first named for a wording and for what was made of it, where they differ.
fn changed(bend: impl Fn(&str) -> Vec<String>) -> Vec<String> {
    let mut changed = Vec::new();
    for (cause, wording) in table() {
        for bent in bend(&wording) {
            let found = first(&bent);
            if found != cause {
                changed.push(format!("{cause}, not {found}: {bent}"));
            }
        }
    }
    changed
}

fn replaced(wording: &str, pairs: &[(&str, &str)]) -> Vec<String> {
    pairs
        .iter()
        .filter(|(from, _)| wording.contains(from))
        .map(|(from, to)| wording.replace(from, to))
        .collect()
}

#[test]
fn another_partition_region_or_account_changes_nothing() {
    let changed = changed(|wording| {
        replaced(
            wording,
            &[
                ("arn:aws:", "arn:aws-cn:"),
                ("arn:aws:", "arn:aws-us-gov:"),
                ("amazonaws.com", "amazonaws.com.cn"),
                ("eu-west-1", "us-gov-west-1"),
                ("eu-west-1", "ap-southeast-3"),
                ("111122223333", "xxxxxxxxxxxx"),
                ("111122223333", "<account id>"),
            ],
        )
    });
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[test]
fn another_registry_changes_nothing() {
    const HOSTS: [&str; 9] = [
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
        "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn",
        "public.ecr.aws",
        "registry-1.docker.io",
        "ghcr.io",
        "quay.io",
        "artifactory.acme.corp",
        "registry.acme.corp:5000",
        "10.0.0.5:5000",
    ];
    let changed = changed(|wording| {
        // Only the class says that it is a pull, whatever the host is.
        if !wording.to_lowercase().starts_with("cannotpull") {
            return Vec::new();
        }
        let here = HOSTS.iter().find(|host| wording.contains(*host));
        let others = |here| HOSTS.map(|there| wording.replace(here, there)).to_vec();
        here.map(others).unwrap_or_default()
    });
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[test]
fn another_address_changes_nothing() {
    let changed = changed(|wording| {
        replaced(
            wording,
            &[
                ("34.1.2.3", "[2600:1f18:24e6:b900::1]"),
                ("52.1.2.3", "[fd00::a]"),
                ("52.1.1.1", "10.0.4.3"),
                ("3.5.1.1", "[2600::403]"),
            ],
        )
    });
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[test]
fn a_status_is_enough_without_its_name() {
    let changed = changed(|wording| {
        replaced(
            wording,
            &[
                (" 401 Unauthorized", " 401"),
                (" 403 Forbidden", " 403"),
                (" 404 Not Found", " 404"),
                (" 429 Too Many Requests", " 429"),
            ],
        )
    });
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[test]
fn a_tools_wrapping_changes_nothing() {
    let changed = changed(|wording| {
        let cause = first(wording);
        // What a deployment waits for is never told of a task.
        if cause.standing() != Standing::Fault || cause == CauseId::WaitingOnHook {
            return Vec::new();
        }
        let in_json = wording.replace('"', "\\\"").replace(": ", ":\\n\\t");
        vec![
            format!("Error: {wording} (RequestID: 0a1b2c3d-1111-2222-3333-444455556666)"),
            format!("Task failed to start - {wording}"),
            format!("task 4082490e: Task failed to start: {wording}"),
            format!("- **Stopped reason**: `{wording}`"),
            format!("\"stoppedReason\": \"{in_json}\","),
            format!("2025-02-13T14:48:24.435Z {wording}"),
            format!("STOPPED ({wording})"),
            format!("{wording} : exit status 1"),
        ]
    });
    // The last one adds an exit code, which is the whole of a program's end.
    let changed: Vec<String> = changed
        .into_iter()
        .filter(|line| !line.ends_with("exit status 1"))
        .collect();
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[test]
fn a_break_in_any_place_changes_nothing() {
    let changed = changed(|wording| {
        (3..8)
            .map(|width| {
                let mut letters = 0;
                let broken = |c: char| {
                    letters += 1;
                    if c == ' ' && letters % width == 0 {
                        '\n'
                    } else {
                        c
                    }
                };
                wording.chars().map(broken).collect()
            })
            .collect()
    });
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

/// AWS cuts stoppedReason at 1024 and older agents a container's reason at 255 characters.
#[test]
#[expect(
    clippy::print_stdout,
    reason = "the figure is for people who run the tests"
)]
fn a_cut_at_any_point_says_less_and_hardly_ever_something_else() {
    let (mut all, mut other) = (0, Vec::new());
    for (cause, wording) in table() {
        let length = wording.chars().count();
        if cause == CauseId::Unknown || length < 40 {
            continue;
        }
        for keep in (length / 3..length).step_by(5) {
            let cut: String = wording.chars().take(keep).collect();
            for cut in [format!("{cut}..."), cut] {
                let ranking = classify(&cut);
                all += 1;
                if ranking[0].cause != cause && !says_less(ranking[0], &ranking, cause) {
                    other.push(format!("{cause}, not {}: {cut}", ranking[0].cause));
                }
            }
        }
    }
    println!("cut anywhere: {} of {all} say something else", other.len());
    assert!(other.len() * 25 <= all, "{}", other.join("\n"));
}

/// A task's and its containers' reasons are often printed in one line.
#[test]
#[expect(
    clippy::print_stdout,
    reason = "the figure is for people who run the tests"
)]
fn of_two_errors_in_one_line_one_is_named() {
    let faults: Vec<(CauseId, String)> = table()
        .into_iter()
        .filter(|(cause, wording)| cause.standing() == Standing::Fault && wording.len() > 40)
        .collect();
    let (mut all, mut lost) = (0, Vec::new());
    for (at, (one, first)) in faults.iter().enumerate() {
        let (two, second) = &faults[(at * 7 + 11) % faults.len()];
        let ranking = classify(&format!("{first}; {second}"));
        let named = |cause| {
            let same = |found: &Classified| found.cause == cause && found.confidence >= 0.3;
            ranking.iter().any(same)
        };
        all += 1;
        if !named(*one) && !named(*two) {
            lost.push(format!("{one} and {two}: {first}; {second}\n  {ranking:?}"));
        }
    }
    println!("two in one line: {} of {all} name neither", lost.len());
    assert!(lost.len() * 30 <= all, "{}", lost.join("\n"));
}
