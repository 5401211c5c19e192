//! Lists as a person sees them: headings, room, the selected row.

use ecsdeck_core::domain::{Arn, Cluster};
use ecsdeck_core::text::Clean;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::screens::text;
use super::world::{World, setup};
use crate::theme::Theme;
use crate::view::view;

const SIZES: [(u16, u16); 4] = [(60, 15), (80, 24), (120, 40), (200, 50)];

fn buffer(world: &World, size: (u16, u16)) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, size.0, size.1));
    view(&world.model, &Theme::default(), &mut buffer);
    buffer
}

fn screen(world: &World, size: (u16, u16)) -> Vec<String> {
    text(&buffer(world, size))
}

/// The row in which a text stands, and its column.
fn place(rows: &[String], words: &str) -> Option<(usize, usize)> {
    rows.iter().enumerate().find_map(|(at, row)| {
        let (before, _) = row.split_once(words)?;
        Some((at, before.chars().count()))
    })
}

#[track_caller]
fn there(rows: &[String], words: &str) -> (usize, usize) {
    place(rows, words).unwrap_or_else(|| panic!("no {words:?} in\n{}", rows.join("\n")))
}

#[test]
fn headings_stand_over_their_columns_and_none_is_cut() {
    for size in SIZES {
        let rows = screen(&World::stuck(setup(), size).settled(), size);
        let (heading, name) = there(&rows, "SERVICE ");
        let (row, column) = rows
            .iter()
            .enumerate()
            .skip(heading + 1)
            .find_map(|(at, row)| {
                let (before, _) = row.split_once("short-drama-backend")?;
                Some((at, before.chars().count()))
            })
            .unwrap();
        assert_eq!(
            (row, column),
            (heading + 1, name),
            "{size:?}\n{}",
            rows.join("\n")
        );
        let cut = rows[heading].contains('…');
        assert!(!cut, "{size:?}: {}", rows[heading]);
    }
}

#[test]
fn headings_stand_still_while_data_change() {
    for size in SIZES {
        let mut world = World::stuck(setup(), size).settled();
        let headings = |world: &World| {
            let rows = screen(world, size);
            let (at, _) = there(&rows, "SERVICE ");
            rows[at].clone()
        };
        let before = headings(&world);
        for service in &mut world.services {
            service.running = 0;
            service.pending = 12;
        }
        world.press("r");
        world.wait(30);
        assert_eq!(headings(&world), before);
    }
}

#[test]
fn a_list_says_by_what_it_is_sorted() {
    let size = (120, 40);
    let mut world = World::stuck(setup(), size).settled();
    world.press("> >");
    there(&screen(&world, size), "SERVICE↑");
    world.press("=");
    there(&screen(&world, size), "SERVICE↓");
}

#[test]
fn empty_lists_give_their_room_away() {
    for (size, tasks) in [((80, 24), 9), ((120, 40), 18), ((200, 50), 18)] {
        let mut world = World::stuck(setup(), size);
        world.queues.clear();
        world.rows.clear();
        world.no_tables = true;
        let rows = screen(&world.settled(), size);
        let (queues, _) = there(&rows, "Queues 0");
        let (work, _) = there(&rows, "Work 0");
        let (logs, _) = there(&rows, "Logs ");
        assert_eq!(
            (work, logs),
            (queues + 1, queues + 2),
            "{size:?}\n{}",
            rows.join("\n")
        );
        there(&rows, "no queue found");
        let (top, _) = there(&rows, "Tasks 9");
        assert!(queues - top >= tasks, "{size:?}\n{}", rows.join("\n"));
    }
}

#[test]
fn a_list_that_hides_rows_says_which_ones_it_shows_and_counts_items_alone() {
    let size = (80, 24);
    let mut world = World::stuck(setup(), size).settled();
    world.press("5");
    world.wait(1);
    let rows = screen(&world, size);
    let (at, _) = there(&rows, "Work 7");
    assert!(rows[at].contains("of 7"), "{}", rows[at]);
    // The heading of the table is no item, and the cursor does not stand on it.
    let (_, heading) = there(&rows, "task_store ");
    let (_, item) = there(&rows, "7f3a-0001");
    assert!(heading < item);
    let (first, _) = there(&rows, "7f3a-0001");
    assert!(rows[first].contains('▶'), "{}", rows[first]);
}

