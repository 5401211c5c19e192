//! What is searched for in lines of text: an expression, or the words as they stand where they are none.
//!
//! Small letters match both; a capital asks for capitals. The engine takes linear time whatever the expression is.

use std::ops::Range;

use regex::{Regex, RegexBuilder};

/// Bytes that a compiled expression may take.
const EXPRESSION: usize = 1 << 20;

/// What is searched for, as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct Search {
    text: String,
    pattern: Option<Regex>,
    literal: bool,
}

/// [`Regex`] compares not: two searches are the same when the same was typed.
impl PartialEq for Search {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Search {}

impl Search {
    /// Reads what somebody typed. While an expression is typed it cannot be read yet: then the words count.
    pub fn new(text: &str) -> Self {
        if text.is_empty() {
            return Self::default();
        }
        let expression = compiled(text, text);
        let literal = expression.is_none();
        Self {
            text: text.to_owned(),
            pattern: expression.or_else(|| compiled(&regex::escape(text), text)),
            literal,
        }
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing is searched for.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether it is no expression, so that it is searched for as it stands.
    pub fn is_literal(&self) -> bool {
        self.literal
    }

    /// Whether a line has it. Nothing has nothing.
    pub fn matches(&self, line: &str) -> bool {
        self.pattern
            .as_ref()
            .is_some_and(|pattern| pattern.is_match(line))
    }

    /// Where a line has it, in bytes.
    pub fn hits<'a>(&'a self, line: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        let pattern = self.pattern.iter();
        pattern
            .flat_map(move |pattern| pattern.find_iter(line))
            .map(|found| found.range())
            .filter(|range| !range.is_empty())
    }
}

fn compiled(expression: &str, typed: &str) -> Option<Regex> {
    RegexBuilder::new(expression)
        .case_insensitive(!has_capital(typed))
        .size_limit(EXPRESSION)
        .build()
        .ok()
}

/// Whether a capital was typed. In `\S` it is none.
fn has_capital(typed: &str) -> bool {
    let mut escaped = false;
    typed.chars().any(|c| {
        let is_class = escaped;
        escaped = c == '\\' && !is_class;
        c.is_uppercase() && !is_class
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(search: &str, line: &str) -> Vec<String> {
        let search = Search::new(search);
        search
            .hits(line)
            .map(|hit| line.get(hit).unwrap().to_owned())
            .collect()
    }

    #[test]
    fn small_letters_find_both_and_a_capital_asks_for_capitals() {
        assert_eq!(hits("error", "Error error"), ["Error", "error"]);
        assert_eq!(hits("Error", "Error error"), ["Error"]);
        assert_eq!(hits("\\S+", "a B"), ["a", "B"], "a class is no capital");
        assert_eq!(hits("stan", "\u{130}stanbul"), ["stan"]);
    }

    #[test]
    fn an_expression_is_searched_for_and_one_that_is_half_typed_as_it_stands() {
        assert_eq!(hits("order \\d+", "order 12, order x"), ["order 12"]);
        assert_eq!(hits("main(", "in main()"), ["main("]);
        assert!(Search::new("main(").is_literal() && !Search::new("main").is_literal());
        assert!(
            Search::new("a{1000}{1000}{1000}").is_literal(),
            "it would take too much room"
        );
    }

    #[test]
    fn nothing_and_what_matches_nothing_marks_nothing() {
        assert!(!Search::default().matches("a") && hits("", "a").is_empty());
        assert!(hits("x*", "abc").is_empty());
    }

    #[test]
    fn an_expression_that_would_explode_elsewhere_takes_linear_time() {
        assert!(!Search::new("(a+)+$b").matches(&"a".repeat(100_000)));
    }
}
