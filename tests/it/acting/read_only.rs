//! No command line of a read-only console changes anything.

use std::collections::BTreeMap;

use super::chance::{Chance, any, cases};
use super::stage::{Stage, reads};

/// The commands that change something.
const VERBS: [&str; 13] = [
    "scale",
    "run",
    "rollback",
    "redeploy",
    "deploy",
    "stop",
    "drain",
    "restore",
    "autoscaling",
    "hook",
    "redrive",
    "retry",
    "undo",
];

/// What a verb is told, most of it such that it could be done.
fn arguments(verb: &str, stage: &Stage, chance: &mut Chance) -> Vec<String> {
    let services = ["web", "scaled", "stuck", "paused", "main/scaled", "nobody"];
    let service = any(&services, chance);
    let number = (1 + chance.below(9)).to_string();
    let words: Vec<&str> = match verb {
        "scale" => vec![service, &number],
        "run" => {
            let what = any(&["one-off", "like:web", "like:stuck", "nothing"], chance);
            vec![what, "--count", &number]
        }
        "rollback" => any::<&[&str]>(&[&[], &["--to", "1"], &["--to", "2"]], chance)
            .iter()
            .fold(vec![service], |mut words, word| {
                words.push(*word);
                words
            }),
        "deploy" => vec![
            service,
            "--image",
            any(&[":2", "app=registry/web:1"], chance),
        ],
        "stop" => return vec![a_task(stage, chance)],
        "autoscaling" => match chance.below(3) {
            0 => vec!["scaled", "suspend"],
            1 => vec!["scaled", "resume"],
            _ => vec!["scaled", "bounds", "1", &number],
        },
        "hook" => vec!["paused", any(&["continue", "rollback"], chance)],
        "redrive" => vec![any(&["jobs", "jobs-dead"], chance), "--rate", &number],
        "retry" => vec![any(&["job-1", "job-2", "job-3"], chance)],
        "undo" => vec![],
        _ => vec![service],
    };
    words.into_iter().map(str::to_owned).collect()
}

/// The beginning of a running task's id.
fn a_task(stage: &Stage, chance: &mut Chance) -> String {
    let ids = stage.running_tasks();
    let id = &ids[usize::try_from(chance.below(ids.len() as u64)).unwrap()];
    id.chars().take(12).collect()
}

/// How many calls changed something, and how many lines the journal has.
fn written(stage: &Stage) -> (usize, usize) {
    let calls = stage.sim.calls();
    let writes = calls.iter().filter(|call| !reads(&call.action));
    (writes.count(), stage.home.journal().len())
}

#[test]
fn no_command_line_of_a_read_only_console_writes() {
    let by_flag = Stage::set("");
    let by_deck = Stage::set("read_only = true");
    for stage in [&by_flag, &by_deck] {
        // There is something to bring back, and to take back; and it shows that what follows could be done.
        stage.home.run(&["drain", "web", "--yes"]).ends(0);
        assert_eq!(written(stage), (1, 2));
    }
    let mut chance = Chance(1);
    let mut refused: BTreeMap<&str, u32> = BTreeMap::new();
    let count = cases(39, 520);
    for case in 0..count {
        let verb = VERBS[usize::try_from(case).unwrap() % VERBS.len()];
        let (stage, flag) = if chance.below(2) == 0 {
            (&by_flag, Some("--read-only"))
        } else {
            (&by_deck, None)
        };
        let told = arguments(verb, stage, &mut chance);
        let mut words = vec![verb, "--deck", stage.deck(), "--yes"];
        words.extend(flag);
        words.extend(told.iter().map(String::as_str));
        for further in ["--json", "--dry-run"] {
            if chance.below(4) == 0 {
                words.push(further);
            }
        }
        let ran = stage.home.run(&words);
        let is_refused = ran.stderr.contains("read-only");
        *refused.entry(verb).or_default() += u32::from(is_refused);
        assert!(!is_refused || ran.code == Some(5), "{words:?}: {ran:?}");
        assert_eq!(written(stage), (1, 2), "{words:?}: {ran:?}");
    }
    println!("{count} command lines, refused as read-only: {refused:?}; 0 writing calls");
    for verb in VERBS {
        assert!(refused[verb] > 0, "{verb} is never refused: {refused:?}");
    }
}
