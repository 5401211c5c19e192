//! What a task definition says of its containers.
//!
//! source: botocore 1.44.5, `ecs/2014-11-13/service-2`; bounds that the model has in words alone
//! (its `documentation`) are here as numbers.

use super::shared::{
    ENVIRONMENT_FILE, KEY_VALUE_PAIR, LOG_CONFIGURATION, RESOURCE_REQUIREMENT, SECRET,
};
use crate::input::{
    FLAG, NAME, Shape, TEXT, WHOLE, list, list_of, map, may, members, need, one_of, text, whole,
};

const CONTAINER_CONDITION: &[&str] = &["START", "COMPLETE", "SUCCESS", "HEALTHY"];
const VERSION_CONSISTENCY: &[&str] = &["enabled", "disabled"];
const DEVICE_CGROUP_PERMISSION: &[&str] = &["read", "write", "mknod"];
const APPLICATION_PROTOCOL: &[&str] = &["http", "http2", "grpc"];
const ULIMIT_NAME: &[&str] = &[
    "core",
    "cpu",
    "data",
    "fsize",
    "locks",
    "memlock",
    "msgqueue",
    "nice",
    "nofile",
    "nproc",
    "rss",
    "rtprio",
    "rttime",
    "sigpending",
    "stack",
];
const FIRELENS_CONFIGURATION_TYPE: &[&str] = &["fluentd", "fluentbit"];
const TRANSPORT_PROTOCOL: &[&str] = &["tcp", "udp"];

const REPOSITORY_CREDENTIALS: Shape = members(&[need("credentialsParameter", TEXT)]);

const PORT_MAPPING: Shape = members(&[
    may("containerPort", whole(0, 65_535)),
    may("hostPort", whole(0, 65_535)),
    may("protocol", one_of(TRANSPORT_PROTOCOL)),
    may("name", text(0, 64)),
    may("appProtocol", one_of(APPLICATION_PROTOCOL)),
    may("containerPortRange", TEXT),
]);

const CONTAINER_RESTART_POLICY: Shape = members(&[
    need("enabled", FLAG),
    may("ignoredExitCodes", list_of(&WHOLE, 0, 50)),
    may("restartAttemptPeriod", whole(60, 1_800)),
]);

const MOUNT_POINT: Shape = members(&[
    may("sourceVolume", TEXT),
    may("containerPath", TEXT),
    may("readOnly", FLAG),
]);

const VOLUME_FROM: Shape = members(&[may("sourceContainer", TEXT), may("readOnly", FLAG)]);

const KERNEL_CAPABILITIES: Shape = members(&[may("add", list(&TEXT)), may("drop", list(&TEXT))]);

const DEVICE: Shape = members(&[
    need("hostPath", TEXT),
    may("containerPath", TEXT),
    may("permissions", list(&one_of(DEVICE_CGROUP_PERMISSION))),
]);

const TMPFS: Shape = members(&[
    need("containerPath", TEXT),
    need("size", WHOLE),
    may("mountOptions", list(&TEXT)),
]);

const LINUX_PARAMETERS: Shape = members(&[
    may("capabilities", KERNEL_CAPABILITIES),
    may("devices", list(&DEVICE)),
    may("initProcessEnabled", FLAG),
    may("sharedMemorySize", WHOLE),
    may("tmpfs", list(&TMPFS)),
    may("maxSwap", WHOLE),
    may("swappiness", whole(0, 100)),
]);

const CONTAINER_DEPENDENCY: Shape = members(&[
    need("containerName", TEXT),
    need("condition", one_of(CONTAINER_CONDITION)),
]);

const HOST_ENTRY: Shape = members(&[need("hostname", TEXT), need("ipAddress", TEXT)]);

const ULIMIT: Shape = members(&[
    need("name", one_of(ULIMIT_NAME)),
    need("softLimit", WHOLE),
    need("hardLimit", WHOLE),
]);

const HEALTH_CHECK: Shape = members(&[
    need("command", list(&TEXT)),
    may("interval", whole(5, 300)),
    may("timeout", whole(2, 60)),
    may("retries", whole(1, 10)),
    may("startPeriod", whole(0, 300)),
]);

const SYSTEM_CONTROL: Shape = members(&[may("namespace", TEXT), may("value", TEXT)]);

const FIRELENS_CONFIGURATION: Shape = members(&[
    need("type", one_of(FIRELENS_CONFIGURATION_TYPE)),
    may("options", map(&TEXT, &TEXT)),
]);

pub(super) const CONTAINER_DEFINITION: Shape = members(&[
    may("name", text(0, 255).of(NAME)),
    may("image", TEXT),
    may("repositoryCredentials", REPOSITORY_CREDENTIALS),
    may("cpu", WHOLE),
    may("memory", WHOLE),
    may("memoryReservation", WHOLE),
    may("links", list(&TEXT)),
    may("portMappings", list(&PORT_MAPPING)),
    may("essential", FLAG),
    may("restartPolicy", CONTAINER_RESTART_POLICY),
    may("entryPoint", list(&TEXT)),
    may("command", list(&TEXT)),
    may("environment", list(&KEY_VALUE_PAIR)),
    may("environmentFiles", list(&ENVIRONMENT_FILE)),
    may("mountPoints", list(&MOUNT_POINT)),
    may("volumesFrom", list(&VOLUME_FROM)),
    may("linuxParameters", LINUX_PARAMETERS),
    may("secrets", list(&SECRET)),
    may("dependsOn", list(&CONTAINER_DEPENDENCY)),
    may("startTimeout", WHOLE),
    may("stopTimeout", WHOLE),
    may("versionConsistency", one_of(VERSION_CONSISTENCY)),
    may("hostname", TEXT),
    may("user", TEXT),
    may("workingDirectory", TEXT),
    may("disableNetworking", FLAG),
    may("privileged", FLAG),
    may("readonlyRootFilesystem", FLAG),
    may("dnsServers", list(&TEXT)),
    may("dnsSearchDomains", list(&TEXT)),
    may("extraHosts", list(&HOST_ENTRY)),
    may("dockerSecurityOptions", list(&TEXT)),
    may("interactive", FLAG),
    may("pseudoTerminal", FLAG),
    may("dockerLabels", map(&TEXT, &TEXT)),
    may("ulimits", list(&ULIMIT)),
    may("logConfiguration", LOG_CONFIGURATION),
    may("healthCheck", HEALTH_CHECK),
    may("systemControls", list(&SYSTEM_CONTROL)),
    may("resourceRequirements", list(&RESOURCE_REQUIREMENT)),
    may("firelensConfiguration", FIRELENS_CONFIGURATION),
    may("credentialSpecs", list_of(&TEXT, 0, 1)),
]);
