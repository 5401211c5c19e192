//! The actions of CloudWatch Logs (awsJson 1.1, `Logs_20140328`).

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use serde_json::{Value, json};

use super::filter::Filter;
use super::lines::{Forwards, Line, Place};
use super::{Group, Stream};
use crate::clock::Time;
use crate::engine::Engine;
use crate::wire::{Action, Answer, ApiError, Args, page};

/// The most events on a page.
const PAGE: i64 = 10_000;
/// The most lines that one call searches; beyond it the page ends, maybe empty.
const SEARCHED: usize = 40_000;

pub(crate) const ACTIONS: &[Action] = &[
    Action {
        name: "DescribeLogGroups",
        members: &[
            "accountIdentifiers",
            "logGroupNamePrefix",
            "logGroupNamePattern",
            "nextToken",
            "limit",
            "includeLinkedAccounts",
            "logGroupClass",
            "logGroupIdentifiers",
        ],
        run: describe_log_groups,
    },
    Action {
        name: "DescribeLogStreams",
        members: &[
            "logGroupName",
            "logGroupIdentifier",
            "logStreamNamePrefix",
            "orderBy",
            "descending",
            "nextToken",
            "limit",
        ],
        run: describe_log_streams,
    },
    Action {
        name: "FilterLogEvents",
        members: &[
            "logGroupName",
            "logGroupIdentifier",
            "logStreamNames",
            "logStreamNamePrefix",
            "startTime",
            "endTime",
            "filterPattern",
            "nextToken",
            "limit",
            "startFromHead",
            "interleaved",
            "unmask",
        ],
        run: filter_log_events,
    },
    Action {
        name: "GetLogEvents",
        members: &[
            "logGroupName",
            "logGroupIdentifier",
            "logStreamName",
            "startTime",
            "endTime",
            "nextToken",
            "limit",
            "startFromHead",
            "unmask",
        ],
        run: get_log_events,
    },
];

/// A limit between 1 and `most`.
fn limit(args: &Args, default: i64, most: i64) -> Result<usize, ApiError> {
    let limit = args.number("limit")?.unwrap_or(default);
    if !(1..=most).contains(&limit) {
        return Err(ApiError::invalid_parameter(format!(
            "1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: \
             Member must have value between 1 and {most}"
        )));
    }
    Ok(usize::try_from(limit).unwrap_or_default())
}

/// The log group that a call names, by name or ARN.
fn group<'a>(engine: &'a Engine, args: &Args) -> Result<(&'a str, &'a Group), ApiError> {
    let named = match (args.text("logGroupName")?, args.text("logGroupIdentifier")?) {
        (Some(name), None) | (None, Some(name)) => name,
        _ => {
            return Err(ApiError::invalid_parameter(
                "Exactly one of logGroupName and logGroupIdentifier must be given.",
            ));
        }
    };
    let name = named
        .split_once(":log-group:")
        .map_or(named, |(_, name)| name.trim_end_matches(":*"));
    engine
        .logs
        .groups
        .get_key_value(name)
        .map(|(name, group)| (name.as_str(), group))
        .ok_or_else(|| missing("log group"))
}

fn missing(what: &str) -> ApiError {
    ApiError::client(
        "ResourceNotFoundException",
        format!("The specified {what} does not exist."),
    )
}

fn describe_log_groups(engine: &mut Engine, args: &Args) -> Answer {
    let prefix = args.text("logGroupNamePrefix")?.unwrap_or_default();
    let pattern = args.text("logGroupNamePattern")?.map(str::to_lowercase);
    if !prefix.is_empty() && pattern.is_some() {
        return Err(ApiError::invalid_parameter(
            "LogGroupName prefix and LogGroupName pattern are mutually exclusive parameters.",
        ));
    }
    let size = limit(args, 50, 50)?;
    let after = page::begin(args.text("nextToken")?)?;
    let groups = engine.logs.groups.iter().filter(|(name, _)| {
        name.starts_with(prefix)
            && **name > after
            && pattern
                .as_ref()
                .is_none_or(|p| name.to_lowercase().contains(p))
    });
    let cut = page::cut(
        groups.map(|(name, group)| (name.clone(), (name, group))),
        size,
    );
    let groups: Vec<Value> = cut
        .items
        .iter()
        .map(|(name, group)| {
            let mut shown = json!({
                "logGroupName": name,
                "creationTime": group.created.0,
                "metricFilterCount": 0,
                "arn": format!("{}:*", group.arn),
                "storedBytes": 0,
                "logGroupClass": "STANDARD",
                "logGroupArn": group.arn,
            });
            if let (Some(days), Some(shown)) = (group.retention_days, shown.as_object_mut()) {
                shown.insert("retentionInDays".to_owned(), json!(days));
            }
            shown
        })
        .collect();
    Ok(with_token(json!({ "logGroups": groups }), cut.next))
}

fn with_token(mut answer: Value, token: Option<String>) -> Value {
    if let (Some(token), Some(answer)) = (token, answer.as_object_mut()) {
        answer.insert("nextToken".to_owned(), Value::String(token));
    }
    answer
}

