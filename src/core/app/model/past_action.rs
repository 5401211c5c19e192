//! Writes that have ended.

use crate::act::{IntentId, Subject};
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
    /// What it was, and how it ended.
    pub text: Clean,
    /// It was done.
    pub good: bool,
    /// The count that it set, and who did it, where it set one.
    pub count: Option<CountSet>,
}
