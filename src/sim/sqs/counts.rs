//! The counts that SQS tells: approximate, because they are a little behind.
//!
//! source: SQS API reference, GetQueueAttributes (counts settle at least one minute after
//! producers stop); how far they are behind is each world's own (`lag`).

use crate::clock::Millis;

/// What was counted last, and how often it is counted.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(super) lag: Millis,
    /// Visible, in flight, delayed.
    pub(super) told: (usize, usize, usize),
    /// Messages sent in the present minute, and in the one before.
    pub(super) sent: (u32, u32),
}

impl Counts {
    pub(super) fn of(lag: Millis) -> Self {
        Counts {
            lag: lag.max(0),
            ..Counts::default()
        }
    }

    pub(super) fn sent(&mut self) {
        self.sent.0 += 1;
    }
}
