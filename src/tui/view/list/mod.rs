//! The one widget of every list: headings, rows, the cursor's row in full.
//!
//! The model holds no scroll offsets: what is shown follows from the cursor's
//! place alone, by pages, so that moving the cursor within a page moves
//! nothing else.

mod widths;

use ecsdeck_core::app::{Column, Model, Pane, Sort};
use ecsdeck_core::domain::Time;
use ecsdeck_core::text::{Align, width};
use ratatui::layout::Rect;
use ratatui::style::Style;

pub(super) use self::widths::{Place, Width};
use self::widths::{Placed, place};
use super::canvas::{Canvas, Mark, Spot};
use super::failure::draw_failure;
use super::title::{Tint, Title};
use super::verdict::meaning;

/// The columns of the cursor and of the sign, and a blank.
const MARK: u16 = 3;

/// The list of a pane, ready to be drawn.
pub(super) struct List<'a, R> {
    /// Its pane.
    pub(super) pane: Pane,
    /// Its title, without what every list says there.
    pub(super) title: Title,
    /// What was typed to filter it.
    pub(super) filter: &'a str,
    /// How many rows are hidden.
    pub(super) hidden: usize,
    /// What is said where there are no rows.
    pub(super) empty: String,
    /// Headings and rows.
    pub(super) rows: Rows<'a, R>,
}

/// Headings and rows, wherever they lie.
pub(super) struct Rows<'a, R> {
    /// All rows, in their order.
    pub(super) rows: &'a [R],
    /// The place of the cursor's row.
    pub(super) cursor: Option<usize>,
    /// The place of the row that the cursor has come to rest on.
    pub(super) lit: Option<usize>,
    /// Which rows are items: the others are headings among them, and are not counted.
    pub(super) items: fn(&R) -> bool,
    /// By what somebody sorts it.
    pub(super) sort: Option<Sort>,
    /// What is told of a row.
    pub(super) columns: &'a [Column<R>],
    /// Where that stands.
    pub(super) places: &'static [Place],
    /// What a column says in so many terminal columns, where that is not what it is filtered by.
    pub(super) instead: fn(&R, &str, usize) -> Option<String>,
    /// From this height on its headings are there though not all rows are.
    pub(super) headed_from: usize,
    /// Columns that say nothing here.
    pub(super) without: &'a [&'static str],
}

/// What the widget does not know of a row.
pub(super) struct Face {
    /// Its sign.
    pub(super) sign: &'static str,
    /// The sign's style.
    pub(super) style: Style,
    /// Somebody has marked it.
    pub(super) marked: bool,
}

/// Below this height rows that do not all fit are worth more than their headings, where these say what is seen anyway.
pub(super) const LEAST_WITH_HEADINGS: usize = 4;

