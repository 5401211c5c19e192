//! GetLogEvents: one stream, forwards or backwards; at an end the same token comes back.

use serde_json::{Value, json};

use super::find::{PAGE, group, limit, missing};
use super::lines::Place;
use super::order::{Asked, Room, order_token, parse_order};
use crate::clock::Time;
use crate::logs::Logs;
use crate::random::name_key;
use crate::wire::{Answer, ApiError, Args};

/// A token of GetLogEvents: a direction and a place.
fn place_token(direction: char, place: Place, asked: Asked) -> String {
    format!(
        "{direction}/{}",
        order_token(&(place, String::new()), asked)
    )
}

pub(super) fn get_log_events(logs: &mut Logs, args: &Args) -> Answer {
    let now = logs.desk.now;
    let size = limit(args, PAGE, PAGE)?;
    let name = args.text("logStreamName")?.unwrap_or_default();
    let (_, group) = group(logs, args)?;
    let stream = group
        .streams
        .get(name)
        .ok_or_else(|| missing("log stream"))?;
    let start = Time(args.number("startTime")?.unwrap_or_default().max(0));
    // The end is excluded here: "equal to or later than this time are not included".
    let present = now + stream.horizon() + 1;
    let end = args.number("endTime")?.map_or(present, Time).min(present);
    let from_head = args.flag("startFromHead")?.unwrap_or_default();
    let asked = Asked {
        query: name_key(&format!("{}:{name}", group.arn)),
        now,
    };
    let invalid = || ApiError::invalid_parameter("The specified nextToken is invalid.");
    let token = match args.text("nextToken")? {
        None => None,
        Some(token) => {
            let (direction, place) = token.split_once('/').ok_or_else(invalid)?;
            let (place, _) = parse_order(place, asked).ok_or_else(invalid)?;
            match direction {
                "b" => Some((true, place)),
                "f" => Some((false, place)),
                _ => return Err(invalid()),
            }
        }
    };
    let mut lines = match token {
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
    // A page holds a mebibyte; what is beyond it is on the next one.
    let mut room = Room::page();
    if matches!(token, Some((true, _))) || (token.is_none() && !from_head) {
        let fits = lines
            .iter()
            .rev()
            .take_while(|line| room.take(&line.message))
            .count();
        lines.drain(..lines.len() - fits);
    } else {
        let fits = lines
            .iter()
            .take_while(|line| room.take(&line.message))
            .count();
        lines.truncate(fits);
    }
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
        "nextForwardToken": place_token('f', forward, asked),
        "nextBackwardToken": place_token('b', backward, asked),
    }))
}
