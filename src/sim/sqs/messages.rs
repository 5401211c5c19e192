//! SendMessage, ReceiveMessage, DeleteMessage and ChangeMessageVisibility.
//!
//! Invariant: a receipt handle is good until its message is received again.

use serde_json::{Map, Value, json};

use super::find::{key_of, missing};
use super::{Message, MessageKey, QueueKey};
use crate::clock::SECOND;
use crate::random::Random;
use crate::sqs::{Due, Sqs};
use crate::wire::{Answer, ApiError, Args, page};

/// The largest message, in bytes.
const LARGEST: usize = 1_048_576;

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::client("InvalidParameterValue", message)
}

fn md5_of(text: &str) -> String {
    format!("{:x}", md5::compute(text))
}

/// The id of a message: it stays the same while the message is on its queue.
fn id(sqs: &Sqs, number: MessageKey) -> String {
    Random::of(sqs.desk.seed, "message id", number.0).uuid()
}

fn handle(queue: QueueKey, number: MessageKey, receives: u32) -> String {
    page::seal(&format!("{}/{}/{receives}", queue.0, number.0))
}

/// The message and the receive that a handle is for.
fn held(queue: QueueKey, args: &Args) -> Result<(MessageKey, u32), ApiError> {
    let handle = args
        .text("ReceiptHandle")?
        .ok_or_else(|| missing("ReceiptHandle"))?;
    let read = || -> Option<(usize, MessageKey, u32)> {
        let text = page::unseal(handle)?;
        let mut parts = text.split('/');
        Some((
            parts.next()?.parse().ok()?,
            MessageKey(parts.next()?.parse().ok()?),
            parts.next()?.parse().ok()?,
        ))
    };
    match read() {
        Some((at, number, receives)) if at == queue.0 => Ok((number, receives)),
        _ => Err(ApiError::client(
            "ReceiptHandleIsInvalid",
            format!("The input receipt handle \"{handle}\" is not a valid receipt handle."),
        )),
    }
}

/// A number of seconds between 0 and `most`.
fn seconds(args: &Args, name: &str, most: i64) -> Result<Option<i64>, ApiError> {
    let value = args.number(name)?;
    match value {
        Some(value) if !(0..=most).contains(&value) => Err(invalid(format!(
            "Value {value} for parameter {name} is invalid. Reason: Must be >= 0 and <= {most}, if provided."
        ))),
        value => Ok(value),
    }
}

pub(super) fn send_message(sqs: &mut Sqs, args: &Args) -> Answer {
    let key = key_of(sqs, args)?;
    let body = args
        .text("MessageBody")?
        .ok_or_else(|| missing("MessageBody"))?
        .to_owned();
    if body.is_empty() || body.len() > LARGEST {
        return Err(invalid(format!(
            "One or more parameters are invalid. Reason: Message must be between 1 and {LARGEST} bytes."
        )));
    }
    let delay = seconds(args, "DelaySeconds", 900)?.unwrap_or_default();
    sqs.sent += 1;
    let (number, now) = (MessageKey(sqs.sent), sqs.desk.now);
    let subject = sqs.desk.random("message", number.0).uuid();
    let Some(queue) = sqs.queue_mut(key) else {
        return Err(missing("QueueUrl"));
    };
    let fifo = queue.name.ends_with(".fifo");
    if fifo && args.text("MessageGroupId")?.is_none() {
        return Err(missing("MessageGroupId"));
    }
    let mut message = Message::new(subject, body.clone(), now);
    message.delayed = delay > 0;
    queue.messages.insert(number, message);
    queue.counts.sent();
    if delay > 0 {
        sqs.desk.plan(delay * SECOND, Due::Visible(key, number, 0));
    } else {
        queue.visible.insert(number);
        sqs.workers_of(key);
    }
    let mut answer = Map::new();
    answer.insert("MD5OfMessageBody".to_owned(), json!(md5_of(&body)));
    answer.insert("MessageId".to_owned(), json!(id(sqs, number)));
    if fifo {
        answer.insert(
            "SequenceNumber".to_owned(),
            json!(format!("{:020}", number.0)),
        );
    }
    Ok(Value::Object(answer))
}

