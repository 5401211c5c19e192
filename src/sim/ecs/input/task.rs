//! RunTask with its overrides, StopTask and UpdateTaskProtection.
//!
//! source: botocore 1.44.5, `ecs/2014-11-13/service-2`; bounds that the model has in words alone
//! (its `documentation`) are here as numbers.

use super::shared::{
    CAPACITY_PROVIDER_STRATEGY_ITEM, ENVIRONMENT_FILE, EPHEMERAL_STORAGE, KEY_VALUE_PAIR,
    LAUNCH_TYPE, NETWORK_CONFIGURATION, PLACEMENT_CONSTRAINT, PLACEMENT_STRATEGY, PROPAGATE_TAGS,
    RESOURCE_REQUIREMENT, TAG,
};
use super::volume::TASK_VOLUME_CONFIGURATION;
use crate::input::{
    FLAG, Member, Shape, TEXT, WHOLE, list, list_of, may, members, need, one_of, told,
};

const CONTAINER_OVERRIDE: Shape = members(&[
    may("name", TEXT),
    may("command", list(&TEXT)),
    may("environment", list(&KEY_VALUE_PAIR)),
    may("environmentFiles", list(&ENVIRONMENT_FILE)),
    may("cpu", WHOLE),
    may("memory", WHOLE),
    may("memoryReservation", WHOLE),
    may("resourceRequirements", list(&RESOURCE_REQUIREMENT)),
]);

const INFERENCE_ACCELERATOR_OVERRIDE: Shape =
    members(&[may("deviceName", TEXT), may("deviceType", TEXT)]);

const TASK_OVERRIDE: Shape = members(&[
    may("containerOverrides", list(&CONTAINER_OVERRIDE)),
    may("cpu", TEXT),
    may(
        "inferenceAcceleratorOverrides",
        list(&INFERENCE_ACCELERATOR_OVERRIDE),
    ),
    may("executionRoleArn", TEXT),
    may("memory", TEXT),
    may("taskRoleArn", TEXT),
    may("ephemeralStorage", EPHEMERAL_STORAGE),
]);

pub(super) const RUN_TASK: &[Member] = &[
    may(
        "capacityProviderStrategy",
        list_of(&CAPACITY_PROVIDER_STRATEGY_ITEM, 0, 20),
    ),
    may("cluster", TEXT),
    may("count", WHOLE),
    may("enableECSManagedTags", FLAG),
    may("enableExecuteCommand", FLAG),
    may("group", TEXT),
    may("launchType", one_of(LAUNCH_TYPE)),
    may("networkConfiguration", NETWORK_CONFIGURATION),
    may("overrides", TASK_OVERRIDE),
    may(
        "placementConstraints",
        list_of(&PLACEMENT_CONSTRAINT, 0, 10),
    ),
    may("placementStrategy", list_of(&PLACEMENT_STRATEGY, 0, 5)),
    may("platformVersion", TEXT),
    may("propagateTags", one_of(PROPAGATE_TAGS)),
    may("referenceId", TEXT),
    may("startedBy", TEXT),
    may("tags", list_of(&TAG, 0, 50)),
    told(
        "taskDefinition",
        TEXT,
        "ClientException",
        "TaskDefinition cannot be empty.",
    ),
    may("clientToken", TEXT),
    may("volumeConfigurations", list(&TASK_VOLUME_CONFIGURATION)),
];

pub(super) const STOP_TASK: &[Member] = &[
    may("cluster", TEXT),
    told(
        "task",
        TEXT,
        "InvalidParameterException",
        "taskId cannot be empty.",
    ),
    may("reason", TEXT),
];

pub(super) const UPDATE_TASK_PROTECTION: &[Member] = &[
    need("cluster", TEXT),
    need("tasks", list(&TEXT)),
    need("protectionEnabled", FLAG),
    may("expiresInMinutes", WHOLE),
];
