//! No size, no name and no overlay makes the view panic or draw outside.

use ecsdeck_core::app::Msg;
use ecsdeck_core::text::Clean;
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::world::{World, line, setup};
use crate::painter::Painter;
use crate::theme::Theme;
use crate::view::view;

const OVERLAYS: [&str; 29] = [
    "T",
    "T tab tab x",
    "T tab a enter b down down ctrl-s",
    "tab space space",
    "",
    "tab",
    "tab tab",
    "l w",
    ":",
    ": z z z",
    "/ a",
    "?",
    "y",
    "U 5 enter",
    "d",
    "L",
    "e",
    "e / k",
    "v",
    "P",
    "tab o",
    "l o",
    "l o tab down tab a",
    "l o z z z",
    "l i",
    "l i f space n down tab",
    "l i s space n enter",
    "d / a enter n",
    "l / . enter enter / e",
];

fn draw(world: &World, width: u16, height: u16) {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    if let Some(cursor) = view(&world.model, &Theme::default(), &mut buffer) {
        assert!(
            cursor.x < width && cursor.y < height,
            "{cursor:?} at {width}x{height}"
        );
    }
    Painter::default().paint(&buffer, None);
}

#[test]
fn every_size_and_overlay_can_be_drawn() {
    for keys in OVERLAYS {
        let mut world = World::stuck(setup(), (80, 24)).settled();
        if !keys.is_empty() {
            world.press(keys);
        }
        for width in (0..=120).step_by(11).chain([39, 40, 69, 70, 160]) {
            for height in (0..=50).step_by(7).chain([10, 11, 20]) {
                draw(&world, width, height);
            }
        }
    }
}

#[test]
fn an_empty_model_can_be_drawn_at_every_size() {
    let world = World::stuck(setup(), (80, 24));
    for width in 0..=120 {
        for height in (0..=50).step_by(5) {
            draw(&world, width, height);
        }
    }
}

/// Names, reasons and lines are all this text.
fn hostile(text: &str, size: (u16, u16)) -> World {
    let mut world = World::stuck(setup(), size);
    for service in &mut world.services {
        service.name = Clean::new(text);
        service
            .events
            .iter_mut()
            .for_each(|event| event.message = Clean::multiline(text));
    }
    for task in &mut world.tasks {
        task.stopped_reason = task
            .stopped_reason
            .is_some()
            .then(|| Clean::multiline(text));
        task.private_ip = Some(Clean::new(text));
        task.started_by = Some(Clean::new(text));
    }
    for queue in &mut world.queues {
        queue.name = Clean::new(text);
    }
    for row in &mut world.rows {
        row.0.insert(Clean::new("title"), Clean::multiline(text));
        row.0.insert(Clean::new("status"), Clean::multiline(text));
        row.0.insert(Clean::new("task_id"), Clean::multiline(text));
    }
    for number in 50..60 {
        world.logs.push(line(number, text, text));
    }
    world.settled()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn hostile_names_at_any_size_are_drawn_inside(
        raw in "(\\PC|\u{0}|\u{1b}|\n|\u{202e}|\u{200d}|\u{ff9e}|\u{301}|\u{1f469}|\u{65e5}){0,40}",
        width in 0_u16..=300,
        height in 0_u16..=100,
        keys in 0_usize..OVERLAYS.len(),
        typed in "\\PC{0,60}",
    ) {
        let mut world = hostile(&raw, (width, height));
        if !OVERLAYS[keys].is_empty() {
            world.press(OVERLAYS[keys]);
        }
        world.tell(Msg::Pasted(typed));
        draw(&world, width, height);
    }
}
