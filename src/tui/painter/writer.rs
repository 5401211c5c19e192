//! Bytes for the terminal, and what they leave behind: where the cursor is and
//! which pen is set.
//!
//! Invariant: a column that terminals might disagree about (after the last
//! column, after an emoji) is unknown, and an unknown column is left only by
//! an absolute move. So nothing here depends on autowrap.

use crossterm::Command;
use crossterm::terminal::{Clear, ClearType};

use super::glyph::Glyph;
use super::pen::Pen;
use crate::terminal::push;

/// Where the cursor is, zero-based.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct At {
    pub(super) row: u16,
    pub(super) col: u16,
}

/// What is known of the cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Cursor {
    /// Nothing.
    #[default]
    Lost,
    /// Only the row.
    InRow(u16),
    /// Everything.
    At(At),
}

/// Collects the bytes of a frame.
#[derive(Clone, Debug, Default)]
pub(super) struct Writer {
    pub(super) bytes: Vec<u8>,
    pub(super) cursor: Cursor,
    /// `None` is not known.
    pub(super) pen: Option<Pen>,
    /// Whether `CSI n b` may repeat a glyph.
    pub(super) repeat: bool,
}

impl Writer {
    /// Appends a sequence that moves nothing and sets no pen.
    pub(super) fn raw(&mut self, sequence: &str) {
        self.bytes.extend_from_slice(sequence.as_bytes());
    }

    /// Appends a command that moves nothing and sets no pen.
    pub(super) fn command(&mut self, command: impl Command) {
        let mut sequence = String::new();
        push(&mut sequence, command);
        self.raw(&sequence);
    }

    pub(super) fn set_pen(&mut self, pen: Pen) {
        pen.write_from(self.pen, &mut self.bytes);
        self.pen = Some(pen);
    }

    /// Sets margins (zero-based, `bottom` exclusive). The cursor is then at
    /// home or, on some terminals, at the top margin: lost.
    pub(super) fn set_margins(&mut self, top: u16, bottom: u16) {
        self.raw(&format!("\x1b[{};{}r", top + 1, bottom));
        self.cursor = Cursor::Lost;
    }

    /// Takes the margins away. That homes the cursor, but not every terminal
    /// emulator does so when no margins are named: it is taken for lost.
    pub(super) fn reset_margins(&mut self) {
        self.raw("\x1b[r");
        self.cursor = Cursor::Lost;
    }

    /// Erases everything with the default pen; the cursor is home afterwards.
    pub(super) fn clear(&mut self) {
        self.pen = None;
        self.set_pen(Pen::default());
        self.raw("\x1b[H");
        self.command(Clear(ClearType::All));
        self.cursor = Cursor::At(At::default());
    }

    /// Prints a glyph at the cursor of a screen `width` columns wide.
    pub(super) fn print(&mut self, glyph: &Glyph, width: u16) {
        self.set_pen(glyph.pen);
        glyph.write(&mut self.bytes);
        self.cursor = match self.cursor {
            Cursor::At(at) => {
                let col = at.col.saturating_add(u16::from(glyph.width));
                if col >= width || glyph.is_uncertain() {
                    Cursor::InRow(at.row)
                } else {
                    Cursor::At(At { col, ..at })
                }
            }
            other => other,
        };
    }

    /// Repeats the glyph that was printed last `count` more times, which are
    /// known to end inside the screen's `width`.
    pub(super) fn print_again(&mut self, count: u16, width: u16) {
        self.raw(&format!("\x1b[{count}b"));
        if let Cursor::At(at) = self.cursor {
            let col = at.col.saturating_add(count);
            self.cursor = if col >= width {
                Cursor::InRow(at.row)
            } else {
                Cursor::At(At { col, ..at })
            };
        }
    }

    /// Erases from the cursor to the end of the line; moves nothing.
    pub(super) fn erase_to_end(&mut self) {
        self.set_pen(Pen::default());
        self.command(Clear(ClearType::UntilNewLine));
    }

    /// Erases `count` columns from the cursor on; moves nothing.
    pub(super) fn erase(&mut self, count: u16) {
        self.set_pen(Pen::default());
        self.raw(&format!("\x1b[{count}X"));
    }

    /// Moves the cursor in as few bytes as are known to work. `line` is what
    /// row `to.row` already shows where it lies between here and there: short
    /// gaps are printed again rather than jumped.
    pub(super) fn move_to(&mut self, to: At, line: &[Glyph]) {
        let mut best = Shortest::new(position(to));
        match self.cursor {
            Cursor::Lost => {}
            Cursor::At(from) if from == to => return,
            Cursor::At(from) if from.row == to.row => {
                for way in sideways(from.col, to.col) {
                    best.offer(way);
                }
                if let Some(text) = self.reprint(from.col, to.col, line) {
                    best.offer(text);
                }
            }
            Cursor::At(from) => {
                for down in vertically(from.row, to.row) {
                    for across in sideways(from.col, to.col) {
                        best.offer(format!("{across}{down}"));
                    }
                }
            }
            Cursor::InRow(row) if row == to.row => {
                best.offer(column(to.col));
                if to.col == 0 {
                    best.offer("\r".to_owned());
                }
            }
            Cursor::InRow(row) => {
                if to.col == 0 {
                    for down in vertically(row, to.row) {
                        best.offer(format!("\r{down}"));
                    }
                }
            }
        }
        self.raw(&best.0);
        self.cursor = Cursor::At(to);
    }

