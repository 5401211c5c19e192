//! SQS: queues, who puts messages on them, and the tasks that take them off.
//!
//! Invariant: a message is on exactly one queue, and there either visible or in
//! flight; it goes to the dead-letter queue after `max_receive` attempts.

pub(crate) mod api;
mod attributes;
mod counts;
mod find;
pub(crate) mod input;
mod keys;
mod messages;
mod move_task;
mod moves;
mod part;
mod queue;
mod work;

pub(crate) use keys::{MessageKey, QueueKey};
pub(crate) use part::{Due, Sqs};
pub(crate) use queue::{Message, Queue};

#[cfg(test)]
mod tests;
