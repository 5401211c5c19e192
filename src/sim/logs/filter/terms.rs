//! Patterns for any line: terms, `"phrases"`, `?or`, `-not`, `%regex%`.

use regex::Regex;

use super::compare::regex;
use super::refused::invalid;
use crate::wire::ApiError;

/// What must, may or must not occur in a line.
#[derive(Debug)]
enum Term {
    Text(String),
    Regex(Regex),
}

impl Term {
    fn occurs(&self, line: &str) -> bool {
        match self {
            Term::Text(text) => line.contains(text.as_str()),
            Term::Regex(regex) => regex.is_match(line),
        }
    }
}

/// A pattern of terms.
#[derive(Debug, Default)]
pub(in crate::logs) struct Terms {
    all: Vec<Term>,
    any: Vec<Term>,
    none: Vec<Term>,
}

impl Terms {
    pub(super) fn parse(pattern: &str) -> Result<Self, ApiError> {
        let mut terms = Terms::default();
        let mut rest = pattern.trim();
        while !rest.is_empty() {
            let (kind, body) = match rest.chars().next() {
                Some('?') => ('?', rest.strip_prefix('?').unwrap_or(rest)),
                Some('-') => ('-', rest.strip_prefix('-').unwrap_or(rest)),
                _ => ('+', rest),
            };
            let (term, behind) = term(body)?;
            let into = match kind {
                '?' => &mut terms.any,
                '-' => &mut terms.none,
                _ => &mut terms.all,
            };
            into.push(term);
            rest = behind.trim_start();
        }
        // A quoted space, the pattern that matches everything.
        terms
            .all
            .retain(|term| !matches!(term, Term::Text(text) if text.trim().is_empty()));
        Ok(terms)
    }

    pub(super) fn matches(&self, line: &str) -> bool {
        // `?` terms are ignored beside terms of the other kinds.
        let any = self.any.is_empty()
            || !(self.all.is_empty() && self.none.is_empty())
            || self.any.iter().any(|term| term.occurs(line));
        any && self.all.iter().all(|term| term.occurs(line))
            && !self.none.iter().any(|term| term.occurs(line))
    }
}

/// A term and what is behind it.
fn term(body: &str) -> Result<(Term, &str), ApiError> {
    if let Some(quoted) = body.strip_prefix('"') {
        let (text, behind) = quoted
            .split_once('"')
            .ok_or_else(|| invalid("a quote is not closed"))?;
        return Ok((Term::Text(text.to_owned()), behind));
    }
    if let Some(expression) = body.strip_prefix('%') {
        let (expression, behind) = expression
            .split_once('%')
            .ok_or_else(|| invalid("a % is not closed"))?;
        return Ok((Term::Regex(regex(expression)?), behind));
    }
    let (text, behind) = body.split_once(char::is_whitespace).unwrap_or((body, ""));
    if text.is_empty() || !text.chars().all(|c| c.is_alphanumeric() || c == '_') {
        let why = format!("Invalid character(s) in term '{text}'");
        return Err(ApiError::invalid_parameter(why));
    }
    Ok((Term::Text(text.to_owned()), behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, line: &str) -> bool {
        Terms::parse(pattern).unwrap().matches(line)
    }

    #[test]
    fn terms_must_all_occur_and_case_matters() {
        assert!(matches("ERROR disk", "ERROR no space on disk"));
        assert!(!matches("ERROR disk", "ERROR"));
        assert!(!matches("error", "ERROR"));
    }

    #[test]
    fn phrases_options_and_exclusions_are_understood() {
        assert!(matches("\"no space\"", "there is no space"));
        assert!(!matches("\"no space\"", "no more space"));
        assert!(matches("?WARN ?ERROR", "a WARN"));
        assert!(!matches("?WARN ?ERROR", "an INFO"));
        assert!(!matches("ERROR -\"exit 0\"", "ERROR exit 0"));
    }

    #[test]
    fn regular_expressions_stand_between_percent_signs() {
        assert!(matches("%status=5[0-9]{2}%", "GET / status=503"));
        assert!(!matches("%status=5[0-9]{2}%", "GET / status=404"));
        assert!(matches("GET -%status=2..%", "GET / status=503"));
        assert!(Terms::parse("%[%").is_err());
        assert!(Terms::parse("%a").is_err());
    }

    #[test]
    fn an_empty_pattern_and_a_quoted_space_match_everything() {
        assert!(matches("", "x"));
        assert!(matches("\" \"", "x"));
    }

    #[test]
    fn a_term_with_other_characters_must_be_quoted() {
        let error = Terms::parse("canvas-service").unwrap_err();
        assert_eq!(
            error.message,
            "Invalid character(s) in term 'canvas-service'"
        );
        assert!(Terms::parse("\"canvas-service\"").is_ok());
    }
}
