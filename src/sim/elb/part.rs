//! The load balancers of an account in a region.

use std::collections::BTreeMap;

use crate::cloudwatch::Key;
use crate::desk::Desk;
use crate::ecs::Ecs;
use crate::ecs::signals::TargetGroup;
use crate::world::LoadBalancerSpec;

/// The load balancers. Their target groups are with ECS, which registers tasks in them.
#[derive(Debug)]
pub(crate) struct Elb {
    pub(crate) desk: Desk<()>,
    pub(crate) balancers: Vec<Balancer>,
}

/// A load balancer.
#[derive(Debug)]
pub(crate) struct Balancer {
    pub(crate) spec: LoadBalancerSpec,
    pub(crate) arn: String,
}

/// What is behind `:loadbalancer/` or `:` in an ARN, as dimensions name it.
pub(super) fn dimension(arn: &str) -> &str {
    arn.split_once(":loadbalancer/")
        .map_or_else(|| arn.rsplit(':').next().unwrap_or(arn), |(_, name)| name)
}

impl Elb {
    /// Without any load balancer.
    pub(crate) fn new(desk: Desk<()>) -> Self {
        Elb {
            desk,
            balancers: Vec::new(),
        }
    }

    /// The first target group of a service.
    pub(crate) fn group_of<'a>(
        &self,
        ecs: &'a Ecs,
        cluster: &str,
        service: &str,
    ) -> Option<&'a TargetGroup> {
        let service = ecs.service(ecs.find_service(cluster, service)?)?;
        ecs.signals.groups.get(&service.balancers.first()?.group)
    }

    /// The load balancer that forwards to a group.
    pub(super) fn balancer_of(&self, group: &TargetGroup) -> Option<&Balancer> {
        let name = group.spec.load_balancer.as_ref()?;
        self.balancers
            .iter()
            .find(|balancer| balancer.spec.name == *name)
    }

    /// `app/NAME/ID/targetgroup/NAME/ID`, as scaling policies label the target group that a
    /// metric names.
    pub(crate) fn resource_label(&self, ecs: &Ecs, key: &Key) -> Option<String> {
        let wanted = key.dimensions.get("TargetGroup")?;
        let group = ecs
            .signals
            .groups
            .values()
            .find(|group| dimension(&group.arn) == wanted)?;
        let balancer = self.balancer_of(group)?;
        Some(format!("{}/{wanted}", dimension(&balancer.arn)))
    }

    /// Writes out dimensions that name a load balancer or target group by its bare name.
    pub(crate) fn expand_dimensions(&self, ecs: &Ecs, dimensions: &mut BTreeMap<String, String>) {
        for (name, value) in dimensions {
            let found = match name.as_str() {
                "LoadBalancer" => self
                    .balancers
                    .iter()
                    .find(|balancer| balancer.spec.name == *value)
                    .map(|balancer| dimension(&balancer.arn)),
                "TargetGroup" => ecs
                    .signals
                    .groups
                    .get(value)
                    .map(|group| dimension(&group.arn)),
                _ => None,
            };
            if let Some(found) = found {
                *value = found.to_owned();
            }
        }
    }
}
