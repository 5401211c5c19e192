//! Every command.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

use super::ground::{Ground, reading};
use super::judge::{Said, timeless, wrong};
use super::kinds::{KINDS, is_one};
use crate::acting::chance::is_long;
use crate::harness::on_virtual_time;

/// Commands that ask AWS nothing, or not AWS.
const OTHERS: [&str; 7] = [
    "demo",
    "sim",
    "explain",
    "journal",
    "keys",
    "completions",
    "man",
];

/// A command line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    pub(super) line: &'static str,
    /// What has been done before.
    pub(super) before: &'static str,
    /// On the scenario of this name; none is the world of the writes.
    pub(super) scenario: Option<&'static str>,
}

const fn case(line: &'static str) -> Case {
    Case {
        line,
        before: "",
        scenario: None,
    }
}

const fn after(before: &'static str, line: &'static str) -> Case {
    Case {
        line,
        before,
        scenario: None,
    }
}

const fn at(scenario: &'static str, line: &'static str) -> Case {
    Case {
        line,
        before: "",
        scenario: Some(scenario),
    }
}

/// All of them, each with `--dry-run --json` where it writes: what becomes of the request itself is another test's.
pub(super) const CASES: &[Case] = &[
    case("status"),
    case("status --json"),
    case("why web"),
    case("why stuck"),
    case("why stuck --json"),
    case("why paused"),
    case("check web"),
    case("check stuck --json"),
    case("tasks"),
    case("tasks --json"),
    case("queues"),
    case("queues --json"),
    case("work"),
    case("work --json"),
    case("tail web"),
    case("tail web --json"),
    case("tail web --follow --timeout 50s"),
    case("query ticks --since 2026-11-01T07:00:00Z --until 2026-11-01T08:00:00Z"),
    case("run one-off --dry-run --json"),
    case("run like:web --dry-run --json"),
    case("scale web 3 --dry-run --json"),
    case("rollback stuck --dry-run --json"),
    case("redeploy web --dry-run --json"),
    case("restart web --dry-run --json"),
    case("deploy web --image :2 --dry-run --json"),
    case("stop TASK --dry-run --json"),
    case("drain scaled --dry-run --json"),
    after("drain scaled --yes", "restore scaled --dry-run --json"),
    case("autoscaling scaled suspend --dry-run --json"),
    case("hook paused continue --dry-run --json"),
    case("redrive jobs-dead --dry-run --json"),
    case("retry job-1 --dry-run --json"),
    after("scale web 3 --yes", "undo --dry-run --json"),
    at("target-unhealthy", "why aistudio-dev"),
    at("secret-not-found", "why SERVICE"),
    at("image-not-found", "why SERVICE"),
    at("app-crash", "why SERVICE"),
    at("deployment-alarm", "why SERVICE"),
    at("agent-disconnected", "why SERVICE"),
    at("autoscaler-override", "why SERVICE"),
    at("role-not-assumable", "why SERVICE"),
];

/// The words of a command line, with what only the world can tell.
pub(super) fn words(line: &str, scenario: Option<&str>, task: impl Fn() -> String) -> Vec<String> {
    let word = |word: &str| match word {
        "TASK" => task(),
        "SERVICE" => {
            let scenario = ecsdeck_sim::Scenario::builtin(scenario.unwrap()).unwrap();
            scenario.truth()[0].service.clone().unwrap()
        }
        word => word.to_owned(),
    };
    line.split_whitespace().map(word).collect()
}

/// Failures and counts of many cases.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) cases: u32,
    pub(super) kinds: BTreeMap<&'static str, u32>,
    pub(super) most_calls: u64,
    pub(super) longest: Duration,
    pub(super) failures: Vec<String>,
}

/// More calls of one operation than this are too many: pages have a bound, and each call is tried three times.
const MOST_CALLS: u64 = 6_100;
/// Longer than this nothing may take: three calls that hang, one after the other, at five places.
const LONGEST: Duration = Duration::from_secs(300);

