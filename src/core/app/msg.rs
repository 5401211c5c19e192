//! What happened. Past tense, and data only.

use super::model::check::Check;
use super::model::expired_tasks::ExpiredTask;
use super::model::insights::QueryWish;
use super::model::log_target::LogTarget;
use super::model::past_action::PastAction;
use super::model::row_key::RowKey;
use super::model::slot::{RequestId, Slot};
use super::query::Answer;
use crate::act::Wish;
use crate::act::{History, IntentId, Outcome, OutcomeKind, Record, Seen, Stage};
use crate::domain::{CloudError, Time};
use crate::keys::Key;
use crate::text::Clean;

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// A key was pressed.
    Key {
        /// Which.
        key: Key,
        /// It came by itself: not in a burst with others, as pasted or typed-ahead keys do.
        alone: bool,
    },
    /// Text was pasted.
    Pasted(String),
    /// The terminal has another size, in cells.
    Resized {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// The terminal has shown the frame that was asked about with this number.
    Shown(u64),
    /// Nothing happened but time: a deadline that [`super::Model::next_wake`] named has come.
    Ticked,
    /// The process runs again after having been stopped.
    Resumed,
    /// A part of an answer came.
    Read {
        /// What it is about.
        slot: Slot,
        /// Which reading.
        request: RequestId,
        /// The part.
        answer: Answer,
    },
    /// A reading ended.
    ReadEnded {
        /// What it is about.
        slot: Slot,
        /// Which reading.
        request: RequestId,
        /// Whether it went through to the end.
        result: Result<(), CloudError>,
    },
    /// A log was asked for by name, on the command line.
    LogAsked {
        /// Whose.
        target: LogTarget,
        /// From when on.
        since: Time,
        /// Up to where; absent: up to the newest line, and on.
        until: Option<Time>,
        /// CloudWatch's own filter pattern.
        pattern: Option<Clean>,
    },
    /// Somebody wants a query of Logs Insights. It leads to [`super::Model::insights`].
    QueryAsked(QueryWish),
    /// Somebody said yes to what the query can be expected to cost.
    QueryAgreed,
    /// Nobody wants the query any more.
    QueryLeft,
    /// Somebody asks on the command line why this row is as it is.
    WhyAsked(RowKey),
    /// Somebody asks on the command line what will fail of a revision before it runs.
    CheckAsked(Check),
    /// Nobody wants to know that any more.
    CheckLeft,
    /// Somebody wishes on the command line that something is changed. It leads to [`super::Model::proposal`].
    Wished {
        /// What.
        wish: Box<Wish>,
        /// Only to see what would be sent.
        dry_run: bool,
    },
    /// Somebody said yes on the command line to what was proposed.
    Decided,
    /// The total of calls made to AWS so far, sent when it has changed.
    Called(u64),
    /// A confirmed write reached a step.
    ActReached {
        /// Which write.
        intent: IntentId,
        /// The step.
        stage: Stage,
    },
    /// A confirmed write ended.
    Acted {
        /// Which write.
        intent: IntentId,
        /// How.
        outcome: Outcome,
        /// What was read and made: targets as they were read last, tasks that were started.
        seen: Box<Seen>,
    },
    /// What is kept on disk was read.
    KeptLoaded {
        /// The account that it is of.
        account: Clean,
        /// Stopped tasks.
        tasks: Vec<ExpiredTask>,
        /// Writes that the journal says have ended, oldest first.
        actions: Vec<PastAction>,
        /// What was wrong, where something was.
        problem: Option<Clean>,
    },
    /// Stopped tasks could not be kept on disk, and why.
    StoppedNotKept(Clean),
    /// The journal was read, oldest first; or why it could not be.
    JournalRead(Result<History, Clean>),
    /// It was looked at what became of a write whose end nobody saw.
    JournalSettled {
        /// What it was.
        title: Clean,
        /// `done`, `failed` or `unknown`; none while nobody can say.
        outcome: Option<OutcomeKind>,
        /// Why.
        detail: Clean,
        /// It is a run that started nothing, and may be sent again.
        resend: Option<Box<Record>>,
    },
    /// It was looked at what became of all writes whose end nobody saw, or there is no journal to look at.
    EarlierSettled,
    /// A file was written: its path, or what went wrong.
    Saved(Result<Clean, Clean>),
}
