//! Elastic Load Balancing: what its API tells of load balancers, target groups and the
//! health of the tasks behind them. How targets are checked is with the scheduler.

mod api;
mod furnish;

pub(crate) use api::ACTIONS;

use std::collections::BTreeMap;

use crate::cloudwatch::Key;
use crate::ecs::target::{Target, TargetState};
use crate::ecs::{Service, Task};
use crate::engine::Engine;
use crate::engine::signals::TargetGroup;
use crate::world::LoadBalancerSpec;

/// The XML namespace of ELB's replies.
pub(crate) const NAMESPACE: &str = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/";

/// A load balancer.
#[derive(Debug)]
pub(crate) struct Balancer {
    pub(crate) spec: LoadBalancerSpec,
    pub(crate) arn: String,
}

/// What is behind `:loadbalancer/` or `:` in an ARN, as dimensions name it.
fn dimension(arn: &str) -> &str {
    arn.split_once(":loadbalancer/")
        .map_or_else(|| arn.rsplit(':').next().unwrap_or(arn), |(_, name)| name)
}

impl Engine {
    /// The first target group of a service.
    pub(crate) fn group_of(&self, cluster: &str, service: &str) -> Option<&TargetGroup> {
        let service = self.ecs.service(self.ecs.find_service(cluster, service)?)?;
        self.signals.groups.get(&service.balancers.first()?.group)
    }

    /// The service whose tasks are the targets of a group.
    fn service_behind(&self, group: &str) -> Option<&Service> {
        let mut services = self.ecs.services.iter();
        services.find(|service| {
            service
                .balancers
                .iter()
                .any(|balancer| balancer.group == group)
        })
    }

    /// The load balancer that forwards to a group.
    fn balancer_of(&self, group: &TargetGroup) -> Option<&Balancer> {
        let name = group.spec.load_balancer.as_ref()?;
        self.neighbours
            .balancers
            .iter()
            .find(|balancer| balancer.spec.name == *name)
    }

    /// The targets of a group, each with its task.
    fn targets_of<'a>(&'a self, group: &'a str) -> impl Iterator<Item = (&'a Task, &'a Target)> {
        let service = self.service_behind(group);
        let live = service.into_iter().flat_map(|service| &service.live);
        live.filter_map(|key| self.ecs.tasks.get(key))
            .flat_map(move |task| {
                let targets = task
                    .targets
                    .iter()
                    .filter(move |target| target.group == group);
                targets.map(move |target| (task, target))
            })
    }

    /// How many targets of a group are in a state.
    pub(crate) fn targets_in(&self, group: &str, state: TargetState) -> usize {
        self.targets_of(group)
            .filter(|(_, target)| target.state == state)
            .count()
    }

    /// `app/NAME/ID/targetgroup/NAME/ID`, as scaling policies label the target group that a
    /// metric names.
    pub(crate) fn resource_label(&self, key: &Key) -> Option<String> {
        let wanted = key.dimensions.get("TargetGroup")?;
        let group = self
            .signals
            .groups
            .values()
            .find(|group| dimension(&group.arn) == wanted)?;
        let balancer = self.balancer_of(group)?;
        Some(format!("{}/{wanted}", dimension(&balancer.arn)))
    }

    /// Writes out dimensions that name a load balancer or target group by its bare name.
    pub(crate) fn expand_dimensions(&self, dimensions: &mut BTreeMap<String, String>) {
        for (name, value) in dimensions {
            let found = match name.as_str() {
                "LoadBalancer" => self
                    .neighbours
                    .balancers
                    .iter()
                    .find(|balancer| balancer.spec.name == *value)
                    .map(|balancer| dimension(&balancer.arn)),
                "TargetGroup" => self
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
