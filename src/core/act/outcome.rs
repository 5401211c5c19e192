//! How far a write is, and how it ended.

use std::fmt;

use serde::Serialize;

use super::{Refusal, Word};
use crate::domain::CloudError;
use crate::text::Clean;

/// The steps after the person has confirmed, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Identity and target are read again.
    Checking,
    /// The intent is written to the journal.
    Journalling,
    /// The request is under way.
    Sending,
    /// The result is read.
    Reconciling,
}

/// How a write ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "result", content = "detail")]
pub enum Outcome {
    /// AWS shows the new values.
    Done,
    /// AWS refused it, all of it or the rest: the error says what was done before, if anything was.
    Failed(CloudError),
    /// It was not sent.
    Refused(Refusal),
    /// It was sent and no answer came. AWS shows the new values, which keep no mark of who set them: it was this write,
    /// or somebody else's.
    AppliedByUnknown(CloudError),
    /// It was sent, and nobody can say yet whether it was applied.
    Unknown(CloudError),
}

/// How a write ended, without why: as the journal has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeKind {
    /// AWS shows the new values.
    Done,
    /// AWS refused it, or a part of it.
    Failed,
    /// It was not sent.
    Refused,
    /// AWS shows the new values; nobody can say whether this write set them.
    AppliedByUnknown,
    /// Nobody can say whether it was applied.
    Unknown,
}

impl OutcomeKind {
    /// One word for people and scripts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::AppliedByUnknown => "applied_by_unknown",
            Self::Unknown => "unknown",
        }
    }
}

impl OutcomeKind {
    /// How it ended, for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::AppliedByUnknown => {
                "AWS shows the new value, but not whether this request or somebody else set it"
            }
            _ => self.as_str(),
        }
    }
}

impl Word for OutcomeKind {
    const ALL: &'static [Self] = &[
        Self::Done,
        Self::Failed,
        Self::Refused,
        Self::AppliedByUnknown,
        Self::Unknown,
    ];

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

impl fmt::Display for OutcomeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Outcome {
    /// How it ended, without why.
    pub fn kind(&self) -> OutcomeKind {
        match self {
            Self::Done => OutcomeKind::Done,
            Self::Failed(_) => OutcomeKind::Failed,
            Self::Refused(_) => OutcomeKind::Refused,
            Self::AppliedByUnknown(_) => OutcomeKind::AppliedByUnknown,
            Self::Unknown(_) => OutcomeKind::Unknown,
        }
    }

    /// One word for people and scripts.
    pub fn word(&self) -> &'static str {
        self.kind().as_str()
    }

    /// How it ended, for people.
    pub fn words(&self) -> &'static str {
        self.kind().words()
    }

    /// Why, where there is more to say than the word.
    pub fn detail(&self) -> Option<Clean> {
        match self {
            Self::Done => None,
            Self::Failed(error) | Self::AppliedByUnknown(error) | Self::Unknown(error) => {
                Some(Clean::own(error.to_string()))
            }
            Self::Refused(refusal) => Some(Clean::own(refusal.to_string())),
        }
    }

    /// AWS's id of the request that failed, for a support case.
    pub fn request_id(&self) -> Option<&Clean> {
        match self {
            Self::Failed(error) | Self::AppliedByUnknown(error) | Self::Unknown(error) => {
                error.request_id.as_ref()
            }
            Self::Done | Self::Refused(_) => None,
        }
    }
}
