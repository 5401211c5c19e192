//! What the inputs of DynamoDB's operations that change something must look like, where the
//! emulator does not refuse what does not: tables, items and keys it does.
//!
//! source: botocore 1.44.5, `dynamodb/2012-08-10/service-2`.

use crate::input::{FLAG, Inputs, Member, Shape, TEXT, list, map, may, members, one_of, text};

/// The name of an attribute.
const NAME: Shape = text(0, 65_535);

/// The value of an attribute, which may hold others.
static VALUE: Shape = members(VALUE_MEMBERS);
static VALUE_MEMBERS: &[Member] = &[
    may("S", TEXT),
    may("N", TEXT),
    may("B", TEXT),
    may("SS", list(&TEXT)),
    may("NS", list(&TEXT)),
    may("BS", list(&TEXT)),
    may("M", map(&NAME, &VALUE)),
    may("L", list(&VALUE)),
    may("NULL", FLAG),
    may("BOOL", FLAG),
];

const ITEM: Shape = map(&NAME, &VALUE);

const COMPARISONS: &[&str] = &[
    "EQ",
    "NE",
    "IN",
    "LE",
    "LT",
    "GE",
    "GT",
    "BETWEEN",
    "NOT_NULL",
    "NULL",
    "CONTAINS",
    "NOT_CONTAINS",
    "BEGINS_WITH",
];

static EXPECTED: Shape = members(EXPECTED_MEMBERS);
static EXPECTED_MEMBERS: &[Member] = &[
    may("Value", members(VALUE_MEMBERS)),
    may("Exists", FLAG),
    may("ComparisonOperator", one_of(COMPARISONS)),
    may("AttributeValueList", list(&VALUE)),
];

static UPDATE: Shape = members(UPDATE_MEMBERS);
static UPDATE_MEMBERS: &[Member] = &[
    may("Value", members(VALUE_MEMBERS)),
    may("Action", one_of(&["ADD", "PUT", "DELETE"])),
];

const RETURNED: Shape = one_of(&["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"]);

const TABLE: Member = may("TableName", TEXT);
const EXPECTATIONS: Member = may("Expected", map(&NAME, &EXPECTED));
const TOGETHER: Member = may("ConditionalOperator", one_of(&["AND", "OR"]));
const CONDITION: Member = may("ConditionExpression", TEXT);
const NAMES: Member = may("ExpressionAttributeNames", map(&TEXT, &NAME));
const VALUES: Member = may("ExpressionAttributeValues", map(&TEXT, &VALUE));
const RETURN_VALUES: Member = may("ReturnValues", RETURNED);
const RETURN_CAPACITY: Member = may(
    "ReturnConsumedCapacity",
    one_of(&["INDEXES", "TOTAL", "NONE"]),
);
const RETURN_METRICS: Member = may("ReturnItemCollectionMetrics", one_of(&["SIZE", "NONE"]));
const RETURN_FAILED: Member = may(
    "ReturnValuesOnConditionCheckFailure",
    one_of(&["ALL_OLD", "NONE"]),
);

/// The tables, by operation.
pub(crate) const INPUTS: Inputs = &[
    (
        "PutItem",
        &[
            TABLE,
            may("Item", ITEM),
            EXPECTATIONS,
            RETURN_VALUES,
            RETURN_CAPACITY,
            RETURN_METRICS,
            TOGETHER,
            CONDITION,
            NAMES,
            VALUES,
            RETURN_FAILED,
        ],
    ),
    (
        "UpdateItem",
        &[
            TABLE,
            may("Key", ITEM),
            may("AttributeUpdates", map(&NAME, &UPDATE)),
            EXPECTATIONS,
            TOGETHER,
            RETURN_VALUES,
            RETURN_CAPACITY,
            RETURN_METRICS,
            may("UpdateExpression", TEXT),
            CONDITION,
            NAMES,
            VALUES,
            RETURN_FAILED,
        ],
    ),
    (
        "DeleteItem",
        &[
            TABLE,
            may("Key", ITEM),
            EXPECTATIONS,
            TOGETHER,
            RETURN_VALUES,
            RETURN_CAPACITY,
            RETURN_METRICS,
            CONDITION,
            NAMES,
            VALUES,
            RETURN_FAILED,
        ],
    ),
];
