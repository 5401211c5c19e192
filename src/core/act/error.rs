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
