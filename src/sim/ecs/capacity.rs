//! What tasks run on: container instances and the capacity providers that bring them.
//!
//! Invariant: what a container instance has in use is the sum of its tasks, from their
//! placement until they have stopped; only `reserve` and `release` change it.

use std::collections::{BTreeMap, BTreeSet};

use super::Definition;
use super::keys::{InstanceKey, TaskKey};
use crate::clock::Time;

/// `ContainerInstance.status`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InstanceStatus {
    Active,
    Draining,
    /// Deregistered: it is no longer listed.
    Inactive,
}

impl InstanceStatus {
    pub(crate) fn name(self) -> &'static str {
        match self {
            InstanceStatus::Active => "ACTIVE",
            InstanceStatus::Draining => "DRAINING",
            InstanceStatus::Inactive => "INACTIVE",
        }
    }
}

/// An amount of what an instance has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Amount {
    /// CPU units.
    pub(crate) cpu: u32,
    /// MiB.
    pub(crate) memory: u32,
    pub(crate) gpus: u32,
}

impl Amount {
    /// What a task of a definition takes.
    pub(crate) fn of(definition: &Definition) -> Self {
        Amount {
            cpu: definition.cpu,
            memory: definition.memory,
            gpus: definition.containers.iter().map(|c| c.gpus).sum(),
        }
    }
}

/// An EC2 instance that is registered in a cluster.
#[derive(Clone, Debug)]
pub(crate) struct ContainerInstance {
    pub(crate) key: InstanceKey,
    /// 32 hexadecimal digits.
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) cluster: String,
    /// The EC2 instance id.
    pub(crate) ec2: String,
    pub(crate) zone: String,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) provider: Option<String>,
    pub(crate) registered: Time,
    pub(crate) total: Amount,
    pub(crate) used: Amount,
    pub(crate) ports: BTreeSet<u16>,
    pub(crate) tasks: BTreeSet<TaskKey>,
    pub(crate) connected: bool,
    pub(crate) status: InstanceStatus,
    pub(crate) version: i64,
}

/// Why an instance does not take a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Misfit {
    /// The agent is not connected.
    Agent,
    /// An attribute is missing.
    Attribute,
    Ports,
    Cpu,
    Memory,
    Gpu,
}

impl Misfit {
    /// `Failure.reason`
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Misfit::Agent => "AGENT",
            Misfit::Attribute => "ATTRIBUTE",
            Misfit::Ports => "RESOURCE:PORTS",
            Misfit::Cpu => "RESOURCE:CPU",
            Misfit::Memory => "RESOURCE:MEMORY",
            Misfit::Gpu => "RESOURCE:GPU",
        }
    }

    /// How an event goes on after "The closest matching container-instance ID"
    /// (service-event-messages-list).
    pub(crate) fn words(self) -> &'static str {
        match self {
            Misfit::Agent => "encountered error \"AGENT\"",
            Misfit::Attribute => "is missing an attribute required by your task",
            Misfit::Ports => "is already using a port required by your task",
            Misfit::Cpu => "has insufficient CPU units available",
            Misfit::Memory => "has insufficient memory available",
            Misfit::Gpu => "has insufficient GPU available",
        }
    }
}

/// The ports on the instance that a task of a definition takes.
fn host_ports(definition: &Definition) -> impl Iterator<Item = u16> {
    let bound = definition.network_mode != "awsvpc";
    definition.containers.iter().filter_map(move |container| {
        let port = match definition.network_mode.as_str() {
            "host" => container.host_port.or(container.port),
            _ => container.host_port,
        };
        port.filter(|_| bound)
    })
}

impl ContainerInstance {
    /// Why a task of a definition does not fit here, if it does not.
    pub(crate) fn misfit(&self, definition: &Definition) -> Option<Misfit> {
        let wants = Amount::of(definition);
        let lacks = |total: u32, used: u32, wanted: u32| total.saturating_sub(used) < wanted;
        let missing = definition
            .attributes
            .iter()
            .any(|(name, value)| self.attributes.get(name) != Some(value));
        match () {
            () if !self.connected => Some(Misfit::Agent),
            () if missing => Some(Misfit::Attribute),
            () if host_ports(definition).any(|port| self.ports.contains(&port)) => {
                Some(Misfit::Ports)
            }
            () if lacks(self.total.cpu, self.used.cpu, wants.cpu) => Some(Misfit::Cpu),
            () if lacks(self.total.memory, self.used.memory, wants.memory) => Some(Misfit::Memory),
            () if lacks(self.total.gpus, self.used.gpus, wants.gpus) => Some(Misfit::Gpu),
            () => None,
        }
    }

    pub(crate) fn reserve(&mut self, task: TaskKey, definition: &Definition) {
        if self.tasks.insert(task) {
            let wants = Amount::of(definition);
            self.used.cpu += wants.cpu;
            self.used.memory += wants.memory;
            self.used.gpus += wants.gpus;
            self.ports.extend(host_ports(definition));
            self.version += 1;
        }
    }

    pub(crate) fn release(&mut self, task: TaskKey, definition: &Definition) {
        if self.tasks.remove(&task) {
            let had = Amount::of(definition);
            self.used.cpu = self.used.cpu.saturating_sub(had.cpu);
            self.used.memory = self.used.memory.saturating_sub(had.memory);
            self.used.gpus = self.used.gpus.saturating_sub(had.gpus);
            for port in host_ports(definition) {
                self.ports.remove(&port);
            }
            self.version += 1;
        }
    }
}

/// A capacity provider of an Auto Scaling group.
#[derive(Clone, Debug)]
pub(crate) struct CapacityProvider {
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) cluster: String,
    /// Per cent.
    pub(crate) target_capacity: u32,
    /// The cluster's default strategy uses it.
    pub(crate) default: bool,
}
