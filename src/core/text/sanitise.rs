//! The one place where foreign text loses its power over the terminal.
//!
//! Complete escape sequences go; every other character that would act, hide or
//! reorder is written out as its code point, `<202E>`. Nothing is dropped
//! without a trace but sequences, line ends at the end, and the joiners and
//! presentation selectors of emoji: terminals disagree on how wide a joined
//! emoji is, so its parts are shown beside each other.
//!
//! Cleaning clean text changes nothing, and costs one scan for plain ASCII.

use std::borrow::Cow;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::sequence;

/// What becomes of line ends inside the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lines {
    /// One line: each line end is a space.
    Single,
    /// `\n` stays; `\r\n` and `\r` become it.
    Keep,
    /// As `Keep`, but no longer than a single line: one of very many.
    Record,
}

impl Lines {
    /// How many bytes the clean text may have.
    pub(super) const fn limit(self) -> usize {
        match self {
            Self::Single | Self::Record => 32 * 1024,
            Self::Keep => 1024 * 1024,
        }
    }

    fn end(self) -> &'static str {
        match self {
            Self::Single => " ",
            Self::Keep | Self::Record => "\n",
        }
    }
}

/// Room for ` <+18446744073709551615 bytes>`.
const MARKER: usize = 32;
/// What one cluster of characters may take. More is not writing but an attack:
/// hundreds of marks on one letter paint over the rows around it.
const CLUSTER_COLUMNS: usize = 4;
const CLUSTER_BYTES: usize = 32;
const TAB: &str = "    ";
const ZERO_WIDTH_JOINER: char = '\u{200d}';

/// `raw` without anything that acts on a terminal. Borrows when it is clean already.
pub(super) fn clean(raw: &str, lines: Lines) -> Cow<'_, str> {
    let raw = raw.trim_end_matches(['\n', '\r']);
    if raw.len() <= lines.limit() && plain(raw) == raw.len() {
        return Cow::Borrowed(raw);
    }
    let mut cleaner = Cleaner {
        rest: raw,
        out: String::with_capacity(raw.len().min(lines.limit())),
        lines,
        cluster: 0,
    };
    if !cleaner.fill(lines.limit() - MARKER) {
        let (kept, cut) = (cleaner.out.len(), cleaner.rest.len());
        if !cleaner.fill(lines.limit()) {
            cleaner.out.truncate(kept);
            cleaner.out.push_str(&format!(" <+{cut} bytes>"));
        }
    }
    // A sequence at the end may have stood behind line ends.
    cleaner
        .out
        .truncate(cleaner.out.trim_end_matches('\n').len());
    if cleaner.out == raw {
        Cow::Borrowed(raw)
    } else {
        Cow::Owned(cleaner.out)
    }
}

/// How many bytes at the start of `text` are printable ASCII.
fn plain(text: &str) -> usize {
    let printable = |byte: &u8| matches!(byte, b' '..=b'~');
    let mut length = 0;
    // Whole blocks without an early exit: the compiler makes vector code of it.
    for block in text.as_bytes().chunks(64) {
        if !block.iter().fold(true, |all, byte| all & printable(byte)) {
            return length + block.iter().take_while(|byte| printable(byte)).count();
        }
        length += block.len();
    }
    length
}

struct Cleaner<'a> {
    rest: &'a str,
    out: String,
    lines: Lines,
    /// Where in `out` its last cluster begins.
    cluster: usize,
}

