//! FilterLogEvents: a group's streams merged by time, searched, and cut into pages.
//!
//! Invariant: following the tokens gives each event that was there at the start once.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use serde_json::json;

use super::api::{PAGE, group, limit, missing, with_token};
use super::filter::Filter;
use super::lines::{Forwards, Line, Place};
use super::order::{Order, order_token, parse_order};
use super::{Group, Stream};
use crate::clock::Time;
use crate::engine::Engine;
use crate::wire::{Answer, ApiError, Args};

/// The most lines that one call searches; beyond it the page ends, maybe empty.
const SEARCHED: usize = 40_000;

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

pub(super) fn filter_log_events(engine: &mut Engine, args: &Args) -> Answer {
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
