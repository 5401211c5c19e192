//! Text measured and cut in terminal columns.
//!
//! A column is what a grapheme cluster takes, as the screen's cells count it;
//! no cut ever splits a cluster, and the result is never wider than asked.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Where text that is too wide is cut, and what says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ellipsis {
    mark: &'static str,
    middle: bool,
}

impl Ellipsis {
    /// `short-drama-back…`
    pub const END: Self = Self {
        mark: "…",
        middle: false,
    };
    /// `short-dra…backend`: for names that differ at their ends.
    pub const MIDDLE: Self = Self {
        mark: "…",
        middle: true,
    };

    /// The same with `~` where `ascii` is set.
    pub const fn ascii(self, ascii: bool) -> Self {
        Self {
            mark: if ascii { "~" } else { self.mark },
            middle: self.middle,
        }
    }
}

/// On which side the blanks of a padded text are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Text first.
    Left,
    /// Blanks first: numbers.
    Right,
}

/// Columns that one line of text takes.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.graphemes(true).map(UnicodeWidthStr::width).sum()
    }
}

/// `text`, cut to at most `columns`.
pub fn fit(text: &str, columns: usize, ellipsis: Ellipsis) -> Cow<'_, str> {
    let (head, rest) = take(text, columns, text.graphemes(true));
    if rest == 0 {
        return Cow::Borrowed(text);
    }
    let Some(room) = columns.checked_sub(width(ellipsis.mark)) else {
        return Cow::Borrowed("");
    };
    if !ellipsis.middle {
        let (head, _) = take(head, room, head.graphemes(true));
        return Cow::Owned(format!("{head}{}", ellipsis.mark));
    }
    let (head, _) = take(head, room - room / 2, head.graphemes(true));
    let (_, tail) = take(text, room / 2, text.graphemes(true).rev());
    let tail = text.get(tail..).unwrap_or_default();
    Cow::Owned(format!("{head}{}{tail}", ellipsis.mark))
}

/// Takes clusters while they fit. The text before the place where that stopped,
/// and how many bytes were not taken. Looks no further than `columns`.
fn take<'a>(
    text: &'a str,
    columns: usize,
    clusters: impl Iterator<Item = &'a str>,
) -> (&'a str, usize) {
    let (mut left, mut taken) = (columns, 0);
    for cluster in clusters {
        let Some(rest) = left.checked_sub(width_of(cluster)) else {
            break;
        };
        left = rest;
        taken += cluster.len();
    }
    (text.get(..taken).unwrap_or(text), text.len() - taken)
}

fn width_of(cluster: &str) -> usize {
    if cluster.is_ascii() {
        cluster.len()
    } else {
        cluster.width()
    }
}

/// `text` with blanks up to `columns`; wider text stays as it is.
pub fn pad(text: &str, columns: usize, align: Align) -> Cow<'_, str> {
    let blanks = columns.saturating_sub(width(text));
    match align {
        _ if blanks == 0 => Cow::Borrowed(text),
        Align::Left => Cow::Owned(format!("{text}{:blanks$}", "")),
        Align::Right => Cow::Owned(format!("{:blanks$}{text}", "")),
    }
}

/// `text` cut and padded: exactly `columns` wide.
pub fn column(text: &str, columns: usize, ellipsis: Ellipsis, align: Align) -> String {
    pad(&fit(text, columns, ellipsis), columns, align).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Align, Ellipsis, column, fit, pad, width};

    #[test]
    fn wide_and_combined_characters_count_as_the_screen_counts_them() {
        assert_eq!(width("abc"), 3);
        assert_eq!(width("日本"), 4);
        assert_eq!(width("e\u{301}"), 1);
    }

    #[test]
    fn text_that_fits_is_not_touched() {
        assert_eq!(fit("abc", 3, Ellipsis::END), "abc");
        assert_eq!(fit("", 0, Ellipsis::END), "");
    }

    #[test]
    fn a_cut_says_that_it_is_one() {
        assert_eq!(fit("short-drama-backend", 10, Ellipsis::END), "short-dra…");
        assert_eq!(
            fit("short-drama-backend", 11, Ellipsis::MIDDLE),
            "short…ckend"
        );
        assert_eq!(
            fit("short-drama-backend", 10, Ellipsis::END.ascii(true)),
            "short-dra~"
        );
        assert_eq!(fit("日本語", 4, Ellipsis::END), "日…");
        assert_eq!(fit("abc", 0, Ellipsis::END), "");
    }

    #[test]
    fn padding_knows_its_side() {
        assert_eq!(pad("7", 3, Align::Right), "  7");
        assert_eq!(pad("日", 3, Align::Left), "日 ");
        assert_eq!(pad("long", 2, Align::Left), "long");
    }

    proptest! {
        #[test]
        fn a_column_is_exactly_as_wide_as_asked(raw in "\\PC{0,30}", columns in 0_usize..40, middle: bool, right: bool) {
            let text = crate::text::Clean::new(&raw);
            let ellipsis = if middle { Ellipsis::MIDDLE } else { Ellipsis::END };
            let align = if right { Align::Right } else { Align::Left };
            prop_assert_eq!(width(&column(&text, columns, ellipsis, align)), columns);
        }
    }
}
