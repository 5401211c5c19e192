//! What a frame takes, and what a key and a log line cost on the wire: `cargo bench -p ecsdeck-tui`. Prints figures and
//! judges none, for a wall clock is another on each machine; the bytes are held by tests.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    missing_docs,
    reason = "a benchmark: it has a clock, shares the made-up world with the tests, and a failure may end it"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use ecsdeck_tui::painter::Painter;
use ecsdeck_tui::theme::Theme;
use ecsdeck_tui::view::view;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

#[allow(dead_code, unreachable_pub, reason = "the tests use the rest")]
#[path = "../view/proof/world.rs"]
mod world;

use world::{World, setup};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 50)];
const RUNS: usize = 300;
/// Services of a fleet.
const MANY: u32 = 1_000;

fn frame(painter: &mut Painter, world: &World, size: (u16, u16)) -> usize {
    let mut buffer = Buffer::empty(Rect::new(0, 0, size.0, size.1));
    let cursor = view(&world.model, &Theme::default(), &mut buffer);
    painter.paint(&buffer, cursor).len()
}

fn median<T: Ord + Copy>(mut of: Vec<T>) -> T {
    of.sort();
    *of.get(of.len() / 2).unwrap()
}

/// The median time of a frame in which nothing has changed.
fn time(world: &World, size: (u16, u16)) -> Duration {
    let mut painter = Painter::default();
    frame(&mut painter, world, size);
    let times = (0..RUNS).map(|_| {
        let begun = Instant::now();
        black_box(frame(&mut painter, world, size));
        begun.elapsed()
    });
    median(times.collect())
}

/// The bytes while the cursor moves over services that are well, and once it rests.
fn moving(size: (u16, u16)) -> (usize, usize) {
    let mut world = World::steady(setup(), size, 30);
    world.told_calls = Some(20);
    let mut world = world.settled();
    let mut painter = Painter::default();
    frame(&mut painter, &world, size);
    let mut bytes = Vec::new();
    for key in ["j", "j", "j", "k", "k", "j", "j"] {
        world.press(key);
        bytes.push(frame(&mut painter, &world, size));
    }
    world.wait(1);
    (median(bytes), frame(&mut painter, &world, size))
}

/// The bytes of a log line beyond what it says, and how often it takes to be shown.
fn logging(size: (u16, u16)) -> usize {
    let mut world = World::stuck(setup(), size);
    world.told_calls = Some(20);
    world.tasks.retain(|task| !task.is_stopped());
    let mut world = world.settled();
    let mut painter = Painter::default();
    frame(&mut painter, &world, size);
    let mut over = Vec::new();
    for number in 45..60 {
        let text = format!("INFO  line {number} of a program");
        world.log(number, &text);
        let mut bytes = 0;
        while bytes < 20 {
            world.wait(1);
            bytes = frame(&mut painter, &world, size);
        }
        over.push(bytes.saturating_sub(text.len()));
    }
    median(over)
}

fn main() {
    for size in SIZES {
        let stuck = World::stuck(setup(), size).settled();
        let many = World::steady(setup(), size, MANY).settled();
        let (moved, rested) = moving(size);
        println!(
            "{}x{}: a frame {:.1?}, of {MANY} services {:.1?}; a key {moved} bytes and {rested} once it rests; a log line \
             its text and {} bytes",
            size.0,
            size.1,
            time(&stuck, size),
            time(&many, size),
            logging(size)
        );
    }
}
