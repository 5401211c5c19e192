//! The screen as rows of glyphs, read from a ratatui buffer.
//!
//! Invariant: every row has exactly `width` glyphs, and a wide glyph is
//! followed by its covered columns, all of them inside the row.

use std::hash::{Hash, Hasher};

use ratatui::buffer::{Buffer, Cell};

use super::glyph::{Glyph, Safe, Text, settle};
use super::pen::Pen;

/// One line of the screen.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub(super) glyphs: Vec<Glyph>,
    /// Finds scrolled rows fast. Equal rows have equal hashes; the reverse is
    /// checked by whoever relies on it.
    pub(super) hash: u64,
}

/// A whole screen.
#[derive(Debug, Default)]
pub(super) struct Grid {
    width: u16,
    rows: Vec<Row>,
}

impl Grid {
    pub(super) fn size(&self) -> (u16, u16) {
        (
            self.width,
            u16::try_from(self.rows.len()).unwrap_or(u16::MAX),
        )
    }

    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Takes over what `buffer` shows; its origin is the screen's.
    pub(super) fn read(&mut self, buffer: &Buffer) {
        self.width = buffer.area.width;
        self.rows
            .resize_with(usize::from(buffer.area.height), Row::default);
        let width = usize::from(self.width).max(1);
        for (row, cells) in self.rows.iter_mut().zip(buffer.content.chunks(width)) {
            row.read(cells, width);
        }
    }
}

impl Row {
    /// A row that was erased with the default colours.
    pub(super) fn erased(width: u16) -> Self {
        let mut row = Self {
            glyphs: vec![Glyph::blank(Pen::default()); usize::from(width)],
            hash: 0,
        };
        row.seal();
        row
    }

    fn read(&mut self, cells: &[Cell], width: usize) {
        self.glyphs.clear();
        let mut cells = cells.iter();
        while let Some(cell) = cells.next() {
            let pen = Pen::new(cell.fg, cell.bg, cell.modifier);
            let Safe {
                text,
                width: columns,
                reserved,
            } = settle(cell.symbol());
            let room = width.saturating_sub(self.glyphs.len());
            if usize::from(reserved) > room {
                // Half of a wide glyph: ratatui would let it hang over the edge.
                self.glyphs.push(Glyph::blank(pen));
                continue;
            }
            if text == Text::One(' ') {
                self.glyphs.push(Glyph::blank(pen));
            } else {
                self.glyphs.push(Glyph {
                    text,
                    width: columns,
                    pen,
                });
            }
            for column in 1..reserved {
                cells.next();
                self.glyphs.push(if column < columns {
                    Glyph::covered(pen)
                } else {
                    Glyph::blank(pen)
                });
            }
        }
        self.glyphs.resize(width, Glyph::blank(Pen::default()));
        self.seal();
    }

    fn seal(&mut self) {
        let mut hasher = Mixer::default();
        self.glyphs.hash(&mut hasher);
        self.hash = hasher.finish();
    }

    /// How many glyphs are not blank.
    pub(super) fn weight(&self) -> usize {
        self.glyphs.iter().filter(|g| !g.is_empty()).count()
    }
}

/// A fast hash for short-lived comparisons (FxHash's step). Nothing depends
/// on its quality but speed.
#[derive(Default)]
struct Mixer(u64);

impl Mixer {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.mix(u64::from(*byte));
        }
    }

    fn write_u8(&mut self, n: u8) {
        self.mix(u64::from(n));
    }

    fn write_u16(&mut self, n: u16) {
        self.mix(u64::from(n));
    }

    fn write_u32(&mut self, n: u32) {
        self.mix(u64::from(n));
    }

    fn write_u64(&mut self, n: u64) {
        self.mix(n);
    }

    fn write_isize(&mut self, n: isize) {
        self.mix(u64::from_ne_bytes((n as i64).to_ne_bytes()));
    }

    fn write_usize(&mut self, n: usize) {
        self.mix(n as u64);
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    fn grid(width: u16, line: &str) -> Grid {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, 1));
        buffer.set_string(0, 0, line, Style::new());
        let mut grid = Grid::default();
        grid.read(&buffer);
        grid
    }

    fn widths(grid: &Grid) -> Vec<u8> {
        grid.rows()[0].glyphs.iter().map(|g| g.width).collect()
    }

    #[test]
    fn a_wide_glyph_covers_the_column_after_it() {
        assert_eq!(widths(&grid(5, "a漢b")), [1, 2, 0, 1, 1]);
    }

    #[test]
    fn a_wide_glyph_that_does_not_fit_becomes_a_blank() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 3, 1));
        buffer[(2, 0)].set_symbol("漢");
        let mut grid = Grid::default();
        grid.read(&buffer);
        assert_eq!(widths(&grid), [1, 1, 1]);
        assert!(grid.rows()[0].glyphs[2].is_empty());
    }

    #[test]
    fn equal_rows_have_equal_hashes_and_others_do_not() {
        assert_eq!(
            grid(9, "same").rows()[0].hash,
            grid(9, "same").rows()[0].hash
        );
        assert_ne!(
            grid(9, "same").rows()[0].hash,
            grid(9, "some").rows()[0].hash
        );
    }
}
