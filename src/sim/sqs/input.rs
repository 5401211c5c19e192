//! What the inputs of SQS's operations that change something must look like.
//!
//! source: botocore 1.44.5, `sqs/2012-11-05/service-2`. Bounds that the model has in words
//! alone the operations refuse, in SQS's own words.

use crate::input::{
    Inputs, Member, Shape, TEXT, VISIBLE, WHOLE, list, map, may, members, need, one_of, text,
};

/// What can be asked of a queue, whether it has it or not.
pub(super) const ATTRIBUTES: &[&str] = &[
    "All",
    "Policy",
    "VisibilityTimeout",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "QueueArn",
    "ApproximateNumberOfMessagesDelayed",
    "DelaySeconds",
    "ReceiveMessageWaitTimeSeconds",
    "RedrivePolicy",
    "FifoQueue",
    "ContentBasedDeduplication",
    "KmsMasterKeyId",
    "KmsDataKeyReusePeriodSeconds",
    "DeduplicationScope",
    "FifoThroughputLimit",
    "RedriveAllowPolicy",
    "SqsManagedSseEnabled",
];

const SYSTEM_ATTRIBUTES: &[&str] = &[
    "All",
    "SenderId",
    "SentTimestamp",
    "ApproximateReceiveCount",
    "ApproximateFirstReceiveTimestamp",
    "SequenceNumber",
    "MessageDeduplicationId",
    "MessageGroupId",
    "AWSTraceHeader",
    "DeadLetterQueueSourceArn",
];

const ATTRIBUTE: Shape = members(&[
    may("StringValue", TEXT),
    may("BinaryValue", TEXT),
    may("StringListValues", list(&TEXT)),
    may("BinaryListValues", list(&TEXT)),
    need("DataType", TEXT),
]);

const SEND_MESSAGE: &[Member] = &[
    need("QueueUrl", TEXT),
    need("MessageBody", TEXT),
    may("DelaySeconds", WHOLE),
    may("MessageAttributes", map(&text(1, 256), &ATTRIBUTE)),
    may(
        "MessageSystemAttributes",
        map(&one_of(&["AWSTraceHeader"]), &ATTRIBUTE),
    ),
    may("MessageDeduplicationId", text(1, 128).of(VISIBLE)),
    may("MessageGroupId", text(1, 128).of(VISIBLE)),
];

const RECEIVE_MESSAGE: &[Member] = &[
    need("QueueUrl", TEXT),
    may("AttributeNames", list(&one_of(ATTRIBUTES))),
    may(
        "MessageSystemAttributeNames",
        list(&one_of(SYSTEM_ATTRIBUTES)),
    ),
    may("MessageAttributeNames", list(&text(0, 256))),
    may("MaxNumberOfMessages", WHOLE),
    may("VisibilityTimeout", WHOLE),
    may("WaitTimeSeconds", WHOLE),
    may("ReceiveRequestAttemptId", text(1, 128).of(VISIBLE)),
];

/// The tables, by operation.
pub(crate) const INPUTS: Inputs = &[
    ("SendMessage", SEND_MESSAGE),
    ("ReceiveMessage", RECEIVE_MESSAGE),
    (
        "DeleteMessage",
        &[need("QueueUrl", TEXT), need("ReceiptHandle", TEXT)],
    ),
    (
        "ChangeMessageVisibility",
        &[
            need("QueueUrl", TEXT),
            need("ReceiptHandle", TEXT),
            need("VisibilityTimeout", WHOLE),
        ],
    ),
    (
        "StartMessageMoveTask",
        &[
            need("SourceArn", TEXT),
            may("DestinationArn", TEXT),
            may("MaxNumberOfMessagesPerSecond", WHOLE),
        ],
    ),
    ("CancelMessageMoveTask", &[need("TaskHandle", TEXT)]),
];
