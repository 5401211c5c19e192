//! Conditions of `filter`: comparisons, `like`, `in`, `ispresent`, joined by and, or, not.

use regex::Regex;

use super::names::field;
use super::row::Row;

/// The deepest nesting.
const DEEPEST: u32 = 32;

/// A condition on a row.
#[derive(Debug)]
pub(super) enum Condition {
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
    Not(Box<Condition>),
    Compare(Term, &'static str, Term),
    Like(Term, Regex),
    In(Term, Vec<Term>),
    Present(String),
}

/// A field or a constant.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Term {
    Field(String),
    Text(String),
}

impl Term {
    fn of(&self, row: &Row) -> Option<String> {
        match self {
            Term::Field(name) => row.get(name),
            Term::Text(text) => Some(text.clone()),
        }
    }
}

fn compare(left: &str, operator: &str, right: &str) -> bool {
    let order = match (left.trim().parse::<f64>(), right.trim().parse::<f64>()) {
        (Ok(left), Ok(right)) => left.partial_cmp(&right),
        _ => Some(left.cmp(right)),
    };
    let Some(order) = order else {
        return operator == "!=";
    };
    match operator {
        "=" => order.is_eq(),
        "!=" => order.is_ne(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        _ => order.is_ge(),
    }
}

impl Condition {
    pub(super) fn holds(&self, row: &Row) -> bool {
        match self {
            Condition::And(a, b) => a.holds(row) && b.holds(row),
            Condition::Or(a, b) => a.holds(row) || b.holds(row),
            Condition::Not(inner) => !inner.holds(row),
            Condition::Compare(left, operator, right) => match (left.of(row), right.of(row)) {
                (Some(left), Some(right)) => compare(&left, operator, &right),
                (left, right) => *operator == "!=" && (left.is_some() || right.is_some()),
            },
            Condition::Like(term, regex) => {
                term.of(row).is_some_and(|value| regex.is_match(&value))
            }
            Condition::In(term, list) => term.of(row).is_some_and(|value| {
                list.iter()
                    .filter_map(|one| one.of(row))
                    .any(|one| compare(&value, "=", &one))
            }),
            Condition::Present(field) => row.get(field).is_some(),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Regex(String),
    Sign(&'static str),
}

/// The tokens of a condition.
pub(super) struct Tokens {
    tokens: std::collections::VecDeque<Token>,
    depth: u32,
}

const SIGNS: [&str; 12] = [
    "!=", "<=", ">=", "=~", "(", ")", "[", "]", ",", "=", "<", ">",
];

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if matches!(first, '"' | '\'' | '`' | '/') {
            let inner = rest.get(1..).unwrap_or_default();
            let mut escaped = false;
            let end = inner.char_indices().find(|(_, c)| {
                let ends = *c == first && !escaped;
                escaped = *c == '\\' && !escaped;
                ends
            });
            let (end, _) = end.ok_or_else(|| format!("a {first} is not closed"))?;
            let (body, behind) = inner.split_at(end);
            tokens.push(match first {
                '/' => Token::Regex(body.replace("\\/", "/")),
                '`' => Token::Word(body.to_owned()),
                _ => Token::Text(body.replace(&format!("\\{first}"), &first.to_string())),
            });
            rest = behind.get(1..).unwrap_or_default().trim_start();
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            tokens.push(Token::Sign(sign));
            rest = rest.get(sign.len()..).unwrap_or_default().trim_start();
        } else {
            let stop = |c: char| c.is_whitespace() || "()[],=<>!\"'`".contains(c);
            let end = rest.find(stop).unwrap_or(rest.len());
            if end == 0 {
                return Err(format!("unexpected symbol found {first}"));
            }
            let (word, behind) = rest.split_at(end);
            if word.parse::<f64>().is_err() {
                field(word)?;
            }
            tokens.push(Token::Word(word.to_owned()));
            rest = behind.trim_start();
        }
    }
    Ok(tokens)
}

impl Tokens {
    /// Reads a whole condition.
    pub(super) fn condition(text: &str) -> Result<Condition, String> {
        let mut reader = Tokens {
            tokens: tokens(text)?.into(),
            depth: 0,
        };
        let condition = reader.or()?;
        match reader.tokens.front() {
            None => Ok(condition),
            Some(token) => Err(format!("unexpected symbol found {token:?}")),
        }
    }

    fn word(&mut self, word: &str) -> bool {
        let found =
            matches!(self.tokens.front(), Some(Token::Word(w)) if w.eq_ignore_ascii_case(word));
        if found {
            self.tokens.pop_front();
        }
        found
    }

    fn sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.tokens.front(), Some(Token::Sign(s)) if *s == sign);
        if found {
            self.tokens.pop_front();
        }
        found
    }

    fn or(&mut self) -> Result<Condition, String> {
        let mut left = self.and()?;
        while self.word("or") {
            left = Condition::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Condition, String> {
        let mut left = self.not()?;
        while self.word("and") {
            left = Condition::And(Box::new(left), Box::new(self.not()?));
        }
        Ok(left)
    }

    fn not(&mut self) -> Result<Condition, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("nested too deeply".to_owned());
        }
        let condition = if self.word("not") {
            Condition::Not(Box::new(self.not()?))
        } else if self.sign("(") {
            let inner = self.or()?;
            if !self.sign(")") {
                return Err("a ( is not closed".to_owned());
            }
            inner
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(condition)
    }

    fn comparison(&mut self) -> Result<Condition, String> {
        if self.word("ispresent") {
            let inside = self.sign("(");
            let field = self.tokens.pop_front();
            return match field {
                Some(Token::Word(field)) if inside && self.sign(")") => {
                    Ok(Condition::Present(field))
                }
                _ => Err("ispresent needs a field in parentheses".to_owned()),
            };
        }
        let left = self.term()?;
        if self.word("like") || self.sign("=~") {
            return self.pattern().map(|regex| Condition::Like(left, regex));
        }
        if self.word("not") {
            if self.word("like") {
                let regex = self.pattern()?;
                return Ok(Condition::Not(Box::new(Condition::Like(left, regex))));
            }
            if self.word("in") {
                let list = self.list()?;
                return Ok(Condition::Not(Box::new(Condition::In(left, list))));
            }
            return Err("'not' needs 'like' or 'in'".to_owned());
        }
        if self.word("in") {
            return Ok(Condition::In(left, self.list()?));
        }
        match self.tokens.pop_front() {
            Some(Token::Sign(sign @ ("=" | "!=" | "<" | "<=" | ">" | ">="))) => {
                Ok(Condition::Compare(left, sign, self.term()?))
            }
            other => Err(format!("a comparison is missing before {other:?}")),
        }
    }

    fn term(&mut self) -> Result<Term, String> {
        match self.tokens.pop_front() {
            Some(Token::Text(text)) => Ok(Term::Text(text)),
            Some(Token::Word(word)) if word.parse::<f64>().is_ok() => Ok(Term::Text(word)),
            Some(Token::Word(word)) => Ok(Term::Field(word)),
            other => Err(format!("a field or value is missing before {other:?}")),
        }
    }

    fn pattern(&mut self) -> Result<Regex, String> {
        let text = match self.tokens.pop_front() {
            Some(Token::Regex(text)) => text,
            Some(Token::Text(text)) => regex::escape(&text),
            other => return Err(format!("'like' needs a pattern before {other:?}")),
        };
        Regex::new(&text).map_err(|_| format!("'{text}' is no regular expression"))
    }

    fn list(&mut self) -> Result<Vec<Term>, String> {
        if !self.sign("[") {
            return Err("'in' needs a list in brackets".to_owned());
        }
        let mut list = vec![self.term()?];
        while self.sign(",") {
            list.push(self.term()?);
        }
        if self.sign("]") {
            Ok(list)
        } else {
            Err("a [ is not closed".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str) -> bool {
        let row = Row::of_text(r#"{"level":"error","ms":250,"path":"/a/b","user":{"id":"x"}}"#);
        Tokens::condition(text).unwrap().holds(&row)
    }

    #[test]
    fn fields_are_compared_with_text_and_numbers() {
        assert!(holds("level = 'error'") && holds("ms > 200") && !holds("ms >= 251"));
        assert!(holds("user.id = \"x\"") && holds("level != 'warn'"));
        assert!(!holds("none = 'x'") && !holds("none < 5"));
    }

    #[test]
    fn patterns_lists_and_presence_are_understood() {
        assert!(holds("path like /^\\/a/") && holds("path like 'a/b'") && holds("path =~ /b$/"));
        assert!(holds("path not like /c/") && holds("level in ['warn', 'error']"));
        assert!(holds("ispresent(user.id)") && !holds("ispresent(user.name)"));
        assert!(holds("level not in ['info']"));
    }

    #[test]
    fn and_binds_before_or_and_parentheses_before_both() {
        assert!(holds("level = 'error' or ms < 0 and ms < 0"));
        assert!(!holds("(level = 'error' or ms < 0) and ms < 0"));
        assert!(holds("not (level = 'info')"));
    }

    #[test]
    fn a_broken_condition_is_refused() {
        for bad in [
            "level =",
            "= 3",
            "level 'x'",
            "(a = 1",
            "a like 3",
            "a in 3",
            "a = 1 b",
            "\"x",
            "ms + 1 = 3",
            "strlen(path) = 3",
            "ms/1000 > 1",
        ] {
            assert!(Tokens::condition(bad).is_err(), "{bad}");
        }
    }
}
