//! What a structured line says: JSON and logfmt, folded to level, message and the other fields.
//!
//! A line is read only when it is shown. JSON can hide control characters behind `\u`: what comes out of it is cleaned
//! again.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::level::Level;
use super::trace;
use crate::text::Clean;

/// Fields that say when: the line's own time says it.
const TIMES: [&str; 10] = [
    "time",
    "timestamp",
    "@timestamp",
    "ts",
    "t",
    "date",
    "datetime",
    "asctime",
    "eventtime",
    "@version",
];
/// Fields that hold the message, the likeliest first.
const MESSAGES: [&str; 7] = [
    "message",
    "msg",
    "event",
    "log",
    "text",
    "body",
    "error.message",
];
/// Fields that hold a stack trace.
const TRACES: [&str; 8] = [
    "stack",
    "stack_trace",
    "stacktrace",
    "exc_info",
    "exception",
    "error.stack",
    "err.stack",
    "error.stack_trace",
];
/// A field that holds nothing.
const NULL: &str = "null";
/// How deep objects in objects are taken apart; below they are shown as JSON.
const DEPTH: usize = 3;

/// A structured line, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// How bad it is.
    pub level: Option<Level>,
    /// Its message, on one line; empty where it has none.
    pub text: Clean,
    /// The error of its stack trace.
    pub error: Option<Clean>,
    /// Its other fields in their order; those of objects in objects have their path as a name, `http.status`.
    pub fields: Vec<(Clean, Clean)>,
}

impl Message {
    /// Takes a line apart; none where it is neither JSON nor logfmt.
    pub fn of(line: &str) -> Option<Self> {
        fields(line).map(Self::made)
    }

    fn made(mut fields: Vec<(String, String)>) -> Self {
        // What is nothing is told only where the line is shown in full.
        fields.retain(|(_, value)| value != NULL);
        let named = |fields: &[(String, String)], names: &[&str]| {
            names.iter().find_map(|name| {
                fields.iter().position(|(field, value)| {
                    field.eq_ignore_ascii_case(name) && !value.is_empty()
                })
            })
        };
        let level = fields
            .iter()
            .position(|(field, value)| Level::is_field(field) && level_of(value).is_some());
        let level = level.and_then(|at| level_of(&fields.remove(at).1));
        let text = named(&fields, &MESSAGES).map(|at| fields.remove(at).1);
        let trace = named(&fields, &TRACES).map(|at| fields.remove(at).1);
        fields.retain(|(field, _)| !TIMES.iter().any(|time| field.eq_ignore_ascii_case(time)));
        let text = text.unwrap_or_default();
        let error = trace.as_deref().and_then(trace::error_of);
        Self {
            level,
            error: error.filter(|error| !text.contains(error)).map(Clean::new),
            text: Clean::new(trace::error_of(&text).unwrap_or(&text)),
            fields: fields
                .into_iter()
                .map(|(field, value)| (Clean::new(&field), Clean::new(&value)))
                .collect(),
        }
    }

    /// The fields that the line before of the same stream did not have with the same value.
    pub fn new_fields<'a>(
        &'a self,
        before: Option<&'a Self>,
    ) -> impl Iterator<Item = &'a (Clean, Clean)> {
        let known = move |field: &&(Clean, Clean)| {
            before.is_none_or(|before| !before.fields.contains(field))
        };
        self.fields.iter().filter(known)
    }
}

/// All fields of a structured line in their order; values may have several lines.
pub(crate) fn fields_of(line: &str) -> Option<Vec<(Clean, Clean)>> {
    let clean = |(name, value): (String, String)| (Clean::new(&name), Clean::multiline(&value));
    Some(fields(line)?.into_iter().map(clean).collect())
}

/// The fields of JSON or logfmt as they are written.
fn fields(line: &str) -> Option<Vec<(String, String)>> {
    json(line).or_else(|| logfmt(line))
}

fn level_of(value: &str) -> Option<Level> {
    Level::named(value).or_else(|| Level::numbered(value.parse().ok()?))
}

/// An object of JSON with its fields in their order.
struct Ordered(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Ordered;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ordered, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Ordered(fields))
            }
        }
        from.deserialize_map(Fields)
    }
}

fn json(line: &str) -> Option<Vec<(String, String)>> {
    let line = line.trim();
    if !line.starts_with('{') {
        return None;
    }
    let Ordered(object) = serde_json::from_str(line).ok()?;
    let mut fields = Vec::with_capacity(object.len());
    for (name, value) in object {
        flatten(&mut fields, name, value, DEPTH);
    }
    (!fields.is_empty()).then_some(fields)
}

