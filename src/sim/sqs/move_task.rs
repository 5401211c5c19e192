//! A message move task: what is moved, how fast, and how far it has come.

use super::keys::QueueKey;
use crate::clock::Time;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Running,
    Completed,
    Cancelling,
    Cancelled,
}

impl Status {
    pub(super) fn name(self) -> &'static str {
        match self {
            Status::Running => "RUNNING",
            Status::Completed => "COMPLETED",
            Status::Cancelling => "CANCELLING",
            Status::Cancelled => "CANCELLED",
        }
    }
}

/// A task that moves messages.
#[derive(Debug)]
pub(crate) struct Move {
    pub(super) handle: String,
    pub(super) source: QueueKey,
    /// None: each goes back to where it came from.
    pub(super) destination: Option<QueueKey>,
    pub(super) rate: Option<i64>,
    pub(super) started: Time,
    pub(super) moved: usize,
    pub(super) all: usize,
    pub(super) status: Status,
}
