//! The counts that SQS tells: approximate, because they are a little behind.

use super::{Queue, QueueKey};
use crate::clock::Millis;
use crate::engine::{Due, Engine};

/// What was counted last, and how often it is counted.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    lag: Millis,
    /// Visible, in flight, delayed.
    told: (usize, usize, usize),
    /// Messages sent in the present minute, and in the one before.
    sent: (u32, u32),
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

impl Queue {
    fn counted(&self) -> (usize, usize, usize) {
        (self.visible.len(), self.in_flight(), self.delayed())
    }

    /// Visible, in flight and delayed messages, as SQS tells them.
    pub(super) fn told(&self) -> (usize, usize, usize) {
        if self.counts.lag == 0 {
            self.counted()
        } else {
            self.counts.told
        }
    }

    /// How many messages were sent in the minute that is over.
    pub(crate) fn sent_last_minute(&self) -> u32 {
        self.counts.sent.1
    }
}

impl Engine {
    /// Counts a queue, and plans to do it again.
    pub(crate) fn count_queue(&mut self, key: QueueKey) {
        let Some(queue) = self.queue_mut(key) else {
            return;
        };
        queue.counts.told = queue.counted();
        let lag = queue.counts.lag;
        if lag > 0 {
            self.plan(lag, Due::Count(key));
        }
    }

    /// A minute is over for the count of messages sent.
    pub(crate) fn sent_minute_over(&mut self) {
        for queue in &mut self.sqs.queues {
            queue.counts.sent = (0, queue.counts.sent.0);
        }
    }
}
