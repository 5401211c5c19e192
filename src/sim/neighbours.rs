//! The services around ECS: the state of those that a world furnishes.

use crate::autoscaling::Target;
use crate::clock::Time;
use crate::cloudwatch::CloudWatch;
use crate::ec2::Instance;
use crate::ecr::Pushes;
use crate::elb::Balancer;
use crate::engine::Engine;
use crate::iam::Roles;
use crate::parameters::Parameters;
use crate::world::{DiscoverySpec, WorldSpec};

/// What stands around ECS in an account and region.
#[derive(Debug, Default)]
pub(crate) struct Neighbours {
    /// What the clock showed when the simulator started.
    pub(crate) epoch: Time,
    pub(crate) cloudwatch: CloudWatch,
    pub(crate) balancers: Vec<Balancer>,
    pub(crate) targets: Vec<Target>,
    /// How many scaling activities there have been.
    pub(crate) activities: u64,
    /// ARNs of declared secrets.
    pub(crate) secrets: Vec<String>,
    pub(crate) parameters: Parameters,
    pub(crate) pushes: Pushes,
    pub(crate) discovery: Vec<DiscoverySpec>,
    pub(crate) instances: Vec<Instance>,
    pub(crate) roles: Roles,
}

impl Engine {
    /// Sets up what a world has around its services, tasks and queues, which are there.
    pub(crate) fn furnish_neighbours(&mut self, spec: &WorldSpec, epoch: Time) {
        self.neighbours.epoch = epoch;
        self.neighbours.roles.add(&spec.role);
        self.neighbours
            .secrets
            .extend(spec.secret.iter().map(|secret| secret.arn.clone()));
        let parameters = spec.parameter.iter().map(|p| (p.name.clone(), p.clone()));
        self.neighbours.parameters.extend(parameters);
        self.neighbours
            .discovery
            .extend(spec.discovery.iter().cloned());
        self.add_instances(&spec.instance, epoch);
        self.furnish_balancers(spec);
        self.furnish_metrics(spec, epoch);
        self.furnish_alarms(spec);
        self.furnish_scaling(spec);
    }
}
