//! The clusters: ListClusters 100 a page, DescribeClusters 100 a call.
//!
//! Names are told as they come, so that services can be listed beside the
//! describing. The answer itself is whole or does not come: a cluster that is
//! not in it would be taken for gone.

use ecsdeck_core::app::Answer;
use ecsdeck_core::domain::{Arn, Cluster};
use ecsdeck_core::text::Clean;
use tokio::sync::mpsc::unbounded_channel;

use crate::pace::Api;
use crate::ports::{Described, Reads, Reply, sizes};

use super::batches::{FirstError, answered, batches, describe};
use super::pages::each_page;
use super::reading::Reading;

pub(super) async fn read<R: Reads>(reading: &Reading<R>, names: &[Clean]) -> Reply<()> {
    let caller = &reading.caller;
    let first = FirstError::default();
    let (listed, pages) = unbounded_channel();
    let (announced, mut announcements) = unbounded_channel();
    let list = async {
        // The end of the listing is the end of these senders.
        let (listed, announced) = (listed, announced);
        if !names.is_empty() {
            let _ = listed.send(names.iter().map(|name| Arn::new(name.as_str())).collect());
            return;
        }
        let result = each_page(
            "ecs:ListClusters",
            |page| caller.call(Api::Ecs, move || caller.reads.list_clusters(page.clone())),
            |page: Vec<Arn>| announced.send(page.clone()).is_ok() && listed.send(page).is_ok(),
        )
        .await;
        first.complete(result);
    };
    let mut all = Described {
        items: Vec::new(),
        failures: Vec::new(),
    };
    let described = describe(
        batches(pages, sizes::DESCRIBE_CLUSTERS_BATCH),
        &first,
        |batch| async move {
            let described = caller
                .call(Api::Ecs, || caller.reads.describe_clusters(&batch))
                .await?;
            answered(
                "ecs:DescribeClusters",
                &batch,
                &described,
                |one: &Cluster| &one.arn,
            )?;
            Ok(described)
        },
        |described: Described<_>| {
            all.items.extend(described.items);
            all.failures.extend(described.failures);
            std::future::ready(())
        },
    );
    let announce = async {
        while let Some(page) = announcements.recv().await {
            reading.tell(Answer::ClusterList(page)).await;
        }
    };
    tokio::join!(list, described, announce);
    first.into_result()?;
    let Described {
        items: clusters,
        failures,
    } = all;
    reading.tell(Answer::Clusters { clusters, failures }).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::app::Query;
    use ecsdeck_core::domain::ErrorKind;

    use super::*;
    use crate::script::{Cloud, ask, error};

    /// How many clusters each whole answer has.
    fn found(answers: &[Answer]) -> Vec<usize> {
        let count = |answer: &Answer| match answer {
            Answer::Clusters { clusters, .. } => Some(clusters.len()),
            Answer::ClusterList(_) => None,
            other => panic!("{other:?}"),
        };
        answers.iter().filter_map(count).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn calls_follow_the_batching_formula() {
        for n in [0_usize, 1, 100, 101, 250] {
            let cloud = Cloud::with(|state| {
                state.clusters = (0..n).map(|n| Arn::new(&format!("c{n}"))).collect();
            });
            let told = ask(&cloud, Query::Clusters { names: vec![] }).await;
            assert_eq!((told.result, found(&told.answers)), (Ok(()), vec![n]));
            assert_eq!(cloud.count("list_clusters"), n.div_ceil(100).max(1));
            assert_eq!(cloud.count("describe_clusters"), n.div_ceil(100));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn named_clusters_are_not_listed() {
        let cloud = Cloud::with(|_| {});
        let names = vec![Clean::literal("prod"), Clean::literal("stage")];
        let told = ask(&cloud, Query::Clusters { names }).await;
        assert_eq!(found(&told.answers), [2]);
        assert_eq!(
            (
                cloud.count("list_clusters"),
                cloud.count("describe_clusters")
            ),
            (0, 1)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_part_is_not_given_as_the_whole() {
        let cloud = Cloud::with(|state| {
            state.clusters = (0..150).map(|n| Arn::new(&format!("c{n}"))).collect();
            let broken = (
                "describe_clusters",
                "c120".to_owned(),
                error(ErrorKind::Server),
            );
            state.broken = vec![broken];
        });
        let told = ask(&cloud, Query::Clusters { names: vec![] }).await;
        assert_eq!(
            (told.result, found(&told.answers)),
            (Err(error(ErrorKind::Server)), vec![])
        );
        let named = told.answers.iter().map(|answer| match answer {
            Answer::ClusterList(arns) => arns.len(),
            _ => 0,
        });
        assert_eq!(
            named.sum::<usize>(),
            150,
            "all are named, whatever describing gave"
        );
    }
}
