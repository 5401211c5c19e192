//! What is kept of a write that was carried out: enough to settle it, to take it back, to send it again.

use serde_json::Value;

use super::{Change, Goal, IntentId, Made, Recorded, Target, Verb};
use crate::domain::Time;
use crate::text::Clean;

/// One request as it was written down.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedStep {
    /// The operation as IAM names it.
    pub operation: Clean,
    /// The body, values of environment variables withheld.
    pub request: Value,
    /// What shows that it was applied; none where this version does not know such a goal.
    pub goal: Option<Goal>,
}

/// A write as the journal has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The intent's id.
    pub id: IntentId,
    /// When it was decided.
    pub at: Time,
    /// What it did.
    pub verb: Recorded<Verb>,
    /// Where it went.
    pub target: Target,
    /// What changed.
    pub changes: Vec<Change>,
    /// What was sent.
    pub steps: Vec<RecordedStep>,
    /// What was made.
    pub made: Made,
    /// `done`, `failed`, `refused`, `unknown`; none where it was never concluded.
    pub outcome: Option<Clean>,
    /// The earlier intent that it takes back.
    pub undoes: Option<IntentId>,
}

impl Record {
    /// Whether it was applied.
    pub fn is_done(&self) -> bool {
        self.outcome.as_deref() == Some("done")
    }

    /// What shows that it was applied, step by step.
    pub fn goals(&self) -> impl Iterator<Item = Goal> {
        self.steps.iter().filter_map(|step| step.goal.clone())
    }
}
