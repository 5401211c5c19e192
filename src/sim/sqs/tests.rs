//! Queues, their workers, and what the actions of SQS answer.

use serde_json::{Value, json};

use crate::dispatch::Service;
use crate::trial::{Trial, web};
use crate::wire::ApiError;

fn queues(per_minute: u32, fails: f64) -> String {
    let work = format!(
        "work = {{ service = 'web', container = 'app', takes = ['10s', '10s'], fails = {fails:.1} }}"
    );
    format!(
        "{}\n[[queue]]\nname = 'jobs'\nper_minute = {per_minute}\ndead_letter = 'jobs-dlq'\nmax_receive = 3\n\
         visibility = '20s'\nrows = 'rows'\n{work}\n[[queue]]\nname = 'jobs-dlq'\n\
         [[table]]\nname = 'rows'\nkey = 'id'\n",
        web(2, "")
    )
}

fn ask(trial: &mut Trial, action: &str, input: Value) -> Result<Value, ApiError> {
    trial.ask(Service::Sqs, action, input)
}

fn depth(trial: &mut Trial, queue: &str) -> i64 {
    let url = ask(trial, "GetQueueUrl", json!({ "QueueName": queue })).unwrap();
    let input =
        json!({ "QueueUrl": url["QueueUrl"], "AttributeNames": ["ApproximateNumberOfMessages"] });
    let answer = ask(trial, "GetQueueAttributes", input).unwrap();
    answer["Attributes"]["ApproximateNumberOfMessages"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap()
}

#[test]
fn attributes_are_given_only_when_they_are_asked_for() {
    let mut trial = Trial::new(&queues(1, 0.0));
    let url = "https://sqs.us-east-1.amazonaws.com/123456789012/jobs";
    assert_eq!(
        ask(&mut trial, "GetQueueAttributes", json!({ "QueueUrl": url })).unwrap(),
        json!({})
    );
    let all = ask(
        &mut trial,
        "GetQueueAttributes",
        json!({ "QueueUrl": url, "AttributeNames": ["All"] }),
    )
    .unwrap();
    assert!(
        all["Attributes"]["RedrivePolicy"]
            .as_str()
            .unwrap()
            .contains("\"maxReceiveCount\":3")
    );
    let wrong = json!({ "QueueUrl": url, "AttributeNames": ["Depth"] });
    assert_eq!(
        ask(&mut trial, "GetQueueAttributes", wrong)
            .unwrap_err()
            .code,
        "InvalidAttributeName"
    );
}

#[test]
fn a_dead_letter_queue_knows_its_sources() {
    let mut trial = Trial::new(&queues(1, 0.0));
    let url = "https://sqs.us-east-1.amazonaws.com/123456789012/jobs-dlq";
    let answer = ask(
        &mut trial,
        "ListDeadLetterSourceQueues",
        json!({ "QueueUrl": url }),
    )
    .unwrap();
    assert_eq!(answer["queueUrls"].as_array().unwrap().len(), 1);
    let gone = ask(&mut trial, "GetQueueUrl", json!({ "QueueName": "gone" })).unwrap_err();
    assert_eq!(gone.code, "QueueDoesNotExist");
}

#[test]
fn a_queue_gets_a_token_only_when_the_caller_sets_a_size() {
    let mut trial = Trial::new(&queues(1, 0.0));
    let first = ask(&mut trial, "ListQueues", json!({ "MaxResults": 1 })).unwrap();
    assert_eq!(first["QueueUrls"].as_array().unwrap().len(), 1);
    let rest = ask(
        &mut trial,
        "ListQueues",
        json!({ "MaxResults": 1, "NextToken": first["NextToken"] }),
    )
    .unwrap();
    assert!(
        rest["QueueUrls"][0]
            .as_str()
            .unwrap()
            .ends_with("/jobs-dlq")
    );
}

#[test]
fn two_workers_keep_up_with_what_they_can_and_a_backlog_grows_beyond() {
    // Two tasks of one slot and 10 s a message do 12 a minute.
    let mut keeps_up = Trial::new(&queues(8, 0.0));
    keeps_up.minutes(60);
    assert!(depth(&mut keeps_up, "jobs") < 5);
    let mut falls_behind = Trial::new(&queues(20, 0.0));
    falls_behind.minutes(60);
    let depth = depth(&mut falls_behind, "jobs");
    assert!((400..=560).contains(&depth), "{depth}");
}

#[test]
fn a_message_that_always_fails_is_dead_after_max_receive() {
    let mut trial = Trial::new(&queues(2, 1.0));
    trial.minutes(30);
    let dead = depth(&mut trial, "jobs-dlq");
    assert!((40..=60).contains(&dead), "{dead}");
    let statuses: Vec<_> = trial
        .engine
        .rows
        .writes
        .values()
        .filter_map(|row| row.get("status"))
        .collect();
    assert!(
        statuses
            .iter()
            .filter(|s| ***s == crate::world::RowValue::Text("failed".into()))
            .count()
            >= 40
    );
}

#[test]
fn no_message_is_lost_when_its_worker_stops() {
    let mut trial = Trial::new(&queues(6, 0.0));
    trial.minutes(3);
    trial.deploy(2);
    trial.minutes(20);
    let done =
        trial.engine.rows.writes.values().filter(|row| {
            row.get("status") == Some(&crate::world::RowValue::Text("complete".into()))
        });
    let (done, all) = (done.count(), trial.engine.rows.writes.len());
    assert!(all > 120 && all - done <= 4, "{done} of {all}");
}
