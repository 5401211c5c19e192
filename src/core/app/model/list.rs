//! A list with a cursor that stands on a thing, not on a place.
//!
//! Rows move when data come in; the cursor stays on its thing. Until somebody
//! moves it, it stays on the first row, which is the most broken one.

use super::filter::Filter;

/// A cursor over rows that are named by keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor<K> {
    on: Option<K>,
    moved: bool,
    place: usize,
    lit: Option<usize>,
    /// It was brought into line with the rows since it was put somewhere.
    settled: bool,
}

impl<K> Default for Cursor<K> {
    fn default() -> Self {
        Self {
            on: None,
            moved: false,
            place: 0,
            lit: None,
            settled: false,
        }
    }
}

/// A movement of a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// So many rows down; negative: up.
    By(isize),
    /// To the first row.
    First,
    /// To the last row.
    Last,
}

impl<K: Clone + PartialEq> Cursor<K> {
    /// What it stands on.
    pub fn on(&self) -> Option<&K> {
        self.on.as_ref()
    }

    /// The place of what it stands on, from 0.
    pub fn place(&self) -> usize {
        self.place
    }

    /// The place that it has come to rest on: that row is drawn in full as the selected one. A row that is only passed
    /// on the way costs no more than the mark.
    pub fn lit(&self) -> Option<usize> {
        self.lit
    }

    /// Whether it has come to rest where it is.
    pub(in crate::app) fn is_lit(&self) -> bool {
        self.lit == self.on.as_ref().map(|_| self.place)
    }

    /// It rests where it is.
    pub(in crate::app) fn light(&mut self) {
        self.lit = self.on.as_ref().map(|_| self.place);
    }

    /// Whether somebody has moved it.
    pub fn is_moved(&self) -> bool {
        self.moved
    }

    /// Puts it on a thing, as if somebody had moved it there.
    pub fn put(&mut self, key: K) {
        self.on = Some(key);
        self.moved = true;
        self.settled = false;
    }

    /// Lets it go back to the first row.
    pub fn release(&mut self) {
        self.settled = false;
        self.moved = false;
    }

    /// Whether it was brought into line with the rows since it was put somewhere.
    pub fn is_settled(&self) -> bool {
        self.settled
    }

    /// Takes the rows as they stand now. What it stood on keeps it; where that is gone, its place does.
    pub fn settle(&mut self, rows: &[K]) {
        let rested = self.is_lit();
        let kept = self
            .on
            .as_ref()
            .filter(|_| self.moved)
            .and_then(|on| rows.iter().position(|key| key == on));
        self.place = match kept {
            Some(place) => place,
            None if self.moved => self.place.min(rows.len().saturating_sub(1)),
            None => 0,
        };
        self.on = rows.get(self.place).cloned();
        self.settled = true;
        if rested {
            self.light();
        }
    }

    /// Moves it within the rows. Gives whether it stands on something else now.
    pub fn go(&mut self, motion: Motion, rows: &[K]) -> bool {
        let last = rows.len().saturating_sub(1);
        let place = match motion {
            Motion::By(by) => self.place.saturating_add_signed(by).min(last),
            Motion::First => 0,
            Motion::Last => last,
        };
        self.moved = true;
        let on = rows.get(place).cloned();
        let changed = on != self.on;
        (self.place, self.on) = (place, on);
        changed
    }
}

/// The list of a pane: its cursor, its filter.
#[derive(Clone, Debug, PartialEq)]
pub struct ListPane<K> {
    /// The cursor.
    pub cursor: Cursor<K>,
    /// What is shown.
    pub filter: Filter,
    /// By which column somebody sorts it; none: in its own order.
    pub sort: Option<Sort>,
    /// Rows that the filter hides.
    pub hidden: usize,
}

/// How the rows of a list are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The column's name.
    pub column: &'static str,
    /// The greatest first.
    pub descending: bool,
}

impl<K> Default for ListPane<K> {
    fn default() -> Self {
        Self {
            cursor: Cursor::default(),
            filter: Filter::default(),
            sort: None,
            hidden: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stays_on_the_first_row_until_somebody_moves_it() {
        let mut cursor = Cursor::default();
        cursor.settle(&["a", "b"]);
        cursor.settle(&["b", "a"]);
        assert_eq!(cursor.on(), Some(&"b"));
    }

    #[test]
    fn it_stays_on_its_thing_when_rows_move() {
        let mut cursor = Cursor::default();
        cursor.settle(&["a", "b", "c"]);
        cursor.go(Motion::By(1), &["a", "b", "c"]);
        cursor.settle(&["c", "a", "x", "b"]);
        assert_eq!((cursor.on(), cursor.place()), (Some(&"b"), 3));
    }

    #[test]
    fn it_stays_near_its_place_when_its_thing_is_gone() {
        let mut cursor = Cursor::default();
        cursor.settle(&["a", "b", "c"]);
        cursor.go(Motion::Last, &["a", "b", "c"]);
        cursor.settle(&["a", "b"]);
        assert_eq!(cursor.on(), Some(&"b"));
        cursor.settle(&[]);
        assert_eq!(cursor.on(), None);
    }

    #[test]
    fn it_stops_at_both_ends() {
        let mut cursor = Cursor::default();
        cursor.settle(&["a", "b"]);
        assert!(!cursor.go(Motion::By(-5), &["a", "b"]));
        assert!(cursor.go(Motion::By(9), &["a", "b"]));
        assert_eq!(cursor.place(), 1);
    }

    #[test]
    fn a_row_is_lit_when_the_cursor_rests_and_stays_lit_where_it_goes_by_itself() {
        let mut cursor = Cursor::default();
        cursor.settle(&["a", "b"]);
        cursor.light();
        cursor.go(Motion::By(1), &["a", "b"]);
        assert_eq!((cursor.place(), cursor.lit()), (1, Some(0)));
        cursor.light();
        cursor.settle(&["b", "a"]);
        assert_eq!((cursor.place(), cursor.lit()), (0, Some(0)));
    }
}