    /// The text between two columns, if printing it again changes nothing.
    fn reprint(&self, from: u16, to: u16, line: &[Glyph]) -> Option<String> {
        let gap = to.checked_sub(from).filter(|gap| (1..=6).contains(gap))?;
        let glyphs = line.get(usize::from(from)..usize::from(from + gap))?;
        glyphs
            .iter()
            .map(|g| {
                g.ascii()
                    .filter(|_| self.pen == Some(g.pen))
                    .map(char::from)
            })
            .collect()
    }
}

/// The shortest of the ways that were offered.
struct Shortest(String);

impl Shortest {
    fn new(way: String) -> Self {
        Self(way)
    }

    fn offer(&mut self, way: String) {
        if way.len() < self.0.len() {
            self.0 = way;
        }
    }
}

/// `CSI row ; col H`, with ones left out.
fn position(to: At) -> String {
    match (to.row, to.col) {
        (0, 0) => "\x1b[H".to_owned(),
        (row, 0) => format!("\x1b[{}H", row + 1),
        (0, col) => format!("\x1b[;{}H", col + 1),
        (row, col) => format!("\x1b[{};{}H", row + 1, col + 1),
    }
}

fn column(col: u16) -> String {
    counted(col + 1, 'G')
}

/// `CSI n final`, with a one left out.
pub(super) fn counted(n: u16, end: char) -> String {
    if n == 1 {
        format!("\x1b[{end}")
    } else {
        format!("\x1b[{n}{end}")
    }
}

/// The ways along a row. The cursor's column is known.
fn sideways(from: u16, to: u16) -> Vec<String> {
    if from == to {
        return vec![String::new()];
    }
    let mut ways = vec![column(to)];
    if to == 0 {
        ways.push("\r".to_owned());
    }
    if to > from {
        ways.push(counted(to - from, 'C'));
    } else {
        let back = from - to;
        ways.push(counted(back, 'D'));
        if back <= 3 {
            ways.push("\x08".repeat(usize::from(back)));
        }
    }
    ways
}

/// The ways from row to row that keep the column. A line feed never scrolls
/// here: a row below exists, and margins are set only while scrolling.
fn vertically(from: u16, to: u16) -> Vec<String> {
    if from == to {
        return vec![String::new()];
    }
    let mut ways = vec![counted(to + 1, 'd')];
    if to > from {
        let down = to - from;
        ways.push(counted(down, 'B'));
        if down <= 4 {
            ways.push("\n".repeat(usize::from(down)));
        }
    } else {
        ways.push(counted(from - to, 'A'));
    }
    ways
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Color, Modifier};

    use super::*;

    fn moved(from: Cursor, row: u16, col: u16) -> String {
        let mut writer = Writer {
            cursor: from,
            pen: Some(Pen::default()),
            ..Writer::default()
        };
        let line: Vec<Glyph> = "some words stand here"
            .chars()
            .map(|c| Glyph {
                text: super::super::glyph::Text::One(c),
                width: 1,
                pen: Pen::default(),
            })
            .collect();
        writer.move_to(At { row, col }, &line);
        String::from_utf8(writer.bytes).unwrap()
    }

    fn at(row: u16, col: u16) -> Cursor {
        Cursor::At(At { row, col })
    }

    #[test]
    fn the_shortest_move_is_taken() {
        assert_eq!(moved(at(3, 4), 3, 4), "");
        assert_eq!(moved(at(3, 4), 4, 4), "\n");
        assert_eq!(moved(at(3, 4), 4, 0), "\r\n");
        assert_eq!(moved(at(3, 4), 3, 3), "\x08");
        assert_eq!(moved(at(3, 40), 3, 60), "\x1b[61G");
        assert_eq!(moved(at(30, 4), 2, 4), "\x1b[3d");
        assert_eq!(moved(at(9, 9), 0, 0), "\x1b[H");
        assert_eq!(moved(Cursor::Lost, 0, 7), "\x1b[;8H");
    }

    /// Why moves and colours are written here.
    #[test]
    fn crossterm_says_the_same_in_more_bytes() {
        fn theirs(command: impl Command) -> usize {
            let mut sequence = String::new();
            push(&mut sequence, command);
            sequence.len()
        }
        let from = at(9, 9);
        assert!(moved(from, 0, 0).len() < theirs(crossterm::cursor::MoveTo(0, 0)));
        assert!(moved(from, 9, 0).len() < theirs(crossterm::cursor::MoveToColumn(0)));
        let red = Pen::new(Color::Red, Color::Reset, Modifier::empty());
        let mut ours = Vec::new();
        red.write_from(Some(Pen::default()), &mut ours);
        let dark_red = crossterm::style::SetForegroundColor(crossterm::style::Color::DarkRed);
        assert!(ours.len() < theirs(dark_red));
    }

    #[test]
    fn a_short_gap_is_printed_again() {
        assert_eq!(moved(at(3, 5), 3, 8), "wor");
    }

    #[test]
    fn an_unknown_column_is_left_by_an_absolute_move() {
        assert_eq!(moved(Cursor::InRow(3), 3, 5), "\x1b[6G");
        assert_eq!(moved(Cursor::InRow(3), 4, 5), "\x1b[5;6H");
        assert_eq!(moved(Cursor::InRow(3), 4, 0), "\r\n");
    }

    #[test]
    fn the_column_is_unknown_after_the_last_one() {
        let mut writer = Writer {
            cursor: at(0, 9),
            ..Writer::default()
        };
        writer.print(&Glyph::blank(Pen::default()), 10);
        assert_eq!(writer.cursor, Cursor::InRow(0));
    }
}
