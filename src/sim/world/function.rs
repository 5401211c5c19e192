//! The shape of Lambda functions: when they run and what they say.
//!
//! ```toml
//! [[function]]
//! name = "scaler"
//! every = "2m"
//! takes = ["200ms", "900ms"]
//! memory = 128
//! lines = ["depth {n:0..40}", "desired count of worker: {n:1..4}"]
//! fails = { from = "-10m", lines = ["ZeroDivisionError: division by zero"] }
//! ```

use serde::Deserialize;

use super::spans::{Between, Span};

/// A Lambda function; its log group is called after it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FunctionSpec {
    pub(crate) name: String,
    /// How often it runs.
    pub(crate) every: Span,
    /// By a schedule; else it is called, now sooner and now later.
    #[serde(default = "super::defaults::yes")]
    pub(crate) regular: bool,
    /// How long a run takes.
    #[serde(default = "short")]
    pub(crate) takes: Between,
    /// MB.
    #[serde(default = "small")]
    pub(crate) memory: u32,
    /// Templates of what a run says, each once, in this order.
    #[serde(default)]
    pub(crate) lines: Vec<String>,
    pub(crate) fails: Option<FailsSpec>,
}

/// From when runs fail, and what they say then.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FailsSpec {
    pub(crate) from: Span,
    pub(crate) lines: Vec<String>,
}

fn short() -> Between {
    Between { low: 80, high: 900 }
}

fn small() -> u32 {
    128
}
