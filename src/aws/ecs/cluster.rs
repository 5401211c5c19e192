//! A cluster.

use aws_sdk_ecs::types;
use ecsdeck_core::domain::Cluster;

use crate::plain::{arn_or_empty, count, text_or_empty};

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
