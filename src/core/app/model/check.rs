//! Which revision is checked before it runs: on the command line, and beside the question before a write.

use crate::domain::Arn;

/// A revision that is about to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The cluster.
    pub cluster: Arn,
    /// The service that runs it; none for tasks by themselves.
    pub service: Option<Arn>,
    /// The task definition.
    pub revision: Arn,
}
