//! What a change costs on the wire.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::world::{World, setup};
use crate::painter::Painter;
use crate::theme::Theme;
use crate::view::view;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 50)];

/// The bytes that the next frame costs.
fn cost(painter: &mut Painter, world: &World, size: (u16, u16)) -> usize {
    let mut buffer = Buffer::empty(Rect::new(0, 0, size.0, size.1));
    let cursor = view(&world.model, &Theme::default(), &mut buffer);
    painter.paint(&buffer, cursor).len()
}

#[test]
fn nothing_changed_is_no_bytes() {
    for size in SIZES {
        let world = World::stuck(setup(), size).settled();
        let mut painter = Painter::default();
        assert!(cost(&mut painter, &world, size) > 0);
        assert_eq!(cost(&mut painter, &world, size), 0);
    }
}

/// A world in which nothing moves but what the test moves.
fn still(size: (u16, u16)) -> World {
    let mut world = World::stuck(setup(), size);
    world.told_calls = Some(20);
    world.tasks.retain(|task| !task.is_stopped());
    world.settled()
}

#[test]
fn a_move_in_the_queues_or_the_work_is_at_most_60_bytes() {
    for size in SIZES {
        for keys in ["tab tab tab", "tab tab tab tab"] {
            let mut world = still(size);
            world.press(keys);
            world.press("j k");
            let mut painter = Painter::default();
            cost(&mut painter, &world, size);
            for key in ["j", "k", "j", "k"] {
                world.press(key);
                let bytes = cost(&mut painter, &world, size);
                assert!((1..=60).contains(&bytes), "{bytes} bytes at {size:?}");
            }
        }
    }
}

/// What hangs on the service (its tasks, its cause) is the same for all here, but for the names.
#[test]
fn a_move_in_the_services_is_at_most_60_bytes_and_what_hangs_on_it() {
    for size in SIZES {
        let mut world = World::steady(setup(), size, 30);
        world.told_calls = Some(20);
        let mut world = world.settled();
        let mut painter = Painter::default();
        cost(&mut painter, &world, size);
        for key in ["j", "j", "j", "k", "k"] {
            world.press(key);
            let bytes = cost(&mut painter, &world, size);
            assert!((1..=60).contains(&bytes), "{bytes} bytes at {size:?}");
        }
    }
}

/// The payload is what the row shows: time, container and text.
#[test]
fn a_log_line_is_its_payload_and_at_most_64_bytes() {
    for size in SIZES {
        let mut world = still(size);
        let mut painter = Painter::default();
        cost(&mut painter, &world, size);
        for number in 45..60 {
            let text = format!("INFO  line {number} of a program");
            world.log(number, &text);
            let mut bytes = 0;
            while bytes < 20 {
                world.wait(1);
                bytes = cost(&mut painter, &world, size);
            }
            let container = 19.min(usize::from(size.0) / 6);
            let payload = "07:31:04 ".len() + container + 1 + text.len();
            assert!(
                bytes <= payload + 64,
                "{bytes} bytes for {payload} at {size:?}"
            );
        }
    }
}

/// JSON that repeats what the line before said costs what is new in it, and its level and names of fields at most 90 more.
#[test]
fn a_structured_line_costs_what_is_shown_of_it_and_at_most_90_bytes() {
    for size in SIZES {
        let mut world = still(size);
        let mut painter = Painter::default();
        cost(&mut painter, &world, size);
        for number in 45..60 {
            let level = if number % 2 == 0 { "error" } else { "info" };
            let text = format!(
                r#"{{"level":"{level}","msg":"served","n":{number},"pid":7,"service":"short-drama-backend","region":"us-east-1"}}"#
            );
            world.log(number, &text);
            let mut bytes = 0;
            while bytes < 20 {
                world.wait(1);
                bytes = cost(&mut painter, &world, size);
            }
            let container = 19.min(usize::from(size.0) / 6);
            let folded = "ERROR served n=45 pid=7 service=short-drama-backend region=us-east-1";
            let folded = if number == 45 {
                folded
            } else {
                "ERROR served n=45"
            };
            let payload = "07:31:04 ".len() + container + 1 + folded.len();
            assert!(
                bytes <= payload + 90,
                "{bytes} bytes for {payload} at {size:?}"
            );
        }
    }
}

/// Ages on it are told by the minute: a line that ticks is sent every second.
#[test]
fn a_timeline_on_which_nothing_happens_costs_next_to_nothing() {
    for size in SIZES {
        let mut world = still(size);
        world.press("e");
        world.wait(2);
        let mut painter = Painter::default();
        cost(&mut painter, &world, size);
        let bytes: usize = (0..5)
            .map(|_| {
                world.wait(1);
                cost(&mut painter, &world, size)
            })
            .sum();
        assert!(bytes <= 60, "{bytes} bytes in 5 s at {size:?}");
    }
}
