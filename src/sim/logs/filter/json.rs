//! JSON patterns: `{ ($.level = "error" || $.status >= 500) && $.path != "/healthz" }`.

use serde_json::Value;

use super::compare::{Operator, Wanted};
use super::refused::invalid;
use crate::wire::ApiError;

/// The deepest nesting of parentheses.
const DEEPEST: u32 = 32;

/// A pattern for lines that are JSON.
#[derive(Debug)]
pub(in crate::logs) struct JsonPattern(Condition);

#[derive(Debug)]
enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Compare(Selector, Operator, Wanted),
    Is(Selector, Special),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Special {
    True,
    False,
    Null,
    Exists,
    Missing,
}

/// A step of a selector such as `$.items[0]['a.b'].*`.
#[derive(Debug, PartialEq)]
enum Step {
    Member(String),
    At(usize),
    Every,
}

type Selector = Vec<Step>;

impl JsonPattern {
    pub(super) fn parse(pattern: &str) -> Result<Self, ApiError> {
        let inner = pattern
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
            .ok_or_else(|| invalid("a { is not closed"))?;
        let mut reader = Reader {
            rest: inner,
            depth: 0,
        };
        let condition = reader.any()?;
        reader.skip();
        if !reader.rest.is_empty() {
            return Err(invalid(&format!("unexpected '{}'", reader.rest)));
        }
        Ok(JsonPattern(condition))
    }

    pub(super) fn matches(&self, line: &str) -> bool {
        let line = line.trim_start();
        if !line.starts_with(['{', '[']) {
            return false;
        }
        serde_json::from_str(line).is_ok_and(|document| self.0.holds(&document))
    }
}

impl Condition {
    fn holds(&self, document: &Value) -> bool {
        match self {
            Condition::All(all) => all.iter().all(|condition| condition.holds(document)),
            Condition::Any(any) => any.iter().any(|condition| condition.holds(document)),
            Condition::Compare(selector, operator, wanted) => {
                let found = select(document, selector);
                found.into_iter().any(|value| match value {
                    Value::String(text) => wanted.holds(*operator, text),
                    Value::Number(number) => wanted.holds(*operator, &number.to_string()),
                    _ => false,
                })
            }
            Condition::Is(selector, special) => {
                let found = select(document, selector);
                match special {
                    Special::Exists => !found.is_empty(),
                    Special::Missing => found.is_empty(),
                    Special::True => found.contains(&&Value::Bool(true)),
                    Special::False => found.contains(&&Value::Bool(false)),
                    Special::Null => found.contains(&&Value::Null),
                }
            }
        }
    }
}

fn select<'a>(document: &'a Value, selector: &Selector) -> Vec<&'a Value> {
    let mut found = vec![document];
    for step in selector {
        found = found
            .into_iter()
            .flat_map(|value| match (step, value) {
                (Step::Member(name), Value::Object(members)) => {
                    members.get(name).into_iter().collect()
                }
                (Step::At(at), Value::Array(items)) => items.get(*at).into_iter().collect(),
                (Step::Every, Value::Array(items)) => items.iter().collect(),
                (Step::Every, Value::Object(members)) => members.values().collect(),
                _ => Vec::new(),
            })
            .collect();
    }
    found
}

struct Reader<'a> {
    rest: &'a str,
    depth: u32,
}

