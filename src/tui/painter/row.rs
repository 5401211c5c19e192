//! One line: which columns differ, and the bytes that make the old line the
//! new one.
//!
//! Invariant: columns that a wide glyph ties together, in the old line or in
//! the new one, are written together or not at all.

use super::glyph::Glyph;
use super::writer::{At, Writer};

/// From this many blanks on, `CSI n X` and a move are worth it.
const ERASE_FROM: usize = 12;
/// From this many equal glyphs on, `CSI n b` is worth it.
const REPEAT_FROM: usize = 7;

/// Marks the columns in which `new` must be written over `old`.
pub(super) fn mark(old: &[Glyph], new: &[Glyph], dirty: &mut Vec<bool>) {
    dirty.clear();
    let mut tied = 0;
    let mut differs = false;
    for (column, (was, is)) in old.iter().zip(new).enumerate() {
        if column > 0 && !was.is_covered() && !is.is_covered() {
            dirty.resize(dirty.len() + tied, differs);
            tied = 0;
            differs = false;
        }
        tied += 1;
        differs |= was != is;
    }
    dirty.resize(dirty.len() + tied, differs);
}

/// About how many bytes `draw` would take.
pub(super) fn rough_cost(old: &[Glyph], new: &[Glyph], dirty: &mut Vec<bool>) -> usize {
    if old == new {
        return 0;
    }
    mark(old, new, dirty);
    let end = new.iter().rposition(|g| !g.is_empty()).map_or(0, |c| c + 1);
    let mut cost = 0;
    let mut was_dirty = false;
    let mut pen = None;
    for (glyph, is_dirty) in new.iter().zip(dirty.iter().copied()).take(end) {
        if is_dirty {
            cost += glyph.cost();
            if !was_dirty {
                cost += 5;
            }
            if pen != Some(glyph.pen) {
                cost += 5;
                pen = Some(glyph.pen);
            }
        }
        was_dirty = is_dirty;
    }
    if dirty.iter().skip(end).any(|d| *d) {
        cost += 6;
    }
    cost
}

/// Writes what differs between `old` and `new` in row `row`.
pub(super) fn draw(
    writer: &mut Writer,
    row: u16,
    old: &[Glyph],
    new: &[Glyph],
    dirty: &mut Vec<bool>,
) {
    if old == new {
        return;
    }
    mark(old, new, dirty);
    let width = u16::try_from(new.len()).unwrap_or(u16::MAX);
    let erase_from = tail_to_erase(new, dirty);
    let stop = erase_from.unwrap_or(new.len());

    let mut column = 0;
    while column < stop {
        let Some(glyph) = new.get(column) else { break };
        let skip = !dirty.get(column).copied().unwrap_or(false) || glyph.is_covered();
        if skip {
            column += 1;
            continue;
        }
        writer.move_to(at(row, column), new);
        let blanks = run(new, dirty, column, stop, |g| g.is_empty());
        if blanks >= ERASE_FROM {
            writer.erase(count(blanks));
            column += blanks;
            continue;
        }
        writer.print(glyph, width);
        column += usize::from(glyph.width.max(1));
        if writer.repeat && glyph.width == 1 && !glyph.is_uncertain() {
            let same = run(new, dirty, column, stop, |g| g == glyph);
            if same * glyph.cost() >= REPEAT_FROM {
                writer.print_again(count(same), width);
                column += same;
            }
        }
    }
    if let Some(column) = erase_from {
        writer.move_to(at(row, column), new);
        writer.erase_to_end();
    }
}

/// The column from which the rest of the line is best erased: it is blank from
/// there on, and it costs more to print the blanks that differ.
fn tail_to_erase(new: &[Glyph], dirty: &[bool]) -> Option<usize> {
    let blank = new.iter().rposition(|g| !g.is_empty()).map_or(0, |c| c + 1);
    let tail = dirty.get(blank..)?;
    let first = tail.iter().position(|d| *d)?;
    let last = tail.iter().rposition(|d| *d)?;
    (last - first >= 3).then_some(blank + first)
}

/// Length of the run of dirty glyphs from `start` that satisfy `is`.
fn run(
    new: &[Glyph],
    dirty: &[bool],
    start: usize,
    stop: usize,
    is: impl Fn(&Glyph) -> bool,
) -> usize {
    new.iter()
        .zip(dirty)
        .take(stop)
        .skip(start)
        .take_while(|(glyph, dirty)| **dirty && is(glyph))
        .count()
}

fn at(row: u16, column: usize) -> At {
    At {
        row,
        col: count(column),
    }
}

fn count(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::super::grid::Grid;
    use super::super::pen::Pen;
    use super::super::writer::Cursor;
    use super::*;

    fn line(text: &str) -> Vec<Glyph> {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 40, 1));
        buffer.set_string(0, 0, text, Style::new());
        let mut grid = Grid::default();
        grid.read(&buffer);
        grid.rows()[0].glyphs.clone()
    }

    fn drawn(old: &str, new: &str) -> String {
        let mut writer = Writer {
            cursor: Cursor::At(At::default()),
            pen: Some(Pen::default()),
            ..Writer::default()
        };
        draw(&mut writer, 0, &line(old), &line(new), &mut Vec::new());
        String::from_utf8(writer.bytes).unwrap()
    }

    #[test]
    fn only_the_difference_is_written() {
        assert_eq!(drawn("abcdef", "abcdef"), "");
        assert_eq!(drawn("abcdef", "Xbcdef"), "X");
        assert_eq!(drawn("abcdef", "abXdef"), "abX");
        assert_eq!(drawn("abcdefghijkl", "abcdefghijkL"), "\x1b[12GL");
    }

    #[test]
    fn a_long_tail_is_erased_and_a_short_one_overwritten() {
        assert_eq!(drawn("abcdefghijkl", "a"), "a\x1b[K");
        assert_eq!(drawn("abc", "a"), "a  ");
    }

    #[test]
    fn many_blanks_in_the_middle_are_erased() {
        let old = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab";
        let new = "                                       b";
        assert_eq!(drawn(old, new), "\x1b[39X");
    }

    #[test]
    fn both_halves_of_a_wide_glyph_are_replaced() {
        assert_eq!(drawn("漢z", "a z"), "a ");
        assert_eq!(drawn("a漢z", "ab z"), "ab ");
        // The old glyph's second half and the new glyph's first overlap.
        assert_eq!(drawn("漢z", "a漢"), "a漢");
    }
}
