//! How far a write is, and how it ended.

use serde::Serialize;

use super::{Intent, Refusal, Request};
use crate::domain::{CloudError, Service};
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
    /// AWS refused it; nothing changed.
    Failed(CloudError),
    /// It was not sent.
    Refused(Refusal),
    /// It was sent, and nobody can say yet whether it was applied.
    Unknown(CloudError),
}

/// What a read says about a write of which no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// The new values are there.
    Applied,
    /// The old values are there (still).
    NotApplied,
    /// Other values are there: somebody else changed it meanwhile.
    Overtaken,
}

impl Intent {
    /// Reads off the target whether the write was applied.
    pub fn settle(&self, service: &Service) -> Settlement {
        let super::Guard::Scale {
            desired: before, ..
        } = &self.guard;
        let Request::UpdateService(update) = &self.request;
        match update.desired_count {
            Some(after) if service.desired == after => Settlement::Applied,
            _ if service.desired == *before => Settlement::NotApplied,
            _ => Settlement::Overtaken,
        }
    }
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
}
