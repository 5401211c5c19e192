//! Which revision is checked before it runs.

use crate::domain::Arn;

/// A revision that a service is about to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The service.
    pub service: Arn,
    /// The task definition.
    pub revision: Arn,
}
