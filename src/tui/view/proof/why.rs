//! What a tired person sees of a cause: the service, what is wrong, and the key, in the first rows.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::screens::text;
use super::world::{World, setup};
use crate::theme::Theme;
use crate::view::view;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 50)];

fn rows(world: &World, size: (u16, u16)) -> Vec<String> {
    let mut buffer = Buffer::empty(Rect::new(0, 0, size.0, size.1));
    view(&world.model, &Theme::default(), &mut buffer);
    text(&buffer)
}

fn stuck(size: (u16, u16)) -> World {
    World::stuck(setup(), size).settled()
}

#[track_caller]
fn assert_shows(rows: &[String], words: &str) {
    let all = rows.join("\n");
    assert!(all.contains(words), "{words:?} is not in\n{all}");
}

#[test]
fn service_cause_and_keys_stand_in_the_verdict_and_are_not_said_twice() {
    for size in SIZES {
        let rows = rows(&stuck(size), size);
        let verdict = rows[1..3].join(" ");
        let verdict: Vec<&str> = verdict.split_whitespace().collect();
        let verdict = verdict.join(" ");
        for words in ["short-drama-backend", "image not found", "v difference"] {
            assert!(verdict.contains(words), "{size:?}: {verdict}");
        }
        let pane = rows[3..].join("\n");
        assert!(!pane.contains("keys: "), "{size:?}\n{pane}");
    }
}

#[test]
fn where_the_verdict_has_no_room_the_keys_are_in_the_pane() {
    let size = (40, 24);
    let mut world = stuck(size);
    world.press("tab tab");
    let rows = rows(&world, size);
    let verdict = rows[1..5].join(" ");
    let pane = rows[5..].join("\n");
    assert!(
        verdict.contains("roll back") || pane.contains("keys: "),
        "{verdict}\n{pane}"
    );
}

#[test]
fn stopped_tasks_of_one_reason_are_one_row_with_their_number() {
    for size in SIZES {
        let mut world = stuck(size);
        let before = rows(&world, size);
        assert_shows(&before, "\u{d7}6");
        assert_shows(&before, "Tasks 9");
        assert_shows(&before, "6 failed");
        world.press("tab o");
        let stopped = |rows: &[String]| rows.iter().filter(|row| row.contains("■ stopped")).count();
        assert!(stopped(&before) == 1 && stopped(&rows(&world, size)) > 1);
    }
}

#[test]
fn what_is_read_at_length_has_the_whole_width_and_the_log_below_it() {
    for size in SIZES {
        for (key, words) in [
            ("e", "rollout of :8 began"),
            (
                "v",
                "v7 \u{2192} v8 of 123456789012.dkr.ecr.us-east-1.amazonaws.com/",
            ),
        ] {
            let mut world = stuck(size);
            world.press(key);
            world.wait(2);
            let rows = rows(&world, size);
            assert_shows(&rows, words);
            let all = rows.join("\n");
            assert!(all.contains("Logs ") && !all.contains("Queues"), "{all}");
            world.press("esc");
            assert_shows(&self::rows(&world, size), "Queues");
        }
    }
}
