//! The cloud ports on the official AWS SDK.
//!
//! The only package that names types of the SDK. What crosses its border has
//! been made [`Clean`](ecsdeck_core::text::Clean); nothing pages, batches,
//! caches or tries again here. Making an [`Aws`] does nothing: configuration
//! and credentials are loaded by the first call.

mod alarms;
mod autoscaling;
mod aws;
mod bounds;
mod clients;
mod dynamo;
mod ecr;
mod ecs;
mod elb;
mod failure;
mod iam;
mod insights;
mod load;
mod logs;
#[cfg(test)]
mod loopback;
mod meter;
mod page;
mod parameters;
mod plain;
mod punctual;
mod reads;
mod secrets;
mod session;
mod settings;
mod sqs;
mod sts;
mod trust;
#[cfg(test)]
mod walls;
mod writes;

pub use aws::Aws;
pub use punctual::Uptime;
pub use settings::{Settings, StaticKeys, check_settings, resolve_region};
pub use writes::AwsWriter;
