//! Log events and where they come from.

use serde::Serialize;

use super::Time;
use crate::text::Clean;

/// CloudWatch's id of an event, unique in its group.
pub type LogEventId = Clean;

/// One line of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogEvent {
    /// CloudWatch's id.
    pub id: LogEventId,
    /// The group.
    pub group: Clean,
    /// The stream.
    pub stream: Clean,
    /// When the program says it happened.
    pub at: Time,
    /// When CloudWatch took it in.
    pub ingested: Option<Time>,
    /// The line.
    pub message: Clean,
}

/// A log group, and which of its streams are wanted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct LogSource {
    /// The group.
    pub group: Clean,
    /// The region where it differs from the console's own.
    pub region: Option<Clean>,
    /// Stream names; empty means the whole group. CloudWatch takes at most 100 in one call.
    pub streams: Vec<Clean>,
}
