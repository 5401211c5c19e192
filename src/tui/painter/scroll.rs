//! Rows that moved: finding them, and letting the terminal move them.
//!
//! A scroll changes only the map from screen rows to the rows that were shown
//! before. The diff that follows corrects whatever the scroll got wrong, so a
//! bad guess costs bytes, never a wrong screen.

use super::grid::Row;
use super::pen::Pen;
use super::row::rough_cost;
use super::writer::{At, Writer, counted};

/// Full-width rows that have moved since the last frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Move {
    /// First row of the moving part, zero-based.
    pub(super) top: u16,
    /// The row after the last one.
    pub(super) bottom: u16,
    /// How many rows the text moved up; negative is down.
    pub(super) lines: i16,
}

/// Bytes that the shortest scroll takes.
const OVERHEAD: usize = 14;
/// More moves than this in one frame are not looked for.
const MOVES: usize = 4;

/// Where each screen row comes from: a row of the frame before, or an erased
/// one.
pub(super) type Origins = Vec<Option<usize>>;

/// The scrolls that make the frame `new` out of `old` cheaper, and the map of
/// rows after them.
pub(super) fn plan(old: &[Row], new: &[Row], erased: &Row) -> (Vec<Move>, Origins) {
    let mut origins: Origins = (0..old.len()).map(Some).collect();
    let mut moves = Vec::new();
    while moves.len() < MOVES {
        let Some(found) = find(old, new, erased, &origins) else {
            break;
        };
        if !try_move(found, old, new, erased, &mut origins, &mut moves) {
            break;
        }
    }
    (moves, origins)
}

/// Takes a move if it saves more than it costs.
fn try_move(
    candidate: Move,
    old: &[Row],
    new: &[Row],
    erased: &Row,
    origins: &mut Origins,
    moves: &mut Vec<Move>,
) -> bool {
    let Some(moved) = apply(candidate, origins) else {
        return false;
    };
    let dirty = &mut Vec::new();
    let mut before = 0;
    let mut after = 0;
    for ((is, was), next) in moved.iter().zip(origins.iter()).zip(new) {
        if is == was {
            continue;
        }
        before += rough_cost(&shown(old, *was, erased).glyphs, &next.glyphs, dirty);
        after += rough_cost(&shown(old, *is, erased).glyphs, &next.glyphs, dirty);
    }
    if after + OVERHEAD >= before {
        return false;
    }
    *origins = moved;
    moves.push(candidate);
    true
}

/// The row that the screen shows where `origin` says so.
pub(super) fn shown<'a>(old: &'a [Row], origin: Option<usize>, erased: &'a Row) -> &'a Row {
    origin.and_then(|row| old.get(row)).unwrap_or(erased)
}

/// The map of rows after a move; nothing if the move makes no sense.
fn apply(by: Move, origins: &Origins) -> Option<Origins> {
    let (top, bottom) = (usize::from(by.top), usize::from(by.bottom));
    let lines = usize::from(by.lines.unsigned_abs());
    let mut moved = origins.clone();
    let region = moved.get_mut(top..bottom)?;
    if lines == 0 || lines >= region.len() {
        return None;
    }
    if by.lines > 0 {
        region.rotate_left(lines);
        region.iter_mut().rev().take(lines).for_each(|o| *o = None);
    } else {
        region.rotate_right(lines);
        region.iter_mut().take(lines).for_each(|o| *o = None);
    }
    Some(moved)
}

/// The move of the heaviest run of changed rows that are on the screen
/// somewhere else.
fn find(old: &[Row], new: &[Row], erased: &Row, origins: &Origins) -> Option<Move> {
    let was: Vec<u64> = origins
        .iter()
        .map(|origin| shown(old, *origin, erased).hash)
        .collect();
    let is: Vec<u64> = new.iter().map(|row| row.hash).collect();
    let weights: Vec<usize> = new
        .iter()
        .zip(was.iter().zip(&is))
        .map(|(row, (was, is))| if was == is { 0 } else { row.weight() })
        .collect();
    if weights.iter().filter(|w| **w > 0).count() < 2 {
        return None;
    }
    let height = is.len();
    let mut best: Option<(usize, Move)> = None;
    for lines in 1..height {
        // Up: row y now was row y + lines. Down: the other way round.
        let up = runs(is.iter().zip(was.iter().skip(lines)), &weights);
        let down = runs(
            is.iter().skip(lines).zip(was.iter()),
            weights.get(lines..).unwrap_or_default(),
        );
        let found = [(up, true), (down, false)];
        for (run, is_up) in found {
            let Some(Run {
                start,
                length,
                weight,
            }) = run
            else {
                continue;
            };
            if best.as_ref().is_some_and(|(most, _)| *most >= weight) {
                continue;
            }
            let (Ok(top), Ok(bottom), Ok(lines)) = (
                u16::try_from(start),
                u16::try_from(start + length + lines),
                i16::try_from(lines),
            ) else {
                continue;
            };
            let lines = if is_up { lines } else { -lines };
            best = Some((weight, Move { top, bottom, lines }));
        }
    }
    best.map(|(_, found)| found)
}