impl Cleaner<'_> {
    /// Moves clean text from `rest` to `out`. False when the next piece would
    /// make `out` longer than `limit` bytes.
    fn fill(&mut self, limit: usize) -> bool {
        loop {
            let room = limit.saturating_sub(self.out.len());
            let run = plain(self.rest.get(..room).unwrap_or(self.rest)).min(room);
            if let Some((text, rest)) = self.rest.split_at_checked(run).filter(|_| run > 0) {
                self.out.push_str(text);
                self.rest = rest;
                self.cluster = self.out.len() - 1;
                continue;
            }
            let Some(char) = self.rest.chars().next() else {
                return true;
            };
            let piece = self.piece(char);
            if self.out.len() + piece.text.len() > limit {
                return false;
            }
            self.out.push_str(&piece.text);
            self.cluster = piece.cluster;
            self.rest = self
                .rest
                .split_at_checked(piece.taken)
                .map_or("", |(_, rest)| rest);
        }
    }

    /// What the character at the start of `rest`, which is `char`, becomes.
    fn piece(&self, char: char) -> Piece {
        let written = |text: &'static str, taken| Piece {
            text: Cow::Borrowed(text),
            taken,
            // A mark may stand on a space, but not on a line end or before the text.
            cluster: self.out.len() + text.len() - usize::from(text.ends_with(' ')),
        };
        let nothing = |taken| Piece {
            text: Cow::Borrowed(""),
            taken,
            cluster: self.cluster,
        };
        let length = char.len_utf8();
        match char {
            '\t' => written(TAB, length),
            '\r' if self.rest.starts_with("\r\n") => written(self.lines.end(), 2),
            '\n' | '\r' => written(self.lines.end(), length),
            _ if char.is_control() => {
                sequence::length(self.rest).map_or_else(|| self.code_point(char), nothing)
            }
            _ if stands_alone(char) && !self.reaches_on() => self.as_it_is(char, self.out.len()),
            '\u{3000}' => written("  ", length),
            _ if char.general_category() == GeneralCategory::SpaceSeparator => written(" ", length),
            ZERO_WIDTH_JOINER | '\u{fe0e}' | '\u{fe0f}' if self.is_emoji_glue(char) => {
                nothing(length)
            }
            _ if is_hidden(char) => self.code_point(char),
            _ => match self.joined(char) {
                Some(cluster) => self.as_it_is(char, cluster),
                None => self.code_point(char),
            },
        }
    }

    fn as_it_is(&self, char: char, cluster: usize) -> Piece {
        Piece {
            text: Cow::Owned(char.to_string()),
            taken: char.len_utf8(),
            cluster,
        }
    }

    fn code_point(&self, char: char) -> Piece {
        let text = format!("<{:02X}>", u32::from(char));
        let cluster = self.out.len() + text.len() - 1;
        Piece {
            text: Cow::Owned(text),
            taken: char.len_utf8(),
            cluster,
        }
    }

    /// Where the last cluster begins once `char` is written; none if that
    /// cluster would have no width or too much of anything.
    fn joined(&self, char: char) -> Option<usize> {
        let mut tail = self.out.get(self.cluster..).unwrap_or_default().to_owned();
        tail.push(char);
        let (at, last) = tail.grapheme_indices(true).next_back()?;
        let fits = (1..=CLUSTER_COLUMNS).contains(&last.width()) && last.len() <= CLUSTER_BYTES;
        fits.then_some(self.cluster + at)
    }

    /// Whether the last character may take the next one into its cluster, whatever that is: as the first letter of a
    /// Hangul syllable does.
    fn reaches_on(&self) -> bool {
        let last = self.out.chars().next_back();
        last.is_some_and(|last| !last.is_ascii() && !stands_alone(last))
    }

    /// A joiner between two symbols, or a selector after one (or after a keycap's digit).
    fn is_emoji_glue(&self, char: char) -> bool {
        let last = self.out.chars().next_back();
        if char == ZERO_WIDTH_JOINER {
            last.is_some_and(is_symbol) && self.rest.chars().nth(1).is_some_and(is_symbol)
        } else {
            last.is_some_and(|last| is_symbol(last) || matches!(last, '0'..='9' | '#' | '*'))
        }
    }
}

/// One step: the text to write, the bytes of `rest` that it took, and where the
/// last cluster begins after it.
struct Piece {
    text: Cow<'static, str>,
    taken: usize,
    cluster: usize,
}

/// The letters and signs of most text: visible, and never part of the cluster
/// before them where that consists of such ones. They need no look at the tables.
fn stands_alone(char: char) -> bool {
    matches!(
        char,
        '\u{a1}'..='\u{ac}'
            | '\u{ae}'..='\u{2ff}'
            | '\u{400}'..='\u{481}'
            | '\u{48a}'..='\u{52f}'
            | '\u{2010}'..='\u{2027}'
            | '\u{2190}'..='\u{23ff}'
            | '\u{2500}'..='\u{27ff}'
            | '\u{3041}'..='\u{3096}'
            | '\u{30a0}'..='\u{30ff}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7a3}'
            | '\u{1f300}'..='\u{1f3fa}'
            | '\u{1f400}'..='\u{1f64f}'
    )
}

