//! The reading ports: a trait for each file of the adapter, so that a call that is added is declared here and made there.

use std::future::Future;

use ecsdeck_core::domain::{
    Alarm, Arn, Cluster, ContainerInstance, Decision, EcrImage, Existence, Identity, ImageState,
    InsightsQuery, LogEvent, LogGroup, LogSource, MessageMove, Permission, QueryId, Queue,
    ScalableTarget, ScalingActivity, ScalingPolicy, Service, ServiceDeployment, ServiceRevision,
    TableShape, TaggedImage, TargetGroup, TargetHealth, Task, TaskDefinition, Time,
};
use ecsdeck_core::text::Clean;

use super::{
    DateSample, Described, Desired, ListedDeployment, Page, PageToken, Reply, ResultPage, RowPage,
    RowQuery, StartedQuery, TasksOf,
};

/// All reading calls: those of each service, and what concerns all of them.
pub trait Reads:
    ClusterReads
    + ServiceReads
    + TaskReads
    + DocumentReads
    + DefinitionReads
    + RolloutReads
    + InstanceReads
    + LogReads
    + InsightsReads
    + QueueReads
    + TableReads
    + ScalingReads
    + TargetReads
    + AlarmReads
    + ImageReads
    + SecretReads
    + ParameterReads
    + PermissionReads
    + Send
    + Sync
    + 'static
{
    /// Forgets the credentials and configuration, and loads them anew from where they come from.
    fn renew(&self) -> impl Future<Output = Reply<()>> + Send;
    /// Calls sent so far, retries included.
    fn calls(&self) -> u64;
    /// The newest sample of AWS's clock.
    fn date(&self) -> Option<DateSample>;
    /// sts:GetCallerIdentity.
    fn identity(&self) -> impl Future<Output = Reply<Identity>> + Send;
}

/// Clusters of ECS.
pub trait ClusterReads: Send + Sync + 'static {
    /// ecs:ListClusters, [`super::sizes::LIST_CLUSTERS_PAGE`] a page.
    fn list_clusters(
        &self,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<Page<Arn>>> + Send;
    /// ecs:DescribeClusters, at most [`super::sizes::DESCRIBE_CLUSTERS_BATCH`] names or resource names.
    fn describe_clusters(
        &self,
        clusters: &[Arn],
    ) -> impl Future<Output = Reply<Described<Cluster>>> + Send;
}

/// Services.
pub trait ServiceReads: Send + Sync + 'static {
    /// ecs:ListServices, [`super::sizes::LIST_SERVICES_PAGE`] a page.
    fn list_services(
        &self,
        cluster: &Arn,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<Page<Arn>>> + Send;
    /// ecs:DescribeServices, at most [`super::sizes::DESCRIBE_SERVICES_BATCH`].
    fn describe_services(
        &self,
        cluster: &Arn,
        services: &[Arn],
    ) -> impl Future<Output = Reply<Described<Service>>> + Send;
}

/// Tasks.
pub trait TaskReads: Send + Sync + 'static {
    /// ecs:ListTasks, [`super::sizes::LIST_TASKS_PAGE`] a page.
    fn list_tasks(
        &self,
        cluster: &Arn,
        of: TasksOf<'_>,
        desired: Desired,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<Page<Arn>>> + Send;
    /// ecs:DescribeTasks, at most [`super::sizes::DESCRIBE_TASKS_BATCH`].
    fn describe_tasks(
        &self,
        cluster: &Arn,
        tasks: &[Arn],
    ) -> impl Future<Output = Reply<Described<Task>>> + Send;
}

/// Task definitions as AWS writes them.
pub trait DocumentReads: Send + Sync + 'static {
    /// ecs:DescribeTaskDefinition with its tags: the whole body of the answer as it came, for a revision that is
    /// made from it. Not clean: never to be drawn.
    fn definition_document(
        &self,
        revision: &Arn,
    ) -> impl Future<Output = Reply<serde_json::Value>> + Send;
}

