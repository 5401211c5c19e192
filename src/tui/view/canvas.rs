//! Drawing text into the buffer.
//!
//! The invariant: nothing is drawn outside of the buffer, whatever the place
//! or the text, and with `ascii` set nothing but ASCII is drawn.

use std::borrow::Cow;

use ecsdeck_core::text::{Align, Ellipsis, fit, pad, width};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::glyphs::Glyphs;
use crate::theme::Theme;

/// What is drawn on, and how.
pub(super) struct Canvas<'a> {
    buffer: &'a mut Buffer,
    /// The colours.
    pub(super) theme: &'a Theme,
    /// The signs.
    pub(super) glyphs: &'static Glyphs,
    ascii: bool,
}

/// A place in a row, and where what is drawn there must end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    /// The next column.
    pub(super) x: u16,
    /// The row.
    pub(super) y: u16,
    /// The first column that does not belong to it.
    pub(super) end: u16,
}

/// Whether the cursor stands on a row, and whether keys go there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Another row.
    None,
    /// It does, but keys go to another pane.
    Selected,
    /// It does.
    Focused,
}

impl Mark {
    pub(super) fn new(here: bool, focused: bool) -> Self {
        match (here, focused) {
            (false, _) => Self::None,
            (true, false) => Self::Selected,
            (true, true) => Self::Focused,
        }
    }
}

impl Spot {
    /// The row `row` of an area, from 0.
    pub(super) fn row(area: Rect, row: u16) -> Self {
        Self {
            x: area.x,
            y: area.y.saturating_add(row),
            end: area.right(),
        }
    }

    /// Columns that are left.
    pub(super) fn room(self) -> usize {
        usize::from(self.end.saturating_sub(self.x))
    }

    /// Leaves columns free.
    pub(super) fn skip(&mut self, columns: u16) {
        self.x = self.x.saturating_add(columns);
    }

    /// The same place, but it ends so many columns earlier.
    pub(super) fn less(self, columns: usize) -> Self {
        let columns = u16::try_from(columns).unwrap_or(u16::MAX);
        Self {
            end: self.end.saturating_sub(columns).max(self.x),
            ..self
        }
    }
}

impl<'a> Canvas<'a> {
    pub(super) fn new(buffer: &'a mut Buffer, theme: &'a Theme, ascii: bool) -> Self {
        Self {
            buffer,
            theme,
            glyphs: Glyphs::new(ascii),
            ascii,
        }
    }