impl<'a> Reader<'a> {
    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, sign: &str) -> bool {
        self.skip();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn any(&mut self) -> Result<Condition, ApiError> {
        let mut any = vec![self.all()?];
        while self.take("||") {
            any.push(self.all()?);
        }
        Ok(Condition::Any(any))
    }

    fn all(&mut self) -> Result<Condition, ApiError> {
        let mut all = vec![self.one()?];
        while self.take("&&") {
            all.push(self.one()?);
        }
        Ok(Condition::All(all))
    }

    fn one(&mut self) -> Result<Condition, ApiError> {
        if self.take("(") {
            self.depth += 1;
            if self.depth > DEEPEST {
                return Err(invalid("nested too deeply"));
            }
            let inner = self.any()?;
            self.depth -= 1;
            return if self.take(")") {
                Ok(inner)
            } else {
                Err(invalid("a ( is not closed"))
            };
        }
        let selector = self.selector()?;
        self.skip();
        for (words, special) in [
            ("IS TRUE", Special::True),
            ("IS FALSE", Special::False),
            ("IS NULL", Special::Null),
            ("NOT EXISTS", Special::Missing),
            ("EXISTS", Special::Exists),
        ] {
            if self.word(words) {
                return Ok(Condition::Is(selector, special));
            }
        }
        let (operator, rest) =
            Operator::lead(self.rest).ok_or_else(|| invalid("an operator is missing"))?;
        self.rest = rest.trim_start();
        let end = self.value_end()?;
        let (value, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(Condition::Compare(
            selector,
            operator,
            Wanted::parse(value)?,
        ))
    }

    /// Takes words that may be written in either case and apart.
    fn word(&mut self, words: &str) -> bool {
        let mut rest = self.rest;
        for word in words.split(' ') {
            rest = rest.trim_start();
            match rest.get(..word.len()) {
                Some(head) if head.eq_ignore_ascii_case(word) => {
                    rest = rest.get(word.len()..).unwrap_or_default();
                }
                _ => return false,
            }
        }
        self.rest = rest;
        true
    }

    /// Where the value at the beginning ends.
    fn value_end(&self) -> Result<usize, ApiError> {
        let quote = self.rest.chars().next().filter(|c| matches!(c, '"' | '%'));
        let Some(quote) = quote else {
            let stop = |c: char| c.is_whitespace() || matches!(c, ')' | '&' | '|');
            return Ok(self.rest.find(stop).unwrap_or(self.rest.len()));
        };
        let mut escaped = false;
        for (at, c) in self.rest.char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' if quote == '"' => escaped = true,
                c if c == quote => return Ok(at + 1),
                _ => {}
            }
        }
        Err(invalid("a quote is not closed"))
    }

    fn selector(&mut self) -> Result<Selector, ApiError> {
        if !self.take("$") {
            return Err(invalid(&format!(
                "a selector begins with '$': '{}'",
                self.rest
            )));
        }
        let mut steps = Vec::new();
        loop {
            if let Some(rest) = self.rest.strip_prefix('.') {
                let stop = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '@' | '*'));
                let end = rest.find(stop).unwrap_or(rest.len());
                let (name, rest) = rest.split_at(end);
                if name.is_empty() {
                    return Err(invalid("a member's name is missing after '.'"));
                }
                steps.push(if name == "*" {
                    Step::Every
                } else {
                    Step::Member(name.to_owned())
                });
                self.rest = rest;
            } else if let Some(rest) = self.rest.strip_prefix('[') {
                let (inner, rest) = rest
                    .split_once(']')
                    .ok_or_else(|| invalid("a [ is not closed"))?;
                let inner = inner.trim();
                let quoted = inner.trim_matches(|c| c == '\'' || c == '"');
                steps.push(match inner.parse() {
                    Ok(at) => Step::At(at),
                    Err(_) if inner == "*" => Step::Every,
                    Err(_) if quoted.len() + 2 == inner.len() => Step::Member(quoted.to_owned()),
                    Err(_) => return Err(invalid(&format!("'[{inner}]' is no index"))),
                });
                self.rest = rest;
            } else {
                return Ok(steps);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"level":"error","status":503,"path":"/api/items","user":{"id":7,"vip":true},
        "tags":["slow","retry"],"a.b":1,"gone":null,"ip":"10.0.0.1"}"#;

    fn matches(pattern: &str) -> bool {
        JsonPattern::parse(pattern).unwrap().matches(LINE)
    }

    #[test]
    fn members_are_compared_as_text_or_number() {
        assert!(matches(r#"{ $.level = "error" }"#) && matches("{ $.level = error }"));
        assert!(matches("{ $.status >= 500 }") && !matches("{ $.status < 500 }"));
        assert!(matches(r#"{$.path = "/api/*"}"#) && matches("{ $.ip = 10.0.* }"));
        assert!(matches("{ $.level != warn }") && !matches("{ $.none != warn }"));
        assert!(matches("{ $.path = %items$% }"));
    }

    #[test]
    fn selectors_reach_into_objects_and_lists() {
        assert!(matches("{ $.user.id = 7 }") && matches("{ $.tags[1] = retry }"));
        assert!(matches("{ $.tags[*] = slow }") && matches("{ $['a.b'] = 1 }"));
        assert!(!matches("{ $.tags[2] = retry }"));
    }

    #[test]
    fn conditions_combine_and_bind_as_in_most_languages() {
        assert!(matches(
            "{ $.status = 200 || $.status = 503 && $.level = error }"
        ));
        assert!(!matches(
            "{ ($.status = 200 || $.status = 503) && $.level = warn }"
        ));
    }

    #[test]
    fn truth_absence_and_null_have_words() {
        assert!(matches("{ $.user.vip IS TRUE }") && !matches("{ $.user.vip is false }"));
        assert!(matches("{ $.gone IS NULL }") && matches("{ $.other NOT EXISTS }"));
        assert!(!matches("{ $.level NOT EXISTS }"));
    }

    #[test]
    fn a_line_that_is_no_json_never_matches_and_a_bad_pattern_is_refused() {
        let pattern = JsonPattern::parse("{ $.a NOT EXISTS }").unwrap();
        assert!(!pattern.matches("plain text") && !pattern.matches("{broken"));
        for bad in [
            "{ $.a }",
            "{ a = 1 }",
            "{ $.a = 1",
            "{ $.a = \"x }",
            "{ ($.a = 1 }",
            "{ $.a = 1 ) }",
        ] {
            assert!(JsonPattern::parse(bad).is_err(), "{bad}");
        }
    }
}
