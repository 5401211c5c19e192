//! A pattern of whichever kind: its first character tells which.

use super::columns::Columns;
use super::json::JsonPattern;
use super::refused::invalid;
use super::terms::Terms;
use crate::wire::ApiError;

/// The longest pattern, in characters.
const LONGEST: usize = 1_024;

/// A pattern that a line matches or not.
#[derive(Debug)]
pub(in crate::logs) enum Filter {
    Terms(Terms),
    Json(JsonPattern),
    Columns(Columns),
}

impl Filter {
    pub(in crate::logs) fn parse(pattern: &str) -> Result<Self, ApiError> {
        if pattern.chars().count() > LONGEST {
            return Err(invalid("longer than 1024 characters"));
        }
        let pattern = pattern.trim();
        match pattern.chars().next() {
            Some('{') => JsonPattern::parse(pattern).map(Filter::Json),
            Some('[') => Columns::parse(pattern).map(Filter::Columns),
            _ => Terms::parse(pattern).map(Filter::Terms),
        }
    }

    pub(in crate::logs) fn matches(&self, line: &str) -> bool {
        match self {
            Filter::Terms(terms) => terms.matches(line),
            Filter::Json(pattern) => pattern.matches(line),
            Filter::Columns(columns) => columns.matches(line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_character_tells_the_kind_of_pattern() {
        let line = r#"{"level": "error"}"#;
        assert!(
            Filter::parse(r#"{ $.level = "error" }"#)
                .unwrap()
                .matches(line)
        );
        assert!(Filter::parse("[first, ...]").unwrap().matches("a b c"));
        assert!(Filter::parse("%err.r%").unwrap().matches(line));
        assert!(Filter::parse(&"x".repeat(1_025)).is_err());
    }
}