fn flatten(fields: &mut Vec<(String, String)>, name: String, value: Value, depth: usize) {
    match value {
        Value::Object(object) if depth > 0 && !object.is_empty() => {
            for (inner, value) in object {
                flatten(
                    fields,
                    format!("{name}.{inner}"),
                    value,
                    depth.saturating_sub(1),
                );
            }
        }
        Value::String(text) => fields.push((name, text)),
        Value::Null => fields.push((name, NULL.to_owned())),
        other => fields.push((name, other.to_string())),
    }
}

/// `name=value` and `name="a value"`, nothing else in between, and a message or a level among them.
fn logfmt(line: &str) -> Option<Vec<(String, String)>> {
    let mut fields = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let is_name =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '@' | '/');
        if name.is_empty() || !name.chars().all(is_name) {
            return None;
        }
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => in_quotes(quoted)?,
            None => {
                let end = after.find(char::is_whitespace).unwrap_or(after.len());
                let (value, after) = after.split_at_checked(end)?;
                (value.to_owned(), after)
            }
        };
        fields.push((name.to_owned(), value));
        rest = after.trim_start();
    }
    let says = |(name, _): &(String, String)| {
        Level::is_field(name)
            || MESSAGES
                .iter()
                .any(|known| known.eq_ignore_ascii_case(name))
    };
    (fields.len() > 1 && fields.iter().any(says)).then_some(fields)
}

/// What stands before the closing quote, and what behind it.
fn in_quotes(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, text.get(at.checked_add(1)?..)?)),
            '\\' => match chars.next()?.1 {
                'n' => value.push('\n'),
                't' => value.push('\t'),
                other => value.push(other),
            },
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> String {
        let Some(message) = Message::of(line) else {
            return "unstructured".to_owned();
        };
        let level = message.level.map_or("-", Level::word);
        let fields: Vec<String> = message
            .fields
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let error = message
            .error
            .map(|error| format!(" <{error}>"))
            .unwrap_or_default();
        format!("{level} {}{error} {}", message.text, fields.join(" "))
    }

    #[test]
    fn json_is_folded_to_level_message_and_the_other_fields_in_their_order() {
        for (line, folded) in [
            (
                r#"{"time":"2026-01-01T00:00:00Z","level":"info","msg":"served","path":"/x","ms":12}"#,
                "INFO served path=/x ms=12",
            ),
            (
                r#"{"severity":"ERROR","message":"no","http":{"status":502,"url":"/a"},"ok":false}"#,
                "ERROR no http.status=502 http.url=/a ok=false",
            ),
            (
                r#"{"level":30,"time":1,"pid":1,"msg":"up"}"#,
                "INFO up pid=1",
            ),
            (r#"{"a":1,"b":null,"c":[1,2]}"#, "-  a=1 c=[1,2]"),
        ] {
            assert_eq!(told(line), folded);
        }
    }

    #[test]
    fn a_stack_trace_is_folded_to_the_line_that_names_the_error() {
        let python = r#"{"level":"error","message":"job failed","exc_info":"Traceback (most recent call last):\n  File \"a.py\", line 1\n    x()\nKeyError: 'REDIS_URL'"}"#;
        assert_eq!(told(python), "ERROR job failed <KeyError: 'REDIS_URL'> ");
        let node = r#"{"level":50,"msg":"x","err":{"stack":"TypeError: y\n    at f (a.js:1:2)"}}"#;
        assert_eq!(told(node), "ERROR x <TypeError: y> ");
    }

    #[test]
    fn logfmt_is_folded_too_and_a_sentence_with_an_equals_sign_is_none() {
        assert_eq!(
            told(r#"ts=1 level=warn msg="slow \"query\"" ms=1200"#),
            "WARN slow \"query\" ms=1200"
        );
        for line in [
            "a=b",
            "it is x=1 and level=2",
            "level=info",
            "{broken",
            "[1,2]",
            "",
        ] {
            assert_eq!(told(line), "unstructured", "{line}");
        }
    }

    #[test]
    fn what_is_hidden_behind_an_escape_does_not_act_on_the_terminal() {
        let told = told(r#"{"msg":"a\u001b[2Jb","k\u0007":"c\u202e"}"#);
        assert!(!told.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{told:?}");
    }

    #[test]
    fn fields_that_the_line_before_had_with_the_same_value_are_not_new() {
        let first = Message::of(r#"{"msg":"a","pid":1,"path":"/x"}"#);
        let second = Message::of(r#"{"msg":"b","pid":1,"path":"/y"}"#).unwrap();
        let new: Vec<_> = second.new_fields(first.as_ref()).collect();
        assert_eq!(new, [&(Clean::new("path"), Clean::new("/y"))]);
        assert_eq!(second.new_fields(None).count(), 2);
    }
}
