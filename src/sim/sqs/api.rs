//! The actions of SQS (awsJson 1.0, `AmazonSQS`).

use serde_json::{Map, Value, json};

use super::{Queue, QueueKey, attributes, messages, moves};
use crate::engine::Engine;
use crate::wire::{Action, Answer, ApiError, Args, page};

pub(crate) const ACTIONS: &[Action] = &[
    Action {
        name: "ListQueues",
        members: &["QueueNamePrefix", "NextToken", "MaxResults"],
        run: list_queues,
    },
    Action {
        name: "GetQueueUrl",
        members: &["QueueName", "QueueOwnerAWSAccountId"],
        run: get_queue_url,
    },
    Action {
        name: "GetQueueAttributes",
        members: &["QueueUrl", "AttributeNames"],
        run: attributes::get_queue_attributes,
    },
    Action {
        name: "ListDeadLetterSourceQueues",
        members: &["QueueUrl", "NextToken", "MaxResults"],
        run: list_dead_letter_source_queues,
    },
    Action {
        name: "SendMessage",
        members: &[
            "QueueUrl",
            "MessageBody",
            "DelaySeconds",
            "MessageAttributes",
            "MessageSystemAttributes",
            "MessageDeduplicationId",
            "MessageGroupId",
        ],
        run: messages::send_message,
    },
    Action {
        name: "ReceiveMessage",
        members: &[
            "QueueUrl",
            "AttributeNames",
            "MessageSystemAttributeNames",
            "MessageAttributeNames",
            "MaxNumberOfMessages",
            "VisibilityTimeout",
            "WaitTimeSeconds",
            "ReceiveRequestAttemptId",
        ],
        run: messages::receive_message,
    },
    Action {
        name: "DeleteMessage",
        members: &["QueueUrl", "ReceiptHandle"],
        run: messages::delete_message,
    },
    Action {
        name: "ChangeMessageVisibility",
        members: &["QueueUrl", "ReceiptHandle", "VisibilityTimeout"],
        run: messages::change_message_visibility,
    },
    Action {
        name: "StartMessageMoveTask",
        members: &[
            "SourceArn",
            "DestinationArn",
            "MaxNumberOfMessagesPerSecond",
        ],
        run: moves::start_message_move_task,
    },
    Action {
        name: "ListMessageMoveTasks",
        members: &["SourceArn", "MaxResults"],
        run: moves::list_message_move_tasks,
    },
    Action {
        name: "CancelMessageMoveTask",
        members: &["TaskHandle"],
        run: moves::cancel_message_move_task,
    },
];

pub(super) fn missing(name: &str) -> ApiError {
    ApiError::client(
        "MissingParameter",
        format!("The request must contain the parameter {name}."),
    )
}

fn no_queue() -> ApiError {
    ApiError::client("QueueDoesNotExist", "The specified queue does not exist.")
}

/// The URL that AWS would give; clients with a configured endpoint send calls there.
fn url(engine: &Engine, queue: &Queue) -> String {
    format!(
        "https://sqs.{}.amazonaws.com/{}",
        engine.home.region, queue.url_path
    )
}

/// The queue of a URL, whatever host it names.
pub(super) fn by_url<'a>(engine: &'a Engine, args: &Args) -> Result<&'a Queue, ApiError> {
    let url = args.text("QueueUrl")?.ok_or_else(|| missing("QueueUrl"))?;
    let name = url.rsplit('/').next().unwrap_or(url);
    find(engine, name)
}

fn find<'a>(engine: &'a Engine, name: &str) -> Result<&'a Queue, ApiError> {
    let QueueKey(key) = engine.sqs.names.get(name).ok_or_else(no_queue)?;
    engine
        .sqs
        .queues
        .get(*key)
        .filter(|queue| !queue.outside)
        .ok_or_else(no_queue)
}

/// The number of the queue of a URL.
pub(super) fn key_of(engine: &Engine, args: &Args) -> Result<QueueKey, ApiError> {
    let name = by_url(engine, args)?.name.clone();
    engine.sqs.names.get(&name).copied().ok_or_else(no_queue)
}

/// Cuts a page of URLs; SQS gives a token only to callers that set MaxResults.
fn urls(engine: &Engine, args: &Args, member: &str, keep: impl Fn(&Queue) -> bool) -> Answer {
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
    let queues = engine
        .sqs
        .names
        .values()
        .filter_map(|key| engine.sqs.queues.get(key.0))
        .filter(|queue| !queue.outside && queue.name > after && keep(queue));
    let cut = page::cut(
        queues.map(|queue| (queue.name.clone(), url(engine, queue))),
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

fn list_queues(engine: &mut Engine, args: &Args) -> Answer {
    let prefix = args.text("QueueNamePrefix")?.unwrap_or_default();
    urls(engine, args, "QueueUrls", |queue| {
        queue.name.starts_with(prefix)
    })
}

fn get_queue_url(engine: &mut Engine, args: &Args) -> Answer {
    let name = args
        .text("QueueName")?
        .ok_or_else(|| missing("QueueName"))?;
    let queue = find(engine, name)?;
    Ok(json!({ "QueueUrl": url(engine, queue) }))
}

fn list_dead_letter_source_queues(engine: &mut Engine, args: &Args) -> Answer {
    let target = by_url(engine, args)?.name.clone();
    let key = engine.sqs.names.get(&target).copied();
    urls(engine, args, "queueUrls", |queue| {
        queue.dead_letter.is_some() && queue.dead_letter == key
    })
}