    /// Text as it can be drawn: on one line, and in ASCII where that is asked for.
    pub(super) fn plain<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let text = if text.contains('\n') {
            Cow::Owned(text.replace('\n', " "))
        } else {
            Cow::Borrowed(text)
        };
        if !self.ascii || text.is_ascii() {
            return text;
        }
        let mut plain = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                c if c.is_ascii() => plain.push(c),
                '×' => plain.push('x'),
                '…' => plain.push_str("..."),
                '→' => plain.push_str("->"),
                '↑' => plain.push('^'),
                '↓' => plain.push('v'),
                '—' | '–' | '·' => plain.push('-'),
                '‘' | '’' => plain.push('\''),
                '“' | '”' => plain.push('"'),
                c => plain.push_str(&format!("<{:X}>", u32::from(c))),
            }
        }
        Cow::Owned(plain)
    }

    /// What says that text was cut.
    pub(super) fn ellipsis(&self) -> Ellipsis {
        Ellipsis::END.ascii(self.ascii)
    }

    /// Draws text, cut where the spot ends, and goes on behind it.
    pub(super) fn put(&mut self, spot: &mut Spot, text: &str, style: Style) {
        self.put_cut(spot, text, self.ellipsis(), style);
    }

    /// The same for a name, which is cut in its middle: names differ at their ends.
    pub(super) fn put_name(&mut self, spot: &mut Spot, text: &str, columns: usize, style: Style) {
        let cut = Ellipsis::MIDDLE.ascii(self.ascii);
        let columns = columns.min(spot.room());
        let end = spot
            .x
            .saturating_add(u16::try_from(columns).unwrap_or(u16::MAX));
        let mut name = Spot { end, ..*spot };
        self.put_cut(&mut name, text, cut, style);
        spot.x = end;
    }

    /// The same for what AWS says: its words begin with the kind of a failure and end with its cause, and
    /// both are worth more than what lies between.
    pub(super) fn put_words(&mut self, spot: &mut Spot, text: &str, style: Style) {
        let cut = if spot.room() < 24 {
            Ellipsis::END
        } else {
            Ellipsis::MIDDLE
        };
        self.put_cut(spot, text, cut.ascii(self.ascii), style);
    }

    fn put_cut(&mut self, spot: &mut Spot, text: &str, cut: Ellipsis, style: Style) {
        let area = self.buffer.area;
        if spot.y < area.y || spot.y >= area.bottom() || spot.x >= area.right() || spot.room() == 0
        {
            return;
        }
        let text = self.plain(text);
        let text = fit(&text, spot.room(), cut);
        let (x, _) = self
            .buffer
            .set_stringn(spot.x, spot.y, text, spot.room(), style);
        spot.x = x;
    }

    /// Draws text into exactly so many columns.
    pub(super) fn put_column(
        &mut self,
        spot: &mut Spot,
        text: &str,
        columns: usize,
        align: Align,
        style: Style,
    ) {
        let columns = columns.min(spot.room());
        let end = spot
            .x
            .saturating_add(u16::try_from(columns).unwrap_or(u16::MAX));
        let text = self.plain(text);
        let text = fit(&text, columns, self.ellipsis());
        let text = pad(&text, columns, align);
        let mut column = Spot { end, ..*spot };
        self.put_cut(&mut column, &text, self.ellipsis(), style);
        spot.x = end;
    }

    /// Draws text so that it ends where the spot ends; gives the spot before it.
    pub(super) fn put_right(&mut self, spot: Spot, text: &str, style: Style) -> Spot {
        let text = self.plain(text).into_owned();
        let columns = width(&text).min(spot.room());
        let mut right = Spot {
            x: spot
                .end
                .saturating_sub(u16::try_from(columns).unwrap_or(u16::MAX)),
            ..spot
        };
        let before = spot.less(columns);
        self.put(&mut right, &text, style);
        before
    }

    /// Draws the first two columns of a list's row: the cursor, and a sign.
    ///
    /// While the cursor moves it alone tells the selected row apart: a row in another style costs its bytes twice, and
    /// on a slow line that is what makes a console feel stuck. The row follows when the cursor rests.
    pub(super) fn put_mark(&mut self, spot: &mut Spot, mark: Mark, sign: &str, style: Style) {
        let theme = self.theme;
        let (cursor, cursor_style) = match mark {
            Mark::None => (" ", theme.text),
            Mark::Selected => (self.glyphs.cursor, theme.cursor),
            Mark::Focused => (self.glyphs.here, theme.cursor_focus),
        };
        self.put_column(spot, cursor, 1, Align::Left, cursor_style);
        self.put_column(spot, sign, 1, Align::Left, style);
        spot.skip(1);
    }

    /// Draws a whole row as the selected one.
    pub(super) fn light(&mut self, area: Rect, row: u16) {
        let row = Rect {
            y: area.y.saturating_add(row),
            height: 1,
            ..area
        };
        self.buffer
            .set_style(row.intersection(area), self.theme.selected);
    }

    /// Draws a rule to where the spot ends.
    pub(super) fn rule(&mut self, spot: Spot) {
        let rule = self.glyphs.rule.repeat(spot.room());
        let mut spot = spot;
        let style = self.theme.dim;
        self.put(&mut spot, &rule, style);
    }

    /// Draws a rule downwards.
    pub(super) fn side(&mut self, area: Rect) {
        let (side, style) = (self.glyphs.side, self.theme.dim);
        for row in 0..area.height {
            self.put(&mut Spot::row(area, row), side, style);
        }
    }

    /// Blanks an area.
    pub(super) fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        for row in area.rows() {
            for place in row.positions() {
                if let Some(cell) = self.buffer.cell_mut(place) {
                    cell.reset();
                }
            }
        }
        // The right half of a wide character must not stay behind without its left half, nor the other way round.
        self.heal(area);
    }

    /// A wide character whose right half was drawn over is taken away.
    fn heal(&mut self, area: Rect) {
        let Some(left) = area
            .x
            .checked_sub(1)
            .filter(|left| *left >= self.buffer.area.x)
        else {
            return;
        };
        for y in area.y..area.bottom() {
            if let Some(cell) = self.buffer.cell_mut((left, y))
                && width(cell.symbol()) > 1
            {
                cell.reset();
            }
        }
    }
}
