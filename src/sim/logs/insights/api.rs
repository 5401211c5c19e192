//! StartQuery, GetQueryResults, StopQuery and DescribeQueries.

use serde_json::{Map, Value, json};

use super::parse::Plan;
use super::query::Query;
use super::row::Outcome;
use super::run::ROWS;
use crate::clock::{SECOND, Time};
use crate::logs::Logs;
use crate::logs::find::missing;
use crate::wire::{Answer, ApiError, Args, page};

/// The most queries at the same time, and the most log groups of one.
const AT_ONCE: usize = 100;
const GROUPS: usize = 50;
/// The most rows on a page of results.
const PAGE: i64 = 10_000;

fn groups(logs: &Logs, args: &Args) -> Result<Vec<String>, ApiError> {
    let one = args.text("logGroupName")?;
    let (names, identifiers) = (
        args.texts("logGroupNames")?,
        args.texts("logGroupIdentifiers")?,
    );
    let given = usize::from(one.is_some())
        + usize::from(!names.is_empty())
        + usize::from(!identifiers.is_empty());
    if given != 1 {
        return Err(ApiError::invalid_parameter(
            "Exactly one of logGroupName, logGroupNames and logGroupIdentifiers must be specified.",
        ));
    }
    let all: Vec<&str> = one.into_iter().chain(names).chain(identifiers).collect();
    if all.len() > GROUPS {
        return Err(ApiError::invalid_parameter(format!(
            "A query can have at most {GROUPS} log groups."
        )));
    }
    all.into_iter()
        .map(|name| {
            let bare = name
                .split_once(":log-group:")
                .map_or(name, |(_, name)| name);
            let bare = bare.trim_end_matches(":*");
            if logs.groups.contains_key(bare) {
                Ok(bare.to_owned())
            } else {
                Err(missing("log group"))
            }
        })
        .collect()
}

pub(in crate::logs) fn start_query(logs: &mut Logs, args: &Args) -> Answer {
    if let Some(other) = args
        .text("queryLanguage")?
        .filter(|language| *language != "CWLI")
    {
        return Err(ApiError::invalid_parameter(format!(
            "The query language {other} is not simulated."
        )));
    }
    let text = args.text("queryString")?.unwrap_or_default().to_owned();
    let time = |member: &str| {
        args.number(member)?
            .ok_or_else(|| ApiError::invalid_parameter(format!("{member} must be specified.")))
    };
    let (from, to) = (time("startTime")?, time("endTime")?);
    // Seconds; AWS takes milliseconds too, and tells them by their size.
    let scale = |at: i64| {
        Time(if at > 100_000_000_000 {
            at
        } else {
            at.saturating_mul(SECOND)
        })
    };
    let (from, to) = (scale(from), scale(to));
    if from > to {
        return Err(ApiError::invalid_parameter(
            "Query's end date and time is before its start date and time.",
        ));
    }
    let groups = groups(logs, args)?;
    let plan = Plan::parse(&text).map_err(|wrong| {
        ApiError::client("MalformedQueryException", wrong.message.clone()).with(
            "queryCompileError",
            json!({
                "location": { "startCharOffset": wrong.from, "endCharOffset": wrong.to },
                "message": wrong.message,
            }),
        )
    })?;
    let now = logs.desk.now;
    let under_way = logs
        .queries
        .all
        .values()
        .filter(|query| query.under_way(now));
    if under_way.count() >= AT_ONCE {
        return Err(ApiError::client(
            "LimitExceededException",
            "Account maximum query concurrency limit of [100] reached.",
        ));
    }
    let limit = args.number("limit")?;
    let mut plan = plan;
    if let Some(limit) = limit {
        if !(1..=100_000).contains(&limit) {
            return Err(ApiError::invalid_parameter(
                "limit must be between 1 and 100000.",
            ));
        }
        let own = plan
            .0
            .iter()
            .any(|command| matches!(command, super::parse::Command::Limit(_)));
        if !own {
            let limit = usize::try_from(limit).unwrap_or(ROWS);
            plan.0.push(super::parse::Command::Limit(limit));
        }
    }
    let id = logs.desk.random("query", logs.queries.started).uuid();
    // The slowest group decides.
    let takes = groups.iter().filter_map(|name| logs.groups.get(name));
    let takes = takes.map(|group| group.query_takes).max();
    let query = Query {
        takes: takes.unwrap_or_default(),
        id: id.clone(),
        text,
        plan,
        groups,
        from,
        to,
        started: now,
        cancelled: false,
        outcome: None,
    };
    logs.queries.add(query);
    Ok(json!({ "queryId": id }))
}

fn no_query(id: &str) -> ApiError {
    ApiError::client(
        "ResourceNotFoundException",
        format!("Query {id} does not exist."),
    )
}

