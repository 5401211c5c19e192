//! StartLiveTail: a session that tells each second what was ingested in it.
//!
//! Invariant: a session sees each line once, when it is ingested, unless there are more
//! than 500 in an update: then it sees 500 of them, and is told so.

use serde_json::json;

use super::Logs;
use super::filter::Filter;
use super::find::missing;
use super::frame::{event, exception};
use super::tail::Tail;
use crate::clock::{HOUR, SECOND};
use crate::wire::{Answer, ApiError, Args};

/// How long a session lasts.
const LASTS: i64 = 3 * HOUR;
/// The most sessions at the same time.
const SESSIONS: usize = 15;
/// The most log groups of a session.
const GROUPS: usize = 10;

/// What a session says next.
#[derive(Debug)]
pub(crate) enum Said {
    /// It goes on after this.
    More(Vec<u8>),
    /// This was its last word.
    Last(Vec<u8>),
}

pub(super) fn start_live_tail(logs: &mut Logs, args: &Args) -> Answer {
    let identifiers = args.texts("logGroupIdentifiers")?;
    if identifiers.is_empty() || identifiers.len() > GROUPS {
        return Err(ApiError::invalid_parameter(format!(
            "1 validation error detected: Value at 'logGroupIdentifiers' failed to satisfy \
             constraint: Member must have length between 1 and {GROUPS}"
        )));
    }
    let mut groups = Vec::new();
    for arn in identifiers {
        let name = arn.split_once(":log-group:").map(|(_, name)| name);
        let Some(name) = name.filter(|name| arn.starts_with("arn:") && !name.ends_with(":*"))
        else {
            return Err(ApiError::invalid_parameter(format!(
                "The log group identifier '{arn}' is not the ARN of a log group without ':*'."
            )));
        };
        if !logs.groups.contains_key(name) {
            return Err(missing("log group"));
        }
        groups.push((name.to_owned(), arn.to_owned()));
    }
    let own = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let streams = own(args.texts("logStreamNames")?);
    let prefixes = own(args.texts("logStreamNamePrefixes")?);
    if !streams.is_empty() && !prefixes.is_empty() {
        return Err(ApiError::invalid_parameter(
            "Cannot specify both logStreamNames and logStreamNamePrefixes.",
        ));
    }
    if groups.len() > 1 && !(streams.is_empty() && prefixes.is_empty()) {
        return Err(ApiError::invalid_parameter(
            "Log streams can only be specified with a single log group.",
        ));
    }
    let pattern = args
        .text("logEventFilterPattern")?
        .unwrap_or_default()
        .to_owned();
    let filter = Filter::parse(&pattern)?;
    if logs.tails.len() >= SESSIONS {
        return Err(ApiError::client(
            "LimitExceededException",
            "The maximum number of concurrent Live Tail sessions is reached.",
        ));
    }
    logs.tailed += 1;
    let mut random = logs.desk.random("live tail", logs.tailed);
    let (id, request) = (random.uuid(), random.uuid());
    let now = logs.desk.now;
    let tail = Tail {
        id,
        request,
        groups,
        streams,
        prefixes,
        pattern,
        filter,
        started: now,
        told: now,
    };
    logs.tails.insert(logs.tailed, tail);
    Ok(json!({}))
}

impl Logs {
    /// The first frames of a session: that there is an answer, and what it is about.
    pub(crate) fn tail_begins(&self, session: u64) -> Vec<u8> {
        let Some(tail) = self.tails.get(&session) else {
            return Vec::new();
        };
        let arns: Vec<&String> = tail.groups.iter().map(|(_, arn)| arn).collect();
        let start = json!({
            "requestId": tail.request,
            "sessionId": tail.id,
            "logGroupIdentifiers": arns,
            "logStreamNames": tail.streams,
            "logStreamNamePrefixes": tail.prefixes,
            "logEventFilterPattern": tail.pattern,
        });
        let mut frames = event("initial-response", &json!({}));
        frames.extend(event("sessionStart", &start));
        frames
    }

    /// What a session says now; it is asked once a second.
    pub(crate) fn tail_says(&mut self, session: u64) -> Said {
        let now = self.desk.now;
        let Some(mut tail) = self.tails.remove(&session) else {
            return Said::Last(Vec::new());
        };
        if now - tail.started >= LASTS {
            let message = "The session has reached its maximum duration of 3 hours.";
            return Said::Last(exception("SessionTimeoutException", message));
        }
        // Who does not read for long misses what is older than that.
        tail.told = tail.told.max(now - 600 * SECOND);
        let update = tail.update(&self.groups, now);
        self.tails.insert(session, tail);
        Said::More(event("sessionUpdate", &update))
    }

    /// Nobody listens any more.
    pub(crate) fn tail_ends(&mut self, session: u64) {
        self.tails.remove(&session);
    }
}

#[cfg(test)]
mod tests;
