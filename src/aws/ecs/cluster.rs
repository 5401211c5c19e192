//! A cluster.

use aws_sdk_ecs::types;
use ecsdeck_core::domain::{Arn, Cluster};
use ecsdeck_worker::ports::{ClusterReads, Described, Page, PageToken, Reply, sizes};

use crate::aws::Aws;
use crate::page::{next, raw};
use crate::plain::{arn_or_empty, arns, count, failures, names, text_or_empty, whole};
use crate::session::Session;

impl ClusterReads for Aws {
    async fn list_clusters(&self, page: Option<PageToken>) -> Reply<Page<Arn>> {
        list(self.session(), page).await
    }

    async fn describe_clusters(&self, clusters: &[Arn]) -> Reply<Described<Cluster>> {
        describe(self.session(), clusters).await
    }
}

pub(crate) async fn list(session: &Session, page: Option<PageToken>) -> Reply<Page<Arn>> {
    let token = raw(page);
    let answer = session
        .ask("ecs:ListClusters", |on| {
            on.ecs
                .list_clusters()
                .max_results(sizes::LIST_CLUSTERS_PAGE)
                .set_next_token(token.clone())
                .send()
        })
        .await?;
    Ok(Page {
        items: arns(whole("ecs:ListClusters", answer.cluster_arns.as_deref())?),
        next: next(answer.next_token()),
    })
}

pub(crate) async fn describe(session: &Session, clusters: &[Arn]) -> Reply<Described<Cluster>> {
    let answer = session
        .ask("ecs:DescribeClusters", |on| {
            on.ecs
                .describe_clusters()
                .set_clusters(Some(names(clusters)))
                .send()
        })
        .await?;
    Ok(Described {
        items: whole("ecs:DescribeClusters", answer.clusters.as_deref())?
            .iter()
            .map(cluster)
            .collect(),
        failures: failures(answer.failures()),
    })
}

pub(crate) fn cluster(raw: &types::Cluster) -> Cluster {
    Cluster {
        arn: arn_or_empty(raw.cluster_arn()),
        name: text_or_empty(raw.cluster_name()),
        status: text_or_empty(raw.status()),
        running: count(raw.running_tasks_count()),
        pending: count(raw.pending_tasks_count()),
        services: count(raw.active_services_count()),
        instances: count(raw.registered_container_instances_count()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_keep_their_places() {
        let raw = types::Cluster::builder()
            .cluster_arn("arn:aws:ecs:us-east-1:1:cluster/prod")
            .cluster_name("prod")
            .status("ACTIVE")
            .running_tasks_count(4)
            .pending_tasks_count(3)
            .active_services_count(2)
            .registered_container_instances_count(-1)
            .build();
        let cluster = cluster(&raw);
        assert_eq!(
            (
                cluster.running,
                cluster.pending,
                cluster.services,
                cluster.instances
            ),
            (4, 3, 2, 0)
        );
        assert_eq!(
            (
                cluster.arn.name(),
                cluster.name.as_str(),
                cluster.status.as_str()
            ),
            ("prod", "prod", "ACTIVE")
        );
    }

    #[test]
    fn a_cluster_of_which_aws_says_nothing_is_still_one() {
        assert_eq!(cluster(&types::Cluster::builder().build()).running, 0);
    }
}
