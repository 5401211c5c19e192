//! A row: a line with its fields, those that commands made, and what a query found.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::clock::Time;

/// Fields with their values, in the order in which they are shown.
pub(super) type Shown = Vec<(String, String)>;

/// What a query found.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) rows: Vec<Shown>,
    pub(super) matched: usize,
    pub(super) scanned: usize,
    pub(super) bytes: usize,
    pub(super) skipped: usize,
}

/// A line with its fields.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) at: Time,
    pub(super) ingested: Time,
    pub(super) message: String,
    pub(super) stream: String,
    pub(super) log: String,
    pub(super) pointer: String,
    /// The message as JSON, where it is that; read when a field is first asked for.
    pub(super) document: OnceCell<Option<Value>>,
    /// Fields that commands have made.
    pub(super) made: BTreeMap<String, String>,
}

/// `2026-11-18 11:06:40.000`, as Insights writes times.
pub(super) fn stamp(at: Time) -> String {
    at.rfc3339().replace('T', " ").replace('Z', "")
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(true) => Some("1".to_owned()),
        Value::Bool(false) => Some("0".to_owned()),
        other => Some(other.to_string()),
    }
}

impl Row {
    pub(super) fn at(&self) -> Time {
        self.at
    }

    pub(super) fn get(&self, field: &str) -> Option<String> {
        if let Some(made) = self.made.get(field) {
            return Some(made.clone());
        }
        match field {
            "@timestamp" => Some(stamp(self.at)),
            "@ingestionTime" => Some(stamp(self.ingested)),
            "@message" => Some(self.message.clone()),
            "@logStream" => Some(self.stream.clone()),
            "@log" => Some(self.log.clone()),
            "@ptr" => Some(self.pointer.clone()),
            field => self.member(field),
        }
    }

    /// A member of a JSON message: `error.code`, `items.0.id`.
    fn member(&self, field: &str) -> Option<String> {
        let document = self.document.get_or_init(|| {
            let message = self.message.trim_start();
            message
                .starts_with('{')
                .then(|| serde_json::from_str(message).ok())
                .flatten()
        });
        let document = document.as_ref()?;
        if let Some(whole) = document.get(field) {
            return text(whole);
        }
        let found = field
            .split('.')
            .try_fold(document, |value, step| match value {
                Value::Array(items) => items.get(step.parse::<usize>().ok()?),
                other => other.get(step),
            });
        text(found?)
    }

    #[cfg(test)]
    pub(super) fn of_text(message: &str) -> Self {
        Row {
            at: Time(0),
            ingested: Time(0),
            message: message.to_owned(),
            stream: String::new(),
            log: String::new(),
            pointer: String::new(),
            document: OnceCell::new(),
            made: BTreeMap::new(),
        }
    }
}
