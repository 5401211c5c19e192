//! What the worker needs of a cloud: thin ports, one call each.
//!
//! An implementation makes exactly one AWS call for each function here and
//! does not page, batch or cache; it sets a time limit on every call. Paging,
//! batching, retries of reads and budgets are the worker's.

mod reads;
pub mod sizes;

use std::future::Future;
use std::time::{Duration, Instant};

use ecsdeck_core::act::{Made, Request};
use ecsdeck_core::domain::{
    Arn, CloudError, ErrorKind, Failure, QueryId, QueryProblem, QueryStatistics, QueryStatus, Row,
    Time,
};
use ecsdeck_core::text::Clean;
pub use reads::{
    AlarmReads, ClusterReads, DefinitionReads, DocumentReads, ImageReads, InsightsReads,
    InstanceReads, LogReads, ParameterReads, PermissionReads, QueueReads, Reads, RolloutReads,
    ScalingReads, SecretReads, ServiceReads, TableReads, TargetReads, TaskReads,
};

/// The answer to a call.
pub type Reply<T> = Result<T, CloudError>;

/// AWS's token for the page after this one. Opaque: never shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageToken(pub String);

/// One page of a listing. It is the last when there is no token; an empty page with a token is not the end.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// The way to the next page.
    pub next: Option<PageToken>,
}

/// What a describe call gave: with HTTP 200 some items may have failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Described<T> {
    /// Those that are there.
    pub items: Vec<T>,
    /// Those that are not, and why.
    pub failures: Vec<Failure>,
}

/// Which tasks ListTasks gives: it needs two calls for running and stopped ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Desired {
    /// desiredStatus RUNNING (the API's default): provisioning, pending and running tasks.
    Running,
    /// desiredStatus STOPPED: kept for about an hour.
    Stopped,
}

/// Of whom ListTasks gives tasks: AWS takes one of these at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TasksOf<'a> {
    /// The whole cluster.
    Cluster,
    /// The service of this name.
    Service(&'a Clean),
    /// Whoever started them with this mark.
    StartedBy(&'a Clean),
}

/// What AWS says to a query of Logs Insights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartedQuery {
    /// It has begun.
    Begun(QueryId),
    /// AWS does not understand it.
    Wrong(QueryProblem),
}

/// One page of what a query has found.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultPage {
    /// How far the query is.
    pub status: QueryStatus,
    /// What it has cost so far.
    pub statistics: QueryStatistics,
    /// The rows, each with the fields that it has and their values.
    pub rows: Vec<Vec<(Clean, Clean)>>,
    /// The way to the next page.
    pub next: Option<PageToken>,
}

/// One page of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct RowPage {
    /// The rows. May be empty though there is a next page.
    pub rows: Vec<Row>,
    /// LastEvaluatedKey, carried as it came.
    pub next: Option<PageToken>,
    /// Read capacity units.
    pub consumed: f64,
}

/// How to ask a table for rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowQuery {
    /// Every row: dynamodb:Scan.
    Scan,
    /// The rows that have this value as the partition key of this index: dynamodb:Query.
    Index {
        /// The global secondary index.
        index: Clean,
        /// Its partition key; sent as an alias, because `status` is a reserved word.
        attribute: Clean,
        /// The value.
        value: Clean,
    },
}

/// A rollout as ListServiceDeployments names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedDeployment {
    /// The service deployment.
    pub arn: Arn,
    /// When it was asked for.
    pub created: Option<Time>,
}

/// A sample of AWS's clock: what the `Date` header of a reply said, and when it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateSample {
    /// AWS's time, whole seconds.
    pub date: Time,
    /// When the reply came in.
    pub at: Instant,
}

impl DateSample {
    /// How long ago the reply came in.
    pub fn age(&self) -> Duration {
        present().saturating_duration_since(self.at)
    }
}

/// The present by the clock of the runtime, by which limits and pauses are waited for too: in a test it may stand still.
pub fn present() -> Instant {
    tokio::time::Instant::now().into_std()
}

/// What AWS answered to a write.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// AWS's request id.
    pub request_id: Option<Clean>,
    /// What it made, as the answer tells.
    pub made: Made,
}

/// Writing calls. A read-only console has no value of this trait at all.
pub trait Writes: Send + Sync + 'static {
    /// A clock that goes on while the machine sleeps and while the process is stopped. Only lengths of time on it
    /// mean anything.
    fn uptime(&self) -> Duration;
    /// Sends a request once; nothing beneath this function tries it again. Once [`Writes::uptime`] is past
    /// `not_after` nothing is sent, and the answer is [`too_late`].
    fn send(
        &self,
        request: &Request,
        not_after: Duration,
    ) -> impl Future<Output = Reply<Accepted>> + Send;
}

const TOO_LATE: &str = "too much time had passed since the target was read: nothing was sent";

/// A request was not sent, because its time had passed.
pub fn too_late(operation: &'static str) -> CloudError {
    CloudError::new(operation, ErrorKind::Unreachable, Clean::literal(TOO_LATE))
}

/// Whether an error is [`too_late`].
pub fn is_too_late(error: &CloudError) -> bool {
    error.kind == ErrorKind::Unreachable && error.message == TOO_LATE
}

/// How long one call may take, its connection and all. Retries of reads are extra.
pub const CALL_LIMIT: Duration = Duration::from_secs(15);