/// Rows in a row that match.
struct Run {
    start: usize,
    length: usize,
    weight: usize,
}

/// The heaviest run of equal pairs; weightless ones do not count.
fn runs<'a>(pairs: impl Iterator<Item = (&'a u64, &'a u64)>, weights: &[usize]) -> Option<Run> {
    let mut best: Option<Run> = None;
    let mut start = 0;
    let mut weight = 0;
    for (at, ((is, was), w)) in pairs.zip(weights).enumerate() {
        if is != was {
            start = at + 1;
            weight = 0;
            continue;
        }
        weight += w;
        if weight > best.as_ref().map_or(0, |b| b.weight) {
            let length = at + 1 - start;
            best = Some(Run {
                start,
                length,
                weight,
            });
        }
    }
    best
}

/// Makes the terminal scroll. Lines are inserted and deleted rather than
/// scrolled with `CSI S`: the Linux console has no `CSI S`.
pub(super) fn write(writer: &mut Writer, by: Move, height: u16) {
    // What scrolls in takes the pen's background on some terminals.
    writer.set_pen(Pen::default());
    let lines = by.lines.unsigned_abs();
    let margins = by.bottom < height;
    if margins {
        writer.set_margins(by.top, by.bottom);
    }
    let (row, order) = match (by.lines > 0, lines) {
        // Without margins a line feed would scroll the rows above, too.
        (true, 1..=3) if margins => (by.bottom - 1, "\n".repeat(usize::from(lines))),
        (true, _) => (by.top, counted(lines, 'M')),
        (false, _) => (by.top, counted(lines, 'L')),
    };
    writer.move_to(At { row, col: 0 }, &[]);
    writer.raw(&order);
    if margins {
        writer.reset_margins();
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;

    use super::super::grid::Grid;
    use super::*;

    fn grid(lines: &[&str]) -> Grid {
        let mut grid = Grid::default();
        grid.read(&Buffer::with_lines(
            lines.iter().copied().map(|l| format!("{l:20}")),
        ));
        grid
    }

    fn planned(old: &[&str], new: &[&str]) -> Vec<Move> {
        plan(grid(old).rows(), grid(new).rows(), &Row::erased(20)).0
    }

    #[test]
    fn lines_that_moved_up_are_found() {
        assert_eq!(
            planned(
                &[
                    "top",
                    "first line here",
                    "second line here",
                    "third line here",
                    "end"
                ],
                &[
                    "top",
                    "second line here",
                    "third line here",
                    "fourth line here",
                    "end"
                ],
            ),
            [Move {
                top: 1,
                bottom: 4,
                lines: 1
            }]
        );
    }

    #[test]
    fn lines_that_moved_down_are_found() {
        assert_eq!(
            planned(
                &[
                    "top",
                    "first line here",
                    "second line here",
                    "third line here",
                    "end"
                ],
                &[
                    "top",
                    "zeroth line here",
                    "first line here",
                    "second line here",
                    "end"
                ],
            ),
            [Move {
                top: 1,
                bottom: 4,
                lines: -1
            }]
        );
    }

    #[test]
    fn short_lines_are_not_worth_a_scroll() {
        assert_eq!(planned(&["a", "b", "z"], &["b", "c", "z"]), []);
    }

    #[test]
    fn a_senseless_move_is_none() {
        let origins = vec![Some(0), Some(1)];
        for (top, bottom, lines) in [(0, 9, 1), (1, 0, 1), (0, 2, 2), (0, 2, 0), (0, 2, i16::MIN)] {
            assert_eq!(apply(Move { top, bottom, lines }, &origins), None);
        }
    }
}
