//! A write as the journal has it, out of all its lines: enough to show it, to settle it, to take it back, to send it
//! again.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Author;
use crate::act::{Change, Goal, IntentId, Made, OutcomeKind, Recorded, Target, Verb};
use crate::domain::Time;
use crate::text::Clean;

/// One request as it was written down.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedStep {
    /// The operation as IAM names it.
    pub operation: Clean,
    /// The body, values of environment variables withheld.
    pub request: Value,
    /// What shows that it was applied; none where this version does not know such a goal.
    pub goal: Option<Goal>,
}

/// How a write ended, as far as is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// When, on AWS's clock.
    pub at: Time,
    /// How.
    pub outcome: Recorded<OutcomeKind>,
    /// Why, where there is more to say.
    pub detail: Option<Clean>,
    /// How often requests were sent.
    pub attempts: Option<u32>,
    /// AWS's ids of the requests.
    pub request_ids: Vec<Clean>,
    /// It was found out later, by reading.
    pub settled: bool,
}

/// What has become of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// No outcome is on record: it is under way, or what sent it was killed.
    Open,
    /// No answer came, and nobody has found out yet whether it was applied.
    Unknown,
    /// No answer came, and it could not be found out later either.
    Unknowable,
    /// It was applied, and stands.
    Done,
    /// AWS showed the new values, of which nobody knows whether this write set them.
    AppliedByUnknown,
    /// It was applied, and taken back since.
    Undone,
    /// AWS refused it, or a part of it.
    Failed,
    /// It was not sent.
    Refused,
    /// It ended in a way that only another version knows.
    Other,
}

impl State {
    /// Whether it is known how it ended, as far as that can be known: nobody looks again.
    pub fn is_settled(self) -> bool {
        !matches!(self, Self::Open | Self::Unknown)
    }
}

/// A write as the journal has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The intent's id.
    pub id: IntentId,
    /// When it was decided.
    pub at: Time,
    /// Who decided it.
    pub who: Author,
    /// What it does.
    pub verb: Recorded<Verb>,
    /// Where it went.
    pub target: Target,
    /// What changed.
    pub changes: Vec<Change>,
    /// What was sent, or was about to be.
    pub steps: Vec<RecordedStep>,
    /// What was made.
    pub made: Made,
    /// Which of the requests AWS accepted, by their place from 0.
    pub accepted: BTreeSet<usize>,
    /// The earlier intent that it takes back.
    pub undoes: Option<IntentId>,
    /// How it ended, as far as is known.
    pub ended: Option<Ended>,
    /// The write that has taken it back, and stands.
    pub undone_by: Option<IntentId>,
    /// Its intent is on record. Of one whose intent is lost nothing can be settled or taken back.
    pub whole: bool,
}

impl Record {
    /// What has become of it.
    pub fn state(&self) -> State {
        let Some(ended) = &self.ended else {
            return State::Open;
        };
        match ended.outcome.known() {
            Some(OutcomeKind::Done | OutcomeKind::AppliedByUnknown) if self.undone_by.is_some() => {
                State::Undone
            }
            Some(OutcomeKind::Done) => State::Done,
            Some(OutcomeKind::AppliedByUnknown) => State::AppliedByUnknown,
            Some(OutcomeKind::Failed) => State::Failed,
            Some(OutcomeKind::Refused) => State::Refused,
            Some(OutcomeKind::Unknown) if ended.settled => State::Unknowable,
            Some(OutcomeKind::Unknown) => State::Unknown,
            None => State::Other,
        }
    }

    /// Whether what it wanted came about, though it may have been taken back since.
    pub fn is_done(&self) -> bool {
        matches!(
            self.state(),
            State::Done | State::AppliedByUnknown | State::Undone
        )
    }

    /// Whether what it wanted came about, and was not taken back.
    pub fn stands(&self) -> bool {
        self.whole && matches!(self.state(), State::Done | State::AppliedByUnknown)
    }

    /// What shows that it was applied, step by step.
    pub fn goals(&self) -> impl Iterator<Item = &Goal> {
        self.steps.iter().filter_map(|step| step.goal.as_ref())
    }

    /// The change of a service's desired count, where it made one.
    pub fn count(&self) -> Option<&Change> {
        Change::of_count(&self.changes)
    }

    /// AWS's ids of its requests.
    pub fn request_ids(&self) -> &[Clean] {
        self.ended.as_ref().map_or(&[], |ended| &ended.request_ids)
    }

    /// Why it ended as it did, where there is more to say.
    pub fn detail(&self) -> Option<&Clean> {
        self.ended.as_ref()?.detail.as_ref()
    }

    /// What it changes, for example `desired count 2 -> 4`.
    pub fn change_words(&self, arrow: &str) -> String {
        Change::words(&self.changes, arrow)
    }

    /// What it is about, for example `service web`.
    pub fn target_words(&self) -> String {
        let subject = &self.target.subject;
        format!("{} {}", subject.kind(), subject.name())
    }

    /// How it ended, in words: `done`, `done, undone by 1a2b3c4d`, `no outcome on record`.
    pub fn result_words(&self) -> String {
        let Some(ended) = &self.ended else {
            return "no outcome on record".to_owned();
        };
        let outcome = ended.outcome.known();
        let outcome = match outcome {
            Some(kind) => kind.words(),
            None => ended.outcome.as_str(),
        };
        match &self.undone_by {
            Some(by) => format!("{outcome}, undone by {}", by.short()),
            None => outcome.to_owned(),
        }
    }
}