/// Has no glyph that everybody sees: format and bidi characters, private use,
/// unassigned, other line ends, and what Unicode calls default ignorable.
fn is_hidden(char: char) -> bool {
    matches!(
        char.general_category(),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::PrivateUse
            | GeneralCategory::Surrogate
            | GeneralCategory::Unassigned
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
    ) || matches!(
        char,
        '\u{34f}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

fn is_symbol(char: char) -> bool {
    !char.is_ascii()
        && matches!(
            char.general_category(),
            GeneralCategory::OtherSymbol
                | GeneralCategory::MathSymbol
                | GeneralCategory::ModifierSymbol
        )
}

#[cfg(test)]
mod tests {
    use unicode_segmentation::UnicodeSegmentation;
    use unicode_width::UnicodeWidthStr;

    use super::{Lines, clean, is_hidden, stands_alone};

    fn one(raw: &str) -> String {
        clean(raw, Lines::Single).into_owned()
    }

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(
            clean("GET /health 200", Lines::Single),
            std::borrow::Cow::Borrowed(_)
        ));
        assert!(matches!(
            clean("déjà vu 日本", Lines::Single),
            std::borrow::Cow::Borrowed(_)
        ));
    }

    #[test]
    fn colours_titles_and_links_go_and_their_text_stays() {
        assert_eq!(
            one("\x1b[31mERROR\x1b[0m no such table"),
            "ERROR no such table"
        );
        assert_eq!(one("\x1b]0;owned\x07ok"), "ok");
        assert_eq!(
            one("\x1b]8;;https://x.example\x1b\\here\x1b]8;;\x1b\\"),
            "here"
        );
        assert_eq!(one("a\u{9b}2Jb\u{9d}52;c;aGk=\u{9c}c"), "abc");
    }

    #[test]
    fn an_unfinished_sequence_is_shown_and_hides_nothing() {
        assert_eq!(
            one("\x1b]0;the reason it failed"),
            "<1B>]0;the reason it failed"
        );
        assert_eq!(one("50%\x1b["), "50%<1B>[");
    }

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        assert_eq!(one("user\u{202e}nimda"), "user<202E>nimda");
        assert_eq!(one("a\u{200b}b\u{feff}c\u{ad}d"), "a<200B>b<FEFF>c<AD>d");
        assert_eq!(one("\0\u{7f}\u{85}\u{2028}"), "<00><7F><85><2028>");
        assert_eq!(
            one("\u{e000}\u{378}\u{3164}\u{e0041}"),
            "<E000><378><3164><E0041>"
        );
    }

    #[test]
    fn line_ends_become_a_space_or_stay() {
        assert_eq!(one("a\r\nb\nc\rd\n"), "a b c d");
        assert_eq!(clean("a\r\nb\rc\n\n", Lines::Keep), "a\nb\nc");
        assert_eq!(one("\tat main"), "    at main");
        assert_eq!(one("10\u{a0}ms\u{3000}x"), "10 ms  x");
    }

    #[test]
    fn a_joined_emoji_is_shown_as_its_parts() {
        assert_eq!(one("\u{26a0}\u{fe0f} careful"), "\u{26a0} careful");
        assert_eq!(
            one("\u{1f469}\u{1f3fd}\u{200d}\u{1f4bb}"),
            "\u{1f469}\u{1f3fd}\u{1f4bb}"
        );
        assert_eq!(one("a\u{200d}b\u{fe0f}"), "a<200D>b<FE0F>");
    }

    #[test]
    fn marks_need_a_base_and_stay_few() {
        assert_eq!(one("e\u{301}"), "e\u{301}");
        assert_eq!(one("\u{301}e"), "<301>e");
        assert_eq!(clean("a\n\u{301}", Lines::Keep), "a\n<301>");
        assert_eq!(one("a\u{1161}\u{1100}\u{1161}"), "a<1161>\u{1100}\u{1161}");
        let zalgo = one(&format!("e{}", "\u{301}".repeat(1000)));
        assert!(zalgo.contains("<301>"), "{zalgo}");
    }

    #[test]
    fn letters_that_stand_alone_are_told_apart_rightly() {
        for char in ('\0'..=char::MAX).filter(|char| stands_alone(*char)) {
            assert!(!is_hidden(char), "{char:?}");
            assert!(matches!(char.to_string().width(), 1 | 2), "{char:?}");
            assert_eq!(format!("e{char}").graphemes(true).count(), 2, "{char:?}");
        }
    }

    #[test]
    fn a_huge_line_is_cut_and_says_how_much() {
        let cut = one(&"x".repeat(1_000_000));
        assert!(cut.len() <= Lines::Single.limit());
        let kept = Lines::Single.limit() - super::MARKER;
        assert!(cut.ends_with(&format!("x <+{} bytes>", 1_000_000 - kept)));
        let full = "x".repeat(Lines::Single.limit());
        assert_eq!(one(&full), full);
        assert!(one(&"\u{1b}[".repeat(500_000)).len() <= Lines::Single.limit());
    }

    #[test]
    fn a_cluster_that_begins_before_a_plain_letter_is_measured_whole() {
        use unicode_segmentation::UnicodeSegmentation;
        use unicode_width::UnicodeWidthStr;
        let text = clean("\u{1100}\u{ac00}\u{93f}", Lines::Single).into_owned();
        let widest = text.graphemes(true).map(UnicodeWidthStr::width).max();
        assert!(widest <= Some(super::CLUSTER_COLUMNS), "{text:?}");
    }

    mod any_text {
        use proptest::prelude::*;
        use unicode_segmentation::UnicodeSegmentation;
        use unicode_width::UnicodeWidthStr;

        use super::super::{CLUSTER_COLUMNS, Lines, clean, is_hidden};

        /// What a strict terminal parser is asked to do beyond printing.
        #[derive(Default)]
        struct Acts(Vec<String>);

        impl vte::Perform for Acts {
            fn execute(&mut self, byte: u8) {
                if byte != b'\n' {
                    self.0.push(format!("execute {byte:x}"));
                }
            }
            fn print(&mut self, char: char) {
                if char.is_control() {
                    self.0.push(format!("print {char:?}"));
                }
            }
            fn csi_dispatch(&mut self, _: &vte::Params, _: &[u8], _: bool, action: char) {
                self.0.push(format!("csi {action}"));
            }
            fn esc_dispatch(&mut self, _: &[u8], _: bool, byte: u8) {
                self.0.push(format!("esc {byte:x}"));
            }
            fn osc_dispatch(&mut self, _: &[&[u8]], _: bool) {
                self.0.push("osc".to_owned());
            }
            fn hook(&mut self, _: &vte::Params, _: &[u8], _: bool, _: char) {
                self.0.push("dcs".to_owned());
            }
        }

        fn hostile() -> impl Strategy<Value = String> {
            let piece = prop_oneof![
                any::<char>().prop_map(String::from),
                "[ -~]{0,8}".prop_map(String::from),
                proptest::sample::select(vec![
                    "\x1b",
                    "\x1b[",
                    "\x1b]",
                    "\x1bP",
                    "\x1b\\",
                    "\u{9b}",
                    "\u{9c}",
                    "\u{9d}",
                    "\x07",
                    "31m",
                    "\r\n",
                    "\u{200d}",
                    "\u{fe0f}",
                    "\u{301}",
                    "\u{1f469}",
                    "\u{1161}",
                    "\u{1100}",
                    "\u{202e}",
                    "\u{2066}",
                    "\u{e01}\u{e33}",
                    "\u{93f}",
                    "\u{600}",
                    "\u{1f1e6}",
                    "\u{1f3fd}",
                    "\u{20e3}",
                    "\n",
                ])
                .prop_map(String::from),
            ];
            proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
        }

        proptest! {
            #[test]
            fn is_harmless_once_clean(raw in hostile(), keep in any::<bool>()) {
                let lines = if keep { Lines::Keep } else { Lines::Single };
                let text = clean(&raw, lines).into_owned();
                let mut acts = Acts::default();
                vte::Parser::new().advance(&mut acts, text.as_bytes());
                prop_assert_eq!(acts.0, Vec::<String>::new());
                prop_assert!(!text.chars().any(|char| char != '\n' && is_hidden(char)), "{:?}", text);
                prop_assert!(keep || !text.contains('\n'));
                for grapheme in text.graphemes(true) {
                    prop_assert!(grapheme == "\n" || (1..=CLUSTER_COLUMNS).contains(&grapheme.width()), "{:?} in {:?}", grapheme, text);
                }
                prop_assert_eq!(clean(&text, lines), text.as_str(), "cleaning twice changed it");
            }
        }
    }
}
