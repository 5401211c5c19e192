//! Writes that have ended.

use crate::act::{IntentId, Subject, Verb};
use crate::diagnose::CountSet;
use crate::domain::Time;
use crate::text::Clean;

/// A write that has ended, by whomever.
#[derive(Clone, Debug, PartialEq)]
pub struct PastAction {
    /// Which.
    pub id: IntentId,
    /// When it ended, on AWS's clock.
    pub at: Time,
    /// What it was about.
    pub subject: Subject,
    /// What it came to, where this version knows it: an answer to a hook that sends the deployment back is a rollback.
    pub verb: Option<Verb>,
    /// Who did it: a user of a machine, or a role's session.
    pub by: Clean,
    /// It was done in this very run.
    pub own: bool,
    /// Undo can take it back, as long as nobody else changes what it set.
    pub undoable: bool,
    /// What it was, and how it ended.
    pub text: Clean,
    /// It was done.
    pub good: bool,
    /// The count that it set, and who did it, where it set one.
    pub count: Option<CountSet>,
}
