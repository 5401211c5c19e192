//! FilterLogEvents: a group's streams merged by time, searched, and cut into pages.
//!
//! Invariant: following the tokens gives each event that was there at the start once.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use serde_json::json;

use super::filter::Filter;
use super::find::{PAGE, group, limit, missing, with_token};
use super::lines::{Forwards, Line, Place};
use super::order::{Asked, Order, Room, order_token, parse_order};
use super::{Group, Stream};
use crate::clock::Time;
use crate::logs::Logs;
use crate::random::name_key;
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

/// What tells one query from another: all that is asked but the page.
fn query(args: &Args) -> u64 {
    let mut members = args.clone().into_members();
    members.retain(|name, _| name != "nextToken" && name != "limit");
    name_key(&serde_json::Value::Object(members).to_string())
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

pub(super) fn filter_log_events(logs: &mut Logs, args: &Args) -> Answer {
    let now = logs.desk.now;
    let token = args.text("nextToken")?;
    let size = limit(args, PAGE, PAGE)?;
    let filter = Filter::parse(args.text("filterPattern")?.unwrap_or_default())?;
    let start = Time(args.number("startTime")?.unwrap_or_default().max(0));
    // The end is included: "events with a timestamp later than this are not returned".
    let end = args
        .number("endTime")?
        .map_or(Time(i64::MAX), |end| Time(end) + 1);
    if end < start {
        return Err(ApiError::invalid_parameter(
            "startTime must not be after endTime.",
        ));
    }
    let asked = Asked {
        query: query(args),
        now,
    };
    let after =
        match token {
            None => None,
            Some(token) => Some(parse_order(token, asked).ok_or_else(|| {
                ApiError::invalid_parameter("The specified nextToken is invalid.")
            })?),
        };
    chosen(group(logs, args)?.1, args)?;
    if after.is_none() {
        logs.asked += 1;
        if logs.asked.is_multiple_of(7) {
            // AWS gives an empty page with a token now and then; callers must go on.
            let begin = (Place::start_of(start), String::new());
            return Ok(
                json!({ "events": [], "searchedLogStreams": [], "nextToken": order_token(&begin, asked) }),
            );
        }
    }
    let (_, group) = group(logs, args)?;
    let from = after
        .as_ref()
        .map_or(Place::start_of(start), |(place, _)| *place);
    let mut heads: BinaryHeap<Reverse<Head<'_>>> = chosen(group, args)?
        .into_iter()
        .filter(|stream| {
            stream.begins() < end && stream.closed.is_none_or(|closed| closed >= start)
        })
        .filter_map(|stream| {
            head(
                stream,
                stream.forwards(from, end.min(now + stream.horizon() + 1)),
            )
            .map(Reverse)
        })
        .collect();
    let mut events = Vec::new();
    let mut room = Room::page();
    let mut searched = 0;
    let mut last = None;
    let mut full = false;
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
            if !room.take(&line.message) {
                // It is the first of the next page.
                full = true;
                break;
            }
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
        .filter(|_| full || !heads.is_empty())
        .map(|last| order_token(&last, asked));
    let answer = json!({ "events": events, "searchedLogStreams": [] });
    Ok(with_token(answer, next))
}
