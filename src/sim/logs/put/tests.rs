use serde_json::{Value, json};

use crate::clock::{HOUR, MINUTE};
use crate::service::Service;
use crate::trial::{EPOCH, Trial};
use crate::wire::ApiError;

const GROUP: &str = "/own/worker";

fn ask(trial: &mut Trial, action: &str, input: Value) -> Result<Value, ApiError> {
    trial.ask(Service::Logs, action, input)
}

fn own(mut trial: Trial) -> Trial {
    ask(
        &mut trial,
        "CreateLogGroup",
        json!({ "logGroupName": GROUP }),
    )
    .unwrap();
    let stream = json!({ "logGroupName": GROUP, "logStreamName": "one" });
    ask(&mut trial, "CreateLogStream", stream).unwrap();
    trial
}

fn put(trial: &mut Trial, events: &[(i64, &str)]) -> Result<Value, ApiError> {
    let events: Vec<Value> = events
        .iter()
        .map(|(at, message)| json!({ "timestamp": EPOCH.0 + at, "message": message }))
        .collect();
    let input = json!({ "logGroupName": GROUP, "logStreamName": "one", "logEvents": events });
    ask(trial, "PutLogEvents", input)
}

/// The messages that FilterLogEvents gives, page after page.
fn seen(trial: &mut Trial) -> Vec<String> {
    let (mut messages, mut token) = (Vec::new(), Value::Null);
    loop {
        let input = json!({ "logGroupName": GROUP, "nextToken": token });
        let page = ask(trial, "FilterLogEvents", input).unwrap();
        let events = page["events"].as_array().unwrap();
        messages.extend(
            events
                .iter()
                .map(|e| e["message"].as_str().unwrap().to_owned()),
        );
        token = page["nextToken"].clone();
        if token.is_null() {
            return messages;
        }
    }
}

#[test]
fn what_is_put_is_seen_once_it_is_ingested_in_the_order_of_its_times() {
    let mut trial = own(Trial::new(""));
    put(&mut trial, &[(-1_000, "b"), (500, "d")]).unwrap();
    assert_eq!(seen(&mut trial), Vec::<String>::new());
    trial.pass(2);
    assert_eq!(seen(&mut trial), ["b", "d"]);
    // What is older comes later.
    put(&mut trial, &[(-60_000, "a"), (0, "c")]).unwrap();
    trial.pass(2);
    assert_eq!(seen(&mut trial), ["a", "b", "c", "d"]);
}

#[test]
fn what_is_stamped_in_the_future_is_seen_as_soon_as_it_is_ingested() {
    let mut trial = own(Trial::new(""));
    put(&mut trial, &[(90 * MINUTE, "later")]).unwrap();
    trial.pass(2);
    assert_eq!(seen(&mut trial), ["later"]);
}

#[test]
fn a_group_may_have_its_lines_come_late() {
    let late =
        format!("[[log_group]]\nname = \"{GROUP}\"\nlate = 1.0\nlate_by = [\"20s\", \"40s\"]\n");
    let mut trial = Trial::new(&late);
    let stream = json!({ "logGroupName": GROUP, "logStreamName": "one" });
    ask(&mut trial, "CreateLogStream", stream).unwrap();
    put(&mut trial, &[(0, "one"), (1, "two")]).unwrap();
    trial.pass(19);
    assert_eq!(seen(&mut trial), Vec::<String>::new());
    trial.pass(22);
    assert_eq!(seen(&mut trial), ["one", "two"]);
}

#[test]
fn events_that_are_too_old_or_too_new_are_rejected_and_told_and_the_others_taken() {
    let mut trial = own(Trial::new(""));
    let day = 24 * HOUR;
    let batch = [(-15 * day, "old"), (-1_000, "taken"), (3 * HOUR, "new")];
    let told = put(&mut trial, &batch).unwrap();
    let rejected = json!({ "tooOldLogEventEndIndex": 1, "tooNewLogEventStartIndex": 2 });
    assert_eq!(told["rejectedLogEventsInfo"], rejected);
    trial.pass(2);
    assert_eq!(seen(&mut trial), ["taken"]);
}

#[test]
fn a_batch_must_be_in_order_small_and_of_one_day() {
    let mut trial = own(Trial::new(""));
    let mut refused = |events: &[(i64, &str)]| put(&mut trial, events).unwrap_err().message;
    assert!(refused(&[(1, "b"), (0, "a")]).contains("chronological order"));
    assert!(refused(&[(-25 * HOUR, "a"), (0, "b")]).contains("24 hours"));
    let long = "x".repeat(1_048_551);
    assert_eq!(
        refused(&[(0, &long)]),
        "Upload too large: 1048577 bytes exceeds limit of 1048576"
    );
    assert_eq!(seen(&mut trial), Vec::<String>::new());
}

#[test]
fn what_is_there_already_is_not_made_again_and_what_is_missing_is_told() {
    let mut trial = own(Trial::new(""));
    let mut code = |action: &str, input: Value| ask(&mut trial, action, input).unwrap_err().code;
    let there = "ResourceAlreadyExistsException";
    assert_eq!(
        code("CreateLogGroup", json!({ "logGroupName": GROUP })),
        there
    );
    let stream = json!({ "logGroupName": GROUP, "logStreamName": "one" });
    assert_eq!(code("CreateLogStream", stream), there);
    let missing = "ResourceNotFoundException";
    let stream = json!({ "logGroupName": "/no/such", "logStreamName": "one" });
    assert_eq!(code("CreateLogStream", stream), missing);
    let event = json!([{ "timestamp": EPOCH.0, "message": "m" }]);
    let put = json!({ "logGroupName": GROUP, "logStreamName": "two", "logEvents": event });
    assert_eq!(code("PutLogEvents", put), missing);
    let reserved = json!({ "logGroupName": "aws/mine" });
    assert_eq!(
        code("CreateLogGroup", reserved),
        "InvalidParameterException"
    );
}
