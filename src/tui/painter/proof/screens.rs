//! After each of many random frames, a second emulator that was fed only the
//! differences shows what one shows that was painted from scratch, and what
//! the buffer says.

use std::num::NonZeroU16;

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};

use super::super::{Painter, PainterOptions};

const FRAMES: usize = 40;
const CASES: u32 = 50;
/// With `ECSDECK_LONG_TESTS` set.
const LONG_CASES: u32 = 250;

const TEXTS: [&str; 16] = [
    "a",
    "hello, world",
    "2026-01-01T00:00:00Z INFO a longer line of a log that says something",
    "                              ",
    "漢字カナ",
    "x漢y",
    "ok e\u{301}a\u{300}\u{327} marks",
    "👍 done 🚀",
    "family 👨\u{200d}👩\u{200d}👧 and ❤\u{fe0f} and 👍🏽",
    "🇩🇪 flag",
    "┌──────────────────────┐",
    "│",
    "==========================",
    "ｱｲｳ",
    "क्षि",
    "한글",
];

#[derive(Clone, Debug)]
enum Change {
    Text {
        x: u16,
        y: u16,
        text: usize,
        style: Style,
    },
    Style {
        x: u16,
        y: u16,
        width: u16,
        height: u16,
        style: Style,
    },
    Clear {
        y: u16,
    },
    Lines {
        y: u16,
        height: u16,
        seed: u16,
    },
    Scroll {
        top: u16,
        height: u16,
        lines: i16,
    },
    Cursor(Option<(u16, u16)>),
    Resize {
        width: u16,
        height: u16,
    },
    Invalidate,
    Nothing,
}

fn colour() -> impl Strategy<Value = Color> {
    prop_oneof![
        4 => Just(Color::Reset),
        1 => Just(Color::Red),
        1 => Just(Color::LightBlue),
        1 => any::<u8>().prop_map(Color::Indexed),
        1 => any::<(u8, u8, u8)>().prop_map(|(r, g, b)| Color::Rgb(r, g, b)),
    ]
}

fn style() -> impl Strategy<Value = Style> {
    (colour(), colour(), 0_u16..512).prop_map(|(fg, bg, bits)| {
        Style::new().fg(fg).bg(bg).add_modifier(if bits < 128 {
            Modifier::empty()
        } else {
            Modifier::from_bits_truncate(bits)
        })
    })
}

fn change() -> impl Strategy<Value = Change> {
    let at = || (0_u16..90, 0_u16..30);
    prop_oneof![
        12 => (at(), 0..TEXTS.len(), style()).prop_map(|((x, y), text, style)| Change::Text { x, y, text, style }),
        3 => (at(), 1_u16..30, 1_u16..4, style())
            .prop_map(|((x, y), width, height, style)| Change::Style { x, y, width, height, style }),
        2 => (0_u16..30).prop_map(|y| Change::Clear { y }),
        3 => (0_u16..30, 1_u16..20, any::<u16>()).prop_map(|(y, height, seed)| Change::Lines { y, height, seed }),
        6 => (0_u16..20, 2_u16..30, -9_i16..10)
            .prop_map(|(top, height, lines)| Change::Scroll { top, height, lines }),
        2 => proptest::option::of(at()).prop_map(Change::Cursor),
        1 => (1_u16..90, 1_u16..30).prop_map(|(width, height)| Change::Resize { width, height }),
        1 => Just(Change::Invalidate),
        2 => Just(Change::Nothing),
    ]
}

struct Scene {
    buffer: Buffer,
    cursor: Option<Position>,
}

impl Scene {
    fn new() -> Self {
        Self {
            buffer: Buffer::empty(Rect::new(0, 0, 60, 20)),
            cursor: None,
        }
    }

    fn apply(&mut self, change: &Change) {
        let area = self.buffer.area;
        match change {
            Change::Text { x, y, text, style } => {
                let (x, y) = (x % area.width, y % area.height);
                self.buffer.set_string(x, y, TEXTS[*text], *style);
            }
            Change::Style {
                x,
                y,
                width,
                height,
                style,
            } => {
                let part = Rect::new(x % area.width, y % area.height, *width, *height);
                self.buffer.set_style(part.intersection(area), *style);
            }
            Change::Clear { y } => {
                for x in 0..area.width {
                    self.buffer[(x, y % area.height)].reset();
                }
            }
            Change::Lines { y, height, seed } => {
                for row in y % area.height..(y % area.height + height).min(area.height) {
                    let line = format!("line {} {}", seed.wrapping_add(row), "text ".repeat(8));
                    self.buffer.set_string(0, row, line, Style::new());
                }
            }
            Change::Scroll { top, height, lines } => {
                let top = top % area.height;
                let bottom = (top + height).min(area.height);
                let before = self.buffer.clone();
                for row in top..bottom {
                    let from = i32::from(row) + i32::from(*lines);
                    for x in 0..area.width {
                        let cell = u16::try_from(from)
                            .ok()
                            .filter(|from| (top..bottom).contains(from))
                            .map(|from| before[(x, from)].clone());
                        self.buffer[(x, row)] = cell.unwrap_or_default();
                    }
                }
            }
            Change::Cursor(at) => {
                self.cursor = at.map(|(x, y)| Position::new(x % area.width, y % area.height));
            }
            Change::Resize { width, height } => {
                self.buffer.resize(Rect::new(0, 0, *width, *height));
                self.cursor = None;
            }
            Change::Invalidate | Change::Nothing => {}
        }
    }
}

