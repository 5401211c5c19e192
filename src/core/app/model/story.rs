//! What has become of a write since it was done: the end of the way from a cause to its cure.

use crate::act::{IntentId, Verb};
use crate::domain::Time;
use crate::text::Clean;

/// How far a service is after a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// It was sent, or AWS accepted it, and nothing shows yet whether it helps.
    UnderWay,
    /// The service was in trouble before, and is well.
    Recovered,
    /// The service is in trouble as before, or again.
    DidNotHelp,
    /// Somebody has deployed something else since.
    Superseded,
}

/// What has become of the last write to a service.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// Which write. None while it is being sent.
    pub write: Option<IntentId>,
    /// What it did.
    pub verb: Option<Verb>,
    /// How far it is.
    pub stand: Stand,
    /// That in words, for example `recovered 2 min after your rollback`.
    pub words: Clean,
    /// Undo can take the write back.
    pub undoable: bool,
}

/// When a row was seen to be in trouble last, and since when it is well.
///
/// The invariant: while it is in trouble it is not well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::app) struct Course {
    /// When it was in trouble last.
    pub(in crate::app) troubled: Option<Time>,
    /// Since when it is well, where it was seen to become so.
    pub(in crate::app) well: Option<Time>,
}

impl Course {
    /// What is seen now.
    pub(in crate::app) fn see(&mut self, is_bad: bool, is_well: bool, now: Time) {
        if is_bad {
            *self = Self {
                troubled: Some(now),
                well: None,
            };
        } else if !is_well {
            self.well = None;
        } else if self.troubled.is_some() && self.well.is_none() {
            self.well = Some(now);
        }
    }
}
