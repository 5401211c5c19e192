//! Why an action cannot even be proposed.

use super::Refusal;
use crate::text::Clean;

/// Why an action cannot even be proposed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ActError {
    /// What was given makes no sense, or something is missing.
    #[error("{0}")]
    Bad(Clean),
    /// It is so already.
    #[error("{0}")]
    Already(Clean),
    /// It cannot be done.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl ActError {
    /// It cannot be done, for this reason.
    pub(super) fn impossible(why: impl Into<String>) -> Self {
        Self::Refused(Refusal::Impossible(Clean::own(why.into())))
    }

    /// What was given makes no sense, for this reason.
    pub(super) fn bad(why: impl Into<String>) -> Self {
        Self::Bad(Clean::own(why.into()))
    }
}
