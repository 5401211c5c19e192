//! The way from the worker to the core: a bounded channel, on which a sender waits and drops nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ecsdeck_core::app::Msg;
use tokio::sync::mpsc;

use crate::ports::Reads;

/// Tells the core what happened.
pub(crate) struct Report<R> {
    messages: mpsc::Sender<Msg>,
    reads: Arc<R>,
    /// The number of calls that the core knows.
    told: Arc<AtomicU64>,
}

impl<R> Clone for Report<R> {
    fn clone(&self) -> Self {
        Self {
            messages: self.messages.clone(),
            reads: Arc::clone(&self.reads),
            told: Arc::clone(&self.told),
        }
    }
}

impl<R: Reads> Report<R> {
    pub(crate) fn new(messages: mpsc::Sender<Msg>, reads: Arc<R>) -> Self {
        Self {
            messages,
            reads,
            told: Arc::default(),
        }
    }

    /// Tells one thing. When nobody listens any more the program is ending, and that is all right.
    pub(crate) async fn tell(&self, message: Msg) {
        let _ = self.messages.send(message).await;
    }

    /// Tells the number of calls, where the core does not know it yet.
    pub(crate) async fn calls(&self) {
        if self.reads.calls() <= self.told.load(Ordering::Relaxed) {
            return;
        }
        // The number is taken when there is room for it: a reading that is cancelled while it
        // waits for room must not leave a number marked as told.
        if let Ok(room) = self.messages.reserve().await {
            let calls = self.reads.calls();
            if self.told.fetch_max(calls, Ordering::Relaxed) < calls {
                room.send(Msg::Called(calls));
            }
        }
    }
}
