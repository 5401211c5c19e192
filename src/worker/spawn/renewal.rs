//! Loading the credentials anew: calls that begin meanwhile wait for it, writes in flight are waited for.

use std::sync::Arc;

use tokio::sync::{RwLock, watch};
use tokio::time::timeout;

use super::stoppable::Stoppable;
use crate::ports::{CALL_LIMIT, Reads};

/// Shared by writes in flight, had alone by a renewal: a write that was checked with some
/// credentials must not be sent with others.
pub(super) type Steady = Arc<RwLock<()>>;

/// Whether the credentials are being loaded anew.
pub(super) struct Renewal<R> {
    reads: Arc<R>,
    renewing: watch::Sender<bool>,
    task: Option<Stoppable>,
    steady: Steady,
}

impl<R: Reads> Renewal<R> {
    pub(super) fn new(reads: Arc<R>, renewing: watch::Sender<bool>) -> Self {
        Self {
            reads,
            renewing,
            task: None,
            steady: Arc::default(),
        }
    }

    /// What a write holds while its credentials must not change.
    pub(super) fn steady(&self) -> Steady {
        Arc::clone(&self.steady)
    }

    /// Begins, and says so; false when one is under way.
    pub(super) fn begin(&mut self) -> bool {
        if self.renewing.send_replace(true) {
            return false;
        }
        let reads = Arc::clone(&self.reads);
        let steady = self.steady();
        let end = EndOfRenewal(self.renewing.clone());
        self.task = Some(Stoppable::spawn(async move {
            let _end = end;
            let _alone = steady.write().await;
            // A failure shows in the next call, with AWS's words.
            match timeout(CALL_LIMIT, reads.renew()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::warn!(%error, "the credentials could not be loaded anew")
                }
                Err(_) => tracing::warn!("loading the credentials anew took too long"),
            }
        }));
        true
    }
}

/// Lets the calls go on, however the renewal ended.
struct EndOfRenewal(watch::Sender<bool>);

impl Drop for EndOfRenewal {
    fn drop(&mut self) {
        self.0.send_replace(false);
    }
}
