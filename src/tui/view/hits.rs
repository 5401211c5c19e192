//! What is searched for, marked in a text that stands on the screen already.

use ecsdeck_core::text::{Search, width};

use super::canvas::{Canvas, Spot};

/// Draws hits over the text, so that it is cut at the same place with and without them.
pub(super) fn mark(canvas: &mut Canvas<'_>, start: Spot, text: &str, search: &Search) {
    for hit in search.hits(text) {
        let mut mark = start;
        let columns = width(text.get(..hit.start).unwrap_or_default());
        mark.x = mark
            .x
            .saturating_add(u16::try_from(columns).unwrap_or(u16::MAX));
        let style = canvas.theme.hit;
        canvas.put(&mut mark, text.get(hit).unwrap_or_default(), style);
    }
}
