//! Queries, asked from outside.

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
    let now = trial.engine.now().0 / 1_000;
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

#[test]
fn a_query_that_runs_for_more_than_an_hour_is_timed_out() {
    let slow = "[[log_group]]\nname = \"/ecs/web\"\nquery_takes = \"2h\"\n";
    let mut trial = Trial::new(&format!("{}\n{slow}", web(2, "")));
    let id = start(&mut trial, "limit 1").unwrap();
    trial.minutes(59);
    assert_eq!(results(&mut trial, &id)["status"], "Running");
    trial.minutes(2);
    let over = results(&mut trial, &id);
    assert_eq!(
        (&over["status"], &over["results"]),
        (&json!("Timeout"), &json!([]))
    );
}

#[test]
fn a_group_holds_what_its_world_says_and_about_what_was_written_since() {
    let stored = "[[log_group]]\nname = \"/ecs/web\"\nstored_gb = 2.0\n";
    let bytes = |world: &str, minutes: i64| {
        let mut trial = Trial::new(world);
        trial.minutes(minutes);
        let input = json!({ "logGroupNamePrefix": "/ecs/web" });
        let groups = trial
            .ask(Service::Logs, "DescribeLogGroups", input)
            .unwrap();
        groups["logGroups"][0]["storedBytes"].as_u64().unwrap()
    };
    let plain = web(2, "").replace("lines = ['tick {n:1..9}']", LINES);
    let (early, late) = (bytes(&plain, 10), bytes(&plain, 30));
    assert!(early > 1_000 && late > early, "{early} and {late}");
    let with_past = bytes(&format!("{plain}\n{stored}"), 10);
    assert_eq!(with_past - early, 2 << 30);
}
