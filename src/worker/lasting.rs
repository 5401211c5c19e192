//! What must come to its end though the reading that began it is stopped: readings are dropped at any moment, and
//! something that is paid for must not be left behind them.

use std::future::Future;
use std::pin::Pin;

use tokio::sync::mpsc;

/// Work for the worker's loop.
type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Takes such work from readings. It never waits, so that it works while something is dropped.
#[derive(Clone)]
pub(crate) struct Lasting(mpsc::UnboundedSender<Work>);

/// The worker's end.
pub(crate) struct ToFinish(mpsc::UnboundedReceiver<Work>);

impl Lasting {
    /// Both ends.
    pub(crate) fn new() -> (Self, ToFinish) {
        let (give, take) = mpsc::unbounded_channel();
        (Self(give), ToFinish(take))
    }

    /// Has something done, whatever becomes of the caller.
    pub(crate) fn finish(&self, work: impl Future<Output = ()> + Send + 'static) {
        // A worker that is gone does nothing any more, for anybody.
        let _ = self.0.send(Box::pin(work));
    }
}

impl ToFinish {
    /// Waits for the next work; for ever, where no reading is left that could have any.
    pub(crate) async fn recv(&mut self) -> Work {
        match self.0.recv().await {
            Some(work) => work,
            None => std::future::pending().await,
        }
    }

    /// What has been left to be done by now.
    pub(crate) fn left(&mut self) -> Option<Work> {
        self.0.try_recv().ok()
    }
}
