//! AWS on a loopback port, with a virtual clock: ECS, CloudWatch Logs, SQS,
//! DynamoDB and STS in their real wire protocols, for demos, drills and tests.
//!
//! Invariant: this package shares no code with any client of those services, so
//! that one wrong belief cannot hide in both.

mod calls;
mod clock;
mod clouds;
mod control;
mod dispatch;
mod dynamo;
mod ecs;
mod engine;
mod faults;
mod logs;
mod options;
mod rows;
mod server;
mod sqs;
mod sts;
#[cfg(test)]
mod trial;
mod wire;
mod world;

pub use options::{SimError, SimOptions};
pub use server::{Running, start};
pub use world::{Scenario, Truth, World, WorldError};
