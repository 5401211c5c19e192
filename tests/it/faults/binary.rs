//! A part of the same through the real binary: its exit code, its streams, its memory.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::commands::{CASES, Case, Tally, words};
use super::ground::{calls, deck, options, reading, task};
use super::judge::{Said, wrong};
use super::kinds::{KINDS, Kind, is_one};
use crate::acting::chance::{Chance, cases, is_long};
use crate::harness::{Home, Sim};

/// Beyond what it takes anyway, a command may take so much memory, in KiB: a few answers of the largest size.
const MOST_MEMORY: u64 = 160 * 1024;
/// A call that hangs is tried three times, and some commands make several one after the other.
const LONGEST: Duration = Duration::from_secs(300);
/// Most of these only wait.
const AT_ONCE: usize = 6;

/// One drawn cell of the matrix.
struct Drawn {
    case: &'static Case,
    /// Which of the operations: counted round.
    operation: u64,
    kind: &'static Kind,
}

fn drawn() -> Vec<Drawn> {
    let mut chance = Chance(10);
    let mut draw = |limit: usize| usize::try_from(chance.below(limit as u64)).unwrap();
    let count = usize::try_from(cases(48, 300)).unwrap();
    let cells = (0..count * 3).map(|_| Drawn {
        case: &CASES[draw(CASES.len())],
        operation: draw(1_000) as u64,
        kind: &KINDS[draw(KINDS.len())],
    });
    // Waiting for limits is for the long form: on the clock that stands still every hang is tried.
    let cells = cells.filter(|cell| is_long() || !cell.kind.is_slow());
    let cells = cells.filter(|cell| !cell.case.line.contains("--follow"));
    cells.take(count).collect()
}

struct Place {
    sim: Sim,
    home: Home,
    deck: Option<String>,
}

impl Place {
    fn set(case: &Case) -> Self {
        let (built, region, shown) = options(case.scenario);
        let sim = Sim::with("short-drama", |options| *options = built);
        sim.running().advance(shown);
        let home = Home::on(&sim).env("AWS_REGION", &region);
        let deck = case.scenario.is_none().then(|| {
            let path = home.write("deck.toml", &deck());
            path.display().to_string()
        });
        Self { sim, home, deck }
    }

    fn run(&self, line: &str, scenario: Option<&str>) -> (Said, u64) {
        let words = words(line, scenario, || task(&self.sim.running().state()));
        let mut all: Vec<&str> = words.iter().map(String::as_str).collect();
        if let Some(deck) = &self.deck {
            all.extend(["--deck", deck]);
        }
        let (ran, memory) = self.home.run_watched(&all, LONGEST);
        let said = Said {
            code: ran.code,
            data: ran.stdout,
            words: ran.stderr,
        };
        (said, memory)
    }
}

/// What came of a cell: nothing where its operation is not one of this kind.
fn try_out(cell: &Drawn) -> Option<(String, Option<String>, Said, u64)> {
    let case = cell.case;
    let place = Place::set(case);
    if !case.before.is_empty() {
        place.run(case.before, None);
    }
    let since = super::ground::last(place.sim.running());
    let (whole, least) = place.run(case.line, case.scenario);
    let operations = reading(&calls(place.sim.running(), since));
    let nth = usize::try_from(cell.operation).unwrap() % operations.len();
    // The next one that this fault is one of.
    let mut round = operations.iter().cycle().skip(nth).take(operations.len());
    let operation = round.find(|operation| {
        is_one(cell.kind, operation)
            && place
                .sim
                .running()
                .add_fault(cell.kind.of(operation))
                .is_ok()
    })?;
    let (said, most) = place.run(case.line, case.scenario);
    let told = format!("{}: {} at {operation}", case.line, cell.kind.name);
    let mut wrong = wrong(&whole, &said, cell.kind, operation);
    let more = most.saturating_sub(least);
    if more > MOST_MEMORY {
        wrong = wrong.or_else(|| Some(format!("{more} KiB more than without the fault")));
    }
    Some((told, wrong, said, more))
}

#[test]
fn whatever_fails_the_binary_ends_with_the_right_code_and_within_bounds() {
    let cells = drawn();
    let (next, tally) = (AtomicUsize::new(0), Mutex::new(Tally::default()));
    let most = Mutex::new(0);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(cell) = cells.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let Some((told, wrong, said, memory)) = try_out(cell) else {
                        continue;
                    };
                    let mut most = most.lock().unwrap();
                    *most = memory.max(*most);
                    tally
                        .lock()
                        .unwrap()
                        .take(&told, cell.kind.name, wrong, &said);
                }
            });
        }
    });
    println!(
        "at most {} KiB more than without a fault",
        most.into_inner().unwrap()
    );
    tally.into_inner().unwrap().end("the binary");
}
