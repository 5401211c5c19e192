//! CreateLogGroup, CreateLogStream, PutLogEvents: what callers write themselves.
//!
//! Invariant: a line that is taken is seen once, from when it was ingested; its place in the
//! stream is that of its own time, whenever it came.
//!
//! source: CloudWatch Logs API reference, PutLogEvents (batches, the 14 days and 2 hours,
//! `rejectedLogEventsInfo`; sequence tokens are ignored), CreateLogGroup, CreateLogStream;
//! wordings of batches: reports of users of its agents ("Upload too large: … bytes exceeds
//! limit of 1048576", "Log events in a single PutLogEvents request must be in chronological
//! order.", "… cannot span more than 24 hours.").

use serde_json::{Map, Value, json};

use super::find::{group, missing};
use super::stream::BESIDE;
use super::{Logs, Stream};
use crate::clock::{HOUR, Millis, Time};
use crate::random::Random;
use crate::wire::{Answer, ApiError, Args};

/// The most bytes of a batch.
const BATCH: usize = 1_048_576;

/// How old and how far in the future an event may be, and how far apart those of a batch.
const OLDEST: Millis = 14 * 24 * HOUR;
const NEWEST: Millis = 2 * HOUR;
const SPAN: Millis = 24 * HOUR;

/// The most log groups. AWS has a million; here somebody's memory has less.
const GROUPS: usize = 10_000;

fn there_already(what: &str) -> ApiError {
    ApiError::client(
        "ResourceAlreadyExistsException",
        format!("The specified {what} already exists"),
    )
}

pub(super) fn create_log_group(logs: &mut Logs, args: &Args) -> Answer {
    let name = args.text("logGroupName")?.unwrap_or_default();
    if name.starts_with("aws/") {
        return Err(ApiError::invalid_parameter(
            "Log groups starting with aws/ are reserved for AWS.",
        ));
    }
    if args.get("kmsKeyId").is_some() {
        // There are no keys here.
        return Err(ApiError::invalid_parameter(
            "The specified KMS Key Id could not be found.",
        ));
    }
    if logs.groups.contains_key(name) {
        return Err(there_already("log group"));
    }
    if logs.groups.len() >= GROUPS {
        return Err(ApiError::client(
            "LimitExceededException",
            "Resource limit exceeded.",
        ));
    }
    let class = args.text("logGroupClass")?.unwrap_or("STANDARD");
    let protected = args.flag("deletionProtectionEnabled")?;
    let made = logs.add_log_group(name, logs.desk.now);
    made.class = class.to_owned();
    made.protected = protected.unwrap_or_default();
    Ok(json!({}))
}

pub(super) fn create_log_stream(logs: &mut Logs, args: &Args) -> Answer {
    let (name, group) = group(logs, args)?;
    let stream = args.text("logStreamName")?.unwrap_or_default();
    if group.streams.contains_key(stream) {
        return Err(there_already("log stream"));
    }
    let (name, made) = (
        name.to_owned(),
        Stream::new(stream.to_owned(), logs.desk.now, logs.desk.seed),
    );
    if let Some(group) = logs.groups.get_mut(&name) {
        group.open(made);
    }
    Ok(json!({}))
}

/// An event of a batch.
struct Event {
    at: Time,
    message: String,
}

fn batch(args: &Args) -> Result<Vec<Event>, ApiError> {
    let mut events = Vec::new();
    for event in args.structures("logEvents")? {
        events.push(Event {
            at: Time(event.number("timestamp")?.unwrap_or_default()),
            message: event.text("message")?.unwrap_or_default().to_owned(),
        });
    }
    let bytes: usize = events.iter().map(|e| e.message.len() + BESIDE).sum();
    if bytes > BATCH {
        return Err(ApiError::invalid_parameter(format!(
            "Upload too large: {bytes} bytes exceeds limit of {BATCH}"
        )));
    }
    if !events.is_sorted_by_key(|event| event.at) {
        return Err(ApiError::invalid_parameter(
            "Log events in a single PutLogEvents request must be in chronological order.",
        ));
    }
    Ok(events)
}

/// The events of a batch that are taken, and what is told of the others.
fn taken(
    mut events: Vec<Event>,
    now: Time,
    retention_days: Option<u32>,
) -> Result<(Vec<Event>, Map<String, Value>), ApiError> {
    let mut rejected = Map::new();
    let before = |at: Time, events: &[Event]| events.partition_point(|event| event.at < at);
    let new = before(now + NEWEST + 1, &events);
    if new < events.len() {
        rejected.insert("tooNewLogEventStartIndex".to_owned(), json!(new));
    }
    let expired =
        retention_days.map_or(0, |days| before(now - i64::from(days) * 24 * HOUR, &events));
    if expired > 0 {
        rejected.insert("expiredLogEventEndIndex".to_owned(), json!(expired));
    }
    let old = before(now - OLDEST, &events);
    if old > 0 {
        rejected.insert("tooOldLogEventEndIndex".to_owned(), json!(old));
    }
    events.truncate(new);
    events.drain(..old.max(expired).min(new));
    if let (Some(first), Some(last)) = (events.first(), events.last())
        && last.at - first.at > SPAN
    {
        return Err(ApiError::invalid_parameter(
            "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
        ));
    }
    Ok((events, rejected))
}

pub(super) fn put_log_events(logs: &mut Logs, args: &Args) -> Answer {
    let events = batch(args)?;
    let (now, seed) = (logs.desk.now, logs.desk.seed);
    let (name, group) = group(logs, args)?;
    let stream = args.text("logStreamName")?.unwrap_or_default();
    if !group.streams.contains_key(stream) {
        return Err(missing("log stream"));
    }
    let (events, rejected) = taken(events, now, group.retention_days)?;
    let name = name.to_owned();
    let Some(group) = logs.groups.get_mut(&name) else {
        return Err(missing("log group"));
    };
    let (late, late_by) = (group.late, group.late_by);
    let Some(stream) = group.streams.get_mut(stream) else {
        return Err(missing("log stream"));
    };
    for event in events {
        let mut random = Random::of(seed ^ stream.seed, "put", stream.count);
        let lag = if random.chance(late) {
            late_by.draw(&mut random)
        } else {
            stream.soon()
        };
        stream.keep(event.at, now + lag, event.message);
    }
    let mut answer = json!({ "nextSequenceToken": format!("4903{:052}", stream.count) });
    if let (false, Some(answer)) = (rejected.is_empty(), answer.as_object_mut()) {
        answer.insert("rejectedLogEventsInfo".to_owned(), Value::Object(rejected));
    }
    Ok(answer)
}

#[cfg(test)]
mod tests;
