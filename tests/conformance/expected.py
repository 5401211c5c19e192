"""The actions that the simulator must offer, by boto3's name of the service."""

ACTIONS = {
    "ecs": """
        ListClusters DescribeClusters ListServices DescribeServices ListTasks DescribeTasks
        DescribeTaskDefinition ListTaskDefinitions ListTaskDefinitionFamilies
        RegisterTaskDefinition DeregisterTaskDefinition
        ListServiceDeployments DescribeServiceDeployments DescribeServiceRevisions
        StopServiceDeployment ContinueServiceDeployment
        CreateService UpdateService DeleteService RunTask StopTask GetTaskProtection UpdateTaskProtection
        ListContainerInstances DescribeContainerInstances DescribeCapacityProviders
        DescribeTaskSets TagResource ListTagsForResource
    """,
    "logs": """
        DescribeLogGroups DescribeLogStreams FilterLogEvents GetLogEvents StartLiveTail
        StartQuery GetQueryResults StopQuery DescribeQueries
    """,
    "sqs": """
        ListQueues GetQueueUrl GetQueueAttributes ListDeadLetterSourceQueues
        SendMessage ReceiveMessage DeleteMessage ChangeMessageVisibility
        StartMessageMoveTask ListMessageMoveTasks CancelMessageMoveTask
    """,
    "dynamodb": "ListTables DescribeTable Query Scan GetItem BatchGetItem PutItem UpdateItem DeleteItem",
    "cloudwatch": "GetMetricData GetMetricStatistics ListMetrics DescribeAlarms DescribeAlarmHistory",
    "elbv2": "DescribeLoadBalancers DescribeTargetGroups DescribeTargetHealth",
    "application-autoscaling": """
        DescribeScalableTargets DescribeScalingPolicies DescribeScalingActivities RegisterScalableTarget
    """,
    "sts": "GetCallerIdentity",
    "secretsmanager": "DescribeSecret",
    "ssm": "DescribeParameters GetParameter",
    "ecr": "DescribeRepositories DescribeImages",
    "servicediscovery": "ListNamespaces ListServices ListInstances DiscoverInstances",
    "ec2": """
        DescribeNetworkInterfaces DescribeInstances DescribeInstanceStatus StartInstances StopInstances
    """,
    "iam": "SimulatePrincipalPolicy GetRole",
}
ACTIONS = {service: names.split() for service, names in ACTIONS.items()}

# AWS's Rust SDK speaks CBOR to CloudWatch and cannot do otherwise; boto3 and the AWS CLI
# speak JSON to it. Both have to be understood; so it is with Cloud Map.
PROTOCOLS = {
    "cloudwatch": ["smithy-rpc-v2-cbor", "json"],
    "servicediscovery": ["smithy-rpc-v2-cbor", "json"],
}


def all_actions():
    return [(service, action) for service, actions in ACTIONS.items() for action in actions]