#[test]
fn several_clusters_have_a_column() {
    let size = (80, 24);
    let mut world = World::stuck(setup(), size).settled();
    assert_eq!(place(&screen(&world, size), "CLUSTER"), None);
    let cluster = world.cluster();
    world.second_cluster = Some(Cluster {
        arn: Arn::new("arn:aws:ecs:us-east-1:123456789012:cluster/other"),
        name: Clean::new("other"),
        ..cluster
    });
    world.press("r");
    world.wait(60);
    there(&screen(&world, size), "CLUSTER");
}

#[test]
fn the_whole_row_is_marked_when_the_cursor_rests() {
    let size = (120, 40);
    let mut world = World::steady(setup(), size, 30).settled();
    let marked = |world: &World| {
        let buffer = buffer(world, size);
        let reversed = |row: u16| {
            (0..40)
                .filter(|x| buffer[(*x, row)].modifier.contains(Modifier::REVERSED))
                .count()
        };
        let first = there(&text(&buffer), "SERVICE ").0 as u16 + 1;
        (reversed(first), reversed(first + 1))
    };
    assert_eq!(marked(&world), (40, 0));
    world.press("j");
    assert_eq!(
        marked(&world),
        (40, 0),
        "a row that is only passed costs nothing"
    );
    world.wait(1);
    assert_eq!(marked(&world), (0, 40));
}

/// The verdict's rows, with single blanks.
fn banner(world: &World, size: (u16, u16)) -> String {
    let rows = screen(world, size);
    let rows = rows[1..5].join(" ");
    let words: Vec<&str> = rows.split_whitespace().collect();
    words.join(" ")
}

#[test]
fn whether_anybody_is_served_is_said_before_the_reason_at_every_size() {
    for size in SIZES {
        let mut world = World::stuck(setup(), size).settled();
        let words = banner(&world, size);
        assert!(
            words.contains("2 of 2 old tasks serve; :8: image not found"),
            "{size:?}: {words}"
        );
        for one in &mut world.services[1].deployments {
            one.running = 0;
        }
        world.services[1].running = 0;
        world.tasks.retain(|task| task.is_stopped());
        world.press("r");
        world.wait(60);
        let words = banner(&world, size);
        assert!(words.contains(": DOWN 0/2; :8: "), "{size:?}: {words}");
        assert!(words.contains("R roll back"), "{size:?}: {words}");
    }
}

#[test]
fn what_the_cause_has_no_room_for_goes_on_in_blank_rows_beside_it() {
    let mut goes_on = 0;
    for size in [(80, 24), (100, 30), (120, 40)] {
        let rows = screen(&World::stuck(setup(), size).settled(), size);
        let hides = |row: &String| {
            let title = row.split_once(" Why ").is_some();
            title && row.contains(" more")
        };
        let blank = |row: &String| {
            let (_, right) = row.split_once('│').unwrap_or_default();
            right.trim().is_empty() && row.contains('│')
        };
        let blanks = rows.iter().filter(|row| blank(row)).count();
        let continued = rows.iter().any(|row| row.contains("Why, continued"));
        goes_on += usize::from(continued);
        assert!(
            continued || blanks < 4 || !rows.iter().any(hides),
            "{size:?}\n{}",
            rows.join("\n")
        );
    }
    assert!(goes_on > 0, "it is seen at one size at least");
}

#[test]
fn deployments_the_journal_and_the_palette_have_headings() {
    for size in SIZES {
        for (keys, headings) in [
            ("p", ["ROLLOUT", "REVISION"]),
            (":", ["COMMAND", "KEYS"]),
            ("4", ["QUEUE", "WAITING"]),
        ] {
            let mut world = World::stuck(setup(), size).settled();
            world.press(keys);
            let rows = screen(&world, size);
            let (at, _) = there(&rows, headings[0]);
            assert!(rows[at].contains(headings[1]), "{size:?}: {}", rows[at]);
        }
    }
}
