//! Message move tasks: redriving a dead-letter queue.
//!
//! Invariant: of each source at most one task runs; what has been moved stays moved.

use serde_json::{Value, json};

use super::move_task::{Move, Status};
use super::{Message, MessageKey, QueueKey};
use crate::bus::RowChange;
use crate::clock::SECOND;
use crate::sqs::{Due, Sqs};
use crate::wire::{Answer, ApiError, Args, page};

/// The most messages that are moved in a second.
const FASTEST: i64 = 500;

impl Sqs {
    fn queue_of_arn(&self, arn: &str) -> Option<QueueKey> {
        let name = arn.strip_prefix("arn:")?.rsplit(':').next()?;
        let key = *self.names.get(name)?;
        self.queues
            .get(key.0)
            .filter(|queue| queue.arn == arn && !queue.outside)?;
        Some(key)
    }

    fn is_dead_letter_queue(&self, key: QueueKey) -> bool {
        self.queues
            .iter()
            .any(|queue| queue.dead_letter == Some(key))
    }

    /// Moves what one second allows.
    pub(crate) fn move_messages(&mut self, number: usize) {
        let Some(task) = self.moves.get_mut(number) else {
            return;
        };
        if task.status == Status::Cancelling {
            task.status = Status::Cancelled;
        }
        if task.status != Status::Running {
            return;
        }
        let (source, destination) = (task.source, task.destination);
        let rate = usize::try_from(task.rate.unwrap_or(FASTEST)).unwrap_or_default();
        let batch: Vec<MessageKey> = self
            .queues
            .get(source.0)
            .map(|queue| queue.visible.iter().take(rate).copied().collect())
            .unwrap_or_default();
        let moved = batch.len();
        for message in batch {
            self.move_message(source, destination, message);
        }
        let left = self
            .queues
            .get(source.0)
            .map_or(0, |queue| queue.visible.len());
        if let Some(task) = self.moves.get_mut(number) {
            task.moved += moved;
            if left == 0 {
                task.status = Status::Completed;
                return;
            }
        }
        self.desk.plan(SECOND, Due::Move(number));
    }

    /// Moves one message: it is a new one where it arrives.
    fn move_message(&mut self, from: QueueKey, to: Option<QueueKey>, number: MessageKey) {
        let now = self.desk.now;
        let Some(queue) = self.queue_mut(from) else {
            return;
        };
        queue.visible.remove(&number);
        let Some(message) = queue.messages.remove(&number) else {
            return;
        };
        let home = self
            .queues
            .iter()
            .position(|queue| queue.dead_letter == Some(from));
        let to = to.or(message.source).or(home.map(QueueKey)).unwrap_or(from);
        self.sent += 1;
        let fresh = MessageKey(self.sent);
        let Some(queue) = self.queue_mut(to) else {
            return;
        };
        let table = queue.table.clone();
        let subject = message.subject.clone();
        queue
            .messages
            .insert(fresh, Message::new(message.subject, message.body, now));
        queue.visible.insert(fresh);
        queue.counts.sent();
        if let Some(table) = table {
            self.tell_row(table, subject, RowChange::Pending { title: None });
        }
        self.workers_of(to);
    }
}

fn gone(member: &str) -> ApiError {
    ApiError::client(
        "ResourceNotFoundException",
        format!("The resource that you specified for the {member} parameter doesn't exist."),
    )
}