fn describe_log_streams(engine: &mut Engine, args: &Args) -> Answer {
    let now = engine.now;
    let (_, group) = group(engine, args)?;
    let prefix = args.text("logStreamNamePrefix")?.unwrap_or_default();
    let by_time = args.text("orderBy")? == Some("LastEventTime");
    if by_time && !prefix.is_empty() {
        return Err(ApiError::invalid_parameter(
            "Cannot order by LastEventTime with a logStreamNamePrefix.",
        ));
    }
    let size = limit(args, 50, 50)?;
    let after = page::begin(args.text("nextToken")?)?;
    let mut streams: Vec<(String, &Stream)> = group
        .streams
        .values()
        .filter(|stream| stream.name.starts_with(prefix))
        .map(|stream| {
            let last = stream.last_written(now).unwrap_or(stream.created);
            let key = if by_time {
                format!("{:020}/{}", last.0, stream.name)
            } else {
                stream.name.clone()
            };
            (key, stream)
        })
        .collect();
    streams.sort_by(|a, b| a.0.cmp(&b.0));
    if args.flag("descending")?.unwrap_or_default() {
        streams.reverse();
    }
    let skip = match streams.iter().position(|(key, _)| *key == after) {
        Some(at) if !after.is_empty() => at + 1,
        _ => 0,
    };
    let cut = page::cut(streams.into_iter().skip(skip), size);
    let shown: Vec<Value> = cut
        .items
        .iter()
        .map(|stream| stream_json(group, stream, now))
        .collect();
    Ok(with_token(json!({ "logStreams": shown }), cut.next))
}

fn stream_json(group: &Group, stream: &Stream, now: Time) -> Value {
    let first = stream
        .forwards(Place::start_of(Time(0)), now)
        .next()
        .filter(|line| line.ingested <= now);
    let mut shown = json!({
        "logStreamName": stream.name,
        "creationTime": stream.created.0,
        "uploadSequenceToken": format!("4903{:052}", stream.created.0),
        "arn": format!("{}:log-stream:{}", group.arn, stream.name),
        "storedBytes": 0,
    });
    if let (Some(first), Some(shown)) = (first, shown.as_object_mut()) {
        let last = stream.last_written(now).unwrap_or(first.place.at);
        shown.insert("firstEventTimestamp".to_owned(), json!(first.place.at.0));
        shown.insert("lastEventTimestamp".to_owned(), json!(last.0));
        shown.insert(
            "lastIngestionTime".to_owned(),
            json!((last + 400).0.min(now.0)),
        );
    }
    shown
}

/// The streams that a FilterLogEvents call searches.
fn chosen<'a>(group: &'a Group, args: &Args) -> Result<Vec<&'a Stream>, ApiError> {
    let names = args.texts("logStreamNames")?;
    let prefix = args.text("logStreamNamePrefix")?;
    if !names.is_empty() && prefix.is_some() {
        return Err(ApiError::invalid_parameter(
            "Cannot specify both logStreamNames and logStreamNamePrefix.",
        ));
    }
    if names.len() > 100 {
        return Err(ApiError::invalid_parameter(
            "1 validation error detected: Value at 'logStreamNames' failed to satisfy constraint: \
             Member must have length less than or equal to 100",
        ));
    }
    if names.is_empty() {
        let prefix = prefix.unwrap_or_default();
        let streams = group.streams.range(prefix.to_owned()..);
        return Ok(streams
            .map(|(_, stream)| stream)
            .take_while(|stream| stream.name.starts_with(prefix))
            .collect());
    }
    let names: BTreeSet<&str> = names.into_iter().collect();
    names
        .into_iter()
        .map(|name| group.streams.get(name).ok_or_else(|| missing("log stream")))
        .collect()
}

/// The order of events over streams, and the place in it after which a page begins.
type Order = (Place, String);

fn order_token(order: &Order) -> String {
    let (place, name) = order;
    let kind = u8::from(place.ordinary);
    page::seal(&format!("{}/{kind}/{}/{name}", place.at.0, place.number))
}

fn parse_order(token: &str) -> Option<Order> {
    let text = page::unseal(token)?;
    let mut parts = text.splitn(4, '/');
    let at = Time(parts.next()?.parse().ok()?);
    let ordinary = parts.next()? == "1";
    let number = parts.next()?.parse().ok()?;
    Some((
        Place {
            at,
            ordinary,
            number,
        },
        parts.next()?.to_owned(),
    ))
}

/// A stream's next line, ordered as the answer is.
struct Head<'a> {
    order: Order,
    line: Line,
    stream: &'a Stream,
    rest: Forwards<'a>,
}

impl PartialEq for Head<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}

impl Eq for Head<'_> {}

impl PartialOrd for Head<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Head<'_> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.order.cmp(&other.order)
    }
}

fn head<'a>(stream: &'a Stream, mut rest: Forwards<'a>) -> Option<Head<'a>> {
    let line = rest.next()?;
    Some(Head {
        order: (line.place, stream.name.clone()),
        line,
        stream,
        rest,
    })
}

