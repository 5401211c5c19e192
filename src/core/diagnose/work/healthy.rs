//! Work that is done as it should be, with bursts, scale-ups and batches that end: nothing is found in it.
//!
//! Each seed is a queue with dead letters that stay as they are, a table of items, workers and an owner who follows the
//! formula with a delay, in the manner of one of the built-in worlds; it is looked at for an hour, now and then with a
//! reading missed, and counts are off as SQS's are.

use std::sync::Arc;

use super::*;
use crate::diagnose::diagnose_tasks;
use crate::diagnose::sample::{ago, ended, task};
use crate::domain::{QueueDepth, Task, TaskStatus};

/// SplitMix64 (source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators").
struct Chance(u64);

impl Chance {
    fn between(&mut self, low: u64, high: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        low + (z ^ (z >> 31)) % (high - low + 1)
    }

    fn one_in(&mut self, number: u64) -> bool {
        self.between(1, number) == 1
    }
}

/// How long a run is looked at, in seconds.
const LENGTH: i64 = 3_600;
/// In steps of so many seconds.
const STEP: i64 = 5;

/// A worker: when it was asked for, when it runs, and until when.
#[derive(Clone, Copy)]
struct Worker {
    asked: i64,
    runs: i64,
    ended: Option<i64>,
}

/// A run of one seed. Returns what was found and should not have been, and how often it was looked at.
fn run(seed: u64, ends_when_empty: bool, is_service: bool) -> (Vec<String>, u64) {
    let mut chance = Chance(seed);
    let formula = Formula {
        per_task: Some(u32::try_from(chance.between(1, 10)).unwrap()),
        min: Some(u32::try_from(chance.between(0, 2)).unwrap()),
        max: Some(u32::try_from(chance.between(4, 12)).unwrap()),
    };
    let min = i64::from(formula.min.unwrap());
    let most = u64::from(formula.max.unwrap());
    // Messages that a task does in a minute; what comes in is at most half of what the maximum can do.
    let pace = chance.between(2, 12);
    let arrives = chance.between(0, pace * most / 2);
    let every = STEP * i64::try_from(chance.between(3, 24)).unwrap();
    let poll = STEP * i64::try_from(chance.between(1, 12)).unwrap();
    let dead = chance.between(0, 5);
    let start = -LENGTH;
    let mut workers: Vec<Worker> = (0..min)
        .map(|_| Worker {
            asked: start - 900,
            runs: start - 840,
            ended: None,
        })
        .collect();
    let (mut depth, mut done) = (0_u64, 0_u64);
    let mut history = Arc::new(DepthHistory::default());
    let (mut wrong, mut looks) = (Vec::new(), 0);
    for second in (start..0).step_by(5) {
        // In a minute as many as are said, in the mean.
        depth += chance.between(0, arrives * 2) / 12;
        if chance.one_in(300) {
            depth += chance.between(1, 10) * pace * most;
        }
        let running = |one: &&Worker| one.runs <= second && one.ended.is_none();
        done += pace * workers.iter().filter(running).count() as u64;
        depth = depth.saturating_sub(done / 12);
        done %= 12;
        workers.retain(|one| one.ended.is_none_or(|end| second - end < 600));
        let alive = workers.iter().filter(|one| one.ended.is_none()).count() as u64;
        if second % every == 0 {
            let wanted = formula.wanted(depth).unwrap();
            for _ in alive..wanted {
                let takes = i64::try_from(chance.between(20, 150)).unwrap();
                workers.push(Worker {
                    asked: second,
                    runs: second + takes,
                    ended: None,
                });
            }
            let surplus = usize::try_from(alive.saturating_sub(wanted)).unwrap();
            let leaving = workers.iter_mut().filter(|one| one.ended.is_none());
            let leaves = if ends_when_empty && depth == 0 {
                usize::MAX
            } else {
                surplus
            };
            leaving
                .take(leaves)
                .for_each(|one| one.ended = Some(second));
        }
        if second % poll != 0 || chance.one_in(20) {
            continue;
        }
        // SQS tells too few now and then.
        let told = if chance.one_in(8) {
            depth - depth / 10
        } else {
            depth
        };
        let flicker = u64::from(chance.one_in(40)).min(dead);
        Arc::make_mut(&mut history).see(Sample {
            at: ago(-second),
            depth: QueueDepth {
                visible: told,
                ..QueueDepth::default()
            },
            dead: Some(dead - flicker),
        });
        looks += 1;
        let load = seen(&workers, &history, formula, (is_service, every), second);
        let mut found = diagnose_tasks(&[], ago(-second));
        judge(&mut found, &load, ago(-second));
        if has_finding(&found) {
            wrong.push(format!("seed {seed} at {second}: {}", found.summary));
        }
    }
    (wrong, looks)
}

