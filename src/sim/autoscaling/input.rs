//! What the input of RegisterScalableTarget must look like.
//!
//! source: botocore 1.44.5, `application-autoscaling/2016-02-06/service-2`.

use super::target::DIMENSION;
use crate::input::{
    FLAG, Inputs, Member, PRINTED, Shape, WHOLE, map, may, members, need, one_of, text,
};

/// The namespaces that AWS has; in those beside `ecs` nothing is here.
pub(super) const NAMESPACES: &[&str] = &[
    "ecs",
    "elasticmapreduce",
    "ec2",
    "appstream",
    "dynamodb",
    "rds",
    "sagemaker",
    "custom-resource",
    "comprehend",
    "lambda",
    "cassandra",
    "kafka",
    "elasticache",
    "neptune",
    "workspaces",
];

const DIMENSIONS: &[&str] = &[
    DIMENSION,
    "ec2:spot-fleet-request:TargetCapacity",
    "elasticmapreduce:instancegroup:InstanceCount",
    "appstream:fleet:DesiredCapacity",
    "dynamodb:table:ReadCapacityUnits",
    "dynamodb:table:WriteCapacityUnits",
    "dynamodb:index:ReadCapacityUnits",
    "dynamodb:index:WriteCapacityUnits",
    "rds:cluster:ReadReplicaCount",
    "sagemaker:variant:DesiredInstanceCount",
    "custom-resource:ResourceType:Property",
    "comprehend:document-classifier-endpoint:DesiredInferenceUnits",
    "comprehend:entity-recognizer-endpoint:DesiredInferenceUnits",
    "lambda:function:ProvisionedConcurrency",
    "cassandra:table:ReadCapacityUnits",
    "cassandra:table:WriteCapacityUnits",
    "kafka:broker-storage:VolumeSize",
    "elasticache:cache-cluster:Nodes",
    "elasticache:replication-group:NodeGroups",
    "elasticache:replication-group:Replicas",
    "neptune:cluster:ReadReplicaCount",
    "sagemaker:variant:DesiredProvisionedConcurrency",
    "sagemaker:inference-component:DesiredCopyCount",
    "workspaces:workspacespool:DesiredUserSessions",
];

const SUSPENDED: Shape = members(&[
    may("DynamicScalingInSuspended", FLAG),
    may("DynamicScalingOutSuspended", FLAG),
    may("ScheduledScalingSuspended", FLAG),
]);

const REGISTER: &[Member] = &[
    need("ServiceNamespace", one_of(NAMESPACES)),
    need("ResourceId", text(1, 1_600).of(PRINTED)),
    need("ScalableDimension", one_of(DIMENSIONS)),
    may("MinCapacity", WHOLE),
    may("MaxCapacity", WHOLE),
    may("RoleARN", text(1, 1_600).of(PRINTED)),
    may("SuspendedState", SUSPENDED),
    may("Tags", map(&text(1, 128), &text(0, 256))),
];

/// The tables, by operation.
pub(crate) const INPUTS: Inputs = &[("RegisterScalableTarget", REGISTER)];
