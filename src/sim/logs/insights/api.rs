//! StartQuery, GetQueryResults, StopQuery and DescribeQueries.

use serde_json::{Map, Value, json};

use super::parse::Plan;
use super::run::ROWS;
use super::{Query, RUNS};
use crate::clock::{SECOND, Time};
use crate::engine::Engine;
use crate::logs::api::missing;
use crate::wire::{Answer, ApiError, Args, page};

/// The most queries at the same time, and the most log groups of one.
const AT_ONCE: usize = 100;
const GROUPS: usize = 50;
/// The most rows on a page of results.
const PAGE: i64 = 10_000;

fn groups(engine: &Engine, args: &Args) -> Result<Vec<String>, ApiError> {
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
            if engine.logs.groups.contains_key(bare) {
                Ok(bare.to_owned())
            } else {
                Err(missing("log group"))
            }
        })
        .collect()
}

pub(in crate::logs) fn start_query(engine: &mut Engine, args: &Args) -> Answer {
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
    let groups = groups(engine, args)?;
    let plan = Plan::parse(&text).map_err(|wrong| {
        ApiError::client("MalformedQueryException", wrong.message.clone()).with(
            "queryCompileError",
            json!({
                "location": { "startCharOffset": wrong.from, "endCharOffset": wrong.to },
                "message": wrong.message,
            }),
        )
    })?;
    let now = engine.now;
    let under_way = engine
        .logs
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
    let id = engine.random("query", engine.logs.queries.started).uuid();
    let query = Query {
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
    engine.logs.queries.add(query);
    Ok(json!({ "queryId": id }))
}

fn no_query(id: &str) -> ApiError {
    ApiError::client(
        "ResourceNotFoundException",
        format!("Query {id} does not exist."),
    )
}

pub(in crate::logs) fn get_query_results(engine: &mut Engine, args: &Args) -> Answer {
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
    let now = engine.now;
    let account = engine.home.account.clone();
    let mut queries = std::mem::take(&mut engine.logs.queries);
    if let Some(query) = queries.find(&id)
        && query.status(now) == "Complete"
        && query.outcome.is_none()
    {
        query.outcome = Some(query.run(&engine.logs, &account, ROWS));
    }
    engine.logs.queries = queries;
    let query = engine.logs.queries.find(&id).ok_or_else(|| no_query(&id))?;
    let nothing = super::run::Outcome::default();
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

pub(in crate::logs) fn stop_query(engine: &mut Engine, args: &Args) -> Answer {
    let id = args.text("queryId")?.unwrap_or_default();
    let now = engine.now;
    let query = engine.logs.queries.find(id).ok_or_else(|| no_query(id))?;
    if !query.under_way(now) {
        return Err(ApiError::invalid_parameter(format!(
            "Query {id} is not running: its status is {}.",
            query.status(now)
        )));
    }
    query.cancelled = true;
    Ok(json!({ "success": true }))
}

pub(in crate::logs) fn describe_queries(engine: &mut Engine, args: &Args) -> Answer {
    let now = engine.now;
    let (group, status) = (args.text("logGroupName")?, args.text("status")?);
    let size = usize::try_from(args.number("maxResults")?.unwrap_or(1_000)).unwrap_or_default();
    let after: u64 = match args.text("nextToken")? {
        None => u64::MAX,
        Some(token) => page::unseal(token)
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| ApiError::invalid_parameter("The specified nextToken is invalid."))?,
    };
    let newest = engine
        .logs
        .queries
        .all
        .iter()
        .rev()
        .filter(|(number, query)| {
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
            "queryDuration": (now - query.started).min(RUNS),
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
mod tests {
    use super::*;
    use crate::service::Service;
    use crate::trial::{Trial, web};

    const LINES: &str = r#"lines = ['{"level":"error","ms":{n:1..900},"error":{"code":"E{n:1..3}"}}', '{"level":"info","ms":{n:1..90}}']"#;

    fn trial() -> Trial {
        let mut trial = Trial::new(&web(2, "").replace("lines = ['tick {n:1..9}']", LINES));
        trial.minutes(10);
        trial
    }

    fn start(trial: &mut Trial, text: &str) -> Result<String, ApiError> {
        let now = trial.engine.now.0 / 1_000;
        let input = json!({
            "logGroupName": "/ecs/web", "startTime": now - 300, "endTime": now, "queryString": text,
        });
        let answer = trial.ask(Service::Logs, "StartQuery", input)?;
        Ok(answer["queryId"].as_str().unwrap().to_owned())
    }

    fn results(trial: &mut Trial, id: &str) -> Value {
        trial
            .ask(Service::Logs, "GetQueryResults", json!({ "queryId": id }))
            .unwrap()
    }

    fn rows(trial: &mut Trial, text: &str) -> Vec<Vec<(String, String)>> {
        let id = start(trial, text).unwrap();
        trial.pass(3);
        let answer = results(trial, &id);
        assert_eq!(answer["status"], "Complete");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let rows = answer["results"].as_array().unwrap();
        rows.iter()
            .map(|row| {
                let fields = row.as_array().unwrap();
                fields
                    .iter()
                    .map(|f| (text(&f["field"]), text(&f["value"])))
                    .collect()
            })
            .collect()
    }

    #[test]
    fn the_query_of_the_handbook_gives_recent_errors_newest_first() {
        let query = "fields @timestamp, level, error.code | filter level = \"error\" \
                     | sort @timestamp desc | limit 20";
        let rows = rows(&mut trial(), query);
        assert_eq!(rows.len(), 20);
        assert!(
            rows.iter()
                .all(|row| row[1] == ("level".to_owned(), "error".to_owned()))
        );
        assert!(
            rows.iter()
                .all(|row| row[2].1.starts_with('E') && row[3].0 == "@ptr")
        );
        assert!(rows.is_sorted_by(|a, b| a[0].1 >= b[0].1));
    }

    #[test]
    fn stats_count_by_field_and_by_time() {
        let mut trial = trial();
        let by_level = rows(
            &mut trial,
            "stats count(*) as n, max(ms) by level | sort level",
        );
        assert_eq!(by_level.len(), 2);
        let total: usize = by_level
            .iter()
            .map(|row| row[1].1.parse::<usize>().unwrap())
            .sum();
        assert!((560..=640).contains(&total), "{total}");
        assert_eq!(by_level[0][0].1, "error");
        let by_time = rows(&mut trial, "stats count(*) by bin(1m)");
        assert!((5..=6).contains(&by_time.len()));
        assert_eq!(by_time[0][0].0, "bin(1m)");
    }

    #[test]
    fn parse_makes_fields_of_what_its_pattern_finds() {
        let rows = rows(
            &mut trial(),
            "parse @message '\"ms\":*}' as took | filter took > 50 | stats count(*), min(took)",
        );
        assert!(rows[0][1].1.parse::<f64>().unwrap() > 50.0);
    }

    #[test]
    fn a_query_is_scheduled_then_running_then_complete_and_can_be_stopped() {
        let mut trial = trial();
        let id = start(&mut trial, "limit 1").unwrap();
        assert_eq!(results(&mut trial, &id)["status"], "Scheduled");
        trial.pass(1);
        assert_eq!(results(&mut trial, &id)["status"], "Running");
        let stop = |trial: &mut Trial, id: &str| {
            trial.ask(Service::Logs, "StopQuery", json!({ "queryId": id }))
        };
        assert_eq!(stop(&mut trial, &id).unwrap()["success"], true);
        trial.pass(5);
        assert_eq!(results(&mut trial, &id)["status"], "Cancelled");
        assert_eq!(
            stop(&mut trial, &id).unwrap_err().code,
            "InvalidParameterException"
        );
    }

    #[test]
    fn a_malformed_query_is_refused_with_the_place_of_the_fault() {
        let error = start(&mut trial(), "fields @message | sotr @timestamp").unwrap_err();
        assert_eq!(error.code, "MalformedQueryException");
        assert_eq!(error.members[0].1["location"]["startCharOffset"], 18);
    }
}
