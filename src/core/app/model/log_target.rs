//! Whose log is shown, and from how far back.

use super::row_key::RowKey;
use crate::domain::Arn;
use crate::text::Clean;

/// Whose log is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogTarget {
    /// All tasks of a service or family.
    Row(RowKey),
    /// One task.
    Task(Arn),
    /// A whole group that the deck names.
    Group(Clean),
}

/// How far back the log is read at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogRange {
    /// Seconds.
    pub seconds: i64,
    /// For the title.
    pub label: &'static str,
}

impl LogRange {
    /// The ranges, the shortest first.
    pub const ALL: [Self; 7] = [
        Self {
            seconds: 0,
            label: "now",
        },
        Self {
            seconds: 60,
            label: "1m",
        },
        Self {
            seconds: 5 * 60,
            label: "5m",
        },
        Self {
            seconds: 15 * 60,
            label: "15m",
        },
        Self {
            seconds: 30 * 60,
            label: "30m",
        },
        Self {
            seconds: 3_600,
            label: "1h",
        },
        // CloudWatch takes in nothing that is older (source: PutLogEvents).
        Self {
            seconds: 14 * 86_400,
            label: "all",
        },
    ];
}
