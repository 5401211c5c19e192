//! Readings: one file a query, each a run of calls that gives parts of an answer.
//!
//! Two invariants: a listing is told as complete only when every page of it
//! was read, and what could be read is given before the first error ends the
//! reading.

mod ask;
mod batches;
mod clusters;
mod definitions;
#[cfg(test)]
mod follow_run;
mod insights;
mod log_group_sizes;
mod log_groups;
mod logs;
mod pages;
mod prepare;
mod queues;
mod reading;
mod services;
mod tables;
mod tasks;
mod urls;
mod work;

use ecsdeck_core::app::{Answer, Query};

use crate::pace::Api;
use crate::ports::{Reads, Reply, TasksOf};

pub(crate) use reading::Reading;
pub(crate) use urls::QueueUrls;

/// Reads to the end, and tells how it ended.
pub(crate) async fn run<R: Reads>(reading: Reading<R>, query: Query) {
    let result = read(&reading, &query).await;
    reading.end(result).await;
}

async fn read<R: Reads>(reading: &Reading<R>, query: &Query) -> Reply<()> {
    match query {
        Query::Identity => {
            let identity = reading
                .caller
                .call(Api::Sts, || reading.caller.reads.identity())
                .await?;
            reading.tell(Answer::Identity(identity)).await;
            Ok(())
        }
        Query::Clusters { names } => clusters::read(reading, names).await,
        Query::Services { cluster } => services::all(reading, cluster).await,
        Query::Watched { cluster, services } => services::watched(reading, cluster, services).await,
        Query::Tasks { cluster, settled } => {
            tasks::read(reading, cluster, TasksOf::Cluster, settled).await
        }
        Query::TasksOf {
            cluster,
            service,
            settled,
        } => tasks::read(reading, cluster, TasksOf::Service(service), settled).await,
        Query::Awaited { cluster, tasks } => tasks::these(reading, cluster, tasks).await,
        Query::Definitions { revisions } => definitions::read(reading, revisions).await,
        Query::Queues { wanted, list } => queues::read(reading, wanted, *list).await,
        Query::Tables => tables::read(reading).await,
        Query::Work(work) => work::read(reading, work).await,
        Query::Logs(logs) => logs::read(reading, logs).await,
        Query::LogGroups => log_groups::read(reading).await,
        Query::LogGroupSizes { groups, region } => {
            log_group_sizes::read(reading, groups, region.as_ref()).await
        }
        Query::Insights(query) => insights::read(reading, query).await,
        Query::Prepare { looks, document } => {
            prepare::read(reading, looks, document.as_ref()).await
        }
        Query::Ask { question, known } => ask::read(reading, question, known.as_deref()).await,
    }
}