/// What is seen of it.
fn seen(
    workers: &[Worker],
    history: &Arc<DepthHistory>,
    formula: Formula,
    (is_service, every): (bool, i64),
    second: i64,
) -> Load {
    let alive = workers.iter().filter(|one| one.ended.is_none());
    let running = alive.clone().filter(|one| one.runs <= second).count();
    let starting = alive.count() - running;
    let moments = workers.iter().flat_map(|one| {
        let runs = Some(one.runs).filter(|runs| *runs <= second);
        [Some(one.asked), runs, one.ended].into_iter().flatten()
    });
    let keeps = if is_service {
        Keeps::Service {
            desired: u32::try_from(running + starting).unwrap(),
        }
    } else {
        Keeps::Family
    };
    Load {
        workers: Workers {
            keeps,
            running: u32::try_from(running).unwrap(),
            starting: u32::try_from(starting).unwrap(),
            moved: moments.max().map(|at| ago(-at)),
            every: if is_service { every } else { 0 },
            unread: None,
        },
        queues: vec![QueueLoad {
            name: Clean::literal("jobs"),
            formula,
            history: Arc::clone(history),
            dead_letter: Some(Clean::literal("jobs-dlq")),
            unknown: None,
        }],
        tables: vec![items(workers, second)],
    }
}

/// Each worker has an item, which says that it is worked on from when the task was asked for until its end.
fn items(workers: &[Worker], second: i64) -> TableLoad {
    let lately = workers.iter().enumerate().rev().take(5);
    let items = lately.filter_map(|(number, worker)| {
        // The table was read five seconds ago.
        let ended = worker.ended.filter(|end| *end < second - 5);
        let id = number.to_string();
        let item: Option<Task> = match (ended, worker.ended) {
            (Some(_), _) => return None,
            (None, Some(end)) => Some(ended_at(&id, second - end)),
            (None, None) => None,
        };
        let mut lives = task("job", &id);
        lives.created = Some(ago(-worker.asked));
        lives.started = (worker.runs <= second).then(|| ago(-worker.runs));
        if lives.started.is_none() {
            lives.status = TaskStatus::Pending;
        }
        Some(Item {
            id: Clean::new(&id),
            status: Clean::literal("processing"),
            state: ItemState::Running,
            since: ago(-worker.asked),
            tasks: vec![item.unwrap_or(lives)],
        })
    });
    TableLoad {
        name: Clean::literal("items"),
        read_at: Some(ago(5 - second)),
        tasks_at: Some(ago(15 - second)),
        timeout: Some(2 * LENGTH),
        items: items.collect(),
        unknown: None,
    }
}

fn ended_at(id: &str, seconds: i64) -> Task {
    ended(task("job", id), 0, seconds)
}

#[test]
#[expect(
    clippy::print_stdout,
    reason = "the figure is for people who run the tests"
)]
fn nothing_is_found_in_a_thousand_runs_of_healthy_work() {
    let (mut wrong, mut looks) = (Vec::new(), 0);
    for seed in 0..1_000 {
        let (found, looked) = run(seed, seed % 2 == 0, seed % 3 == 0);
        wrong.extend(found);
        looks += looked;
    }
    println!(
        "{} false findings in {looks} looks at 1000 runs of an hour",
        wrong.len()
    );
    assert!(
        wrong.is_empty(),
        "{}: {:#?}",
        wrong.len(),
        wrong.iter().take(10).collect::<Vec<_>>()
    );
}
