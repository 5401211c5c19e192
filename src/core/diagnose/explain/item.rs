//! One item of JSON: what it is, and its report.

use super::line::{explain_line, explain_words};
use super::read;
use super::report::Report;
use super::shape::{Item, Kind};
use super::task::{explain_container, explain_failure};
use crate::diagnose::EvidenceSource;
use crate::domain::{Arn, Task, Time};
use crate::text::Clean;

/// What an item is.
pub(super) enum Read {
    /// A text: AWS's words.
    Words(String),
    /// An object with its kind.
    Item(Box<Item>, Kind),
}

/// Reads an item that begins at `start`.
pub(super) fn read_item(bytes: &[u8], start: usize, kind: Option<Kind>) -> Result<Read, Clean> {
    let bytes = bytes.trim_ascii_start();
    match bytes.first() {
        Some(b'"') => Ok(Read::Words(parse(bytes, start)?)),
        Some(b'{') => {
            let mut item: Item = parse(bytes, start)?;
            if item.kind().is_none()
                && let Some(renamed) = renamed(bytes)
            {
                item = renamed;
            }
            let own = item.kind();
            match kind.filter(|_| own.is_some()).or(own) {
                Some(kind) => Ok(Read::Item(Box::new(item), kind)),
                None => Err(Clean::own(format!(
                    "the object at byte {start} is neither a task nor a service"
                ))),
            }
        }
        _ => Err(Clean::own(format!(
            "what stands at byte {start} is neither an object nor a text"
        ))),
    }
}

/// The same members in Pascal case, as AWS's tools for .NET, PowerShell and Step Functions write them.
fn renamed(bytes: &[u8]) -> Option<Item> {
    let mut document: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    lower_names(&mut document, 0);
    serde_json::from_value(document).ok()
}

fn lower_names(value: &mut serde_json::Value, depth: usize) {
    use serde_json::Value;
    match value {
        // The parser goes no deeper than 128.
        Value::Object(members) if depth < 128 => {
            let old = std::mem::take(members);
            for (name, mut member) in old {
                lower_names(&mut member, depth + 1);
                let mut letters = name.chars();
                let first = letters.next().map(|first| first.to_ascii_lowercase());
                members.insert(first.into_iter().chain(letters).collect(), member);
            }
        }
        Value::Array(items) if depth < 128 => {
            for item in items {
                lower_names(item, depth + 1);
            }
        }
        _ => {}
    }
}

/// The task that an event of EventBridge tells of; none where it tells of something else.
pub(in crate::diagnose) fn task_of_event(event: &str) -> Option<Task> {
    #[derive(serde::Deserialize)]
    struct Event {
        detail: Item,
    }
    let item = serde_json::from_str::<Event>(event).ok()?.detail;
    (item.kind() == Some(Kind::Task)).then(|| read::task(&item))
}

/// The report of an item that is neither a service nor a task.
pub(super) fn explain_part(item: Item, kind: Kind, at: Option<Time>) -> Report {
    match kind {
        Kind::Container => explain_container(item),
        Kind::Failure => explain_failure(&item),
        Kind::Action => explain_action(&item, at),
        Kind::Refused => {
            let words = [item.error_code.as_deref(), item.error_message.as_deref()];
            let operation = item.event_name.as_deref();
            let words = words.into_iter().flatten().collect::<Vec<_>>().join(": ");
            let words = match operation {
                Some(operation) => format!("{operation}: {words}"),
                None => words,
            };
            explain_words(&words, EvidenceSource::Line, Clean::default(), at)
        }
        Kind::Cause => {
            let cause = item.cause.unwrap_or_default();
            explain_words(&cause, EvidenceSource::Line, Clean::default(), at)
        }
        Kind::Event | Kind::Task | Kind::Service | Kind::Deployment | Kind::Rollout => {
            let reference = Clean::new(item.id.as_deref().unwrap_or_default());
            let told = item.created_at.and_then(|moment| moment.0);
            let message = item.message.unwrap_or_default();
            explain_words(
                &message,
                EvidenceSource::ServiceEvent,
                reference,
                told.or(at),
            )
        }
    }
}

/// What EventBridge says of a service or a deployment: its name, and its reason where there is one.
fn explain_action(item: &Item, at: Option<Time>) -> Report {
    let name = item.event_name.as_deref().unwrap_or_default();
    let words = match item.reason.as_deref().filter(|reason| !reason.is_empty()) {
        Some(reason) => format!("{name}: {reason}"),
        None => name.to_owned(),
    };
    let id = item.deployment_id.as_deref().unwrap_or_default();
    let told = read::newest(item).or(at);
    let mut report = explain_words(&words, EvidenceSource::ServiceEvent, Clean::new(id), told);
    report.placed(
        &Arn::new(item.cluster_arn.as_deref().unwrap_or_default()),
        &Arn::new(item.cluster_arn.as_deref().unwrap_or_default()),
    );
    report.deployment = item.deployment_id.as_deref().map(Clean::new);
    report
}

/// A text by itself.
pub(super) fn explain_text(text: &str) -> Report {
    explain_line(text)
}

/// Parses an item that begins at `start`.
pub(super) fn parse<'a, T: serde::Deserialize<'a>>(
    bytes: &'a [u8],
    start: usize,
) -> Result<T, Clean> {
    serde_json::from_slice(bytes).map_err(|error| {
        let lines = bytes.split_inclusive(|byte| *byte == b'\n');
        let before: usize = lines
            .take(error.line().saturating_sub(1))
            .map(<[u8]>::len)
            .sum();
        let byte = start + before + error.column().saturating_sub(1);
        let said = error.to_string();
        let said = said.split(" at line ").next().unwrap_or_default();
        Clean::new(&format!("bad item at byte {start}: {said} (byte {byte})"))
    })
}
