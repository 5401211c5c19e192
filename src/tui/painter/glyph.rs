//! What one screen cell holds, after everything that a terminal could
//! misunderstand has been taken out of it.
//!
//! Invariant: the text of a `Glyph` has no control, bidi or invisible format
//! character, and its characters advance every terminal, whether it clusters
//! graphemes or not, by exactly `Glyph::width` columns.

use ratatui::buffer::CellWidth;
use unicode_width::UnicodeWidthChar;

use super::pen::Pen;

/// Stands for text that must not reach the terminal.
pub(super) const REPLACEMENT: char = '?';

/// Marks on one base character beyond these are dropped: more is an attack on
/// the font renderer, not a language.
const MARKS: usize = 4;

/// The characters of a cell.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Text {
    /// One character, by far the most common.
    One(char),
    /// A base character and its marks, or a pair that belongs together.
    Cluster(Box<str>),
    /// This column is covered by the wide glyph to its left.
    Covered,
}

/// One screen cell.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Glyph {
    pub(super) text: Text,
    /// Columns that the text takes; 0 for a covered column.
    pub(super) width: u8,
    pub(super) pen: Pen,
}

impl Glyph {
    pub(super) fn blank(pen: Pen) -> Self {
        Self {
            text: Text::One(' '),
            width: 1,
            pen: pen.on_blank(),
        }
    }

    pub(super) fn covered(pen: Pen) -> Self {
        Self {
            text: Text::Covered,
            width: 0,
            pen,
        }
    }

    pub(super) fn is_covered(&self) -> bool {
        self.text == Text::Covered
    }

    /// A space that an erase leaves behind.
    pub(super) fn is_empty(&self) -> bool {
        self.text == Text::One(' ') && self.pen.is_default()
    }

    /// The byte, where the glyph is one printable ASCII character.
    pub(super) fn ascii(&self) -> Option<u8> {
        match self.text {
            Text::One(c) if c.is_ascii() => u8::try_from(c).ok(),
            _ => None,
        }
    }

    /// Whether terminals may disagree about how far this moves the cursor.
    /// After such a glyph the column counts as unknown.
    pub(super) fn is_uncertain(&self) -> bool {
        match &self.text {
            Text::One(c) => *c >= '\u{1f000}' || matches!(c, '\u{2600}'..='\u{27bf}'),
            Text::Cluster(_) => true,
            Text::Covered => false,
        }
    }

    /// Bytes of the text.
    pub(super) fn cost(&self) -> usize {
        match &self.text {
            Text::One(c) => c.len_utf8(),
            Text::Cluster(text) => text.len(),
            Text::Covered => 0,
        }
    }

    /// Appends the text.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match &self.text {
            Text::One(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Text::Cluster(text) => out.extend_from_slice(text.as_bytes()),
            Text::Covered => {}
        }
    }
}

/// A symbol made safe: its text, the columns that it takes, and the columns
/// that the layout had kept for it (the rest is left blank).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Safe {
    pub(super) text: Text,
    pub(super) width: u8,
    pub(super) reserved: u8,
}

impl Safe {
    fn new(text: Text, width: u8, reserved: u8) -> Self {
        Self {
            text,
            width,
            reserved,
        }
    }
}

/// Reads the symbol of a buffer cell.
pub(super) fn settle(symbol: &str) -> Safe {
    let replaced = || Safe::new(Text::One(REPLACEMENT), 1, 1);
    if let [byte] = symbol.as_bytes() {
        return if byte.is_ascii_control() {
            replaced()
        } else {
            Safe::new(Text::One(char::from(*byte)), 1, 1)
        };
    }
    // Before any width is asked for: ratatui asserts that there are no
    // control characters.
    if symbol.chars().any(is_forbidden) {
        return replaced();
    }
    let reserved = u8::try_from(symbol.cell_width()).unwrap_or(u8::MAX);
    if reserved == 0 {
        return Safe::new(Text::One(' '), 1, 1);
    }
    let advance = symbol.chars().map(columns).fold(0, u8::saturating_add);
    let mut chars = symbol.chars();
    if advance == reserved && symbol.chars().count() <= 1 + MARKS {
        return match (chars.next(), chars.next()) {
            (Some(only), None) => Safe::new(Text::One(only), reserved, reserved),
            _ => Safe::new(Text::Cluster(symbol.into()), reserved, reserved),
        };
    }
    // Terminals disagree here: emoji joined by U+200D, skin tones, variation
    // selectors. The first character with its own marks is safe everywhere.
    let mut base = String::new();
    let mut width = 0;
    for c in symbol.chars().filter(|c| !is_joiner(*c)) {
        match columns(c) {
            0 if width > 0 && base.chars().count() <= MARKS => base.push(c),
            0 => {}
            _ if width > 0 => break,
            w => {
                base.push(c);
                width = w;
            }
        }
    }
    let mut chars = base.chars();
    let text = match (chars.next(), chars.next()) {
        (Some(only), None) => Text::One(only),
        (Some(_), Some(_)) => Text::Cluster(base.as_str().into()),
        _ => return replaced(),
    };
    if width > reserved {
        return replaced();
    }
    Safe::new(text, width, reserved)
}

/// Columns that a character takes by itself.
fn columns(c: char) -> u8 {
    match c {
        // Extenders in Unicode, but every terminal gives them a column.
        '\u{ff9e}' | '\u{ff9f}' => 1,
        _ => c.width().and_then(|w| u8::try_from(w).ok()).unwrap_or(0),
    }
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')
}

/// Control characters (C0, DEL, C1), line separators, bidi controls and
/// characters that cannot be seen at all.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(c: char, width: u8) -> Safe {
        Safe::new(Text::One(c), width, width)
    }

    #[test]
    fn ordinary_text_is_kept() {
        assert_eq!(settle("a"), one('a', 1));
        assert_eq!(settle("─"), one('─', 1));
        assert_eq!(settle("漢"), one('漢', 2));
        assert_eq!(
            settle("e\u{301}"),
            Safe::new(Text::Cluster("e\u{301}".into()), 1, 1)
        );
    }

    #[test]
    fn a_symbol_with_a_control_character_is_replaced_whole() {
        for bad in [
            "\x1b",
            "\x1b[2J",
            "a\x07",
            "\u{9b}31m",
            "\u{7f}",
            "\r",
            "\n",
            "\u{202e}",
            "x\u{200b}",
            "\u{feff}",
        ] {
            assert_eq!(settle(bad), one(REPLACEMENT, 1), "{bad:?}");
        }
    }

    #[test]
    fn clusters_that_terminals_disagree_about_lose_their_tail_but_not_their_room() {
        assert_eq!(settle("👨\u{200d}👩\u{200d}👧"), one('👨', 2));
        assert_eq!(settle("👍🏽"), one('👍', 2));
        assert_eq!(settle("❤\u{fe0f}"), Safe::new(Text::One('❤'), 1, 2));
    }

    #[test]
    fn a_heap_of_marks_is_bounded() {
        let heap = format!("a{}", "\u{301}".repeat(500));
        let Safe {
            text: Text::Cluster(text),
            width: 1,
            ..
        } = settle(&heap)
        else {
            panic!("not a narrow cluster");
        };
        assert!(text.len() <= 1 + 2 * MARKS);
    }

    #[test]
    fn a_symbol_without_a_width_is_a_space() {
        assert_eq!(settle(""), one(' ', 1));
        assert_eq!(settle("\u{301}"), one(' ', 1));
    }
}
