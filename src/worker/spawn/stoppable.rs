//! A task that ends when nobody holds it any more.

use std::future::Future;

use tokio::task::JoinHandle;

/// A task that ends when it is dropped.
pub(super) struct Stoppable(JoinHandle<()>);

impl Stoppable {
    /// Starts it.
    pub(super) fn spawn(task: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(tokio::spawn(task))
    }

    /// Whether it has ended by itself.
    pub(super) fn is_finished(&self) -> bool {
        self.0.is_finished()
    }

    /// Stops it, and waits until it has.
    pub(super) async fn stop(mut self) {
        self.0.abort();
        // Cancelled, or ended just before: both are what was wanted.
        let _ = (&mut self.0).await;
    }
}

impl Drop for Stoppable {
    fn drop(&mut self) {
        self.0.abort();
    }
}
