//! What a line of input offers, in a list above it.

use ecsdeck_core::app::{Column, Model};
use ratatui::layout::Rect;

use super::super::canvas::{Canvas, Spot};
use super::super::list::{Face, LEAST_WITH_HEADINGS, Place, Rows};

/// Offers, ready to be drawn below their title.
pub(super) struct Offers<'a, R> {
    /// All of them, in their order.
    pub(super) offers: &'a [R],
    /// The place of the one that enter takes; none where it takes what was typed.
    pub(super) chosen: Option<usize>,
    /// What is told of each.
    pub(super) columns: &'a [Column<R>],
    /// Where that stands.
    pub(super) places: &'static [Place],
    /// Whether somebody has marked one.
    pub(super) marked: fn(&R) -> bool,
    /// What is said where there are none.
    pub(super) nothing: &'a str,
}

/// The rows at the bottom of the body for a title, headings and so many offers: at least and at most so many.
pub(super) fn rows_for(offers: usize, least: u16, most: u16, body: Rect) -> Rect {
    let wanted = u16::try_from(offers).unwrap_or(u16::MAX).saturating_add(2);
    let height = wanted.max(least).min(most).min(body.height);
    Rect {
        y: body.bottom().saturating_sub(height),
        height,
        ..body
    }
}

impl<R> Offers<'_, R> {
    /// Draws them into the area, whose first row is the title's.
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, model: &Model, area: Rect) {
        let area = Rect {
            y: area.y.saturating_add(1),
            height: area.height.saturating_sub(1),
            ..area
        };
        if self.offers.is_empty() {
            let mut spot = Spot::row(area, 0);
            let style = canvas.theme.warn;
            return canvas.put(&mut spot, self.nothing, style);
        }
        let rows = Rows {
            rows: self.offers,
            cursor: self.chosen,
            lit: self.chosen,
            items: |_| true,
            sort: None,
            columns: self.columns,
            places: self.places,
            headed_from: LEAST_WITH_HEADINGS,
            instead: |_, _, _| None,
            without: &[],
        };
        rows.draw(
            canvas,
            model.now(),
            true,
            area,
            |canvas, row| Face {
                sign: " ",
                style: canvas.theme.text,
                marked: (self.marked)(row),
            },
            |_, _, _| false,
        );
    }
}
