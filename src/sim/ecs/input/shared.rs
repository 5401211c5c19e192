//! What several operations take: tags, networks, capacity, placement; and TagResource.
//!
//! source: botocore 1.44.5, `ecs/2014-11-13/service-2`; bounds that the model has in words alone
//! (its `documentation`) are here as numbers.

use crate::input::{
    MOST, Member, Shape, TAGGED, TEXT, WHOLE, list, list_of, map, may, members, need, one_of, text,
    whole,
};

const ASSIGN_PUBLIC_IP: &[&str] = &["ENABLED", "DISABLED"];
const PLACEMENT_CONSTRAINT_TYPE: &[&str] = &["distinctInstance", "memberOf"];
const DEPLOYMENT_CONTROLLER_TYPE: &[&str] = &["ECS", "CODE_DEPLOY", "EXTERNAL"];
const PLACEMENT_STRATEGY_TYPE: &[&str] = &["random", "spread", "binpack"];
const ENVIRONMENT_FILE_TYPE: &[&str] = &["s3"];
const RESOURCE_TYPE: &[&str] = &["GPU", "InferenceAccelerator", "NeuronDevice"];
const LOG_DRIVER: &[&str] = &[
    "json-file",
    "syslog",
    "journald",
    "gelf",
    "fluentd",
    "awslogs",
    "splunk",
    "awsfirelens",
];
pub(super) const PROPAGATE_TAGS: &[&str] = &["TASK_DEFINITION", "SERVICE", "NONE"];
pub(crate) const LAUNCH_TYPE: &[&str] = &["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"];

pub(super) const TAG: Shape = members(&[
    may("key", text(1, 128).of(TAGGED)),
    may("value", text(0, 256).of(TAGGED)),
]);

const AWS_VPC_CONFIGURATION: Shape = members(&[
    need("subnets", list_of(&TEXT, 0, 16)),
    may("securityGroups", list_of(&TEXT, 0, 5)),
    may("assignPublicIp", one_of(ASSIGN_PUBLIC_IP)),
]);

pub(super) const NETWORK_CONFIGURATION: Shape =
    members(&[may("awsvpcConfiguration", AWS_VPC_CONFIGURATION)]);

pub(super) const CAPACITY_PROVIDER_STRATEGY_ITEM: Shape = members(&[
    need("capacityProvider", TEXT),
    may("weight", whole(0, 1_000)),
    may("base", whole(0, 100_000)),
]);

pub(super) const PLACEMENT_CONSTRAINT: Shape = members(&[
    may("type", one_of(PLACEMENT_CONSTRAINT_TYPE)),
    may("expression", text(0, 2_000)),
]);

pub(super) const PLACEMENT_STRATEGY: Shape = members(&[
    may("type", one_of(PLACEMENT_STRATEGY_TYPE)),
    may("field", TEXT),
]);

pub(super) const KEY_VALUE_PAIR: Shape = members(&[may("name", TEXT), may("value", TEXT)]);

pub(super) const ENVIRONMENT_FILE: Shape = members(&[
    need("value", TEXT),
    need("type", one_of(ENVIRONMENT_FILE_TYPE)),
]);

const NVIDIA_MPS_ALLOCATION: Shape = members(&[
    need("memory", whole(1, MOST)),
    may("maxComputePercent", whole(1, 100)),
]);

const SHARING_STRATEGY: Shape = members(&[may("nvidiaMps", NVIDIA_MPS_ALLOCATION)]);

pub(super) const RESOURCE_REQUIREMENT: Shape = members(&[
    may("value", TEXT),
    need("type", one_of(RESOURCE_TYPE)),
    may("sharingStrategy", SHARING_STRATEGY),
]);

pub(super) const EPHEMERAL_STORAGE: Shape = members(&[need("sizeInGiB", whole(21, 200))]);

pub(super) const INFERENCE_ACCELERATOR: Shape =
    members(&[need("deviceName", TEXT), need("deviceType", TEXT)]);

pub(super) const SECRET: Shape = members(&[need("name", TEXT), need("valueFrom", TEXT)]);

pub(super) const LOG_CONFIGURATION: Shape = members(&[
    need("logDriver", one_of(LOG_DRIVER)),
    may("options", map(&TEXT, &TEXT)),
    may("secretOptions", list(&SECRET)),
]);

pub(super) const DEPLOYMENT_CONTROLLER: Shape =
    members(&[need("type", one_of(DEPLOYMENT_CONTROLLER_TYPE))]);

const ADVANCED_CONFIGURATION: Shape = members(&[
    may("alternateTargetGroupArn", TEXT),
    may("productionListenerRule", TEXT),
    may("testListenerRule", TEXT),
    may("roleArn", TEXT),
]);

pub(super) const LOAD_BALANCER: Shape = members(&[
    may("targetGroupArn", TEXT),
    may("loadBalancerName", TEXT),
    may("containerName", TEXT),
    may("containerPort", WHOLE),
    may("advancedConfiguration", ADVANCED_CONFIGURATION),
]);

pub(super) const SERVICE_REGISTRY: Shape = members(&[
    may("registryArn", TEXT),
    may("port", WHOLE),
    may("containerName", TEXT),
    may("containerPort", WHOLE),
]);

pub(super) const TAG_RESOURCE: &[Member] = &[
    need("resourceArn", TEXT),
    need("tags", list_of(&TAG, 0, 50)),
];
