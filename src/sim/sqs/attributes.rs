//! GetQueueAttributes: counts that are a little behind, and how a queue is set up.

use serde_json::{Map, Value, json};

use super::Queue;
use super::find::by_url;
use super::input::ATTRIBUTES;
use crate::sqs::Sqs;
use crate::wire::{Answer, ApiError, Args};

/// The attributes of a queue, in the order in which the model lists them.
fn attributes(sqs: &Sqs, queue: &Queue) -> Vec<(&'static str, String)> {
    let (visible, in_flight, delayed) = queue.told();
    let seconds = |at: i64| (at / 1_000).to_string();
    let mut all = vec![
        ("ApproximateNumberOfMessages", visible.to_string()),
        (
            "ApproximateNumberOfMessagesNotVisible",
            in_flight.to_string(),
        ),
        ("ApproximateNumberOfMessagesDelayed", delayed.to_string()),
        ("CreatedTimestamp", seconds(queue.created.0)),
        ("LastModifiedTimestamp", seconds(queue.created.0)),
        ("VisibilityTimeout", seconds(queue.visibility)),
        ("MaximumMessageSize", "1048576".to_owned()),
        ("MessageRetentionPeriod", "345600".to_owned()),
        ("DelaySeconds", "0".to_owned()),
        ("ReceiveMessageWaitTimeSeconds", "20".to_owned()),
        ("QueueArn", queue.arn.clone()),
    ];
    let dead_letter = queue.dead_letter.and_then(|key| sqs.queues.get(key.0));
    if let Some(target) = dead_letter {
        let policy =
            json!({ "deadLetterTargetArn": target.arn, "maxReceiveCount": queue.max_receive });
        all.push(("RedrivePolicy", policy.to_string()));
    }
    if queue.name.ends_with(".fifo") {
        all.push(("FifoQueue", "true".to_owned()));
        all.push(("ContentBasedDeduplication", "false".to_owned()));
    }
    all.push(("SqsManagedSseEnabled", "true".to_owned()));
    all
}

pub(super) fn get_queue_attributes(sqs: &mut Sqs, args: &Args) -> Answer {
    let queue = by_url(sqs, args)?;
    let wanted = args.texts("AttributeNames")?;
    let all = attributes(sqs, queue);
    if let Some(name) = wanted.iter().find(|name| !ATTRIBUTES.contains(name)) {
        return Err(ApiError::client(
            "InvalidAttributeName",
            format!("Unknown Attribute {name}."),
        ));
    }
    let everything = wanted.contains(&"All");
    let shown: Map<String, Value> = all
        .into_iter()
        .filter(|(name, _)| everything || wanted.contains(name))
        .map(|(name, value)| (name.to_owned(), Value::String(value)))
        .collect();
    if shown.is_empty() {
        return Ok(json!({}));
    }
    Ok(json!({ "Attributes": shown }))
}
