//! How far a write is, and how it ended.

use serde::Serialize;

use super::Refusal;
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
    /// It was sent, and nobody can say yet whether it was applied.
    Unknown(CloudError),
}

impl Outcome {
    /// One word for people and scripts.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed(_) => "failed",
            Self::Refused(_) => "refused",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Why, where there is more to say than the word.
    pub fn detail(&self) -> Option<Clean> {
        match self {
            Self::Done => None,
            Self::Failed(error) | Self::Unknown(error) => Some(Clean::own(error.to_string())),
            Self::Refused(refusal) => Some(Clean::own(refusal.to_string())),
        }
    }

    /// AWS's id of the request that failed, for a support case.
    pub fn request_id(&self) -> Option<&Clean> {
        match self {
            Self::Failed(error) | Self::Unknown(error) => error.request_id.as_ref(),
            Self::Done | Self::Refused(_) => None,
        }
    }
}
