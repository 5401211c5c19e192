//! Live tail sessions.

use serde_json::Value;

use super::*;
use crate::logs::tail::MOST;
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
    let now = trial.engine.now();
    let mut tail = trial.engine.logs.tails.remove(&session).unwrap();
    let update = tail.update(&trial.engine.logs.groups, now);
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
        let now = trial.engine.now();
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
    assert!(matches!(
        trial.engine.logs.tail_says(session),
        Said::More(_)
    ));
    trial.minutes(180);
    let Said::Last(frame) = trial.engine.logs.tail_says(session) else {
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
    let odd =
        json!({ "logEventFilterPattern": "%tick [13579]%", "logStreamNamePrefixes": ["ecs/app/"] });
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
