//! An EC2 instance (or other host) that a cluster puts tasks on.

use serde::Serialize;

use super::Arn;
use crate::text::Clean;

/// What a host has of what tasks need.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Resources {
    /// CPU units: 1024 are one vCPU.
    pub cpu: u32,
    /// Memory in MiB.
    pub memory: u32,
    /// GPUs.
    pub gpus: u32,
    /// Host ports that are taken (registered: reserved; remaining: in use as well).
    pub ports: Vec<u16>,
}

/// A container instance.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContainerInstance {
    /// Its resource name.
    pub arn: Arn,
    /// The EC2 instance's id.
    pub ec2_id: Option<Clean>,
    /// ACTIVE, DRAINING, REGISTERING …
    pub status: Clean,
    /// Its agent is connected.
    pub agent_connected: bool,
    /// Tasks that run on it.
    pub running: u32,
    /// What it has in all.
    pub registered: Resources,
    /// What is free.
    pub remaining: Resources,
    /// Names of its attributes.
    pub attributes: Vec<Clean>,
}
