//! A simulator whose clock stands still, and commands that run beside it in this process.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ecsdeck::inside::{Inside, run};
use ecsdeck_aws::{Settings, StaticKeys};
use ecsdeck_sim::{Running, Scenario, SimOptions, World, start};
use serde_json::Value;
use tempfile::TempDir;
use tokio::task::JoinHandle;

use super::judge::Said;
use crate::acting::stage::{DECK, WORK};
use crate::acting::world::{LEFT, WORLD};
use crate::harness::ticks;

/// What commands and panes are tried on: the world of the writes, in which the tasks also say something.
pub(super) fn world() -> String {
    let image = "image = \"registry/web:1\"";
    let log = "log = { group = \"/ecs/web\", rate = 1.0, lines = [\"tick {n:1..9}\"] }";
    let world = WORLD.replacen(image, &format!("{image}\n{log}"), 1);
    // On a clock that stands still a query must take no time.
    let queried = "\n[[log_group]]\nname = \"/ecs/web\"\nquery_takes = \"0s\"\n";
    format!("{world}{LEFT}{WORK}{queried}")
}

/// Where a simulator stands still: where a scenario shows its trouble, or on the world of the writes.
pub(super) fn options(scenario: Option<&str>) -> (SimOptions, String, Duration) {
    let options = SimOptions {
        paused: true,
        epoch: Some("2026-11-01T08:00:00Z".parse().unwrap()),
        ..SimOptions::default()
    };
    let Some(name) = scenario else {
        let worlds = vec![World::parse(&world(), "ground.toml").unwrap()];
        let options = SimOptions { worlds, ..options };
        return (options, "us-east-1".to_owned(), Duration::ZERO);
    };
    let scenario = Scenario::builtin(name).unwrap();
    let shown = scenario.truth()[0].after_seconds().unsigned_abs();
    let world = World::builtin(scenario.world()).unwrap();
    let region = world.region().to_owned();
    let options = SimOptions {
        worlds: vec![world],
        scenarios: vec![scenario],
        ..options
    };
    (options, region, Duration::from_secs(shown))
}

/// A query with a name of one word, as the cases have theirs.
const QUERY: &str = "\n[[log]]\nname = \"lines\"\ngroup = \"/ecs/web\"\n\
    [[log.queries]]\nname = \"ticks\"\nquery = \"stats count(*) as n\"\n";

/// The deck of the world of the writes, with a query.
pub(super) fn deck() -> String {
    DECK.replace("PROTECTED", "") + QUERY
}

pub(super) struct Ground {
    pub(super) sim: Arc<Running>,
    clock: JoinHandle<()>,
    folder: TempDir,
    region: String,
    deck: Option<PathBuf>,
}

impl Drop for Ground {
    fn drop(&mut self) {
        self.clock.abort();
    }
}

impl Ground {
    pub(super) async fn set(scenario: Option<&str>) -> Self {
        let (options, region, shown) = options(scenario);
        let sim = Arc::new(start(options).await.unwrap());
        sim.advance(shown);
        let folder = tempfile::tempdir().unwrap();
        let deck = scenario.is_none().then(|| {
            let path = folder.path().join("deck.toml");
            std::fs::write(&path, deck()).unwrap();
            path
        });
        Self {
            clock: ticks(&sim, true),
            sim,
            folder,
            region,
            deck,
        }
    }

    /// The first task of `web` that runs.
    pub(super) fn task(&self) -> String {
        task(&self.sim.state())
    }

    /// Runs a command in this process.
    pub(super) async fn run(&self, arguments: &[String]) -> Said {
        let deck = self.deck.as_ref().map(|path| path.display().to_string());
        let mut all: Vec<&str> = arguments.iter().map(String::as_str).collect();
        if let Some(deck) = &deck {
            all.extend(["--deck", deck]);
        }
        let inside = Inside {
            aws: Settings {
                region: Some(self.region.clone()),
                endpoint: Some(self.sim.url()),
                credentials: Some(StaticKeys {
                    access_key: "AKIAIOSFODNN7EXAMPLE".to_owned(),
                    secret_key: "secret".to_owned(),
                }),
                isolated: true,
                profile: None,
            },
            folder: self.folder.path().to_owned(),
        };
        let printed = run(&all, inside).await;
        Said {
            code: Some(printed.exit.code().into()),
            data: printed.stdout,
            words: printed.stderr,
        }
    }

    /// The calls that came after that many: how often each, by `service:Action`.
    pub(super) fn calls(&self, since: u64) -> BTreeMap<String, u64> {
        calls(&self.sim, since)
    }

    /// The number of the last call.
    pub(super) fn last(&self) -> u64 {
        last(&self.sim)
    }
}

/// The first task of `web` that runs.
pub(super) fn task(state: &Value) -> String {
    let tasks = state["clouds"][0]["tasks"].as_array().unwrap().iter();
    let mut running =
        tasks.filter(|task| task["desired"] == "RUNNING" && task["group"] == "service:web");
    running.next().unwrap()["id"].as_str().unwrap().to_owned()
}

/// How often each operation was called after that many calls.
pub(super) fn calls(sim: &Running, since: u64) -> BTreeMap<String, u64> {
    let mut calls = BTreeMap::new();
    for call in sim.calls(since).as_array().unwrap() {
        let name = |member: &str| call[member].as_str().unwrap();
        let operation = format!("{}:{}", name("service"), name("action"));
        *calls.entry(operation).or_default() += 1;
    }
    calls
}

/// The number of the last call.
pub(super) fn last(sim: &Running) -> u64 {
    let calls = sim.calls(0);
    let last = calls.as_array().unwrap().last();
    last.map_or(0, |call| call["seq"].as_u64().unwrap())
}

/// Those that only read.
pub(super) fn reading(calls: &BTreeMap<String, u64>) -> BTreeSet<String> {
    let reads = |operation: &&String| {
        let (_, action) = operation.split_once(':').unwrap();
        crate::acting::stage::reads(action)
    };
    calls.keys().filter(reads).cloned().collect()
}
