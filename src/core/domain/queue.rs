//! An SQS queue and its depth.

use serde::Serialize;

use super::{Arn, Time};
use crate::text::Clean;

/// The three counts of a queue. AWS calls them approximate: they lag by about a minute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct QueueDepth {
    /// Waiting to be received.
    pub visible: u64,
    /// Received and not yet deleted.
    pub in_flight: u64,
    /// Not to be received yet.
    pub delayed: u64,
}

/// Where messages go that fail too often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeadLetter {
    /// The dead-letter queue.
    pub arn: Arn,
    /// After how many receives.
    pub max_receives: u32,
    /// Its depth, where it could be read.
    pub depth: Option<QueueDepth>,
}

/// An SQS queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Queue {
    /// Its URL, by which SQS is asked.
    pub url: Clean,
    /// Its resource name.
    pub arn: Arn,
    /// Its name; a FIFO queue's ends in `.fifo`.
    pub name: Clean,
    /// Its depth.
    pub depth: QueueDepth,
    /// Its dead-letter queue.
    pub dead_letter: Option<DeadLetter>,
}

/// The moving of a dead-letter queue's messages, as ListMessageMoveTasks tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MessageMove {
    /// RUNNING, COMPLETED, CANCELLING, CANCELLED or FAILED.
    pub status: Clean,
    /// When it was asked for.
    pub started: Option<Time>,
    /// Where the messages go; absent: to the queues that they came from.
    pub destination: Option<Arn>,
    /// Messages moved so far.
    pub moved: u64,
    /// Messages to move, as they were counted at the start.
    pub to_move: Option<u64>,
    /// AWS's words for why it failed.
    pub failure: Option<Clean>,
}

impl MessageMove {
    /// Whether it goes on: then no other can begin at its queue.
    pub fn is_running(&self) -> bool {
        matches!(self.status.as_str(), "RUNNING" | "CANCELLING")
    }
}
