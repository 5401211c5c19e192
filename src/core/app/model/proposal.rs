//! A write that is proposed: what is asked before it, on the screen and on the command line.

use crate::act::Intent;
use crate::text::Clean;

/// A write that is proposed.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// What would be done.
    pub intent: Intent,
    /// The same for the AWS CLI, without values that look like secrets.
    pub commands: Vec<Clean>,
    /// What else should be known: what ECS will do, who owns the count, what IAM says.
    pub notes: Vec<Clean>,
    /// The name that has to be typed, where a yes is not enough.
    pub name: Option<Clean>,
}
