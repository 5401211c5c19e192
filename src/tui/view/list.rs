//! Which rows of a list are on the screen.
//!
//! The model holds no scroll offsets: what is shown follows from the cursor's
//! place alone, by pages, so that moving the cursor within a page moves
//! nothing else.

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