/// The system attributes of a message that are asked for.
fn attributes(sqs: &Sqs, message: &Message, wanted: &[&str]) -> Map<String, Value> {
    let source = message.source.and_then(|key| sqs.queues.get(key.0));
    let all = [
        (
            "ApproximateReceiveCount",
            Some(message.receives.to_string()),
        ),
        ("SentTimestamp", Some(message.sent.0.to_string())),
        (
            "ApproximateFirstReceiveTimestamp",
            message.first_received.map(|at| at.0.to_string()),
        ),
        ("SenderId", Some("AROASIMULATEDROLEID0:producer".to_owned())),
        (
            "DeadLetterQueueSourceArn",
            source.map(|queue| queue.arn.clone()),
        ),
    ];
    all.into_iter()
        .filter(|(name, _)| wanted.contains(&"All") || wanted.contains(name))
        .filter_map(|(name, value)| Some((name.to_owned(), Value::String(value?))))
        .collect()
}

pub(super) fn receive_message(sqs: &mut Sqs, args: &Args) -> Answer {
    let key = key_of(sqs, args)?;
    let most = args.number("MaxNumberOfMessages")?.unwrap_or(1);
    if !(1..=10).contains(&most) {
        return Err(invalid(format!(
            "Value {most} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided."
        )));
    }
    let timeout = seconds(args, "VisibilityTimeout", 43_200)?;
    seconds(args, "WaitTimeSeconds", 20)?;
    let mut wanted = args.texts("MessageSystemAttributeNames")?;
    wanted.extend(args.texts("AttributeNames")?);
    let now = sqs.desk.now;
    let mut taken = Vec::new();
    if let Some(queue) = sqs.queue_mut(key) {
        let visibility = timeout.map_or(queue.visibility, |timeout| timeout * SECOND);
        let count = usize::try_from(most).unwrap_or_default();
        let numbers: Vec<MessageKey> = queue.visible.iter().take(count).copied().collect();
        for number in numbers {
            let Some(message) = queue.messages.get_mut(&number) else {
                continue;
            };
            message.receives += 1;
            message.first_received.get_or_insert(now);
            taken.push((number, message.receives, visibility));
            queue.visible.remove(&number);
        }
    }
    let mut shown = Vec::new();
    for (number, receives, visibility) in taken {
        sqs.desk
            .plan(visibility, Due::Visible(key, number, receives));
        let queue = sqs.queues.get(key.0);
        let Some(message) = queue.and_then(|queue| queue.messages.get(&number)) else {
            continue;
        };
        let mut one = Map::new();
        one.insert("MessageId".to_owned(), json!(id(sqs, number)));
        one.insert(
            "ReceiptHandle".to_owned(),
            json!(handle(key, number, receives)),
        );
        one.insert("MD5OfBody".to_owned(), json!(md5_of(&message.body)));
        one.insert("Body".to_owned(), json!(message.body));
        let attributes = attributes(sqs, message, &wanted);
        if !attributes.is_empty() {
            one.insert("Attributes".to_owned(), Value::Object(attributes));
        }
        shown.push(Value::Object(one));
    }
    Ok(if shown.is_empty() {
        json!({})
    } else {
        json!({ "Messages": shown })
    })
}

pub(super) fn delete_message(sqs: &mut Sqs, args: &Args) -> Answer {
    let key = key_of(sqs, args)?;
    let (number, receives) = held(key, args)?;
    if let Some(queue) = sqs.queue_mut(key)
        && queue
            .messages
            .get(&number)
            .is_some_and(|message| message.receives == receives)
    {
        queue.messages.remove(&number);
        queue.visible.remove(&number);
    }
    Ok(json!({}))
}

pub(super) fn change_message_visibility(sqs: &mut Sqs, args: &Args) -> Answer {
    let key = key_of(sqs, args)?;
    let (number, receives) = held(key, args)?;
    let timeout =
        seconds(args, "VisibilityTimeout", 43_200)?.ok_or_else(|| missing("VisibilityTimeout"))?;
    let queue = sqs.queues.get(key.0);
    let in_flight = queue.is_some_and(|queue| {
        !queue.visible.contains(&number)
            && queue
                .messages
                .get(&number)
                .is_some_and(|message| message.receives == receives)
    });
    if !in_flight {
        return Err(ApiError::client(
            "InvalidParameterValue",
            "Value for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.",
        ));
    }
    if timeout == 0 {
        sqs.message_visible(key, number, receives);
    } else {
        sqs.desk
            .plan(timeout * SECOND, Due::Visible(key, number, receives));
    }
    Ok(json!({}))
}
