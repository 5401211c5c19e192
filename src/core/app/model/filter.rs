//! Which rows of a list are shown.
//!
//! Plain words match fuzzily; `!word` shows what does not contain it;
//! `column:value` looks into one column. Words are joined by *and*.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// A filter as somebody typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    text: String,
}

/// A filter made ready to look at many rows.
pub struct Matching {
    matcher: Matcher,
    terms: Vec<Term>,
    scratch: Vec<char>,
}

enum Term {
    Fuzzy(Pattern),
    Without(String),
    Column(String, String),
}

impl Filter {
    /// Takes what somebody typed.
    pub fn new(text: &str) -> Self {
        Self {
            text: text.trim().to_owned(),
        }
    }

    /// What somebody typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether everything is shown.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// A column that it names and that is none of these.
    pub fn unknown(&self, columns: &[&str]) -> Option<&str> {
        self.text
            .split_whitespace()
            .filter(|word| !word.starts_with('!'))
            .filter_map(|word| word.split_once(':'))
            .find(|(column, value)| {
                !value.is_empty()
                    && column.chars().all(|c| c.is_ascii_alphabetic())
                    && !column.is_empty()
                    && !columns.contains(column)
            })
            .map(|(column, _)| column)
    }

    /// Makes it ready for rows that have these columns; `name:value` of another name is a plain word.
    pub fn matching(&self, columns: &[&str]) -> Matching {
        let term = |word: &str| match (word.strip_prefix('!'), word.split_once(':')) {
            (Some(without), _) if !without.is_empty() => {
                Some(Term::Without(without.to_lowercase()))
            }
            (Some(_), _) => None,
            (None, Some((column, value))) if columns.contains(&column) => {
                Some(Term::Column(column.to_owned(), value.to_lowercase()))
            }
            (None, _) => Some(Term::Fuzzy(Pattern::new(
                word,
                CaseMatching::Smart,
                Normalization::Smart,
                AtomKind::Fuzzy,
            ))),
        };
        Matching {
            matcher: Matcher::new(Config::DEFAULT),
            terms: self.text.split_whitespace().filter_map(term).collect(),
            scratch: Vec::new(),
        }
    }
}

impl Matching {
    /// Whether a row is shown. Its columns come as (name, text).
    pub fn shows(&mut self, row: &[(&str, &str)]) -> bool {
        self.shows_with(row, &[])
    }

    /// The same for a row with further columns, into which only those words look that name them.
    pub(in crate::app) fn shows_with(
        &mut self,
        row: &[(&str, &str)],
        named: &[(&str, &str)],
    ) -> bool {
        let Self {
            matcher,
            terms,
            scratch,
        } = self;
        terms.iter().all(|term| match term {
            Term::Fuzzy(pattern) => row.iter().any(|(_, text)| {
                pattern
                    .score(Utf32Str::new(text, scratch), matcher)
                    .is_some()
            }),
            Term::Without(word) => !row
                .iter()
                .any(|(_, text)| text.to_lowercase().contains(word)),
            Term::Column(column, value) => row
                .iter()
                .chain(named)
                .any(|(name, text)| name == column && text.to_lowercase().contains(value)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shows(filter: &str) -> bool {
        let row = [("name", "short-drama-backend"), ("verdict", "stuck")];
        Filter::new(filter)
            .matching(&["name", "verdict"])
            .shows(&row)
    }

    #[test]
    fn words_match_fuzzily_and_all_must_match() {
        assert!(shows("sdback") && shows("back stuck") && shows(""));
        assert!(!shows("back steady"));
    }

    #[test]
    fn an_exclamation_mark_turns_a_word_round() {
        assert!(!shows("!stuck") && shows("!steady") && shows("!"));
    }

    #[test]
    fn a_column_is_looked_into_alone_and_an_unknown_column_is_a_word() {
        assert!(shows("verdict:stu") && !shows("name:stuck"));
        assert!(!shows("colour:red"));
    }
}
