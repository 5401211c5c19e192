//! RegisterTaskDefinition and DeregisterTaskDefinition.
//!
//! source: botocore 1.44.5, `ecs/2014-11-13/service-2`; bounds that the model has in words alone
//! (its `documentation`) are here as numbers.

use super::container::CONTAINER_DEFINITION;
use super::shared::{EPHEMERAL_STORAGE, INFERENCE_ACCELERATOR, KEY_VALUE_PAIR, TAG};
use crate::input::{
    FLAG, Member, NAME, Shape, TEXT, WHOLE, list, list_of, map, may, members, need, one_of, text,
    told,
};

const ISOLATION_MODE: &[&str] = &["SHARED", "ISOLATED_SANDBOX", "CONFIDENTIAL_SANDBOX"];
const NETWORK_MODE: &[&str] = &["bridge", "host", "awsvpc", "none"];
const OS_FAMILY: &[&str] = &[
    "WINDOWS_SERVER_2019_FULL",
    "WINDOWS_SERVER_2019_CORE",
    "WINDOWS_SERVER_2016_FULL",
    "WINDOWS_SERVER_2004_CORE",
    "WINDOWS_SERVER_2022_CORE",
    "WINDOWS_SERVER_2022_FULL",
    "WINDOWS_SERVER_2025_CORE",
    "WINDOWS_SERVER_2025_FULL",
    "WINDOWS_SERVER_20H2_CORE",
    "LINUX",
];
const IPC_MODE: &[&str] = &["host", "task", "none"];
const TASK_DEFINITION_PLACEMENT_CONSTRAINT_TYPE: &[&str] = &["memberOf"];
const PID_MODE: &[&str] = &["host", "task"];
const EFS_TRANSIT_ENCRYPTION: &[&str] = &["ENABLED", "DISABLED"];
const PROXY_CONFIGURATION_TYPE: &[&str] = &["APPMESH"];
const SCOPE: &[&str] = &["task", "shared"];
const COMPATIBILITY: &[&str] = &["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"];
const EFS_AUTHORIZATION_CONFIG_IAM: &[&str] = &["ENABLED", "DISABLED"];
const CPU_ARCHITECTURE: &[&str] = &["X86_64", "ARM64"];

const HOST_VOLUME_PROPERTIES: Shape = members(&[may("sourcePath", TEXT)]);

const DOCKER_VOLUME_CONFIGURATION: Shape = members(&[
    may("scope", one_of(SCOPE)),
    may("autoprovision", FLAG),
    may("driver", TEXT),
    may("driverOpts", map(&TEXT, &TEXT)),
    may("labels", map(&TEXT, &TEXT)),
]);

const EFS_AUTHORIZATION_CONFIG: Shape = members(&[
    may("accessPointId", TEXT),
    may("iam", one_of(EFS_AUTHORIZATION_CONFIG_IAM)),
]);

const EFS_VOLUME_CONFIGURATION: Shape = members(&[
    need("fileSystemId", TEXT),
    may("rootDirectory", TEXT),
    may("transitEncryption", one_of(EFS_TRANSIT_ENCRYPTION)),
    may("transitEncryptionPort", WHOLE),
    may("authorizationConfig", EFS_AUTHORIZATION_CONFIG),
]);

const S3_FILES_VOLUME_CONFIGURATION: Shape = members(&[
    need("fileSystemArn", TEXT),
    may("rootDirectory", TEXT),
    may("transitEncryptionPort", WHOLE),
    may("accessPointArn", TEXT),
]);

const F_SX_WINDOWS_FILE_SERVER_AUTHORIZATION_CONFIG: Shape =
    members(&[need("credentialsParameter", TEXT), need("domain", TEXT)]);

const F_SX_WINDOWS_FILE_SERVER_VOLUME_CONFIGURATION: Shape = members(&[
    need("fileSystemId", TEXT),
    need("rootDirectory", TEXT),
    need(
        "authorizationConfig",
        F_SX_WINDOWS_FILE_SERVER_AUTHORIZATION_CONFIG,
    ),
]);

const VOLUME: Shape = members(&[
    may("name", text(0, 255).of(NAME)),
    may("host", HOST_VOLUME_PROPERTIES),
    may("dockerVolumeConfiguration", DOCKER_VOLUME_CONFIGURATION),
    may("efsVolumeConfiguration", EFS_VOLUME_CONFIGURATION),
    may("s3filesVolumeConfiguration", S3_FILES_VOLUME_CONFIGURATION),
    may(
        "fsxWindowsFileServerVolumeConfiguration",
        F_SX_WINDOWS_FILE_SERVER_VOLUME_CONFIGURATION,
    ),
    may("configuredAtLaunch", FLAG),
]);

const TASK_DEFINITION_PLACEMENT_CONSTRAINT: Shape = members(&[
    may("type", one_of(TASK_DEFINITION_PLACEMENT_CONSTRAINT_TYPE)),
    may("expression", text(0, 2_000)),
]);

const PROXY_CONFIGURATION: Shape = members(&[
    may("type", one_of(PROXY_CONFIGURATION_TYPE)),
    need("containerName", TEXT),
    may("properties", list(&KEY_VALUE_PAIR)),
]);

const RUNTIME_PLATFORM: Shape = members(&[
    may("cpuArchitecture", one_of(CPU_ARCHITECTURE)),
    may("operatingSystemFamily", one_of(OS_FAMILY)),
]);

const TRUSTED_EXECUTION_CONFIGURATION: Shape = members(&[
    need("isolationMode", one_of(ISOLATION_MODE)),
    may("attestationPolicy", TEXT),
]);

pub(super) const REGISTER_TASK_DEFINITION: &[Member] = &[
    told(
        "family",
        TEXT,
        "ClientException",
        "Family contains invalid characters.",
    ),
    may("taskRoleArn", TEXT),
    may("executionRoleArn", TEXT),
    may("networkMode", one_of(NETWORK_MODE)),
    told(
        "containerDefinitions",
        list_of(&CONTAINER_DEFINITION, 0, 10),
        "ClientException",
        "Container list cannot be empty.",
    ),
    may("volumes", list(&VOLUME)),
    may(
        "placementConstraints",
        list_of(&TASK_DEFINITION_PLACEMENT_CONSTRAINT, 0, 10),
    ),
    may("requiresCompatibilities", list(&one_of(COMPATIBILITY))),
    may("cpu", TEXT),
    may("memory", TEXT),
    may("tags", list_of(&TAG, 0, 50)),
    may("pidMode", one_of(PID_MODE)),
    may("ipcMode", one_of(IPC_MODE)),
    may("proxyConfiguration", PROXY_CONFIGURATION),
    may("inferenceAccelerators", list(&INFERENCE_ACCELERATOR)),
    may("ephemeralStorage", EPHEMERAL_STORAGE),
    may("runtimePlatform", RUNTIME_PLATFORM),
    may("enableFaultInjection", FLAG),
    may(
        "trustedExecutionConfiguration",
        TRUSTED_EXECUTION_CONFIGURATION,
    ),
];

pub(super) const DEREGISTER_TASK_DEFINITION: &[Member] = &[told(
    "taskDefinition",
    TEXT,
    "ClientException",
    "TaskDefinition cannot be empty.",
)];
