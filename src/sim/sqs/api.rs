//! The actions of SQS (awsJson 1.0, `AmazonSQS`).

use serde_json::{Map, Value, json};

use super::{Queue, QueueKey};
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
        run: get_queue_attributes,
    },
    Action {
        name: "ListDeadLetterSourceQueues",
        members: &["QueueUrl", "NextToken", "MaxResults"],
        run: list_dead_letter_source_queues,
    },
];

fn missing(name: &str) -> ApiError {
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
fn by_url<'a>(engine: &'a Engine, args: &Args) -> Result<&'a Queue, ApiError> {
    let url = args.text("QueueUrl")?.ok_or_else(|| missing("QueueUrl"))?;
    let name = url.rsplit('/').next().unwrap_or(url);
    find(engine, name)
}

fn find<'a>(engine: &'a Engine, name: &str) -> Result<&'a Queue, ApiError> {
    let QueueKey(key) = engine.sqs.names.get(name).ok_or_else(no_queue)?;
    engine.sqs.queues.get(*key).ok_or_else(no_queue)
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
    let after = page::begin(args.text("NextToken")?)?;
    let queues = engine
        .sqs
        .names
        .values()
        .filter_map(|key| engine.sqs.queues.get(key.0))
        .filter(|queue| queue.name > after && keep(queue));
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

/// The attributes of a queue, in the order in which the model lists them.
fn attributes(engine: &Engine, queue: &Queue) -> Vec<(&'static str, String)> {
    let seconds = |at: i64| (at / 1_000).to_string();
    let mut all = vec![
        (
            "ApproximateNumberOfMessages",
            queue.visible.len().to_string(),
        ),
        (
            "ApproximateNumberOfMessagesNotVisible",
            queue.in_flight().to_string(),
        ),
        ("ApproximateNumberOfMessagesDelayed", "0".to_owned()),
        ("CreatedTimestamp", seconds(queue.created.0)),
        ("LastModifiedTimestamp", seconds(queue.created.0)),
        ("VisibilityTimeout", seconds(queue.visibility)),
        ("MaximumMessageSize", "1048576".to_owned()),
        ("MessageRetentionPeriod", "345600".to_owned()),
        ("DelaySeconds", "0".to_owned()),
        ("ReceiveMessageWaitTimeSeconds", "20".to_owned()),
        ("QueueArn", queue.arn.clone()),
    ];
    let dead_letter = queue
        .dead_letter
        .and_then(|key| engine.sqs.queues.get(key.0));
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

/// Attributes that exist but that a queue may not have.
const OPTIONAL: &[&str] = &[
    "All",
    "Policy",
    "RedrivePolicy",
    "FifoQueue",
    "ContentBasedDeduplication",
    "KmsMasterKeyId",
    "KmsDataKeyReusePeriodSeconds",
    "DeduplicationScope",
    "FifoThroughputLimit",
    "RedriveAllowPolicy",
];

fn get_queue_attributes(engine: &mut Engine, args: &Args) -> Answer {
    let queue = by_url(engine, args)?;
    let wanted = args.texts("AttributeNames")?;
    let all = attributes(engine, queue);
    let known =
        |name: &str| OPTIONAL.contains(&name) || all.iter().any(|(known, _)| *known == name);
    if let Some(name) = wanted.iter().find(|name| !known(name)) {
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