impl Tally {
    pub(super) fn take(
        &mut self,
        told: &str,
        kind: &'static str,
        wrong: Option<String>,
        said: &Said,
    ) {
        self.cases += 1;
        *self.kinds.entry(kind).or_default() += 1;
        if let Some(wrong) = wrong {
            self.failures.push(format!(
                "{told}: {wrong}\n  exit {:?}\n  {}",
                said.code,
                said.all().trim().replace('\n', "\n  ")
            ));
        }
    }

    /// Prints what came of it.
    pub(super) fn end(self, what: &str) {
        println!(
            "{what}: {} cases {:?}; at most {} calls and {:?} of virtual time; {} failures",
            self.cases,
            self.kinds,
            self.most_calls,
            self.longest,
            self.failures.len()
        );
        assert!(self.failures.is_empty(), "{}", self.failures.join("\n\n"));
    }
}

/// Whether this cell is looked at: each in the long form; else so that each kind and each operation takes part.
fn is_drawn(case: usize, operation: usize, kind: usize) -> bool {
    // A thousand pages take their time: of those fewer.
    let of = match KINDS[kind].name {
        "endless pages" => 87,
        _ => 29,
    };
    is_long() || (case * 5 + operation * 3 + kind).is_multiple_of(of)
}

async fn each_fault(number: usize, case: &Case, tally: &mut Tally) {
    let ground = Ground::set(case.scenario).await;
    if !case.before.is_empty() {
        let said = ground
            .run(&words(case.before, None, || ground.task()))
            .await;
        assert_eq!(said.code, Some(0), "{}: {said:?}", case.before);
    }
    let line = words(case.line, case.scenario, || ground.task());
    let since = ground.last();
    let whole = ground.run(&line).await;
    let calls = ground.calls(since);
    let again = ground.run(&line).await;
    assert_eq!(
        timeless(&whole.all()),
        timeless(&again.all()),
        "{} says the same twice",
        case.line
    );
    assert!(
        matches!(whole.code, Some(0 | 1 | 4)),
        "{}: {whole:?}",
        case.line
    );
    for (place, operation) in reading(&calls).iter().enumerate() {
        for (at, kind) in KINDS.iter().enumerate() {
            if !is_drawn(number, place, at) || !is_one(kind, operation) {
                continue;
            }
            // What does not answer in pages has no endless ones.
            let Ok(rule) = ground.sim.add_fault(kind.of(operation)) else {
                continue;
            };
            let told = format!("{}: {} at {operation}", case.line, kind.name);
            let (since, begun) = (ground.last(), Instant::now());
            let said = ground.run(&line).await;
            ground.sim.delete_faults(Some(rule));
            let time = begun.elapsed();
            println!("{told}");
            let called = ground.calls(since).values().copied().max().unwrap_or(0);
            let mut wrong = wrong(&whole, &said, kind, operation);
            if called > MOST_CALLS {
                wrong = wrong.or_else(|| Some(format!("{called} calls")));
            }
            if time > LONGEST {
                wrong = wrong.or_else(|| Some(format!("it takes {time:?}")));
            }
            tally.most_calls = tally.most_calls.max(called);
            tally.longest = tally.longest.max(time);
            tally.take(&told, kind.name, wrong, &said);
        }
    }
}

/// In parts, so that two cores have something to do.
fn part(rest: usize) {
    let mut tally = Tally::default();
    for (number, case) in CASES
        .iter()
        .enumerate()
        .filter(|(number, _)| number % 2 == rest)
    {
        on_virtual_time(each_fault(number, case, &mut tally));
    }
    tally.end("commands");
}

#[test]
fn whatever_fails_no_command_takes_the_unknown_for_nothing() {
    part(0);
}

#[test]
fn whatever_fails_no_command_takes_the_unknown_for_nothing_either() {
    part(1);
}

#[test]
fn every_command_that_asks_aws_takes_part() {
    let command = ecsdeck::cli::command();
    let there = command.get_subcommands().filter(|one| !one.is_hide_set());
    let there: BTreeSet<&str> = there.map(clap::Command::get_name).collect();
    let cases = CASES
        .iter()
        .map(|case| case.line.split(' ').next().unwrap());
    let known: BTreeSet<&str> = cases.chain(OTHERS).collect();
    assert_eq!(there, known);
}
