//! AWS on a loopback port, with a virtual clock: ECS and what stands around it, from
//! CloudWatch to Cloud Map, in their real wire protocols, for demos, drills and tests.
//!
//! Invariant: this package shares no code with any client of those services, so
//! that one wrong belief cannot hide in both.

mod agenda;
mod autoscaling;
mod bus;
mod calls;
mod clock;
mod cloud_map;
mod clouds;
mod cloudwatch;
mod control;
mod desk;
mod dispatch;
mod dynamo;
mod ec2;
mod ecr;
mod ecs;
mod elb;
mod engine;
mod faults;
mod functions;
mod home;
mod iam;
mod input;
mod logs;
mod options;
mod paging;
mod parameters;
mod random;
mod refusals;
mod rows;
mod secrets;
mod server;
mod service;
mod sqs;
mod sts;
mod throttle;
#[cfg(test)]
mod trial;
mod wire;
mod world;

pub use options::{SimError, SimOptions};
pub use server::{Running, start};
pub use world::{Cure, Scenario, Truth, World, WorldError};
