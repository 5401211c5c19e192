//! Foreign text broken into rows of so many columns.
//!
//! The invariants: every row fits (but for a single character that is wider
//! than the row), no cluster is split, and nothing but blanks at the breaks is
//! lost. Widgets that wrap by themselves panic on some texts (ratatui#2679).

use std::ops::Range;

use ecsdeck_core::text::width;
use unicode_segmentation::UnicodeSegmentation;

/// The byte ranges of the rows that `text` takes: `first` columns, then `rest` columns each.
pub(super) fn wrap(text: &str, first: usize, rest: usize) -> Vec<Range<usize>> {
    let mut rows = Vec::new();
    let (mut start, mut columns, mut blank) = (0_usize, 0_usize, 0_usize);
    for (at, cluster) in text.grapheme_indices(true) {
        let limit = if rows.is_empty() { first } else { rest }.max(1);
        let wide = width(cluster);
        if columns.saturating_add(wide) > limit && at > start {
            if cluster == " " {
                // The break falls on a blank: it is not needed on either side.
                rows.push(start..at);
                start = at.saturating_add(cluster.len());
                (columns, blank) = (0, start);
                continue;
            }
            let word = text
                .get(blank..)
                .unwrap_or_default()
                .split(' ')
                .next()
                .unwrap_or_default();
            // A word that is too long for any row is broken here rather than on the next one, and so is
            // one that would leave most of this row empty.
            let head = width(text.get(start..blank).unwrap_or_default());
            let whole = width(word) <= rest && head.saturating_mul(3) >= limit;
            let end = if blank > start && whole { blank } else { at };
            rows.push(start..end);
            start = end;
            columns = width(text.get(start..at).unwrap_or_default());
            blank = start;
        }
        columns = columns.saturating_add(wide);
        if cluster == " " {
            blank = at.saturating_add(cluster.len());
        }
    }
    if start < text.len() || rows.is_empty() {
        rows.push(start..text.len());
    }
    rows
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(text: &str, first: usize, rest: usize) -> Vec<&str> {
        wrap(text, first, rest)
            .into_iter()
            .map(|row| text.get(row).unwrap().trim_end())
            .collect()
    }

    #[test]
    fn words_stay_whole_where_that_wastes_little() {
        assert_eq!(rows("one two three", 8, 8), ["one two", "three"]);
        assert_eq!(rows("a abcdefghijkl", 6, 6), ["a abcd", "efghij", "kl"]);
        assert_eq!(rows("ab cdefg", 6, 6), ["ab", "cdefg"]);
    }

    #[test]
    fn the_first_row_may_be_shorter() {
        assert_eq!(rows("abcdefgh", 2, 4), ["ab", "cdef", "gh"]);
    }

    #[test]
    fn an_empty_text_is_one_empty_row() {
        assert_eq!(rows("", 5, 5), [""]);
    }

    proptest! {
        #[test]
        fn rows_fit_and_lose_only_blanks(raw in "\\PC{0,60}", first in 0_usize..12, rest in 0_usize..12) {
            let text = ecsdeck_core::text::Clean::new(&raw);
            let mut kept = String::new();
            for (at, row) in wrap(&text, first, rest).into_iter().enumerate() {
                let row = text.get(row).unwrap();
                let limit = if at == 0 { first } else { rest };
                let one = row.graphemes(true).count() == 1;
                prop_assert!(width(row.trim_end()) <= limit.max(1) || one, "{row:?}");
                kept.push_str(row);
            }
            kept.retain(|c| c != ' ');
            let whole: String = text.chars().filter(|c| *c != ' ').collect();
            prop_assert_eq!(kept, whole);
        }
    }
}
