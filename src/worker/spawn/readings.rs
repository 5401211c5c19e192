//! The readings in flight: at most one of each slot, and the newest wins.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecsdeck_core::app::{Query, RequestId, Slot};

use super::stoppable::Stoppable;
use crate::call::Caller;
use crate::lasting::Lasting;
use crate::ports::Reads;
use crate::read::{self, QueueUrls, Reading};
use crate::report::Report;

/// The readings of all slots.
pub(super) struct Readings<R> {
    caller: Arc<Caller<R>>,
    report: Report<R>,
    urls: Arc<QueueUrls>,
    lasting: Lasting,
    /// The newest reading of each slot; it may have ended.
    newest: BTreeMap<Slot, Stoppable>,
}

impl<R: Reads> Readings<R> {
    pub(super) fn new(caller: Caller<R>, report: Report<R>, lasting: Lasting) -> Self {
        Self {
            caller: Arc::new(caller),
            report,
            urls: Arc::default(),
            lasting,
            newest: BTreeMap::new(),
        }
    }

    /// Starts a reading in the place of an older one of its slot.
    pub(super) async fn start(&mut self, request: RequestId, query: Query) {
        let slot = query.slot();
        self.stop(&slot).await;
        self.newest.retain(|_, reading| !reading.is_finished());
        let reading = Reading {
            caller: Arc::clone(&self.caller),
            report: self.report.clone(),
            urls: Arc::clone(&self.urls),
            lasting: self.lasting.clone(),
            slot: slot.clone(),
            request,
        };
        self.newest
            .insert(slot, Stoppable::spawn(read::run(reading, query)));
    }

    /// Stops a slot's reading. When this returns, it sends nothing more.
    pub(super) async fn stop(&mut self, slot: &Slot) {
        if let Some(reading) = self.newest.remove(slot) {
            reading.stop().await;
        }
    }

    /// Stops all of them. When this returns, none of them leaves anything to be done any more.
    pub(super) async fn stop_all(&mut self) {
        for reading in std::mem::take(&mut self.newest).into_values() {
            reading.stop().await;
        }
    }

    /// The credentials are other ones now: names may mean other queues to another account.
    pub(super) fn forget_urls(&self) {
        self.urls.clear();
    }
}
