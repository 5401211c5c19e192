//! Which characters a text may have, and how AWS writes that down.

/// Characters, and the pattern that a refusal names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letters {
    pub(super) pattern: &'static str,
    pub(super) allows: fn(char) -> bool,
}

/// Any at all.
pub(super) const ALL: Letters = Letters {
    pattern: ".*",
    allows: |_| true,
};

/// Names of containers and volumes (botocore `ecs`, ContainerDefinition and Volume, in words).
pub(crate) const NAME: Letters = Letters {
    pattern: "[a-zA-Z0-9_-]*",
    allows: |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'),
};

/// Keys and values of tags (botocore `ecs`, TagKey and TagValue).
pub(crate) const TAGGED: Letters = Letters {
    pattern: r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)",
    allows: |c| {
        c.is_alphanumeric()
            || (c.is_whitespace() && !c.is_control())
            || matches!(c, '_' | '.' | ':' | '/' | '=' | '+' | '-' | '@')
    },
};

/// Client tokens (botocore `ecs`, CreateServiceRequest, in words), and ids of groups and of
/// deduplication (botocore `sqs`, SendMessageRequest, in words).
pub(crate) const VISIBLE: Letters = Letters {
    pattern: "[!-~]*",
    allows: |c| ('!'..='~').contains(&c),
};

/// What ids of resources and ARNs of roles have (botocore `application-autoscaling`,
/// ResourceIdMaxLen1600): no control characters but these.
pub(crate) const PRINTED: Letters = Letters {
    pattern: r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*",
    allows: |c| {
        c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}') || matches!(c, '\r' | '\n' | '\t')
    },
};

/// Names of log groups (botocore `logs`, LogGroupName).
pub(crate) const GROUP: Letters = Letters {
    pattern: r"[\.\-_/#A-Za-z0-9]+",
    allows: |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | '#'),
};

/// Names of log streams (botocore `logs`, LogStreamName).
pub(crate) const STREAM: Letters = Letters {
    pattern: "[^:*]*",
    allows: |c| !matches!(c, ':' | '*'),
};
