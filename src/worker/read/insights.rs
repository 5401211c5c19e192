//! A query of Logs Insights, from its start to its last row.
//!
//! The invariants: a query that may have been started is not started again; and one whose reading is stopped, at
//! whatever moment, is stopped too, for CloudWatch goes on scanning for money otherwise.

use std::sync::Arc;
use std::time::Duration;

use ecsdeck_core::app::Answer;
use ecsdeck_core::domain::{CloudError, ErrorKind, InsightsQuery, QueryId, QueryResults};
use ecsdeck_core::text::Clean;
use tokio::sync::oneshot;
use tokio::time::sleep;

use super::pages::Pager;
use super::reading::Reading;
use crate::call::{Caller, pause};
use crate::lasting::Lasting;
use crate::pace::Api;
use crate::ports::{Reads, Reply, ResultPage, StartedQuery};

/// How often a start is sent at most, where AWS has certainly not begun it: too many run, or it throttles.
const STARTS: u32 = 5;
/// How long after its start a query is first looked at, and how long after one look the next comes at most. An account
/// has ten looks a second (source: CloudWatch Logs user guide, "CloudWatch Logs quotas", GetQueryResults).
const FIRST_LOOK: Duration = Duration::from_millis(500);
const SLOWEST_LOOK: Duration = Duration::from_secs(4);
/// Looks in a row that may fail, each after three calls.
const FAILURES: u32 = 10;

pub(super) async fn read<R: Reads>(reading: &Reading<R>, query: &InsightsQuery) -> Reply<()> {
    let id = match start(reading, query).await? {
        StartedQuery::Begun(id) => id,
        StartedQuery::Wrong(problem) => {
            reading.tell(Answer::QueryWrong(problem)).await;
            return Ok(());
        }
    };
    let mut started = Started {
        id,
        region: query.region.clone(),
        caller: Arc::clone(&reading.caller),
        lasting: reading.lasting.clone(),
        is_over: false,
    };
    let (mut wait, mut failures) = (FIRST_LOOK, 0);
    loop {
        sleep(wait).await;
        wait = (wait + wait / 2).min(SLOWEST_LOOK);
        let (results, is_over) = match started.look().await {
            // What has been scanned is paid for: it is not given up for a moment without an answer.
            Err(error) if error.may_pass() && failures < FAILURES => {
                failures += 1;
                continue;
            }
            look => look?,
        };
        failures = 0;
        started.is_over = is_over;
        reading.tell(Answer::QueryResults(Box::new(results))).await;
        if is_over {
            return Ok(());
        }
    }
}

/// Starts the query. The start itself comes to its end whatever becomes of the reading: a query of which nobody knows the
/// id could not be stopped.
async fn start<R: Reads>(reading: &Reading<R>, query: &InsightsQuery) -> Reply<StartedQuery> {
    let (tell, told) = oneshot::channel();
    let (caller, query) = (Arc::clone(&reading.caller), query.clone());
    reading.lasting.finish(async move {
        let reply = start_once(&caller, &query, || tell.is_closed()).await;
        // Nobody waits for it any more.
        if let Err(Ok(StartedQuery::Begun(id))) = tell.send(reply) {
            stop(&caller, &id, query.region.as_ref()).await;
        }
    });
    told.await.unwrap_or_else(|_| {
        let words = Clean::literal("the worker has ended");
        Err(CloudError::new(START, ErrorKind::Other, words))
    })
}

const START: &str = "logs:StartQuery";

/// Sends the start until AWS has taken or refused it. Sent again only where it was certainly not begun.
async fn start_once<R: Reads>(
    caller: &Caller<R>,
    query: &InsightsQuery,
    unwanted: impl Fn() -> bool,
) -> Reply<StartedQuery> {
    let mut attempt = 1;
    loop {
        let call = || caller.reads.start_query(query);
        match caller.once(Api::Logs, call).await {
            Err(error) if attempt < STARTS && error.certainly_not_applied() && !unwanted() => {
                sleep(pause(attempt, error.kind)).await;
                attempt += 1;
            }
            reply => return reply,
        }
    }
}

/// A query that CloudWatch works at. It is stopped when this is dropped before its end.
struct Started<R: Reads> {
    id: QueryId,
    region: Option<Clean>,
    caller: Arc<Caller<R>>,
    lasting: Lasting,
    is_over: bool,
}

impl<R: Reads> Started<R> {
    async fn page(&self, pager: &Pager) -> Reply<ResultPage> {
        let reads = &self.caller.reads;
        let region = self.region.as_ref();
        let call = || reads.query_results(&self.id, region, pager.token());
        self.caller.call(Api::Logs, call).await
    }

    /// What it has found so far: its first page while it runs, all of them at its end. Says whether that is all.
    async fn look(&self) -> Reply<(QueryResults, bool)> {
        let mut pager = Pager::default();
        let mut page = self.page(&pager).await?;
        let mut results = QueryResults {
            status: page.status,
            statistics: page.statistics,
            ..QueryResults::default()
        };
        let is_over = page.status.is_over();
        loop {
            let rows = page.rows.len();
            page.rows.into_iter().for_each(|row| results.push(row));
            let more = pager.turn("logs:GetQueryResults", rows, page.next)?;
            if !more || !is_over {
                return Ok((results, is_over));
            }
            page = self.page(&pager).await?;
        }
    }
}

impl<R: Reads> Drop for Started<R> {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        let (caller, id) = (Arc::clone(&self.caller), self.id.clone());
        let region = self.region.clone();
        self.lasting
            .finish(async move { stop(&caller, &id, region.as_ref()).await });
    }
}

async fn stop<R: Reads>(caller: &Caller<R>, id: &QueryId, region: Option<&Clean>) {
    let call = || caller.reads.stop_query(id, region);
    if let Err(error) = caller.call(Api::Logs, call).await {
        tracing::warn!(%error, %id, "a query could not be stopped; CloudWatch ends it by itself");
    }
}

#[cfg(test)]
mod tests;