impl<R> List<'_, R> {
    /// Draws the pane: title, failure, headings, rows. `face` gives what stands before a row's columns; `line` draws
    /// what has other columns than the rest, and tells whether it did.
    pub(super) fn draw(
        mut self,
        canvas: &mut Canvas<'_>,
        model: &Model,
        area: Rect,
        face: impl Fn(&Canvas<'_>, &R) -> Face,
        line: impl Fn(&mut Canvas<'_>, &R, Spot) -> bool,
    ) {
        let inner = area.height.saturating_sub(1);
        let headings = self.rows.heading_rows(inner);
        let height = usize::from(inner.saturating_sub(headings));
        let title = self.titled(height, inner);
        let area = title.draw(canvas, model, self.pane, area);
        let lines = self.rows.rows.len().saturating_add(usize::from(headings));
        let area = draw_failure(canvas, model, self.pane, area, lines);
        if !self.rows.rows.is_empty() {
            let focused = model.focus == self.pane;
            return self
                .rows
                .draw(canvas, model.now(), focused, area, face, line);
        }
        if area.height > 0 {
            let mut spot = Spot::row(area, 0);
            spot.skip(1);
            let style = canvas.theme.dim;
            canvas.put(&mut spot, &self.empty, style);
        }
    }

    /// The title with what every list says there: what hides rows, and which are shown.
    fn titled(&mut self, height: usize, inner: u16) -> Title {
        let mut title = std::mem::take(&mut self.title).filter(self.filter);
        if self.hidden > 0 {
            title = title.note(format!("{} hidden", self.hidden), Tint::Dim);
        }
        let list = &self.rows;
        if let Some(Sort { column, .. }) = list.sort
            && (list.without.contains(&column)
                || list.places.iter().all(|place| place.name != column))
        {
            title = title.note(format!("by {column}"), Tint::Warn);
        }
        if list.rows.is_empty() && inner == 0 {
            title.awaits = true;
            return title.note(self.empty.clone(), Tint::Dim);
        }
        let first = top(list.cursor.unwrap_or(0), height, list.rows.len());
        let items = |rows: Option<&[R]>| {
            let rows = rows.unwrap_or_default();
            rows.iter().filter(|row| (list.items)(row)).count()
        };
        let before = items(list.rows.get(..first));
        let shown = list.rows.get(first..).unwrap_or_default();
        let shown = items(shown.get(..height).or(Some(shown)));
        title.window(before, shown, items(Some(list.rows)))
    }
}

impl<R> Rows<'_, R> {
    /// Draws headings and rows; `face` and `line` are as those of a pane's list.
    pub(super) fn draw(
        &self,
        canvas: &mut Canvas<'_>,
        now: Time,
        focused: bool,
        area: Rect,
        face: impl Fn(&Canvas<'_>, &R) -> Face,
        line: impl Fn(&mut Canvas<'_>, &R, Spot) -> bool,
    ) {
        let places: Vec<&'static Place> = self
            .places
            .iter()
            .filter(|place| !self.without.contains(&place.name))
            .collect();
        let room = usize::from(area.width.saturating_sub(MARK));
        let placed = place(&places, room, self.longest(now));
        let headings = self.heading_rows(area.height);
        if headings > 0 {
            self.draw_headings(canvas, &placed, Spot::row(area, 0));
        }
        let height = usize::from(area.height.saturating_sub(headings));
        let first = top(self.cursor.unwrap_or(0), height, self.rows.len());
        let rows = self.rows.iter().enumerate().skip(first).take(height);
        for (at, (number, row)) in (headings..).zip(rows) {
            let mut spot = Spot::row(area, at);
            let mark = Mark::new(self.cursor == Some(number), focused);
            let Face {
                sign,
                style,
                marked,
            } = face(canvas, row);
            canvas.put_mark(&mut spot, mark, sign, style);
            if marked {
                // In the blank before the words.
                let mut blank = Spot {
                    x: spot.x.saturating_sub(1),
                    ..spot
                };
                let style = canvas.theme.key;
                canvas.put(&mut blank, "*", style);
            }
            if !line(canvas, row, spot) {
                self.draw_row(canvas, row, &placed, now, spot);
            }
            if focused && self.lit == Some(number) {
                canvas.light(area, at);
            }
        }
    }

    fn heading_rows(&self, height: u16) -> u16 {
        let height = usize::from(height);
        let fits = height > self.rows.len() || height >= self.headed_from;
        u16::from(fits && !self.rows.is_empty())
    }

    fn column(&self, name: &str) -> Option<&Column<R>> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The width of the longest text in the column that is as wide as that.
    fn longest(&self, now: Time) -> usize {
        let mut places = self.places.iter();
        let place = places.find(|place| matches!(place.width, Width::Longest { .. }));
        let column = place.and_then(|place| self.column(place.name));
        column.map_or(0, |column| {
            let rows = self.rows.iter().filter(|row| (self.items)(row));
            rows.map(|row| width(&(column.text)(row, now)))
                .max()
                .unwrap_or(0)
        })
    }

    fn draw_row(
        &self,
        canvas: &mut Canvas<'_>,
        row: &R,
        placed: &[Placed],
        now: Time,
        mut spot: Spot,
    ) {
        let theme = canvas.theme;
        for Placed { place, columns } in placed {
            let Some(column) = self.column(place.name) else {
                continue;
            };
            let text = (self.instead)(row, place.name, *columns)
                .unwrap_or_else(|| (column.text)(row, now).to_string());
            // A blank has no colour: it would be seen where the row is marked.
            let style = if text.is_empty() {
                theme.text
            } else {
                meaning(theme, (column.style)(row))
            };
            let end = spot
                .x
                .saturating_add(u16::try_from(*columns).unwrap_or(u16::MAX))
                .min(spot.end);
            let mut own = Spot { end, ..spot };
            match place.width {
                Width::Rest { .. } => canvas.put_words(&mut own, &text, style),
                Width::Longest { .. } => canvas.put_name(&mut own, &text, *columns, style),
                _ => canvas.put_column(&mut own, &text, *columns, column.align, style),
            }
            spot.x = end.saturating_add(1);
        }
    }

    /// The headings; that of the sorted column says so, and which way round.
    fn draw_headings(&self, canvas: &mut Canvas<'_>, placed: &[Placed], mut spot: Spot) {
        let theme = canvas.theme;
        spot.skip(MARK);
        for Placed { place, columns } in placed {
            let Some(column) = self.column(place.name) else {
                continue;
            };
            let sorted = self.sort.filter(|sort| sort.column == place.name);
            let arrow = match sorted {
                None => "",
                Some(sort) if sort.descending => canvas.glyphs.down,
                Some(_) => canvas.glyphs.up,
            };
            let name = column.heading.to_uppercase();
            let style = if sorted.is_some() {
                theme.heading
            } else {
                theme.dim
            };
            // The arrow stands in the blank beside the column where the heading fills it.
            let (heading, arrow_first) = match column.align {
                Align::Right => (format!("{arrow}{name}"), true),
                Align::Left => (format!("{name}{arrow}"), false),
            };
            let wider = width(&heading) > *columns;
            let mut own = spot;
            if wider && arrow_first {
                own.x = own.x.saturating_sub(1);
            }
            canvas.put_column(
                &mut own,
                &heading,
                columns.saturating_add(usize::from(wider)),
                column.align,
                style,
            );
            spot.skip(u16::try_from(*columns).unwrap_or(u16::MAX));
            spot.skip(1);
        }
    }
}

/// The first row that is shown, so that the row at `place` is.
pub(super) fn top(place: usize, height: usize, rows: usize) -> usize {
    let page = place
        .checked_div(height)
        .unwrap_or(0)
        .saturating_mul(height);
    page.min(rows.saturating_sub(height))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::top;

    #[test]
    fn a_move_within_a_page_scrolls_nothing() {
        let tops: Vec<usize> = (0..10).map(|place| top(place, 4, 10)).collect();
        assert_eq!(tops, [0, 0, 0, 0, 4, 4, 4, 4, 6, 6]);
    }

    proptest! {
        #[test]
        fn the_cursor_is_always_shown_and_no_row_is_wasted(rows in 1_usize..200, height in 1_usize..60, at in 0_usize..200) {
            let place = at % rows;
            let top = top(place, height, rows);
            prop_assert!(top <= place && place < top + height);
            prop_assert!(top == 0 || top + height <= rows);
        }
    }
}
