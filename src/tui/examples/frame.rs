//! Prints one frame of a made-up fleet through the painter: to look at.
//!
//! `frame COLUMNSxROWS [ascii] [mono] [cold] [KEYS | text:TEXT | wait | expired]…`: what happens before it is drawn.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "the made-up world is shared with the tests, and a frame that cannot be drawn is to be seen"
)]

use std::io::Write;

use ecsdeck_core::app::Msg;
use ecsdeck_core::domain::{CloudError, ErrorKind};
use ecsdeck_core::text::Clean;
use ecsdeck_tui::painter::Painter;
use ecsdeck_tui::theme::Theme;
use ecsdeck_tui::view::view;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

#[allow(dead_code, unreachable_pub, reason = "the tests use the rest")]
#[path = "../view/proof/world.rs"]
mod world;

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut arguments = arguments.iter().map(String::as_str).peekable();
    let (width, height) = arguments
        .next()
        .and_then(|size| size.split_once('x'))
        .and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)))
        .unwrap_or((80, 24));
    let mut setup = world::setup();
    setup.ascii = arguments.next_if_eq(&"ascii").is_some();
    let theme = if arguments.next_if_eq(&"mono").is_some() {
        Theme::mono()
    } else {
        Theme::default()
    };
    let cold = arguments.next_if_eq(&"cold").is_some();
    let mut world = world::World::stuck(setup, (width, height));
    if !cold {
        world = world.settled();
    }
    for keys in arguments {
        match keys.strip_prefix("text:") {
            Some(text) => drop(world.tell(Msg::Pasted(text.to_owned()))),
            None => match keys {
                "wait" => world.wait(1),
                "expired" => {
                    let error = CloudError {
                        operation: "ecs:DescribeServices",
                        kind: ErrorKind::Expired,
                        code: Some(Clean::literal("ExpiredTokenException")),
                        message: Clean::literal(
                            "The security token included in the request is expired",
                        ),
                        request_id: None,
                    };
                    world.broken = Some((|_| true, error));
                    world.wait(40);
                }
                keys => drop(world.press(keys)),
            },
        }
    }
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    let cursor = view(&world.model, &theme, &mut buffer);
    let mut painter = Painter::default();
    let mut out = std::io::stdout().lock();
    // The painter writes bare line feeds, as they are in raw mode.
    let before = rustix::termios::tcgetattr(&out).ok();
    if let Some(mut raw) = before.clone() {
        raw.make_raw();
        rustix::termios::tcsetattr(&out, rustix::termios::OptionalActions::Now, &raw)?;
    }
    out.write_all(painter.paint(&buffer, cursor))?;
    out.flush()?;
    // The screen is to be looked at before the shell's prompt comes.
    std::thread::sleep(std::time::Duration::from_secs(2));
    if let Some(before) = before {
        rustix::termios::tcsetattr(&out, rustix::termios::OptionalActions::Now, &before)?;
    }
    Ok(())
}
