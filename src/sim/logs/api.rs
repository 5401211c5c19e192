//! The actions of CloudWatch Logs (awsJson 1.1, `Logs_20140328`).

use serde_json::{Value, json};

use super::find::{group, limit, with_token};
use super::lines::Place;
use super::{Group, Logs, Stream, filter_events, get_events, insights, live_tail, put};
use crate::clock::Time;
use crate::input::TABLED;
use crate::wire::{Action, Answer, ApiError, Args, Run, page};

pub(crate) const ACTIONS: &[Action<Run<Logs>>] = &[
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
        run: filter_events::filter_log_events,
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
        run: get_events::get_log_events,
    },
    Action {
        name: "CreateLogGroup",
        members: TABLED,
        run: put::create_log_group,
    },
    Action {
        name: "CreateLogStream",
        members: TABLED,
        run: put::create_log_stream,
    },
    Action {
        name: "PutLogEvents",
        members: TABLED,
        run: put::put_log_events,
    },
    Action {
        name: "StartLiveTail",
        members: &[
            "logGroupIdentifiers",
            "logStreamNames",
            "logStreamNamePrefixes",
            "logEventFilterPattern",
        ],
        run: live_tail::start_live_tail,
    },
    Action {
        name: "StartQuery",
        members: &[
            "queryLanguage",
            "logGroupName",
            "logGroupNames",
            "logGroupIdentifiers",
            "startTime",
            "endTime",
            "queryString",
            "limit",
        ],
        run: insights::start_query,
    },
    Action {
        name: "GetQueryResults",
        members: &["queryId", "nextToken", "maxItems"],
        run: insights::get_query_results,
    },
    Action {
        name: "StopQuery",
        members: &["queryId"],
        run: insights::stop_query,
    },
    Action {
        name: "DescribeQueries",
        members: &[
            "logGroupName",
            "status",
            "maxResults",
            "nextToken",
            "queryLanguage",
        ],
        run: insights::describe_queries,
    },
];

fn describe_log_groups(logs: &mut Logs, args: &Args) -> Answer {
    let now = logs.desk.now;
    let prefix = args.text("logGroupNamePrefix")?.unwrap_or_default();
    let pattern = args.text("logGroupNamePattern")?.map(str::to_lowercase);
    if !prefix.is_empty() && pattern.is_some() {
        return Err(ApiError::invalid_parameter(
            "LogGroupName prefix and LogGroupName pattern are mutually exclusive parameters.",
        ));
    }
    let size = limit(args, 50, 50)?;
    let after = page::begin(args.text("nextToken")?)?;
    let groups = logs.groups.iter().filter(|(name, _)| {
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
                "storedBytes": group.stored(now),
                "logGroupClass": group.class,
                "logGroupArn": group.arn,
            });
            if let (true, Some(shown)) = (group.protected, shown.as_object_mut()) {
                shown.insert("deletionProtectionEnabled".to_owned(), json!(true));
            }
            if let (Some(days), Some(shown)) = (group.retention_days, shown.as_object_mut()) {
                shown.insert("retentionInDays".to_owned(), json!(days));
            }
            shown
        })
        .collect();
    Ok(with_token(json!({ "logGroups": groups }), cut.next))
}

fn describe_log_streams(logs: &mut Logs, args: &Args) -> Answer {
    let now = logs.desk.now;
    let (_, group) = group(logs, args)?;
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
        let ingested = stream.last_ingested(now).unwrap_or((last + 400).min(now));
        shown.insert("lastIngestionTime".to_owned(), json!(ingested.0));
    }
    shown
}