/// Task definitions.
pub trait DefinitionReads: Send + Sync + 'static {
    /// ecs:DescribeTaskDefinition.
    fn describe_task_definition(
        &self,
        revision: &Arn,
    ) -> impl Future<Output = Reply<TaskDefinition>> + Send;
    /// ecs:ListTaskDefinitions of one family, ACTIVE or INACTIVE ones, the newest first,
    /// [`super::sizes::LIST_TASK_DEFINITIONS_PAGE`] a page.
    fn list_task_definitions(
        &self,
        family: &Clean,
        active: bool,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<Page<Arn>>> + Send;
}

/// Service deployments and their revisions.
pub trait RolloutReads: Send + Sync + 'static {
    /// ecs:ListServiceDeployments, [`super::sizes::LIST_SERVICE_DEPLOYMENTS_PAGE`] a page, in an order that AWS does not promise.
    fn list_service_deployments(
        &self,
        cluster: &Arn,
        service: &Arn,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<Page<ListedDeployment>>> + Send;
    /// ecs:DescribeServiceDeployments, at most [`super::sizes::DESCRIBE_ROLLOUTS_BATCH`].
    fn describe_service_deployments(
        &self,
        deployments: &[Arn],
    ) -> impl Future<Output = Reply<Described<ServiceDeployment>>> + Send;
    /// ecs:DescribeServiceRevisions, at most [`super::sizes::DESCRIBE_ROLLOUTS_BATCH`].
    fn describe_service_revisions(
        &self,
        revisions: &[Arn],
    ) -> impl Future<Output = Reply<Described<ServiceRevision>>> + Send;
}

/// Container instances.
pub trait InstanceReads: Send + Sync + 'static {
    /// ecs:ListContainerInstances, [`super::sizes::LIST_CONTAINER_INSTANCES_PAGE`] a page.
    fn list_container_instances(
        &self,
        cluster: &Arn,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<Page<Arn>>> + Send;
    /// ecs:DescribeContainerInstances, at most [`super::sizes::DESCRIBE_CONTAINER_INSTANCES_BATCH`].
    fn describe_container_instances(
        &self,
        cluster: &Arn,
        instances: &[Arn],
    ) -> impl Future<Output = Reply<Described<ContainerInstance>>> + Send;
}

/// CloudWatch Logs.
pub trait LogReads: Send + Sync + 'static {
    /// logs:FilterLogEvents, at most [`super::sizes::LOG_STREAMS_BATCH`] stream names, 10,000 events or 1 MB a page.
    fn filter_log_events(
        &self,
        source: &LogSource,
        start: Time,
        end: Option<Time>,
        pattern: Option<&Clean>,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<Page<LogEvent>>> + Send;
    /// logs:DescribeLogGroups: the groups whose name begins so, in the order of their names, 50 a page.
    fn log_groups(
        &self,
        prefix: &Clean,
        region: Option<&Clean>,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<Page<Clean>>> + Send;
}

/// CloudWatch Logs Insights.
pub trait InsightsReads: Send + Sync + 'static {
    /// logs:StartQuery. It changes nothing and is paid for, so it is never sent again where it may have gone through.
    fn start_query(
        &self,
        query: &InsightsQuery,
    ) -> impl Future<Output = Reply<StartedQuery>> + Send;
    /// logs:GetQueryResults: how far the query is, and up to [`super::sizes::QUERY_RESULTS_PAGE`] rows of what it has
    /// found.
    fn query_results(
        &self,
        query: &QueryId,
        region: Option<&Clean>,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<ResultPage>> + Send;
    /// logs:StopQuery. One that has ended is stopped too.
    fn stop_query(
        &self,
        query: &QueryId,
        region: Option<&Clean>,
    ) -> impl Future<Output = Reply<()>> + Send;
    /// logs:DescribeLogGroups of the group of exactly this name; none: there is none.
    fn log_group(
        &self,
        name: &Clean,
        region: Option<&Clean>,
    ) -> impl Future<Output = Reply<Option<LogGroup>>> + Send;
}

/// Queues of SQS.
pub trait QueueReads: Send + Sync + 'static {
    /// sqs:ListMessageMoveTasks: the [`super::sizes::LIST_MESSAGE_MOVES_PAGE`] newest of a queue.
    fn message_moves(&self, queue: &Arn) -> impl Future<Output = Reply<Vec<MessageMove>>> + Send;
    /// sqs:ListQueues, up to [`super::sizes::LIST_QUEUES_PAGE`] a page: URLs.
    fn list_queues(
        &self,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<Page<Clean>>> + Send;
    /// sqs:GetQueueUrl.
    fn queue_url(&self, name: &Clean) -> impl Future<Output = Reply<Clean>> + Send;
    /// sqs:GetQueueAttributes. The dead-letter queue's own depth is left out.
    fn queue(&self, url: &Clean) -> impl Future<Output = Reply<Queue>> + Send;
}

/// Tables of DynamoDB.
pub trait TableReads: Send + Sync + 'static {
    /// dynamodb:ListTables, [`super::sizes::LIST_TABLES_PAGE`] a page.
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
}

