//! What the actions of CloudWatch Logs answer.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::dispatch::Service;
use crate::trial::{EPOCH, Trial, web};

fn logs(trial: &mut Trial, action: &str, input: Value) -> Value {
    trial.ask(Service::Logs, action, input).unwrap()
}

/// All pages of a FilterLogEvents call, and how many of them were empty.
fn pages(trial: &mut Trial, further: Value) -> (Vec<Value>, usize) {
    let (mut events, mut empty, mut token) = (Vec::new(), 0, Value::Null);
    loop {
        let mut input = json!({ "logGroupName": "/ecs/web", "nextToken": token });
        input
            .as_object_mut()
            .unwrap()
            .extend(further.as_object().unwrap().clone());
        let page = logs(trial, "FilterLogEvents", input);
        let found = page["events"].as_array().unwrap();
        empty += usize::from(found.is_empty());
        events.extend(found.iter().cloned());
        token = page["nextToken"].clone();
        if token.is_null() {
            return (events, empty);
        }
    }
}

#[test]
fn pages_hold_every_event_once_in_the_order_of_time() {
    let mut trial = Trial::new(&web(3, ""));
    let start = EPOCH.0 - 600_000;
    let (whole, _) = pages(&mut trial, json!({ "startTime": start }));
    assert!((1_700..=1_900).contains(&whole.len()), "{}", whole.len());
    let (cut, _) = pages(&mut trial, json!({ "startTime": start, "limit": 100 }));
    assert_eq!(cut, whole);
    assert!(whole.is_sorted_by_key(|event| event["timestamp"].as_i64()));
    let ids: BTreeSet<&str> = whole
        .iter()
        .map(|event| event["eventId"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), whole.len());
}

#[test]
fn now_and_then_a_page_is_empty_though_there_is_more() {
    let mut trial = Trial::new(&web(1, ""));
    let start = json!({ "startTime": EPOCH.0 - 60_000 });
    let (events, _) = pages(&mut trial, start.clone());
    let tries: Vec<_> = (0..14).map(|_| pages(&mut trial, start.clone())).collect();
    assert!(tries.iter().all(|(found, _)| *found == events));
    assert_eq!(tries.iter().filter(|(_, empty)| *empty == 1).count(), 2);
}

#[test]
fn an_event_is_seen_only_once_it_is_ingested() {
    let mut trial = Trial::new(&web(2, ""));
    let (events, _) = pages(&mut trial, json!({ "startTime": EPOCH.0 - 60_000 }));
    assert!(
        events
            .iter()
            .all(|event| event["ingestionTime"].as_i64() <= Some(EPOCH.0))
    );
    assert!(
        events
            .iter()
            .all(|event| event["ingestionTime"].as_i64() > event["timestamp"].as_i64())
    );
}

#[test]
fn stream_names_and_a_prefix_exclude_each_other() {
    let mut trial = Trial::new(&web(1, ""));
    let input =
        json!({ "logGroupName": "/ecs/web", "logStreamNames": ["a"], "logStreamNamePrefix": "b" });
    let error = trial
        .ask(Service::Logs, "FilterLogEvents", input)
        .unwrap_err();
    assert_eq!(error.code, "InvalidParameterException");
    let many: Vec<String> = (0..101).map(|number| number.to_string()).collect();
    let input = json!({ "logGroupName": "/ecs/web", "logStreamNames": many });
    assert!(trial.ask(Service::Logs, "FilterLogEvents", input).is_err());
}

#[test]
fn the_stream_of_a_container_is_prefix_container_and_task() {
    let mut trial = Trial::new(&web(1, ""));
    let task = trial.tasks("RUNNING")[0]["taskArn"]
        .as_str()
        .unwrap()
        .to_owned();
    let id = task.rsplit('/').next().unwrap();
    let answer = logs(
        &mut trial,
        "DescribeLogStreams",
        json!({ "logGroupName": "/ecs/web" }),
    );
    assert_eq!(
        answer["logStreams"][0]["logStreamName"],
        format!("ecs/app/{id}")
    );
}

#[test]
fn get_log_events_gives_the_same_token_back_at_the_end() {
    let mut trial = Trial::new(&web(1, ""));
    let stream = logs(
        &mut trial,
        "DescribeLogStreams",
        json!({ "logGroupName": "/ecs/web" }),
    );
    let name = stream["logStreams"][0]["logStreamName"].clone();
    let mut read = |token: &Value| {
        let input = json!({
            "logGroupName": "/ecs/web", "logStreamName": name, "startFromHead": true,
            "startTime": EPOCH.0 - 50_000, "limit": 20, "nextToken": token,
        });
        let answer = logs(&mut trial, "GetLogEvents", input);
        (
            answer["events"].as_array().unwrap().clone(),
            answer["nextForwardToken"].clone(),
        )
    };
    let (mut events, mut token) = read(&Value::Null);
    loop {
        let (more, next) = read(&token);
        if next == token {
            assert!(more.is_empty());
            break;
        }
        events.extend(more);
        token = next;
    }
    assert!((46..=51).contains(&events.len()), "{}", events.len());
    assert!(events.is_sorted_by_key(|event| event["timestamp"].as_i64()));
}

#[test]
fn get_log_events_begins_with_the_newest_and_goes_back() {
    let mut trial = Trial::new(&web(1, ""));
    let stream = logs(
        &mut trial,
        "DescribeLogStreams",
        json!({ "logGroupName": "/ecs/web" }),
    );
    let input = json!({
        "logGroupName": "/ecs/web", "logStreamName": stream["logStreams"][0]["logStreamName"], "limit": 5,
    });
    let newest = logs(&mut trial, "GetLogEvents", input.clone());
    let mut back = input;
    back["nextToken"] = newest["nextBackwardToken"].clone();
    let older = logs(&mut trial, "GetLogEvents", back);
    let times = |page: &Value| -> Vec<i64> {
        page["events"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| e["timestamp"].as_i64().unwrap())
            .collect()
    };
    assert_eq!((times(&newest).len(), times(&older).len()), (5, 5));
    assert!(times(&older).last() <= times(&newest).first());
}
