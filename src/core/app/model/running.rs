//! Writes that were confirmed and have not ended.

use crate::act::{Change, IntentId, Stage, Target, Verb};
use crate::text::Clean;

/// A write that was confirmed and has not ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    /// What it does, for example `scale web 2 → 4`.
    pub title: Clean,
    /// What it comes to: an answer to a hook that sends the deployment back is a rollback.
    pub verb: Verb,
    /// Undo will be able to take it back.
    pub(in crate::app) undoable: bool,
    /// Its target.
    pub target: Target,
    /// The change of the count, where it makes one.
    pub count: Option<Change>,
    /// How far it is.
    pub stage: Stage,
    /// The earlier run that it sends again.
    pub(in crate::app) resends: Option<IntentId>,
}
