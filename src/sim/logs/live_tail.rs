//! StartLiveTail: a session that tells each second what was ingested in it.
//!
//! Invariant: a session sees each line once, when it is ingested, unless there are more
//! than 500 in an update: then it sees 500 of them, and is told so.

use serde_json::{Value, json};

use super::api::missing;
use super::filter::Filter;
use super::frame::{event, exception};
use super::lines::Place;
use super::{Logs, Stream};
use crate::clock::{HOUR, SECOND, Time};
use crate::engine::Engine;
use crate::wire::{Answer, ApiError, Args};

/// The most events of an update.
const MOST: usize = 500;
/// How long a session lasts.
const LASTS: i64 = 3 * HOUR;
/// The most sessions at the same time.
const SESSIONS: usize = 15;
/// The most log groups of a session.
const GROUPS: usize = 10;

/// A session.
#[derive(Debug)]
pub(crate) struct Tail {
    id: String,
    request: String,
    /// Names and ARNs.
    groups: Vec<(String, String)>,
    streams: Vec<String>,
    prefixes: Vec<String>,
    pattern: String,
    filter: Filter,
    started: Time,
    /// Everything that was ingested until then has been told.
    told: Time,
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
    fn update(&mut self, logs: &Logs, now: Time) -> Value {
        let since = self.told;
        self.told = now;
        let mut found = Vec::new();
        for (name, arn) in &self.groups {
            let streams = logs
                .groups
                .get(name)
                .into_iter()
                .flat_map(|g| g.streams.values());
            for stream in streams.filter(|stream| self.wants(stream)) {
                let from = since - stream.lateness();
                if stream.created > now || stream.closed.is_some_and(|closed| closed < from) {
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

/// What a session says next.
#[derive(Debug)]
pub(crate) enum Said {
    /// It goes on after this.
    More(Vec<u8>),
    /// This was its last word.
    Last(Vec<u8>),
}

pub(super) fn start_live_tail(engine: &mut Engine, args: &Args) -> Answer {
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
        if !engine.logs.groups.contains_key(name) {
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
    if engine.logs.tails.len() >= SESSIONS {
        return Err(ApiError::client(
            "LimitExceededException",
            "The maximum number of concurrent Live Tail sessions is reached.",
        ));
    }
    engine.logs.tailed += 1;
    let mut random = engine.random("live tail", engine.logs.tailed);
    let (id, request) = (random.uuid(), random.uuid());
    let now = engine.now;
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
    engine.logs.tails.insert(engine.logs.tailed, tail);
    Ok(json!({}))
}

impl Engine {
    /// The first frames of a session: that there is an answer, and what it is about.
    pub(crate) fn tail_begins(&self, session: u64) -> Vec<u8> {
        let Some(tail) = self.logs.tails.get(&session) else {
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
        let now = self.now;
        let Some(mut tail) = self.logs.tails.remove(&session) else {
            return Said::Last(Vec::new());
        };
        if now - tail.started >= LASTS {
            let message = "The session has reached its maximum duration of 3 hours.";
            return Said::Last(exception("SessionTimeoutException", message));
        }
        // Who does not read for long misses what is older than that.
        tail.told = tail.told.max(now - 600 * SECOND);
        let update = tail.update(&self.logs, now);
        self.logs.tails.insert(session, tail);
        Said::More(event("sessionUpdate", &update))
    }

    /// Nobody listens any more.
    pub(crate) fn tail_ends(&mut self, session: u64) {
        self.logs.tails.remove(&session);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::Service;
    use crate::trial::{Trial, web};

    fn trial(rate: &str) -> Trial {
        Trial::new(&web(2, "").replace("rate = 1.0", &format!("rate = {rate}")))
    }

    fn arn() -> &'static str {
        "arn:aws:logs:us-east-1:123456789012:log-group:/ecs/web"
    }

    fn start(trial: &mut Trial, further: Value) -> Result<u64, ApiError> {
        let mut input = json!({ "logGroupIdentifiers": [arn()] });
        if let (Some(input), Value::Object(further)) = (input.as_object_mut(), further) {
            input.extend(further);
        }
        trial.ask(Service::Logs, "StartLiveTail", input)?;
        Ok(trial.engine.logs.tailed)
    }

    fn results(trial: &mut Trial, session: u64) -> (bool, Vec<Value>) {
        let now = trial.engine.now;
        let mut tail = trial.engine.logs.tails.remove(&session).unwrap();
        let update = tail.update(&trial.engine.logs, now);
        trial.engine.logs.tails.insert(session, tail);
        let sampled = update["sessionMetadata"]["sampled"].as_bool().unwrap();
        (
            sampled,
            update["sessionResults"].as_array().unwrap().clone(),
        )
    }

    #[test]
    fn a_session_tells_each_line_once_when_it_is_ingested() {
        let mut trial = trial("5.0");
        let session = start(&mut trial, json!({})).unwrap();
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..60 {
            trial.pass(1);
            let now = trial.engine.now;
            for line in results(&mut trial, session).1 {
                let ingested = line["ingestionTime"].as_i64().unwrap();
                assert!(ingested > now.0 - 1_000 && ingested <= now.0);
                assert!(seen.insert(line.to_string()), "twice");
            }
        }
        // Two tasks of five lines a second for a minute.
        assert!((560..=640).contains(&seen.len()), "{}", seen.len());
    }

    #[test]
    fn more_than_500_lines_in_an_update_are_sampled() {
        let mut trial = trial("400.0");
        let session = start(&mut trial, json!({})).unwrap();
        trial.pass(1);
        let (sampled, results) = results(&mut trial, session);
        assert_eq!((sampled, results.len()), (true, MOST));
    }

    #[test]
    fn a_session_ends_after_three_hours_with_a_timeout() {
        let mut trial = trial("0.1");
        let session = start(&mut trial, json!({})).unwrap();
        assert!(matches!(trial.engine.tail_says(session), Said::More(_)));
        trial.minutes(180);
        let Said::Last(frame) = trial.engine.tail_says(session) else {
            panic!("it goes on");
        };
        assert!(String::from_utf8_lossy(&frame).contains("SessionTimeoutException"));
        assert!(trial.engine.logs.tails.is_empty());
    }

    #[test]
    fn fifteen_sessions_are_the_most_and_arns_have_no_star() {
        let mut trial = trial("0.1");
        for _ in 0..SESSIONS {
            start(&mut trial, json!({})).unwrap();
        }
        assert_eq!(
            start(&mut trial, json!({})).unwrap_err().code,
            "LimitExceededException"
        );
        let star = json!({ "logGroupIdentifiers": [format!("{}:*", arn())] });
        assert_eq!(
            start(&mut trial, star).unwrap_err().code,
            "InvalidParameterException"
        );
        let both = json!({ "logStreamNames": ["a"], "logStreamNamePrefixes": ["b"] });
        assert!(start(&mut trial, both).is_err());
    }

    #[test]
    fn a_pattern_and_a_stream_prefix_narrow_it() {
        let mut trial = trial("5.0");
        let odd = json!({ "logEventFilterPattern": "%tick [13579]%", "logStreamNamePrefixes": ["ecs/app/"] });
        let session = start(&mut trial, odd).unwrap();
        let none = start(&mut trial, json!({ "logStreamNamePrefixes": ["x"] })).unwrap();
        trial.pass(10);
        let lines = results(&mut trial, session).1;
        assert!(!lines.is_empty());
        assert!(lines.iter().all(|l| {
            !l["message"]
                .as_str()
                .unwrap()
                .ends_with(['2', '4', '6', '8'])
        }));
        assert!(results(&mut trial, none).1.is_empty());
    }
}
