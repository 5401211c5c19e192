//! The actions of SQS (awsJson 1.0, `AmazonSQS`).

use serde_json::json;

use super::find::{by_url, find, missing, url, urls};
use super::{Sqs, attributes, messages, moves};
use crate::input::TABLED;
use crate::wire::{Action, Answer, Args, Run};

pub(crate) const ACTIONS: &[Action<Run<Sqs>>] = &[
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
        members: TABLED,
        run: messages::send_message,
    },
    Action {
        name: "ReceiveMessage",
        members: TABLED,
        run: messages::receive_message,
    },
    Action {
        name: "DeleteMessage",
        members: TABLED,
        run: messages::delete_message,
    },
    Action {
        name: "ChangeMessageVisibility",
        members: TABLED,
        run: messages::change_message_visibility,
    },
    Action {
        name: "StartMessageMoveTask",
        members: TABLED,
        run: moves::start_message_move_task,
    },
    Action {
        name: "ListMessageMoveTasks",
        members: &["SourceArn", "MaxResults"],
        run: moves::list_message_move_tasks,
    },
    Action {
        name: "CancelMessageMoveTask",
        members: TABLED,
        run: moves::cancel_message_move_task,
    },
];

fn list_queues(sqs: &mut Sqs, args: &Args) -> Answer {
    let prefix = args.text("QueueNamePrefix")?.unwrap_or_default();
    urls(sqs, args, "QueueUrls", |queue| {
        queue.name.starts_with(prefix)
    })
}

fn get_queue_url(sqs: &mut Sqs, args: &Args) -> Answer {
    let name = args
        .text("QueueName")?
        .ok_or_else(|| missing("QueueName"))?;
    let queue = find(sqs, name)?;
    Ok(json!({ "QueueUrl": url(sqs, queue) }))
}

fn list_dead_letter_source_queues(sqs: &mut Sqs, args: &Args) -> Answer {
    let target = by_url(sqs, args)?.name.clone();
    let key = sqs.names.get(&target).copied();
    urls(sqs, args, "queueUrls", |queue| {
        queue.dead_letter.is_some() && queue.dead_letter == key
    })
}
