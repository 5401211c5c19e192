//! What goes wrong, and the words by which a person knows it.

use serde_json::{Value, json};

/// A fault of one operation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    rule: fn() -> Value,
    /// What is said of it has one of these.
    pub(super) words: &'static [&'static str],
}

impl Kind {
    /// The rule for an operation, `service:Action`.
    pub(super) fn of(&self, operation: &str) -> Value {
        let (service, action) = operation.split_once(':').unwrap();
        let mut rule = (self.rule)();
        rule["service"] = service.into();
        rule["action"] = action.into();
        rule
    }

    /// Whether a limit of seconds has to pass.
    pub(super) fn is_slow(&self) -> bool {
        self.name == "hang"
    }
}

/// All of them.
pub(super) const KINDS: [Kind; 14] = [
    Kind {
        name: "throttle",
        rule: || json!({ "kind": "throttle" }),
        words: &["hrottl", "Rate exceeded"],
    },
    Kind {
        name: "500",
        rule: || json!({ "kind": "error", "status": 500 }),
        words: &[
            "Exception",
            "InternalFailure",
            "InternalError",
            "ServerError",
        ],
    },
    Kind {
        name: "503 of a gateway",
        rule: || json!({ "kind": "html", "status": 503, "message": "upstream is away" }),
        words: &["HTTP 503 from 127.0.0.1"],
    },
    Kind {
        name: "reset",
        rule: || json!({ "kind": "reset" }),
        words: &["connection", "reset"],
    },
    Kind {
        name: "truncated",
        rule: || json!({ "kind": "truncate" }),
        words: &["body", "connection", "end of file"],
    },
    Kind {
        name: "no sense",
        rule: || json!({ "kind": "malformed" }),
        words: &[
            "damaged or replaced on the way",
            "this is no answer of AWS",
            "expected",
            "invalid",
            "unexpected",
            "XML",
        ],
    },
    Kind {
        name: "empty",
        rule: || json!({ "kind": "empty" }),
        words: &["the answer is empty"],
    },
    Kind {
        name: "{}",
        rule: || json!({ "kind": "empty-document" }),
        words: &["does not hold", "holds no", "lacks", "has no"],
    },
    Kind {
        name: "captive portal",
        rule: || json!({ "kind": "html" }),
        // A report cuts an answer short, and says the likely cause beside it.
        words: &["captive portal", "this is no answer of AWS"],
    },
    Kind {
        name: "hang",
        rule: || json!({ "kind": "stall" }),
        words: &["15 s", "15s", "time"],
    },
    Kind {
        name: "endless pages",
        rule: || json!({ "kind": "endless-pages" }),
        // Where there is nothing to list the pages are empty ones.
        words: &["1,000 pages", "page cap", "empty pages"],
    },
    Kind {
        name: "endless empty pages",
        rule: || json!({ "kind": "empty-pages" }),
        words: &["empty pages"],
    },
    Kind {
        name: "one token",
        rule: || json!({ "kind": "same-token" }),
        words: &["the same page token", "empty pages"],
    },
    Kind {
        name: "100 MB",
        rule: || json!({ "kind": "flood" }),
        words: &["MiB"],
    },
];

/// Answers in which AWS itself says "none" with an empty document, where nothing is wrong then.
///
/// source: botocore `sqs`: the lists of these have no members that are required, and SQS leaves empty ones out.
const MAY_BE_EMPTY: [&str; 2] = ["sqs:ListQueues", "sqs:ListMessageMoveTasks"];

/// Whether this fault is one of this operation at all.
pub(super) fn is_one(kind: &Kind, operation: &str) -> bool {
    kind.name != "{}" || !MAY_BE_EMPTY.contains(&operation)
}
