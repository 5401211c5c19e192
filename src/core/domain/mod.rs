//! What AWS told us, in our own words.
//!
//! Plain data without behaviour that needs a clock or a network. Every text
//! that came from outside is [`Clean`](crate::text::Clean) already; no type of
//! the SDK gets this far.

mod arn;
mod autoscaling;
mod cluster;
mod definition;
mod deployment;
mod ecr_image;
mod error;
mod existence;
mod identity;
mod insights;
mod instance;
mod log;
mod queue;
mod rollout;
mod service;
mod target_health;
mod task;
mod work;

pub use arn::Arn;
pub use autoscaling::{
    Alarm, Autoscaling, ScalableTarget, ScalingActivity, ScalingPolicy, Suspended,
};
pub use cluster::Cluster;
pub use definition::{
    ContainerDefinition, EnvironmentVariable, HealthCheck, ListedRevision, LogDestination,
    SecretReference, TaskDefinition,
};
pub use deployment::{Deployment, DeploymentStatus, Rollout};
pub use ecr_image::{EcrImage, RepositoryTags, TaggedImage};
pub use error::{CloudError, ErrorKind, Failure};
pub use existence::{Decision, Existence, ImageState, Permission};
pub use identity::Identity;
pub use insights::{
    InsightsQuery, LogGroup, QueryId, QueryProblem, QueryResults, QueryStatistics, QueryStatus,
};
pub use instance::{ContainerInstance, Resources};
pub use log::{LogEvent, LogEventId, LogSource};
pub use queue::{DeadLetter, MessageMove, Queue, QueueDepth};
pub use rollout::{
    BreakerState, DeploymentAlarms, DeploymentHook, RevisionImage, RollbackInfo, RolloutHistory,
    ServiceDeployment, ServiceDeploymentStatus, ServiceRevision,
};
pub use service::{
    Breaker, Controller, DeploymentSettings, LoadBalancer, Network, Scheduling, Service,
    ServiceEvent, ServiceStatus, Strategy, TaskSet,
};
pub use target_health::{TargetGroup, TargetHealth};
pub use task::{
    Attachment, CommandOverride, Container, EnvironmentOverride, Health, Owner, StopCode, Task,
    TaskStatus,
};
pub use work::{Row, TableShape, WorkCount, WorkTable};

/// A moment on AWS's clock.
pub type Time = jiff::Timestamp;
