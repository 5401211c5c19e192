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

const MAIN: &str = "https://sqs.us-east-1.amazonaws.com/123456789012/jobs";
const DEAD: &str = "https://sqs.us-east-1.amazonaws.com/123456789012/jobs-dlq";
const DEAD_ARN: &str = "arn:aws:sqs:us-east-1:123456789012:jobs-dlq";

fn receive(trial: &mut Trial, url: &str) -> Value {
    let input = json!({
        "QueueUrl": url, "MaxNumberOfMessages": 1, "VisibilityTimeout": 30,
        "MessageSystemAttributeNames": ["All"],
    });
    let answer = ask(trial, "ReceiveMessage", input).unwrap();
    answer.pointer("/Messages/0").cloned().unwrap_or_default()
}

#[test]
fn a_look_at_a_dead_letter_queue_tells_where_a_message_came_from_and_counts_as_a_receive() {
    let mut trial = Trial::new(&queues(2, 1.0));
    trial.minutes(30);
    let first = receive(&mut trial, DEAD);
    let source = "arn:aws:sqs:us-east-1:123456789012:jobs";
    assert_eq!(first["Attributes"]["DeadLetterQueueSourceArn"], source);
    let count = |message: &Value| message["Attributes"]["ApproximateReceiveCount"].clone();
    assert_eq!(count(&first), "4");
    let back = json!({ "QueueUrl": DEAD, "ReceiptHandle": first["ReceiptHandle"], "VisibilityTimeout": 0 });
    ask(&mut trial, "ChangeMessageVisibility", back).unwrap();
    let again = receive(&mut trial, DEAD);
    assert_eq!(
        (&again["MessageId"], count(&again)),
        (&first["MessageId"], json!("5"))
    );
}

#[test]
fn a_message_that_is_sent_is_received_and_deleted_by_its_handle() {
    let mut trial = Trial::new("[[queue]]\nname = 'jobs'\nlag = 0\n");
    let sent = json!({ "QueueUrl": MAIN, "MessageBody": "hello" });
    let sent = ask(&mut trial, "SendMessage", sent).unwrap();
    assert_eq!(sent["MD5OfMessageBody"], "5d41402abc4b2a76b9719d911017c592");
    let message = receive(&mut trial, MAIN);
    assert_eq!(
        (&message["Body"], &message["MessageId"]),
        (&json!("hello"), &sent["MessageId"])
    );
    assert!(receive(&mut trial, MAIN).is_null(), "it is in flight");
    let delete = json!({ "QueueUrl": MAIN, "ReceiptHandle": message["ReceiptHandle"] });
    ask(&mut trial, "DeleteMessage", delete).unwrap();
    trial.minutes(2);
    assert!(receive(&mut trial, MAIN).is_null(), "it is gone");
    let forged = json!({ "QueueUrl": MAIN, "ReceiptHandle": "x" });
    assert_eq!(
        ask(&mut trial, "DeleteMessage", forged).unwrap_err().code,
        "ReceiptHandleIsInvalid"
    );
}

#[test]
fn a_delayed_message_is_counted_as_delayed_until_its_time() {
    let mut trial = Trial::new("[[queue]]\nname = 'jobs'\nlag = 0\n");
    let input = json!({ "QueueUrl": MAIN, "MessageBody": "later", "DelaySeconds": 60 });
    ask(&mut trial, "SendMessage", input).unwrap();
    let mut counts = || {
        let all = json!({ "QueueUrl": MAIN, "AttributeNames": ["All"] });
        let answer = ask(&mut trial, "GetQueueAttributes", all).unwrap();
        trial.pass(61);
        let count = |name: &str| answer["Attributes"][name].as_str().unwrap().to_owned();
        [
            count("ApproximateNumberOfMessages"),
            count("ApproximateNumberOfMessagesNotVisible"),
            count("ApproximateNumberOfMessagesDelayed"),
        ]
    };
    assert_eq!(counts(), ["0", "0", "1"]);
    assert_eq!(counts(), ["1", "0", "0"]);
}

#[test]
fn counts_lag_behind_what_is_there() {
    let mut trial = Trial::new("[[queue]]\nname = 'jobs'\nlag = '60s'\n");
    ask(
        &mut trial,
        "SendMessage",
        json!({ "QueueUrl": MAIN, "MessageBody": "x" }),
    )
    .unwrap();
    assert_eq!(depth(&mut trial, "jobs"), 0);
    trial.pass(61);
    assert_eq!(depth(&mut trial, "jobs"), 1);
}

#[test]
fn a_move_task_brings_messages_back_to_where_they_came_from() {
    let mut trial = Trial::new(&queues(2, 1.0));
    trial.minutes(30);
    let dead = depth(&mut trial, "jobs-dlq");
    let start = json!({ "SourceArn": DEAD_ARN, "MaxNumberOfMessagesPerSecond": 10 });
    let handle =
        ask(&mut trial, "StartMessageMoveTask", start.clone()).unwrap()["TaskHandle"].take();
    let second = ask(&mut trial, "StartMessageMoveTask", start).unwrap_err();
    assert_eq!(second.code, "UnsupportedOperation");
    let list = |trial: &mut Trial| {
        let input = json!({ "SourceArn": DEAD_ARN });
        ask(trial, "ListMessageMoveTasks", input).unwrap()["Results"][0].take()
    };
    trial.pass(1);
    let running = list(&mut trial);
    assert_eq!(
        (&running["Status"], &running["TaskHandle"]),
        (&json!("RUNNING"), &handle)
    );
    assert_eq!(running["ApproximateNumberOfMessagesMoved"], 10);
    trial.pass(30);
    let done = list(&mut trial);
    assert_eq!(done["Status"], "COMPLETED");
    assert!(done.get("TaskHandle").is_none(), "only while it runs");
    assert!(done["ApproximateNumberOfMessagesMoved"].as_i64().unwrap() >= dead);
}

#[test]
fn a_cancelled_move_task_leaves_the_rest_and_only_dead_letter_queues_are_moved() {
    let mut trial = Trial::new(&queues(2, 1.0));
    trial.minutes(30);
    let before = depth(&mut trial, "jobs-dlq");
    let start = json!({ "SourceArn": DEAD_ARN, "MaxNumberOfMessagesPerSecond": 1 });
    let handle = ask(&mut trial, "StartMessageMoveTask", start).unwrap()["TaskHandle"].take();
    trial.pass(3);
    let cancelled = ask(
        &mut trial,
        "CancelMessageMoveTask",
        json!({ "TaskHandle": handle }),
    )
    .unwrap();
    assert_eq!(cancelled["ApproximateNumberOfMessagesMoved"], 3);
    trial.pass(20);
    assert!(depth(&mut trial, "jobs-dlq") >= before - 3);
    let wrong = json!({ "SourceArn": "arn:aws:sqs:us-east-1:123456789012:jobs" });
    let error = ask(&mut trial, "StartMessageMoveTask", wrong).unwrap_err();
    assert!(
        error.message.contains("Dead Letter Queue"),
        "{}",
        error.message
    );
}

#[test]
fn a_brokers_queue_is_not_one_of_sqs() {
    let mut trial = Trial::new("[[queue]]\nname = 'mandates'\noutside = true\n");
    let error = ask(
        &mut trial,
        "GetQueueUrl",
        json!({ "QueueName": "mandates" }),
    )
    .unwrap_err();
    assert_eq!(error.code, "QueueDoesNotExist");
    assert_eq!(ask(&mut trial, "ListQueues", json!({})).unwrap(), json!({}));
}
