//! A service's newest rollouts and the revisions that they name.
//!
//! What has ended and every revision stay as they are (source: ECS developer
//! guide, "Service revisions"), so that those which are known are not asked
//! for again: a rollout under way costs two calls a look.

use std::collections::{BTreeMap, BTreeSet};

use ecsdeck_core::domain::{Arn, RolloutHistory, ServiceDeployment};

use crate::call::Caller;
use crate::pace::Api;
use crate::ports::{ListedDeployment, Reads, Reply, sizes};
use crate::read::batches::answered;
use crate::read::pages::each_page;

/// Rollouts that are looked at: enough to tell how long one takes, and one call.
const NEWEST: usize = 20;
/// Pages of the listing: AWS does not promise the newest first.
const PAGES: usize = 5;
pub(super) async fn read<R: Reads>(
    caller: &Caller<R>,
    cluster: &Arn,
    service: &Arn,
    known: Option<&RolloutHistory>,
) -> Reply<RolloutHistory> {
    let reads = &caller.reads;
    let mut listed: Vec<ListedDeployment> = Vec::new();
    let mut pages = 0;
    each_page(
        "ecs:ListServiceDeployments",
        |page| {
            caller.call(Api::Ecs, move || {
                reads.list_service_deployments(cluster, service, page.clone())
            })
        },
        |items| {
            // An empty page is no look at what there is.
            pages += usize::from(!items.is_empty());
            listed.extend(items);
            pages < PAGES
        },
    )
    .await?;
    listed.sort_by_key(|listed| std::cmp::Reverse(listed.created));
    listed.truncate(NEWEST);

    let known_deployments = known.map_or(&[][..], |known| &known.deployments);
    let mut deployments: BTreeMap<Arn, ServiceDeployment> = known_deployments
        .iter()
        .filter(|deployment| !deployment.status.is_ongoing())
        .map(|deployment| (deployment.arn.clone(), deployment.clone()))
        .collect();
    let unknown: Vec<Arn> = listed
        .iter()
        .map(|listed| listed.arn.clone())
        .filter(|arn| !deployments.contains_key(arn))
        .collect();
    for batch in unknown.chunks(sizes::DESCRIBE_ROLLOUTS_BATCH) {
        let described = caller
            .call(Api::Ecs, || reads.describe_service_deployments(batch))
            .await?;
        answered("ecs:DescribeServiceDeployments", batch, &described, |one| {
            &one.arn
        })?;
        let described = described.items.into_iter();
        deployments.extend(described.map(|deployment| (deployment.arn.clone(), deployment)));
    }
    let deployments: Vec<ServiceDeployment> = listed
        .iter()
        .filter_map(|listed| deployments.remove(&listed.arn))
        .collect();

    let named: BTreeSet<&Arn> = deployments.iter().flat_map(named).collect();
    let mut revisions: BTreeMap<_, _> = known
        .into_iter()
        .flat_map(|known| &known.revisions)
        .filter(|(arn, _)| named.contains(arn))
        .map(|(arn, revision)| (arn.clone(), revision.clone()))
        .collect();
    let unknown: Vec<Arn> = named
        .into_iter()
        .filter(|arn| !revisions.contains_key(*arn))
        .cloned()
        .collect();
    for batch in unknown.chunks(sizes::DESCRIBE_ROLLOUTS_BATCH) {
        let described = caller
            .call(Api::Ecs, || reads.describe_service_revisions(batch))
            .await?;
        answered("ecs:DescribeServiceRevisions", batch, &described, |one| {
            &one.arn
        })?;
        let described = described.items.into_iter();
        revisions.extend(described.map(|revision| (revision.arn.clone(), revision)));
    }
    Ok(RolloutHistory {
        deployments,
        revisions,
    })
}

/// The revisions that a rollout names.
fn named(deployment: &ServiceDeployment) -> impl Iterator<Item = &Arn> {
    let back = deployment
        .rollback
        .iter()
        .filter_map(|rollback| rollback.revision.as_ref());
    let sources = deployment.sources.iter();
    sources.chain(&deployment.target).chain(back)
}
