//! What the inputs of operations that write into CloudWatch Logs must look like.
//!
//! source: botocore 1.44.5, `logs/2014-03-28/service-2`.

use crate::input::{
    FLAG, GROUP, Inputs, Member, STREAM, Shape, TAGGED, list_of, map_of, may, members, need,
    one_of, text, whole,
};

/// The most characters of what has no bound.
const ANY_LENGTH: usize = usize::MAX;

const GROUP_NAME: Member = need("logGroupName", text(1, 512).of(GROUP));
const STREAM_NAME: Member = need("logStreamName", text(1, 512).of(STREAM));

const CREATE_LOG_GROUP: &[Member] = &[
    GROUP_NAME,
    may("kmsKeyId", text(0, 256)),
    may(
        "tags",
        map_of(&text(1, 128).of(TAGGED), &text(0, 256).of(TAGGED), 1, 50),
    ),
    may(
        "logGroupClass",
        one_of(&["STANDARD", "INFREQUENT_ACCESS", "DELIVERY", "ESSENTIALS"]),
    ),
    may("deletionProtectionEnabled", FLAG),
];

const EVENT: Shape = members(&[
    need("timestamp", whole(0, i64::MAX)),
    need("message", text(1, ANY_LENGTH)),
]);

const ENTITY: Shape = members(&[
    may("keyAttributes", map_of(&text(1, 32), &text(1, 512), 2, 4)),
    may("attributes", map_of(&text(1, 256), &text(1, 512), 0, 10)),
]);

const PUT_LOG_EVENTS: &[Member] = &[
    GROUP_NAME,
    STREAM_NAME,
    need("logEvents", list_of(&EVENT, 1, 10_000)),
    may("sequenceToken", text(1, ANY_LENGTH)),
    may("entity", ENTITY),
];

/// The tables, by operation.
pub(crate) const INPUTS: Inputs = &[
    ("CreateLogGroup", CREATE_LOG_GROUP),
    ("CreateLogStream", &[GROUP_NAME, STREAM_NAME]),
    ("PutLogEvents", PUT_LOG_EVENTS),
];
