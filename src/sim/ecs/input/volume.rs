//! Volumes that ECS makes for tasks.
//!
//! source: botocore 1.44.5, `ecs/2014-11-13/service-2`; bounds that the model has in words alone
//! (its `documentation`) are here as numbers.

use super::shared::{PROPAGATE_TAGS, TAG};
use crate::input::{FLAG, Shape, TEXT, WHOLE, list, list_of, may, members, need, one_of, whole};

const TASK_FILESYSTEM_TYPE: &[&str] = &["ext3", "ext4", "xfs", "ntfs"];
const EBS_RESOURCE_TYPE: &[&str] = &["volume"];

const EBS_TAG_SPECIFICATION: Shape = members(&[
    need("resourceType", one_of(EBS_RESOURCE_TYPE)),
    may("tags", list_of(&TAG, 0, 50)),
    may("propagateTags", one_of(PROPAGATE_TAGS)),
]);

const SERVICE_MANAGED_EBS_VOLUME_CONFIGURATION: Shape = members(&[
    may("encrypted", FLAG),
    may("kmsKeyId", TEXT),
    may("volumeType", TEXT),
    may("sizeInGiB", WHOLE),
    may("snapshotId", TEXT),
    may("volumeInitializationRate", WHOLE),
    may("iops", WHOLE),
    may("throughput", whole(0, 1_000)),
    may("tagSpecifications", list(&EBS_TAG_SPECIFICATION)),
    need("roleArn", TEXT),
    may("filesystemType", one_of(TASK_FILESYSTEM_TYPE)),
]);

pub(super) const SERVICE_VOLUME_CONFIGURATION: Shape = members(&[
    need("name", TEXT),
    may("managedEBSVolume", SERVICE_MANAGED_EBS_VOLUME_CONFIGURATION),
]);

const TASK_MANAGED_EBS_VOLUME_TERMINATION_POLICY: Shape =
    members(&[need("deleteOnTermination", FLAG)]);

const TASK_MANAGED_EBS_VOLUME_CONFIGURATION: Shape = members(&[
    may("encrypted", FLAG),
    may("kmsKeyId", TEXT),
    may("volumeType", TEXT),
    may("sizeInGiB", WHOLE),
    may("snapshotId", TEXT),
    may("volumeInitializationRate", WHOLE),
    may("iops", WHOLE),
    may("throughput", whole(0, 1_000)),
    may("tagSpecifications", list(&EBS_TAG_SPECIFICATION)),
    need("roleArn", TEXT),
    may(
        "terminationPolicy",
        TASK_MANAGED_EBS_VOLUME_TERMINATION_POLICY,
    ),
    may("filesystemType", one_of(TASK_FILESYSTEM_TYPE)),
]);

pub(super) const TASK_VOLUME_CONFIGURATION: Shape = members(&[
    need("name", TEXT),
    may("managedEBSVolume", TASK_MANAGED_EBS_VOLUME_CONFIGURATION),
]);