fn filter_log_events(engine: &mut Engine, args: &Args) -> Answer {
    let now = engine.now;
    let token = args.text("nextToken")?;
    let size = limit(args, PAGE, PAGE)?;
    let filter = Filter::parse(args.text("filterPattern")?.unwrap_or_default())?;
    let start = Time(args.number("startTime")?.unwrap_or_default().max(0));
    // The end is included: "events with a timestamp later than this are not returned".
    let end = args.number("endTime")?.map_or(now + 1, |end| Time(end) + 1);
    if end < start {
        return Err(ApiError::invalid_parameter(
            "startTime must not be after endTime.",
        ));
    }
    let after =
        match token {
            None => None,
            Some(token) => Some(parse_order(token).ok_or_else(|| {
                ApiError::invalid_parameter("The specified nextToken is invalid.")
            })?),
        };
    group(engine, args)?;
    if after.is_none() {
        engine.logs.asked += 1;
        if engine.logs.asked.is_multiple_of(7) {
            // AWS gives an empty page with a token now and then; callers must go on.
            let begin = (Place::start_of(start), String::new());
            return Ok(
                json!({ "events": [], "searchedLogStreams": [], "nextToken": order_token(&begin) }),
            );
        }
    }
    let (_, group) = group(engine, args)?;
    let from = after
        .as_ref()
        .map_or(Place::start_of(start), |(place, _)| *place);
    let mut heads: BinaryHeap<Reverse<Head<'_>>> = chosen(group, args)?
        .into_iter()
        .filter(|stream| stream.created < end && stream.closed.is_none_or(|closed| closed >= start))
        .filter_map(|stream| head(stream, stream.forwards(from, end.min(now + 1))).map(Reverse))
        .collect();
    let mut events = Vec::new();
    let mut searched = 0;
    let mut last = None;
    while let Some(Reverse(Head {
        order,
        line,
        stream,
        rest,
    })) = heads.pop()
    {
        heads.extend(head(stream, rest).map(Reverse));
        if after.as_ref().is_some_and(|after| order <= *after) {
            continue;
        }
        searched += 1;
        if line.ingested <= now && filter.matches(&line.message) {
            events.push(json!({
                "logStreamName": stream.name,
                "timestamp": line.place.at.0,
                "message": line.message,
                "ingestionTime": line.ingested.0,
                "eventId": line.event_id(stream),
            }));
        }
        last = Some(order);
        if events.len() >= size || searched >= SEARCHED {
            break;
        }
    }
    let next = last
        .filter(|_| !heads.is_empty())
        .map(|last| order_token(&last));
    let answer = json!({ "events": events, "searchedLogStreams": [] });
    Ok(with_token(answer, next))
}

/// A token of GetLogEvents: a direction and a place.
fn place_token(direction: char, place: Place) -> String {
    format!("{direction}/{}", order_token(&(place, String::new())))
}

fn get_log_events(engine: &mut Engine, args: &Args) -> Answer {
    let now = engine.now;
    let size = limit(args, PAGE, PAGE)?;
    let name = args.text("logStreamName")?.unwrap_or_default();
    let (_, group) = group(engine, args)?;
    let stream = group
        .streams
        .get(name)
        .ok_or_else(|| missing("log stream"))?;
    let start = Time(args.number("startTime")?.unwrap_or_default().max(0));
    // The end is excluded here: "equal to or later than this time are not included".
    let end = args.number("endTime")?.map_or(now + 1, Time).min(now + 1);
    let from_head = args.flag("startFromHead")?.unwrap_or_default();
    let invalid = || ApiError::invalid_parameter("The specified nextToken is invalid.");
    let token = match args.text("nextToken")? {
        None => None,
        Some(token) => {
            let (direction, place) = token.split_once('/').ok_or_else(invalid)?;
            let (place, _) = parse_order(place).ok_or_else(invalid)?;
            Some((direction == "b", place))
        }
    };
    let lines = match token {
        Some((true, place)) => stream.backwards(start, place, now, size),
        None if !from_head => stream.backwards(start, Place::start_of(end), now, size),
        _ => {
            let from = token.map_or(Place::start_of(start), |(_, place)| place);
            stream
                .forwards(from.max(Place::start_of(start)), end)
                .filter(|line| line.ingested <= now)
                .take(size)
                .collect()
        }
    };
    // At an end, the same token comes back.
    let here = token.map_or(
        Place::start_of(if from_head { start } else { end }),
        |(_, place)| place,
    );
    let after = |place: Place| Place {
        number: place.number + 1,
        ..place
    };
    let forward = lines.last().map_or(here, |line| after(line.place));
    let backward = lines.first().map_or(here, |line| line.place);
    let events: Vec<Value> = lines
        .iter()
        .map(|line| {
            json!({
                "timestamp": line.place.at.0,
                "message": line.message,
                "ingestionTime": line.ingested.0,
            })
        })
        .collect();
    Ok(json!({
        "events": events,
        "nextForwardToken": place_token('f', forward),
        "nextBackwardToken": place_token('b', backward),
    }))
}