pub(super) fn start_message_move_task(sqs: &mut Sqs, args: &Args) -> Answer {
    let arn = args.text("SourceArn")?.unwrap_or_default();
    let source = sqs.queue_of_arn(arn).ok_or_else(|| gone("SourceArn"))?;
    let destination = args
        .text("DestinationArn")?
        .map(|arn| sqs.queue_of_arn(arn).ok_or_else(|| gone("DestinationArn")))
        .transpose()?;
    if !sqs.is_dead_letter_queue(source) {
        return Err(ApiError::client(
            "InvalidParameterValue",
            "Source queue must be configured as a Dead Letter Queue.",
        ));
    }
    let rate = args.number("MaxNumberOfMessagesPerSecond")?;
    if rate.is_some_and(|rate| !(1..=FASTEST).contains(&rate)) {
        return Err(ApiError::client(
            "InvalidParameterValue",
            format!(
                "Value for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must be between 1 and {FASTEST}."
            ),
        ));
    }
    let busy = |task: &Move| task.source == source && task.status == Status::Running;
    if sqs.moves.iter().any(busy) {
        return Err(ApiError::client(
            "UnsupportedOperation",
            "There is already a task running. Only one active task is allowed for a source queue \
             arn at a given time.",
        ));
    }
    let number = sqs.moves.len();
    let id = sqs.desk.random("move", number as u64).uuid();
    let handle = page::seal(&json!({ "taskId": id, "sourceArn": arn }).to_string());
    let all = sqs
        .queues
        .get(source.0)
        .map_or(0, |queue| queue.visible.len());
    sqs.moves.push(Move {
        handle: handle.clone(),
        source,
        destination,
        rate,
        started: sqs.desk.now,
        moved: 0,
        all,
        status: Status::Running,
    });
    sqs.desk.plan(SECOND, Due::Move(number));
    Ok(json!({ "TaskHandle": handle }))
}

pub(super) fn list_message_move_tasks(sqs: &mut Sqs, args: &Args) -> Answer {
    let arn = args.text("SourceArn")?.unwrap_or_default();
    let source = sqs.queue_of_arn(arn).ok_or_else(|| gone("SourceArn"))?;
    let most = args.number("MaxResults")?.unwrap_or(1);
    if !(1..=10).contains(&most) {
        return Err(ApiError::client(
            "InvalidParameterValue",
            "Value for parameter MaxResults is invalid. Reason: Must be an integer from 1 to 10.",
        ));
    }
    let arn_of = |key: QueueKey| sqs.queues.get(key.0).map(|queue| queue.arn.clone());
    let shown: Vec<Value> = sqs
        .moves
        .iter()
        .rev()
        .filter(|task| task.source == source)
        .take(usize::try_from(most).unwrap_or_default())
        .map(|task| {
            let mut shown = json!({
                "Status": task.status.name(),
                "SourceArn": arn,
                "ApproximateNumberOfMessagesMoved": task.moved,
                "ApproximateNumberOfMessagesToMove": task.all,
                "StartedTimestamp": task.started.0,
            });
            if let Some(shown) = shown.as_object_mut() {
                // The handle is told only while it can be used.
                if task.status == Status::Running {
                    shown.insert("TaskHandle".to_owned(), json!(task.handle));
                }
                if let Some(arn) = task.destination.and_then(arn_of) {
                    shown.insert("DestinationArn".to_owned(), json!(arn));
                }
                if let Some(rate) = task.rate {
                    shown.insert("MaxNumberOfMessagesPerSecond".to_owned(), json!(rate));
                }
            }
            shown
        })
        .collect();
    Ok(json!({ "Results": shown }))
}

pub(super) fn cancel_message_move_task(sqs: &mut Sqs, args: &Args) -> Answer {
    let handle = args.text("TaskHandle")?.unwrap_or_default();
    let task = sqs.moves.iter_mut().find(|task| task.handle == handle);
    let task = task.ok_or_else(|| {
        ApiError::client(
            "ResourceNotFoundException",
            "The resource that you specified for the TaskHandle parameter doesn't exist.",
        )
    })?;
    if task.status != Status::Running {
        return Err(ApiError::client(
            "UnsupportedOperation",
            "Only active tasks can be cancelled.",
        ));
    }
    task.status = Status::Cancelling;
    Ok(json!({ "ApproximateNumberOfMessagesMoved": task.moved }))
}
