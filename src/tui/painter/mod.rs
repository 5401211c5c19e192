//! Turns a frame into few bytes: the difference to what the terminal shows.
//!
//! Invariants: an unchanged frame is no bytes at all; whatever a cell holds,
//! only the sequences listed below and text without control characters reach
//! the terminal; nothing relies on autowrap; margins are set only within one
//! call of [`Painter::paint`].
//!
//! Sequences used: `CSI H G d A B C D` and BS CR LF (moves), `CSI m`,
//! `CSI K X` and `CSI 2 J` (erase, only with default colours), `CSI b` (only
//! if asked for), `CSI r L M` and LF (scroll), `CSI ? 25 h l`,
//! `CSI ? 2026 h l`.
//!
//! # How to draw so that frames stay small
//!
//! - Mark the selected row with a marker cell while the cursor moves, and with
//!   a bar across the row when it rests: a cell whose style changes is sent
//!   again, so a reversed row of 200 columns costs 200 bytes, twice. A marker
//!   and 12 bold or reversed cells in each of the two rows stay under 60 bytes.
//! - Panes whose text scrolls should span the full width and keep their frame
//!   equal in every row; the terminal then moves the rows itself.
//! - Do not colour blanks. Blanks with default colours are erased, not printed.

mod glyph;
mod grid;
mod pen;
mod row;
mod scroll;
mod writer;

#[cfg(test)]
mod proof;

use crossterm::cursor::{Hide, Show};
use ratatui::buffer::Buffer;
use ratatui::layout::Position;

use self::grid::{Grid, Row};
use self::scroll::{Origins, shown};
use self::writer::{At, Cursor, Writer};

/// Begins and ends a synchronised update; unknown to a terminal, they are
/// ignored.
const SYNCHRONISE: &str = "\x1b[?2026h";
const SYNCHRONISED: &str = "\x1b[?2026l";

/// Which tricks a terminal may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PainterOptions {
    /// Let the terminal move rows (margins, insert and delete line).
    pub scroll: bool,
    /// Put `CSI ? 2026 h` and `l` around frames of at least so many bytes and
    /// around those that scroll. `None` never does.
    pub synchronise_from: Option<usize>,
    /// Use `CSI n b` to repeat a glyph. Not every terminal has it.
    pub repeat: bool,
}

impl Default for PainterOptions {
    fn default() -> Self {
        Self {
            scroll: true,
            synchronise_from: Some(192),
            repeat: false,
        }
    }
}

impl PainterOptions {
    /// The plain diff: moves, colours, text and erase only.
    #[must_use]
    pub fn plain() -> Self {
        Self {
            scroll: false,
            synchronise_from: None,
            repeat: false,
        }
    }
}

/// Knows what the terminal shows and writes what it does not show yet.
#[derive(Debug)]
pub struct Painter {
    options: PainterOptions,
    /// Whether `shown` is what the terminal shows.
    known: bool,
    shown: Grid,
    next: Grid,
    erased: Row,
    writer: Writer,
    /// `None` is not known.
    cursor_visible: Option<bool>,
    frame: Vec<u8>,
}

impl Default for Painter {
    fn default() -> Self {
        Self::new(PainterOptions::default())
    }
}

impl Painter {
    /// A painter that knows nothing of its terminal: the first frame is whole.
    #[must_use]
    pub fn new(options: PainterOptions) -> Self {
        Self {
            options,
            known: false,
            shown: Grid::default(),
            next: Grid::default(),
            erased: Row::default(),
            writer: Writer::default(),
            cursor_visible: None,
            frame: Vec::new(),
        }
    }

    /// Forgets what the terminal shows: the next frame is whole. To be called
    /// after the terminal was taken back, was written to by somebody else, or
    /// did not take all bytes of a frame. A resize is noticed without it.
    pub fn invalidate(&mut self) {
        self.known = false;
    }

    /// The bytes that make the terminal show `next`, with the cursor at
    /// `cursor` (zero-based) or hidden. No bytes if it shows that already.
    ///
    /// The buffer's top left cell is the screen's. The bytes must all be
    /// written, in order, or [`Painter::invalidate`] be called.
    pub fn paint(&mut self, next: &Buffer, cursor: Option<Position>) -> &[u8] {
        self.frame.clear();
        self.next.read(next);
        let size = self.next.size();
        if size.0 == 0 || size.1 == 0 {
            self.known = false;
            return &self.frame;
        }
        if self.erased.glyphs.len() != usize::from(size.0) {
            self.erased = Row::erased(size.0);
        }

        let mut writer = Writer {
            bytes: Vec::new(),
            repeat: self.options.repeat,
            ..self.writer.clone()
        };
        let mut scrolled = false;
        if self.known && self.shown.size() == size {
            let still: Origins = (0..usize::from(size.1)).map(Some).collect();
            let start = writer.clone();
            self.draw(&mut writer, &still);
            if self.options.scroll && writer.bytes.len() > start.bytes.len() {
                let (moves, origins) =
                    scroll::plan(self.shown.rows(), self.next.rows(), &self.erased);
                if !moves.is_empty() {
                    let mut other = start;
                    for by in moves {
                        scroll::write(&mut other, by, size.1);
                    }
                    self.draw(&mut other, &origins);
                    let price = |bytes: usize, scrolls| bytes + self.wrapping(bytes, scrolls);
                    if price(other.bytes.len(), true) < price(writer.bytes.len(), false) {
                        writer = other;
                        scrolled = true;
                    }
                }
            }
        } else {
            writer.cursor = Cursor::Lost;
            writer.command(Hide);
            writer.reset_margins();
            writer.clear();
            self.cursor_visible = Some(false);
            self.draw(&mut writer, &vec![None; usize::from(size.1)]);
        }

        let cursor = cursor.map(|Position { x, y }| At {
            row: y.min(size.1 - 1),
            col: x.min(size.0 - 1),
        });
        if let Some(at) = cursor {
            writer.move_to(
                at,
                self.next
                    .rows()
                    .get(usize::from(at.row))
                    .map_or(&[], |r| &r.glyphs),
            );
        }
        if self.cursor_visible != Some(cursor.is_some()) {
            if cursor.is_some() {
                writer.command(Show);
            } else {
                writer.command(Hide);
            }
            self.cursor_visible = Some(cursor.is_some());
        }

        let wrapped = self.wrapping(writer.bytes.len(), scrolled) > 0;
        if wrapped {
            self.frame.extend_from_slice(SYNCHRONISE.as_bytes());
        }
        self.frame.append(&mut writer.bytes);
        if wrapped {
            self.frame.extend_from_slice(SYNCHRONISED.as_bytes());
        }
        self.writer = writer;
        self.known = true;
        std::mem::swap(&mut self.shown, &mut self.next);
        &self.frame
    }

    /// Bytes that synchronising a frame costs; 0 if it is not synchronised.
    fn wrapping(&self, bytes: usize, scrolls: bool) -> usize {
        match self.options.synchronise_from {
            Some(from) if scrolls || bytes >= from => SYNCHRONISE.len() + SYNCHRONISED.len(),
            _ => 0,
        }
    }

    /// Writes every row of the next frame over the shown row that `origins`
    /// says is there.
    fn draw(&self, writer: &mut Writer, origins: &Origins) {
        let mut dirty = Vec::new();
        for ((row, next), origin) in (0..).zip(self.next.rows()).zip(origins) {
            let old = shown(self.shown.rows(), *origin, &self.erased);
            row::draw(writer, row, &old.glyphs, &next.glyphs, &mut dirty);
        }
    }
}
