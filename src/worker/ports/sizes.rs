//! How much one call gives and takes: AWS's own limits, each from the API reference of its operation.
//!
//! `…_PAGE` is what a call is asked to give at most, `…_BATCH` how many names a call may be given.

/// ecs:ListClusters.
pub const LIST_CLUSTERS_PAGE: i32 = 100;
/// ecs:ListServices.
pub const LIST_SERVICES_PAGE: i32 = 100;
/// ecs:ListTasks.
pub const LIST_TASKS_PAGE: i32 = 100;
/// ecs:ListTaskDefinitions: 100 at most; no more than these are looked at.
pub const LIST_TASK_DEFINITIONS_PAGE: i32 = 10;
/// ecs:ListServiceDeployments.
pub const LIST_SERVICE_DEPLOYMENTS_PAGE: i32 = 100;
/// ecs:ListContainerInstances.
pub const LIST_CONTAINER_INSTANCES_PAGE: i32 = 100;
/// sqs:ListQueues. Without a size SQS gives no token, and the rest is lost.
pub const LIST_QUEUES_PAGE: i32 = 1_000;
/// sqs:ListMessageMoveTasks.
pub const LIST_MESSAGE_MOVES_PAGE: i32 = 10;
/// logs:GetQueryResults.
pub const QUERY_RESULTS_PAGE: i32 = 10_000;
/// dynamodb:ListTables.
pub const LIST_TABLES_PAGE: i32 = 100;
/// application-autoscaling:DescribeScalingActivities.
pub const SCALING_ACTIVITIES_PAGE: i32 = 50;
/// ecr:DescribeImages.
pub const DESCRIBE_IMAGES_PAGE: i32 = 1_000;
/// cloudwatch:DescribeAlarms.
pub const DESCRIBE_ALARMS_PAGE: i32 = 100;
/// iam:SimulatePrincipalPolicy: each action on each resource.
pub const SIMULATED_DECISIONS_PAGE: i32 = 1_000;

/// ecs:DescribeClusters.
pub const DESCRIBE_CLUSTERS_BATCH: usize = 100;
/// ecs:DescribeServices.
pub const DESCRIBE_SERVICES_BATCH: usize = 10;
/// ecs:DescribeTasks.
pub const DESCRIBE_TASKS_BATCH: usize = 100;
/// ecs:DescribeServiceDeployments and ecs:DescribeServiceRevisions.
pub const DESCRIBE_ROLLOUTS_BATCH: usize = 20;
/// ecs:DescribeContainerInstances.
pub const DESCRIBE_CONTAINER_INSTANCES_BATCH: usize = 100;
/// cloudwatch:DescribeAlarms.
pub const DESCRIBE_ALARMS_BATCH: usize = 100;
/// logs:FilterLogEvents: names of streams.
pub const LOG_STREAMS_BATCH: usize = 100;
