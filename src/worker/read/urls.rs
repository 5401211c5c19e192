//! The URLs of queues, which SQS takes instead of names.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ecsdeck_core::text::Clean;

use crate::call::Caller;
use crate::pace::Api;
use crate::ports::{Reads, Reply};

/// The URLs of queues by name: they do not change as long as the account does not.
#[derive(Debug, Default)]
pub(crate) struct QueueUrls(Mutex<HashMap<Clean, Clean>>);

impl QueueUrls {
    fn known(&self) -> MutexGuard<'_, HashMap<Clean, Clean>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets everything: the credentials are other ones now.
    pub(crate) fn clear(&self) {
        self.known().clear();
    }

    /// One of them leads nowhere any more.
    pub(super) fn forget(&self, url: &Clean) {
        self.known().retain(|_, known| known != url);
    }

    /// The URL of a queue, asked for only once. A URL is its own.
    pub(super) async fn of<R: Reads>(&self, caller: &Caller<R>, name: &Clean) -> Reply<Clean> {
        if name.starts_with("https://") || name.starts_with("http://") {
            return Ok(name.clone());
        }
        let known = self.known().get(name).cloned();
        if let Some(url) = known {
            return Ok(url);
        }
        let url = caller
            .call(Api::Sqs, || caller.reads.queue_url(name))
            .await?;
        self.known().insert(name.clone(), url.clone());
        Ok(url)
    }
}
