//! What is said of every scenario, held against what is true in it.

mod course;
mod healthy;
pub(crate) mod watch;

use std::collections::BTreeSet;

use ecsdeck_sim::Scenario;
use tokio::task::JoinSet;

use course::{Judged, run};

/// Worlds at a time: each is a simulator of its own.
const AT_ONCE: usize = 8;

/// Runs every scenario.
async fn all(names: &[&str], step: i64) -> Vec<Judged> {
    let mut judged = Vec::new();
    let mut waiting = names.iter();
    let mut running = JoinSet::new();
    let course = |name: &&str| run(Scenario::builtin(name).unwrap(), step);
    for name in waiting.by_ref().take(AT_ONCE) {
        running.spawn(course(name));
    }
    while let Some(one) = running.join_next().await {
        judged.push(one.unwrap());
        if let Some(name) = waiting.next() {
            running.spawn(course(name));
        }
    }
    judged
}

pub(crate) fn on_all_cores<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(work)
}

/// Whether the long form of the tests is wanted.
fn is_long() -> bool {
    std::env::var_os("ECSDECK_LONG_TESTS").is_some()
}

/// What came of these scenarios: a headline, and the misses.
pub(crate) fn told(names: &[&str]) -> (String, Vec<String>) {
    let step = if is_long() { 15 } else { 60 };
    let judged = on_all_cores(all(names, step));
    let polls: usize = judged.iter().map(|one| one.polls).sum();
    let misses: Vec<_> = judged.into_iter().flat_map(|one| one.misses).collect();
    let wrong: BTreeSet<&str> = misses.iter().map(|miss| miss.scenario.as_str()).collect();
    let headline = format!(
        "{} of {} scenarios are told right at every one of {polls} polls",
        names.len() - wrong.len(),
        names.len()
    );
    let table = misses
        .iter()
        .map(|miss| format!("{:<28}{:>6} s  {}", miss.scenario, miss.at, miss.why));
    (headline, table.collect())
}

#[test]
fn every_scenario_is_told_right_at_every_step_of_its_course() {
    let (headline, misses) = told(&Scenario::builtin_names());
    println!("{headline}");
    assert!(misses.is_empty(), "{headline}\n{}", misses.join("\n"));
}

/// What came of so many seeds of healthy rollouts: a headline, false alarms, and rollouts that never ended.
pub(crate) fn healthy(seeds: u64) -> (String, Vec<String>) {
    let all = async {
        let mut wrong = Vec::new();
        let (mut polls, mut stuck) = (0, 0);
        let mut waiting = 1..=seeds;
        let mut running = JoinSet::new();
        for seed in waiting.by_ref().take(AT_ONCE) {
            running.spawn(healthy::run(seed));
        }
        while let Some(went) = running.join_next().await {
            let went = went.unwrap();
            polls += went.polls;
            stuck += went
                .alarms
                .iter()
                .filter(|line| line.contains(" stuck "))
                .count();
            wrong.extend(went.alarms);
            wrong.extend(went.unfinished);
            if let Some(seed) = waiting.next() {
                running.spawn(healthy::run(seed));
            }
        }
        let rollouts = seeds * healthy::SHAPES.len() as u64;
        let headline = format!(
            "{stuck} false stuck in {} looks at {rollouts} healthy rollouts of {} shapes",
            polls * healthy::SHAPES.len(),
            healthy::SHAPES.len()
        );
        (headline, wrong)
    };
    on_all_cores(all)
}

#[test]
fn no_healthy_rollout_is_ever_called_stuck_or_bad() {
    let (headline, wrong) = healthy(if is_long() { 91 } else { 4 });
    println!("{headline}");
    assert!(wrong.is_empty(), "{headline}\n{}", wrong.join("\n"));
}
