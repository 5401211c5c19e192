//! Conditions on one value: what JSON patterns and columns have in common.

use regex::Regex;

use super::refused::invalid;
use crate::wire::ApiError;

/// An operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Operator {
    /// The operator at the beginning of a text, and what is behind it.
    pub(super) fn lead(text: &str) -> Option<(Self, &str)> {
        let two = [
            ("!=", Operator::NotEqual),
            ("<=", Operator::AtMost),
            (">=", Operator::AtLeast),
            ("=", Operator::Equal),
            ("<", Operator::Less),
            (">", Operator::Greater),
        ];
        two.into_iter()
            .find_map(|(sign, operator)| Some((operator, text.strip_prefix(sign)?)))
    }
}

/// What a value is compared with.
#[derive(Debug)]
pub(super) enum Wanted {
    Number(f64),
    /// Text in which `*` stands for anything.
    Text(String),
    Regex(Regex),
}

/// A regular expression of a pattern. AWS knows no more than this crate does.
pub(super) fn regex(text: &str) -> Result<Regex, ApiError> {
    regex::RegexBuilder::new(text)
        .size_limit(1 << 20)
        .build()
        .map_err(|_| invalid("the regular expression is not valid"))
}

impl Wanted {
    /// Reads a value: quoted, `%regex%`, a number, or a word.
    pub(super) fn parse(text: &str) -> Result<Self, ApiError> {
        let text = text.trim();
        if let Some(inner) = text.strip_prefix('"') {
            let inner = inner
                .strip_suffix('"')
                .ok_or_else(|| invalid("a quote is not closed"))?;
            return Ok(Wanted::Text(inner.replace("\\\"", "\"")));
        }
        if let Some(inner) = text.strip_prefix('%') {
            let inner = inner
                .strip_suffix('%')
                .ok_or_else(|| invalid("a % is not closed"))?;
            return Ok(Wanted::Regex(regex(inner)?));
        }
        if text.is_empty() {
            return Err(invalid("a value is missing"));
        }
        if let Ok(number) = text.parse() {
            return Ok(Wanted::Number(number));
        }
        let fine = |c: char| c.is_alphanumeric() || matches!(c, '*' | '_' | '-' | '.' | ':' | '/');
        if !text.chars().all(fine) {
            return Err(invalid(&format!("Invalid character(s) in value '{text}'")));
        }
        Ok(Wanted::Text(text.to_owned()))
    }

    /// Whether `value` stands to it as `operator` says.
    pub(super) fn holds(&self, operator: Operator, value: &str) -> bool {
        let number = |text: &str| text.trim().parse::<f64>().ok();
        match (self, operator) {
            (Wanted::Regex(regex), Operator::Equal) => regex.is_match(value),
            (Wanted::Regex(regex), Operator::NotEqual) => !regex.is_match(value),
            (Wanted::Regex(_), _) => false,
            (Wanted::Text(wanted), Operator::Equal) => wildcard(wanted, value),
            (Wanted::Text(wanted), Operator::NotEqual) => !wildcard(wanted, value),
            (Wanted::Text(_), _) => false,
            (Wanted::Number(wanted), operator) => {
                let Some(value) = number(value) else {
                    return operator == Operator::NotEqual;
                };
                match operator {
                    Operator::Equal => value == *wanted,
                    Operator::NotEqual => value != *wanted,
                    Operator::Less => value < *wanted,
                    Operator::AtMost => value <= *wanted,
                    Operator::Greater => value > *wanted,
                    Operator::AtLeast => value >= *wanted,
                }
            }
        }
    }
}

/// Whether `value` is `pattern`, where `*` stands for anything.
fn wildcard(pattern: &str, value: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = value.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        let Some((_, behind)) = rest.split_once(part) else {
            return false;
        };
        rest = behind;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        assert!(wildcard("5*", "503") && wildcard("*error*", "an error here"));
        assert!(wildcard("a*c", "abc") && !wildcard("a*c", "abd"));
        assert!(wildcard("", "") && !wildcard("a", "ab"));
    }

    #[test]
    fn numbers_compare_as_numbers_and_words_as_words() {
        let holds = |operator, wanted: &str, value: &str| {
            Wanted::parse(wanted).unwrap().holds(operator, value)
        };
        assert!(holds(Operator::Greater, "1e2", "200"));
        assert!(holds(Operator::Equal, "200", "200.0"));
        assert!(holds(Operator::NotEqual, "\"200\"", "200.0"));
        assert!(!holds(Operator::Less, "200", "many"));
    }
}