fn emulator(buffer: &Buffer) -> vt100::Parser {
    let size = |n| NonZeroU16::new(n).unwrap();
    vt100::Parser::new(size(buffer.area.height), size(buffer.area.width), 0)
}

/// What can be seen of a cell.
#[derive(Debug, PartialEq)]
struct Seen {
    text: String,
    fg: Option<vt100::Color>,
    bg: vt100::Color,
    attributes: [bool; 5],
}

fn seen(screen: &vt100::Screen) -> Vec<Seen> {
    let (rows, cols) = screen.size();
    let mut all = Vec::new();
    for row in 0..rows.get() {
        for col in 0..cols.get() {
            let cell = screen.cell(row, col).unwrap();
            if cell.is_wide_continuation() {
                continue;
            }
            let text = if cell.has_contents() {
                cell.contents()
            } else {
                " "
            };
            let blank = text == " ";
            let ink = !blank || cell.inverse() || cell.underline();
            all.push(Seen {
                text: text.to_owned(),
                fg: ink.then(|| cell.fgcolor()),
                bg: cell.bgcolor(),
                attributes: [
                    cell.bold() && ink,
                    cell.dim() && ink,
                    cell.italic() && !blank,
                    cell.underline(),
                    cell.inverse(),
                ],
            });
        }
    }
    all
}

/// The first cell that is not the same on both screens.
fn difference(one: &vt100::Screen, other: &vt100::Screen) -> Option<(usize, Seen, Seen)> {
    let (one, other) = (seen(one), seen(other));
    let pairs = one.into_iter().zip(other).enumerate();
    pairs
        .map(|(at, (one, other))| (at, one, other))
        .find(|(_, one, other)| one != other)
}

/// The plain cells of the buffer are on the screen as they are.
fn agrees(screen: &vt100::Screen, buffer: &Buffer) -> Result<(), String> {
    for y in 0..buffer.area.height {
        let mut covered = 0;
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            if covered > 0 {
                covered -= 1;
                continue;
            }
            if !cell.symbol().is_ascii() {
                covered = ratatui::buffer::CellWidth::cell_width(cell).saturating_sub(1);
                continue;
            }
            let is = screen.cell(y, x).unwrap();
            let text = if is.has_contents() {
                is.contents()
            } else {
                " "
            };
            let blank = text == " ";
            let same = text == cell.symbol()
                && is.inverse() == cell.modifier.contains(Modifier::REVERSED)
                && is.underline() == cell.modifier.contains(Modifier::UNDERLINED)
                && (blank || is.bold() == cell.modifier.contains(Modifier::BOLD))
                && (blank || is.italic() == cell.modifier.contains(Modifier::ITALIC))
                && (cell.fg == Color::Reset) | blank | (is.fgcolor() != vt100::Color::Default)
                && (cell.bg == Color::Reset) == (is.bgcolor() == vt100::Color::Default);
            if !same {
                return Err(format!("({x},{y}): {is:?} is not {cell:?}"));
            }
        }
    }
    Ok(())
}

fn play(frames: &[Vec<Change>], options: PainterOptions) -> Result<(), TestCaseError> {
    let mut scene = Scene::new();
    let mut painter = Painter::new(options);
    let mut terminal = emulator(&scene.buffer);
    for changes in frames {
        for change in changes {
            scene.apply(change);
            if matches!(change, Change::Invalidate) {
                painter.invalidate();
            }
        }
        let size = |n| NonZeroU16::new(n).unwrap();
        terminal.set_size(
            size(scene.buffer.area.height),
            size(scene.buffer.area.width),
        );
        let frame = painter.paint(&scene.buffer, scene.cursor);
        terminal.process(frame);
        let frame = String::from_utf8_lossy(frame).into_owned();

        let mut fresh = emulator(&scene.buffer);
        fresh.process(Painter::new(PainterOptions::plain()).paint(&scene.buffer, scene.cursor));
        prop_assert_eq!(
            difference(terminal.screen(), fresh.screen()),
            None,
            "after {:?}",
            frame
        );
        prop_assert_eq!(
            agrees(terminal.screen(), &scene.buffer),
            Ok(()),
            "after {:?}",
            frame
        );
        prop_assert_eq!(terminal.screen().hide_cursor(), scene.cursor.is_none());
        if let Some(at) = scene.cursor {
            prop_assert_eq!(terminal.screen().cursor_position(), (at.y, at.x));
        }
        let again = painter.paint(&scene.buffer, scene.cursor);
        prop_assert!(again.is_empty(), "{:?}", again);
    }
    Ok(())
}

fn config() -> ProptestConfig {
    let long = std::env::var_os("ECSDECK_LONG_TESTS").is_some();
    ProptestConfig {
        cases: if long { LONG_CASES } else { CASES },
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..ProptestConfig::default()
    }
}

fn frames() -> impl Strategy<Value = Vec<Vec<Change>>> {
    prop::collection::vec(prop::collection::vec(change(), 0..5), FRAMES)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_differences_add_up_to_the_screen(frames in frames()) {
        play(&frames, PainterOptions::default())?;
    }

    #[test]
    fn the_plain_diff_and_repeats_add_up_to_the_screen(frames in frames()) {
        play(&frames, PainterOptions { repeat: true, ..PainterOptions::plain() })?;
    }
}
