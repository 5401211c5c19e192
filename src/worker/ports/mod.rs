//! What the worker needs of a cloud: thin ports, one call each.
//!
//! An implementation makes exactly one AWS call for each function here and
//! does not page, batch or cache; it sets a time limit on every call. Paging,
//! batching, retries of reads and budgets are the worker's.

pub mod sizes;

use std::future::Future;
use std::time::{Duration, Instant};

use ecsdeck_core::act::{Made, Request};
use ecsdeck_core::domain::{
    Alarm, Arn, CloudError, Cluster, ContainerInstance, Decision, EcrImage, ErrorKind, Existence,
    Failure, Identity, ImageState, LogEvent, LogSource, MessageMove, Permission, Queue, Row,
    ScalableTarget, ScalingActivity, ScalingPolicy, Service, ServiceDeployment, ServiceRevision,
    TableShape, TargetGroup, TargetHealth, Task, TaskDefinition, Time,
};
use ecsdeck_core::text::Clean;

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

/// Reading calls.
pub trait Reads: Send + Sync + 'static {
    /// Forgets the credentials and configuration, and loads them anew from where they come from.
    fn renew(&self) -> impl Future<Output = Reply<()>> + Send;
    /// Calls sent so far, retries included.
    fn calls(&self) -> u64;
    /// The newest sample of AWS's clock.
    fn date(&self) -> Option<DateSample>;

    /// sts:GetCallerIdentity.
    fn identity(&self) -> impl Future<Output = Reply<Identity>> + Send;
    /// ecs:ListClusters, [`sizes::LIST_CLUSTERS_PAGE`] a page.
    fn list_clusters(
        &self,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<Page<Arn>>> + Send;
    /// ecs:DescribeClusters, at most [`sizes::DESCRIBE_CLUSTERS_BATCH`] names or resource names.
    fn describe_clusters(
        &self,
        clusters: &[Arn],
    ) -> impl Future<Output = Reply<Described<Cluster>>> + Send;
    /// ecs:ListServices, [`sizes::LIST_SERVICES_PAGE`] a page.
    fn list_services(
        &self,
        cluster: &Arn,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<Page<Arn>>> + Send;
    /// ecs:DescribeServices, at most [`sizes::DESCRIBE_SERVICES_BATCH`].
    fn describe_services(
        &self,
        cluster: &Arn,
        services: &[Arn],
    ) -> impl Future<Output = Reply<Described<Service>>> + Send;
    /// ecs:ListTasks, [`sizes::LIST_TASKS_PAGE`] a page.
    fn list_tasks(
        &self,
        cluster: &Arn,
        of: TasksOf<'_>,
        desired: Desired,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<Page<Arn>>> + Send;
    /// ecs:DescribeTasks, at most [`sizes::DESCRIBE_TASKS_BATCH`].
    fn describe_tasks(
        &self,
        cluster: &Arn,
        tasks: &[Arn],
    ) -> impl Future<Output = Reply<Described<Task>>> + Send;
    /// ecs:DescribeTaskDefinition with its tags: the whole body of the answer as it came, for a revision that is
    /// made from it. Not clean: never to be drawn.
    fn definition_document(
        &self,
        revision: &Arn,
    ) -> impl Future<Output = Reply<serde_json::Value>> + Send;
    /// sqs:ListMessageMoveTasks: the [`sizes::LIST_MESSAGE_MOVES_PAGE`] newest of a queue.
    fn message_moves(&self, queue: &Arn) -> impl Future<Output = Reply<Vec<MessageMove>>> + Send;
    /// ecs:DescribeTaskDefinition.
    fn describe_task_definition(
        &self,
        revision: &Arn,
    ) -> impl Future<Output = Reply<TaskDefinition>> + Send;
    /// logs:FilterLogEvents, at most [`sizes::LOG_STREAMS_BATCH`] stream names, 10,000 events or 1 MB a page.
    fn filter_log_events(
        &self,
        source: &LogSource,
        start: Time,
        end: Option<Time>,
        pattern: Option<&Clean>,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<Page<LogEvent>>> + Send;
    /// sqs:ListQueues, up to [`sizes::LIST_QUEUES_PAGE`] a page: URLs.
    fn list_queues(
        &self,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<Page<Clean>>> + Send;
    /// sqs:GetQueueUrl.
    fn queue_url(&self, name: &Clean) -> impl Future<Output = Reply<Clean>> + Send;
    /// sqs:GetQueueAttributes. The dead-letter queue's own depth is left out.
    fn queue(&self, url: &Clean) -> impl Future<Output = Reply<Queue>> + Send;
    /// dynamodb:ListTables, [`sizes::LIST_TABLES_PAGE`] a page.
    fn list_tables(
        &self,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<Page<Clean>>> + Send;
    /// dynamodb:DescribeTable.
    fn describe_table(&self, table: &Clean) -> impl Future<Output = Reply<TableShape>> + Send;
    /// dynamodb:Scan or dynamodb:Query, one page.
    fn rows(
        &self,
        table: &Clean,
        query: &RowQuery,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<RowPage>> + Send;

    /// ecs:ListServiceDeployments, [`sizes::LIST_SERVICE_DEPLOYMENTS_PAGE`] a page, in an order that AWS does not promise.
    fn list_service_deployments(
        &self,
        cluster: &Arn,
        service: &Arn,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<Page<ListedDeployment>>> + Send;
    /// ecs:DescribeServiceDeployments, at most [`sizes::DESCRIBE_ROLLOUTS_BATCH`].
    fn describe_service_deployments(
        &self,
        deployments: &[Arn],
    ) -> impl Future<Output = Reply<Described<ServiceDeployment>>> + Send;
    /// ecs:DescribeServiceRevisions, at most [`sizes::DESCRIBE_ROLLOUTS_BATCH`].
    fn describe_service_revisions(
        &self,
        revisions: &[Arn],
    ) -> impl Future<Output = Reply<Described<ServiceRevision>>> + Send;
    /// ecs:ListContainerInstances, [`sizes::LIST_CONTAINER_INSTANCES_PAGE`] a page.
    fn list_container_instances(
        &self,
        cluster: &Arn,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<Page<Arn>>> + Send;
    /// ecs:DescribeContainerInstances, at most [`sizes::DESCRIBE_CONTAINER_INSTANCES_BATCH`].
    fn describe_container_instances(
        &self,
        cluster: &Arn,
        instances: &[Arn],
    ) -> impl Future<Output = Reply<Described<ContainerInstance>>> + Send;
    /// application-autoscaling:DescribeScalableTargets of a service's desired count; none: nothing scales it.
    fn scalable_target(
        &self,
        cluster: &Arn,
        service: &Arn,
    ) -> impl Future<Output = Reply<Option<ScalableTarget>>> + Send;
    /// application-autoscaling:DescribeScalingPolicies of a service's desired count, 50 a page.
    fn scaling_policies(
        &self,
        cluster: &Arn,
        service: &Arn,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<Page<ScalingPolicy>>> + Send;
    /// application-autoscaling:DescribeScalingActivities of a service's desired count: the newest [`sizes::SCALING_ACTIVITIES_PAGE`], those in which
    /// nothing was scaled among them.
    fn scaling_activities(
        &self,
        cluster: &Arn,
        service: &Arn,
    ) -> impl Future<Output = Reply<Vec<ScalingActivity>>> + Send;
    /// elasticloadbalancing:DescribeTargetGroups of one group, without its targets; none: there is no such group.
    fn target_group(&self, group: &Arn) -> impl Future<Output = Reply<Option<TargetGroup>>> + Send;
    /// elasticloadbalancing:DescribeTargetHealth; AWS gives all of a group's targets at once.
    fn target_health(&self, group: &Arn) -> impl Future<Output = Reply<Vec<TargetHealth>>> + Send;
    /// cloudwatch:DescribeAlarms by name, at most [`sizes::DESCRIBE_ALARMS_BATCH`], metric and composite ones.
    fn alarms(&self, names: &[Clean]) -> impl Future<Output = Reply<Vec<Alarm>>> + Send;
    /// ecr:DescribeImages of one image.
    fn image(&self, image: &EcrImage) -> impl Future<Output = Reply<ImageState>> + Send;
    /// secretsmanager:DescribeSecret. Its value is not read.
    fn secret(&self, secret: &Clean) -> impl Future<Output = Reply<Existence>> + Send;
    /// ssm:DescribeParameters by name: the names that are there. Their values are not read. A page may be empty
    /// though others follow it.
    fn parameters(
        &self,
        name: &Clean,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<Page<Clean>>> + Send;
    /// logs:DescribeLogGroups: the groups whose name begins so, in the order of their names, 50 a page.
    fn log_groups(
        &self,
        prefix: &Clean,
        region: Option<&Clean>,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<Page<Clean>>> + Send;
    /// iam:SimulatePrincipalPolicy of one action on one resource.
    fn may_role(
        &self,
        role: &Arn,
        action: &Clean,
        resource: &Clean,
    ) -> impl Future<Output = Reply<Permission>> + Send;
    /// iam:SimulatePrincipalPolicy of each action on each resource, in a cluster. What depends on something that IAM was
    /// not told is left out; all of it where there is no such role.
    fn may_do(
        &self,
        principal: &Arn,
        actions: &[Clean],
        resources: &[Clean],
        cluster: &Arn,
    ) -> impl Future<Output = Reply<Vec<Decision>>> + Send;
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
