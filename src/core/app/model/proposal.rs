//! A write that is proposed: what is asked before it, on the screen and on the command line.

use super::check::Check;
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
    /// The revision of which it starts tasks, where that is known: it is checked beside the question.
    pub check: Option<Check>,
    /// The name that has to be typed, where a yes is not enough.
    pub name: Option<Clean>,
}
