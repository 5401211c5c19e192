//! A live tail session: what it is about, and what was ingested since it was last asked.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::filter::Filter;
use super::lines::Place;
use super::{Group, Stream};
use crate::clock::Time;

/// The most events of an update.
pub(super) const MOST: usize = 500;

/// A session.
#[derive(Debug)]
pub(crate) struct Tail {
    pub(super) id: String,
    pub(super) request: String,
    /// Names and ARNs.
    pub(super) groups: Vec<(String, String)>,
    pub(super) streams: Vec<String>,
    pub(super) prefixes: Vec<String>,
    pub(super) pattern: String,
    pub(super) filter: Filter,
    pub(super) started: Time,
    /// Everything that was ingested until then has been told.
    pub(super) told: Time,
}

impl Tail {
    fn wants(&self, stream: &Stream) -> bool {
        (self.streams.is_empty() && self.prefixes.is_empty())
            || self.streams.contains(&stream.name)
            || self
                .prefixes
                .iter()
                .any(|prefix| stream.name.starts_with(prefix.as_str()))
    }

    /// What was ingested since it was last asked, until `now`.
    pub(super) fn update(&mut self, groups: &BTreeMap<String, Group>, now: Time) -> Value {
        let since = self.told;
        self.told = now;
        let mut found = Vec::new();
        for (name, arn) in &self.groups {
            let streams = groups
                .get(name)
                .into_iter()
                .flat_map(|g| g.streams.values());
            for stream in streams.filter(|stream| self.wants(stream)) {
                let from = since - stream.lateness();
                if stream.begins() > now + stream.horizon()
                    || stream.closed.is_some_and(|closed| closed < from)
                {
                    continue;
                }
                let lines = stream
                    .forwards(Place::start_of(from), now + stream.horizon() + 1)
                    .filter(|line| line.ingested > since && line.ingested <= now)
                    .filter(|line| self.filter.matches(&line.message));
                found.extend(lines.map(|line| (line, stream.name.as_str(), arn.as_str())));
            }
        }
        found.sort_by(|a, b| (a.0.ingested, a.0.place, a.1).cmp(&(b.0.ingested, b.0.place, b.1)));
        let sampled = found.len() > MOST;
        let count = found.len();
        // Evenly spread over what there is.
        let kept = found
            .into_iter()
            .enumerate()
            .filter(|(at, _)| !sampled || at * MOST / count != (at + 1) * MOST / count);
        let results: Vec<Value> = kept
            .map(|(_, (line, stream, group))| {
                json!({
                    "logStreamName": stream,
                    "logGroupIdentifier": group,
                    "message": line.message,
                    "timestamp": line.place.at.0,
                    "ingestionTime": line.ingested.0,
                })
            })
            .collect();
        json!({ "sessionMetadata": { "sampled": sampled }, "sessionResults": results })
    }
}