/// Application Auto Scaling.
pub trait ScalingReads: Send + Sync + 'static {
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
    /// application-autoscaling:DescribeScalingActivities of a service's desired count: the newest [`super::sizes::SCALING_ACTIVITIES_PAGE`], those in which
    /// nothing was scaled among them.
    fn scaling_activities(
        &self,
        cluster: &Arn,
        service: &Arn,
    ) -> impl Future<Output = Reply<Vec<ScalingActivity>>> + Send;
}

/// Target groups of Elastic Load Balancing.
pub trait TargetReads: Send + Sync + 'static {
    /// elasticloadbalancing:DescribeTargetGroups of one group, without its targets; none: there is no such group.
    fn target_group(&self, group: &Arn) -> impl Future<Output = Reply<Option<TargetGroup>>> + Send;
    /// elasticloadbalancing:DescribeTargetHealth; AWS gives all of a group's targets at once.
    fn target_health(&self, group: &Arn) -> impl Future<Output = Reply<Vec<TargetHealth>>> + Send;
}

/// Alarms of CloudWatch.
pub trait AlarmReads: Send + Sync + 'static {
    /// cloudwatch:DescribeAlarms by name, at most [`super::sizes::DESCRIBE_ALARMS_BATCH`], metric and composite ones.
    fn alarms(&self, names: &[Clean]) -> impl Future<Output = Reply<Vec<Alarm>>> + Send;
}

/// Images of ECR.
pub trait ImageReads: Send + Sync + 'static {
    /// ecr:DescribeImages of one image.
    fn image(&self, image: &EcrImage) -> impl Future<Output = Reply<ImageState>> + Send;
    /// ecr:DescribeImages of the images of its repository that have tags, in an order that AWS does not promise,
    /// [`super::sizes::DESCRIBE_IMAGES_PAGE`] a page.
    fn tagged_images(
        &self,
        image: &EcrImage,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<Page<TaggedImage>>> + Send;
}

/// Secrets Manager.
pub trait SecretReads: Send + Sync + 'static {
    /// secretsmanager:DescribeSecret. Its value is not read.
    fn secret(&self, secret: &Clean) -> impl Future<Output = Reply<Existence>> + Send;
}

/// Parameters of Systems Manager.
pub trait ParameterReads: Send + Sync + 'static {
    /// ssm:DescribeParameters by name: the names that are there. Their values are not read. A page may be empty
    /// though others follow it.
    fn parameters(
        &self,
        name: &Clean,
        page: Option<PageToken>,
    ) -> impl Future<Output = Reply<Page<Clean>>> + Send;
}

/// What IAM allows.
pub trait PermissionReads: Send + Sync + 'static {
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
