//! One reading under way: what it calls AWS with, and whom it tells.

use std::sync::Arc;

use ecsdeck_core::app::{Answer, Msg, RequestId, Slot};

use super::urls::QueueUrls;
use crate::call::Caller;
use crate::lasting::Lasting;
use crate::ports::{Reads, Reply};
use crate::report::Report;

/// Calls that one reading has in flight at most, so that it leaves room for others.
pub(super) const AT_ONCE: usize = 6;

/// One reading under way.
pub(crate) struct Reading<R> {
    pub(crate) caller: Arc<Caller<R>>,
    pub(crate) report: Report<R>,
    pub(crate) urls: Arc<QueueUrls>,
    /// For what must come to its end though the reading is stopped.
    pub(crate) lasting: Lasting,
    pub(crate) slot: Slot,
    pub(crate) request: RequestId,
}

impl<R: Reads> Reading<R> {
    /// Gives a part of the answer.
    pub(super) async fn tell(&self, answer: Answer) {
        let (slot, request) = (self.slot.clone(), self.request);
        self.report
            .tell(Msg::Read {
                slot,
                request,
                answer,
            })
            .await;
        self.report.calls().await;
    }

    /// Tells how it ended.
    pub(super) async fn end(self, result: Reply<()>) {
        self.report.calls().await;
        self.report
            .tell(Msg::ReadEnded {
                slot: self.slot,
                request: self.request,
                result,
            })
            .await;
    }
}
