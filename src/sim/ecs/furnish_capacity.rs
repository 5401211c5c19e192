//! The start, continued: what tasks run on, and who checks them.

use super::signals::TargetGroup;
use crate::clock::{HOUR, SECOND, Time};
use crate::ecs::capacity::{Amount, InstanceStatus};
use crate::ecs::target::{Target, TargetState};
use crate::ecs::{CapacityProvider, ContainerInstance, Ecs, InstanceKey, ServiceKey, TaskKey};
use crate::world::{ContainerInstanceSpec, WorldSpec};

impl Ecs {
    pub(super) fn furnish_capacity(&mut self, spec: &WorldSpec, epoch: Time) {
        self.fargate_quota = spec.fargate.vcpus.or(self.fargate_quota);
        for provider in &spec.capacity_provider {
            let arn = self
                .desk
                .home
                .arn("ecs", &format!("capacity-provider/{}", provider.name));
            let fresh = CapacityProvider {
                name: provider.name.clone(),
                arn,
                cluster: provider.cluster.get_ref().clone(),
                target_capacity: provider.target_capacity,
                default: provider.default,
            };
            self.providers.insert(provider.name.clone(), fresh);
        }
        for instance in &spec.container_instance {
            for number in 0..instance.count {
                self.furnish_instance(instance, number, epoch);
            }
        }
    }

    fn furnish_instance(&mut self, spec: &ContainerInstanceSpec, number: u32, epoch: Time) {
        let key = InstanceKey(self.instances.len());
        let seed = u64::try_from(key.0).unwrap_or_default();
        let mut random = self.desk.random("container instance", seed);
        let id = random.hex(32);
        let made_up = format!("i-0{}", random.hex(16));
        let cluster = spec.cluster.get_ref().clone();
        let letter = if number.is_multiple_of(2) { 'a' } else { 'b' };
        let zone = spec
            .zone
            .clone()
            .unwrap_or_else(|| format!("{}{letter}", self.desk.home.region));
        let mut attributes = spec.attributes.clone();
        for (name, value) in [
            ("ecs.availability-zone", zone.as_str()),
            ("ecs.instance-type", spec.kind.as_str()),
            ("ecs.os-type", "linux"),
            ("ecs.cpu-architecture", "x86_64"),
        ] {
            attributes
                .entry(name.to_owned())
                .or_insert_with(|| value.to_owned());
        }
        let instance = ContainerInstance {
            key,
            arn: self
                .desk
                .home
                .arn("ecs", &format!("container-instance/{cluster}/{id}")),
            id: id.clone(),
            cluster: cluster.clone(),
            ec2: match &spec.ec2 {
                Some(ec2) if spec.count == 1 => ec2.clone(),
                _ => made_up,
            },
            zone,
            attributes,
            provider: spec.capacity_provider.as_ref().map(|n| n.get_ref().clone()),
            registered: epoch + spec.registered.map_or(-20 * 24 * HOUR, |ago| ago.0),
            total: Amount {
                cpu: spec.cpu,
                memory: spec.memory,
                gpus: spec.gpus,
            },
            used: Amount::default(),
            ports: [22, 2375, 2376, 51678, 51679].into(),
            tasks: std::collections::BTreeSet::new(),
            connected: spec.agent_connected,
            status: if spec.draining {
                InstanceStatus::Draining
            } else {
                InstanceStatus::Active
            },
            version: 1,
        };
        self.instances.push(instance);
        if let Some(cluster) = self.clusters.get_mut(&cluster) {
            cluster.instances.insert(id, key);
        }
    }

    pub(super) fn furnish_targets(&mut self, spec: &WorldSpec, epoch: Time) {
        for group in &spec.target_group {
            let name = &group.name;
            let seed = crate::random::name_key(name);
            let id = self.desk.random("target group", seed).hex(16);
            let known = TargetGroup {
                arn: self
                    .desk
                    .home
                    .arn("elasticloadbalancing", &format!("targetgroup/{name}/{id}")),
                spec: group.clone(),
                changed: epoch - HOUR,
            };
            self.signals.groups.insert(name.clone(), known);
        }
    }

    /// Registers a task that has been up since before the start.
    pub(super) fn has_long_been_a_target(&mut self, key: TaskKey, service: ServiceKey) {
        let now = self.desk.now;
        let Some(balancers) = self.service(service).map(|s| s.balancers.clone()) else {
            return;
        };
        let Some(task) = self.tasks.get_mut(&key) else {
            return;
        };
        let started = task.times.started.unwrap_or(now);
        task.targets = balancers
            .into_iter()
            .map(|balancer| Target {
                group: balancer.group,
                container: balancer.container,
                port: balancer.port,
                state: TargetState::Healthy,
                since: started + 10 * SECOND,
                registered: started,
                answers: started + 10 * SECOND,
                fault: None,
            })
            .collect();
        self.look_at_targets(key);
    }
}
