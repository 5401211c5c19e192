//! Looking for the vocabulary in a text: all spellings in one pass, so that the time does not grow with them.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::lexicon::{Mark, Marks};
use super::words::spellings;

struct Scanner {
    automaton: AhoCorasick,
    /// For each pattern: its meaning, and whether a boundary must be before and behind it.
    meanings: Vec<(Mark, bool, bool)>,
}

/// Built once: from constants, so that it cannot fail for one message and not for another.
static SCANNER: LazyLock<Option<Scanner>> = LazyLock::new(|| {
    let mut patterns = Vec::new();
    let mut meanings = Vec::new();
    for (mark, spelling) in spellings() {
        meanings.push((mark, spelling.starts_with('|'), spelling.ends_with('|')));
        patterns.push(spelling.trim_matches('|'));
    }
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .build(patterns)
        .ok()?;
    Some(Scanner {
        automaton,
        meanings,
    })
});

/// The marks of a text that [`flatten`](super::flat::flatten) made.
pub(super) fn scan(flat: &str) -> Marks {
    let mut marks = Marks::default();
    let Some(scanner) = SCANNER.as_ref() else {
        return marks;
    };
    let bytes = flat.as_bytes();
    let word = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_alphanumeric)
    };
    for found in scanner.automaton.find_overlapping_iter(flat) {
        let Some((mark, before, behind)) = scanner.meanings.get(found.pattern().as_usize()) else {
            continue;
        };
        let cut_before = !before || !word(found.start().checked_sub(1));
        let cut_behind = !behind || !word(Some(found.end()));
        if cut_before && cut_behind {
            marks.add(*mark);
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_has_a_spelling_in_the_form_that_is_searched() {
        for mark in Mark::ALL {
            assert!(spellings().any(|(spelled, _)| spelled == *mark), "{mark:?}");
        }
        for (mark, spelling) in spellings() {
            let plain = spelling.trim_matches('|');
            assert_eq!(plain, plain.to_ascii_lowercase(), "{mark:?}");
            assert!(plain.len() >= 2, "{mark:?}: {spelling}");
            assert!(scan(plain).has(mark), "{mark:?}: {spelling}");
        }
    }

    #[test]
    fn a_boundary_keeps_a_short_word_out_of_a_longer_one() {
        assert!(scan("the eni was lost").has(Mark::Eni));
        assert!(!scan("a denied thing").has(Mark::Eni));
    }
}
