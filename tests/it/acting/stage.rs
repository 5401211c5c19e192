//! The binary in a terminal, on a small world in which every action has something to act on.

use std::time::{Duration, Instant};

use ecsdeck_sim::World;
use serde_json::Value;

use super::world::WORLD;
use crate::harness::{Home, PATIENCE, Pty, Shown, Sim};

/// Beside what the scenes have: work items.
pub(crate) const WORK: &str = r#"
[[table]]
name = "work"
key = "id"
row = [
  { id = "job-1", title = "First", status = "failed", error = "exit 1", created_at = "2026-01-03T10:00:01.000Z", updated_at = "2026-01-03T10:09:44.000Z" },
  { id = "job-2", title = "Second", status = "failed", error = "exit 1", created_at = "2026-01-03T11:00:01.000Z", updated_at = "2026-01-03T11:09:44.000Z" },
]
"#;

/// Its deck; further lines of its first table go where that word is.
pub(crate) const DECK: &str = r#"
[deck]
name = "stage"
account = "123456789012"
region = "us-east-1"
clusters = ["main"]
PROTECTED
[[queue]]
name = "jobs"

[[queue]]
name = "jobs-dead"

[[table]]
name = "work"
key = "id"
title = "title"
status = "status"
states = { waiting = ["pending"], running = ["processing"], done = ["complete"], failed = ["failed"] }
task_env = "JOB"

[[run]]
name = "one-off"
task_definition = "web"
container = "app"
launch = "fargate"
network = { subnets = ["subnet-0123456789abcdef0"] }
env = [{ name = "JOB", default = "{uuid}", required = true }]
"#;

/// Escape as a terminal sends it that tells keys apart: it needs no silence to be one.
pub(crate) const ESCAPE: &str = "\x1b[27u";

/// After a paste the console waits so long for more of it, and a little longer.
const PASTE: Duration = Duration::from_millis(160);

/// Whether a call of this name only reads.
pub(crate) fn reads(action: &str) -> bool {
    let verbs = [
        "Describe",
        "List",
        "Get",
        "Filter",
        "Scan",
        "Query",
        "Simulate",
        "StartLiveTail",
        "StartQuery",
    ];
    verbs.iter().any(|verb| action.starts_with(verb))
}

pub(crate) struct Stage {
    pub(crate) sim: Sim,
    pub(crate) home: Home,
    deck: String,
}

impl Stage {
    /// With a clock that stands still. `more` are further lines of the deck.
    pub(crate) fn set(more: &str) -> Self {
        let sim = Sim::with("short-drama", |options| {
            let world = format!("{WORLD}{WORK}");
            options.worlds = vec![World::parse(&world, "stage.toml").unwrap()];
            options.paused = true;
        });
        let home = Home::on(&sim);
        let deck = home.write("deck.toml", &DECK.replace("PROTECTED", more));
        Self {
            deck: deck.display().to_string(),
            sim,
            home,
        }
    }

    pub(crate) fn deck(&self) -> &str {
        &self.deck
    }

    /// A console whose listing has come.
    pub(crate) fn console(&self, further: &[&str]) -> Pty {
        let arguments = [&["--deck", &self.deck], further].concat();
        let mut pty = Pty::start(&self.home, (100, 32), &arguments);
        pty.until("the services", |s| {
            s.has("paused") && s.has("stuck") && s.has("scaled")
        });
        pty
    }

    /// What the simulator holds, in its own words.
    pub(crate) fn state(&self) -> Value {
        self.sim.state()["clouds"][0].take()
    }

    /// The ids of the tasks that run.
    pub(crate) fn running_tasks(&self) -> Vec<String> {
        let state = self.state();
        let tasks = state["tasks"].as_array().unwrap().iter();
        tasks
            .filter(|task| task["desired"] == "RUNNING")
            .map(|task| task["id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// The calls so far that were no mere reads.
    pub(crate) fn wrote(&self) -> Vec<String> {
        let calls = self.sim.counts().into_keys();
        calls.filter(|call| !reads(call)).collect()
    }
}

/// Whether a question stands whose answer changes something.
pub(crate) fn asks(shown: &Shown) -> bool {
    // Its frame carries the verb: `┌─ SCALE? ───`.
    shown.has("? \u{2500}\u{2500}")
}

/// Whether an answer to it would count.
pub(crate) fn is_armed(shown: &Shown) -> bool {
    asks(shown) && (shown.has("y does it,") || shown.has("\u{2502} type "))
}

/// Leaves whatever lies over the panes, and goes to the services; nowhere where the console was left.
#[track_caller]
pub(crate) fn go_home(pty: &Pty) {
    let is_in =
        |pane: &'static str| move |shown: &Shown| shown.has(pane) && !shown.has("\u{250c}\u{2500}");
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        if pty.has_left() {
            return;
        }
        pty.types(&ESCAPE.repeat(6));
        // While a paste has not ended nothing is heard: so it is seen to go there and back.
        pty.types(":tasks\r");
        if pty.comes_to(PASTE, is_in("\u{25b6} Tasks")) {
            pty.types(":services\r");
            if pty.comes_to(PASTE, is_in("\u{25b6} Services")) {
                return;
            }
        }
    }
    panic!("it does not go back:\n{}", pty.shown().text());
}

/// A person scales a service on purpose, which shows that the console lives and can write.
#[track_caller]
pub(crate) fn a_yes_is_heard(stage: &Stage, pty: &mut Pty) {
    go_home(pty);
    pty.types("U");
    pty.sees("desired count");
    pty.types("\x157\r");
    pty.until("the question", is_armed);
    let is_sent = |_: &Shown| !stage.wrote().is_empty();
    pty.insists("y", "the write", is_sent);
    assert_eq!(stage.wrote(), ["UpdateService"]);
    assert_eq!(stage.sim.calls_of("UpdateService").len(), 1);
    pty.until("the end of the write", |s| s.has("/7"));
    assert_eq!(stage.home.journal().len(), 2, "the intent and its outcome");
}

/// Nothing was changed, and nothing is written down.
#[track_caller]
pub(crate) fn nothing_was_written(stage: &Stage, told: &str) {
    let wrote = stage.wrote();
    assert!(wrote.is_empty(), "{told}: {wrote:?}");
    assert!(stage.home.journal().is_empty(), "{told}");
}
