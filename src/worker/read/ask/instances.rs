//! The hosts of a cluster, a hundred a call.

use ecsdeck_core::domain::{Arn, ContainerInstance};
use futures_util::stream::{StreamExt, TryStreamExt, iter};

use crate::call::Caller;
use crate::pace::Api;
use crate::ports::{Reads, Reply, sizes};
use crate::read::batches::answered;
use crate::read::pages::each_page;
use crate::read::reading::AT_ONCE;

pub(super) async fn read<R: Reads>(
    caller: &Caller<R>,
    cluster: &Arn,
) -> Reply<Vec<ContainerInstance>> {
    let reads = &caller.reads;
    let mut names = Vec::new();
    each_page(
        "ecs:ListContainerInstances",
        |page| {
            caller.call(Api::Ecs, move || {
                reads.list_container_instances(cluster, page.clone())
            })
        },
        |page| {
            names.extend(page);
            true
        },
    )
    .await?;
    let batches: Vec<Vec<Arn>> = names
        .chunks(sizes::DESCRIBE_CONTAINER_INSTANCES_BATCH)
        .map(<[Arn]>::to_vec)
        .collect();
    let described: Vec<_> = iter(batches)
        .map(|batch| async move {
            let described = caller
                .call(Api::Ecs, || {
                    reads.describe_container_instances(cluster, &batch)
                })
                .await?;
            answered(
                "ecs:DescribeContainerInstances",
                &batch,
                &described,
                |one| &one.arn,
            )?;
            Ok(described)
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    // One that failed was deregistered between the two calls: it is no host any more.
    Ok(described.into_iter().flat_map(|part| part.items).collect())
}
