//! Filter patterns, as AWS documents them (FilterAndPatternSyntax): terms for any line,
//! `{ $.member = … }` for JSON, `[column, …]` for columns, `%regex%` in each of them.
//! Case matters.

mod columns;
mod compare;
mod json;
mod terms;

use crate::wire::ApiError;
use columns::Columns;
use json::JsonPattern;
use terms::Terms;

/// The longest pattern, in characters.
const LONGEST: usize = 1_024;

/// A pattern that a line matches or not.
#[derive(Debug)]
pub(super) enum Filter {
    Terms(Terms),
    Json(JsonPattern),
    Columns(Columns),
}

fn invalid(why: &str) -> ApiError {
    ApiError::invalid_parameter(format!("Invalid filter pattern: {why}"))
}

impl Filter {
    pub(super) fn parse(pattern: &str) -> Result<Self, ApiError> {
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

    pub(super) fn matches(&self, line: &str) -> bool {
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