pub(in crate::logs) fn get_query_results(logs: &mut Logs, args: &Args) -> Answer {
    let id = args.text("queryId")?.unwrap_or_default().to_owned();
    let size = args.number("maxItems")?.unwrap_or(PAGE);
    if !(1..=PAGE).contains(&size) {
        return Err(ApiError::invalid_parameter(format!(
            "maxItems must be between 1 and {PAGE}."
        )));
    }
    let skip: usize = match args.text("nextToken")? {
        None => 0,
        Some(token) => page::unseal(token)
            .and_then(|text| text.strip_prefix(&format!("{id}/"))?.parse().ok())
            .ok_or_else(|| ApiError::invalid_parameter("The specified nextToken is invalid."))?,
    };
    let now = logs.desk.now;
    let account = logs.desk.home.account.clone();
    let mut queries = std::mem::take(&mut logs.queries);
    if let Some(query) = queries.find(&id)
        && query.status(now) == "Complete"
        && query.outcome.is_none()
    {
        query.outcome = Some(query.run(&logs.groups, &account, ROWS));
    }
    logs.queries = queries;
    let query = logs.queries.find(&id).ok_or_else(|| no_query(&id))?;
    let nothing = Outcome::default();
    let outcome = query.outcome.as_ref().unwrap_or(&nothing);
    let size = usize::try_from(size).unwrap_or_default();
    let rows: Vec<Value> = outcome
        .rows
        .iter()
        .skip(skip)
        .take(size)
        .map(|row| {
            row.iter()
                .map(|(field, value)| json!({ "field": field, "value": value }))
                .collect()
        })
        .collect();
    let more = skip + rows.len() < outcome.rows.len();
    #[expect(clippy::cast_precision_loss, reason = "counts of lines")]
    let double = |count: usize| json!(count as f64);
    let mut answer = Map::new();
    answer.insert("queryLanguage".to_owned(), json!("CWLI"));
    answer.insert(
        "statistics".to_owned(),
        json!({
            "recordsMatched": double(outcome.matched),
            "recordsScanned": double(outcome.scanned),
            "estimatedRecordsSkipped": double(outcome.skipped),
            "bytesScanned": double(outcome.bytes),
            "estimatedBytesSkipped": double(0),
            "logGroupsScanned": double(query.groups.len()),
        }),
    );
    answer.insert("status".to_owned(), json!(query.status(now)));
    if more {
        let token = page::seal(&format!("{id}/{}", skip + rows.len()));
        answer.insert("nextToken".to_owned(), json!(token));
    }
    answer.insert("results".to_owned(), Value::Array(rows));
    Ok(Value::Object(answer))
}

pub(in crate::logs) fn stop_query(logs: &mut Logs, args: &Args) -> Answer {
    let id = args.text("queryId")?.unwrap_or_default();
    let now = logs.desk.now;
    let query = logs.queries.find(id).ok_or_else(|| no_query(id))?;
    if !query.under_way(now) {
        return Err(ApiError::invalid_parameter(format!(
            "Query {id} is not running: its status is {}.",
            query.status(now)
        )));
    }
    query.cancelled = true;
    Ok(json!({ "success": true }))
}

pub(in crate::logs) fn describe_queries(logs: &mut Logs, args: &Args) -> Answer {
    let now = logs.desk.now;
    let (group, status) = (args.text("logGroupName")?, args.text("status")?);
    let size = usize::try_from(args.number("maxResults")?.unwrap_or(1_000)).unwrap_or_default();
    let after: u64 = match args.text("nextToken")? {
        None => u64::MAX,
        Some(token) => page::unseal(token)
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| ApiError::invalid_parameter("The specified nextToken is invalid."))?,
    };
    let newest = logs.queries.all.iter().rev().filter(|(number, query)| {
        **number < after
            && group.is_none_or(|group| query.groups.iter().any(|name| name == group))
            && status.is_none_or(|status| query.status(now) == status)
    });
    let shown = newest.map(|(number, query)| {
        let value = json!({
            "queryLanguage": "CWLI",
            "queryId": query.id,
            "queryString": query.text,
            "status": query.status(now),
            "createTime": query.started.0,
            "logGroupName": query.groups.first(),
            "queryDuration": (now - query.started).min(query.ends()),
        });
        (number.to_string(), value)
    });
    let cut = page::cut(shown, size.clamp(1, 1_000));
    let mut answer = json!({ "queries": cut.items });
    if let (Some(token), Some(answer)) = (cut.next, answer.as_object_mut()) {
        answer.insert("nextToken".to_owned(), json!(token));
    }
    Ok(answer)
}

#[cfg(test)]
mod tests;
