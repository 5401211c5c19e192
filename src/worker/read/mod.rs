//! Readings: one file a query, each a run of calls that gives parts of an answer.
//!
//! Two invariants: a listing is told as complete only when every page of it
//! was read, and what could be read is given before the first error ends the
//! reading.

mod ask;
mod batches;
mod clusters;
mod definitions;
mod logs;
mod pages;
mod prepare;
mod queues;
mod services;
mod tables;
mod tasks;
mod work;

use std::sync::Arc;

use ecsdeck_core::app::{Answer, Msg, Query, RequestId, Slot};
use ecsdeck_core::domain::{CloudError, ErrorKind};
use ecsdeck_core::text::Clean;

use crate::call::Caller;
use crate::pace::Api;
use crate::ports::{Reads, Reply};
use crate::report::Report;

pub(crate) use ask::fact;
pub(crate) use queues::QueueUrls;

/// Calls that one reading has in flight at most, so that it leaves room for others.
const AT_ONCE: usize = 6;

/// One reading under way.
pub(crate) struct Reading<R> {
    pub(crate) caller: Arc<Caller<R>>,
    pub(crate) report: Report<R>,
    pub(crate) urls: Arc<QueueUrls>,
    pub(crate) slot: Slot,
    pub(crate) request: RequestId,
}

impl<R: Reads> Reading<R> {
    /// Reads to the end, and tells how it ended.
    pub(crate) async fn run(self, query: Query) {
        let result = self.read(&query).await;
        self.report.calls().await;
        self.report
            .tell(Msg::ReadEnded {
                slot: self.slot,
                request: self.request,
                result,
            })
            .await;
    }

    async fn read(&self, query: &Query) -> Reply<()> {
        match query {
            Query::Identity => {
                let identity = self
                    .caller
                    .call(Api::Sts, || self.caller.reads.identity())
                    .await?;
                self.tell(Answer::Identity(identity)).await;
                Ok(())
            }
            Query::Clusters { names } => clusters::read(self, names).await,
            Query::Services { cluster } => services::all(self, cluster).await,
            Query::Watched { cluster, services } => {
                services::watched(self, cluster, services).await
            }
            Query::Tasks { cluster, settled } => tasks::read(self, cluster, None, settled).await,
            Query::TasksOf {
                cluster,
                service,
                settled,
            } => tasks::read(self, cluster, Some(service), settled).await,
            Query::Definitions { revisions } => definitions::read(self, revisions).await,
            Query::Queues { wanted, list } => queues::read(self, wanted, *list).await,
            Query::Tables => tables::read(self).await,
            Query::Work(work) => work::read(self, work).await,
            Query::Logs(logs) => logs::read(self, logs).await,
            Query::Prepare { looks, document } => {
                prepare::read(self, looks, document.as_ref()).await
            }
            Query::Ask { question, known } => ask::read(self, question, known.as_deref()).await,
        }
    }

    /// Gives a part of the answer.
    async fn tell(&self, answer: Answer) {
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
}

/// An answer of AWS that makes no sense.
fn malformed(operation: &'static str, message: &'static str) -> CloudError {
    CloudError {
        operation,
        kind: ErrorKind::Malformed,
        code: None,
        message: Clean::literal(message),
        request_id: None,
    }
}
