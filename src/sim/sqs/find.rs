//! How the queue that a call names is found, and how queues are listed.

use serde_json::{Map, Value, json};

use super::{Queue, QueueKey, Sqs};
use crate::wire::{Answer, ApiError, Args, page};

pub(super) fn missing(name: &str) -> ApiError {
    ApiError::client(
        "MissingParameter",
        format!("The request must contain the parameter {name}."),
    )
}

pub(super) fn no_queue() -> ApiError {
    ApiError::client("QueueDoesNotExist", "The specified queue does not exist.")
}

/// The URL that AWS would give; clients with a configured endpoint send calls there.
pub(super) fn url(sqs: &Sqs, queue: &Queue) -> String {
    format!(
        "https://sqs.{}.amazonaws.com/{}",
        sqs.desk.home.region, queue.url_path
    )
}

/// The queue of a URL, whatever host it names.
pub(super) fn by_url<'a>(sqs: &'a Sqs, args: &Args) -> Result<&'a Queue, ApiError> {
    let url = args.text("QueueUrl")?.ok_or_else(|| missing("QueueUrl"))?;
    let name = url.rsplit('/').next().unwrap_or(url);
    find(sqs, name)
}

pub(super) fn find<'a>(sqs: &'a Sqs, name: &str) -> Result<&'a Queue, ApiError> {
    let QueueKey(key) = sqs.names.get(name).ok_or_else(no_queue)?;
    sqs.queues
        .get(*key)
        .filter(|queue| !queue.outside)
        .ok_or_else(no_queue)
}

/// The number of the queue of a URL.
pub(super) fn key_of(sqs: &Sqs, args: &Args) -> Result<QueueKey, ApiError> {
    let name = by_url(sqs, args)?.name.clone();
    sqs.names.get(&name).copied().ok_or_else(no_queue)
}

/// Cuts a page of URLs; SQS gives a token only to callers that set MaxResults.
pub(super) fn urls(sqs: &Sqs, args: &Args, member: &str, keep: impl Fn(&Queue) -> bool) -> Answer {
    let asked = args.number("MaxResults")?;
    if asked.is_some_and(|size| !(1..=1_000).contains(&size)) {
        return Err(ApiError::client(
            "InvalidParameterValue",
            "Value for parameter MaxResults is invalid. Reason: Must be an integer from 1 to 1000.",
        ));
    }
    let size = usize::try_from(asked.unwrap_or(1_000)).unwrap_or_default();
    let after = page::begin(args.text("NextToken")?)
        .map_err(|_| ApiError::client("InvalidParameterValue", "Invalid or expired next token."))?;
    let queues = sqs
        .names
        .values()
        .filter_map(|key| sqs.queues.get(key.0))
        .filter(|queue| !queue.outside && queue.name > after && keep(queue));
    let cut = page::cut(
        queues.map(|queue| (queue.name.clone(), url(sqs, queue))),
        size,
    );
    let mut answer = Map::new();
    if !cut.items.is_empty() || member == "queueUrls" {
        answer.insert(member.to_owned(), json!(cut.items));
    }
    if let (Some(token), Some(_)) = (cut.next, asked) {
        answer.insert("NextToken".to_owned(), json!(token));
    }
    Ok(Value::Object(answer))
}
