//! Filter patterns for unstructured lines: terms, `"phrases"`, `?or`, `-not`
//! (FilterAndPatternSyntax). Case matters. JSON, space-delimited and `%regex%`
//! patterns are refused for now.

use crate::wire::ApiError;

/// A pattern that a line matches or not.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Filter {
    all: Vec<String>,
    any: Vec<String>,
    none: Vec<String>,
}

fn invalid(why: &str) -> ApiError {
    ApiError::invalid_parameter(format!("Invalid filter pattern: {why}"))
}

impl Filter {
    pub(super) fn parse(pattern: &str) -> Result<Self, ApiError> {
        let mut filter = Filter::default();
        let mut rest = pattern.trim();
        if pattern.chars().count() > 1_024 {
            return Err(invalid("longer than 1024 characters"));
        }
        if rest.starts_with(['{', '[', '%']) {
            return Err(invalid("only terms and phrases are understood here"));
        }
        while !rest.is_empty() {
            let (kind, body) = match rest.chars().next() {
                Some('?') => ('?', rest.strip_prefix('?').unwrap_or(rest)),
                Some('-') => ('-', rest.strip_prefix('-').unwrap_or(rest)),
                _ => ('+', rest),
            };
            let (term, behind) = match body.strip_prefix('"') {
                Some(quoted) => quoted
                    .split_once('"')
                    .ok_or_else(|| invalid("a quote is not closed"))?,
                None => {
                    let (term, behind) = body.split_once(char::is_whitespace).unwrap_or((body, ""));
                    if term.is_empty() || !term.chars().all(|c| c.is_alphanumeric() || c == '_') {
                        let why = format!("Invalid character(s) in term '{term}'");
                        return Err(ApiError::invalid_parameter(why));
                    }
                    (term, behind)
                }
            };
            let into = match kind {
                '?' => &mut filter.any,
                '-' => &mut filter.none,
                _ => &mut filter.all,
            };
            into.push(term.to_owned());
            rest = behind.trim_start();
        }
        // A quoted space, the pattern that matches everything.
        filter.all.retain(|term| term.trim() != "");
        Ok(filter)
    }

    pub(super) fn matches(&self, line: &str) -> bool {
        // `?` terms are ignored beside terms of the other kinds.
        let any = self.any.is_empty()
            || !(self.all.is_empty() && self.none.is_empty())
            || self.any.iter().any(|term| line.contains(term.as_str()));
        any && self.all.iter().all(|term| line.contains(term.as_str()))
            && !self.none.iter().any(|term| line.contains(term.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, line: &str) -> bool {
        Filter::parse(pattern).unwrap().matches(line)
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
    fn an_empty_pattern_and_a_quoted_space_match_everything() {
        assert!(matches("", "x"));
        assert!(matches("\" \"", "x"));
    }

    #[test]
    fn a_term_with_other_characters_must_be_quoted() {
        let error = Filter::parse("canvas-service").unwrap_err();
        assert_eq!(
            error.message,
            "Invalid character(s) in term 'canvas-service'"
        );
        assert!(Filter::parse("\"canvas-service\"").is_ok());
        assert!(Filter::parse("{ $.level = \"error\" }").is_err());
    }
}
