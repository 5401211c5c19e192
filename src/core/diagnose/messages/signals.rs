//! What a message says, taken apart: its marks, its HTTP status, its exit code, its desired count.

use super::flat::flatten;
use super::lexicon::{Mark, Marks};
use super::numbers::{desired_count, exit_code, http_status};
use super::scan::scan;

/// The structure of one message.
pub(super) struct Signals {
    /// The message in comparable form.
    pub(super) flat: String,
    marks: Marks,
    /// An HTTP error status that a server answered.
    pub(super) status: Option<u16>,
    /// The exit code that the message tells.
    pub(super) exit: Option<i64>,
    /// The desired count that the message tells.
    pub(super) desired: Option<u32>,
}

impl Signals {
    pub(super) fn read(text: &str) -> Self {
        let flat = flatten(text);
        Self {
            marks: scan(&flat),
            status: http_status(&flat),
            exit: exit_code(&flat),
            desired: desired_count(&flat),
            flat,
        }
    }

    pub(super) fn has(&self, mark: Mark) -> bool {
        self.marks.has(mark)
    }

    pub(super) fn any(&self, marks: &[Mark]) -> bool {
        marks.iter().any(|mark| self.has(*mark))
    }

    pub(super) fn says(&self, phrase: &str) -> bool {
        self.flat.contains(phrase)
    }

    /// Whether a number follows the phrase, as in `has started 3 tasks`.
    pub(super) fn counts(&self, phrase: &str) -> bool {
        memchr::memmem::find_iter(self.flat.as_bytes(), phrase.as_bytes()).any(|at| {
            let after = self.flat.as_bytes().get(at + phrase.len());
            after.is_some_and(u8::is_ascii_digit)
        })
    }

    /// Whether ECS's error class is one of a container: `CannotStopContainerError`, `CannotExecContainerError`.
    pub(super) fn of_container(&self) -> bool {
        memchr::memmem::find_iter(self.flat.as_bytes(), "cannot").any(|at| {
            let rest = self.flat.get(at..).unwrap_or_default();
            let end = rest.find(|c: char| !c.is_ascii_alphabetic());
            let class = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
            class.contains("container") && class.ends_with("error")
        })
    }

    /// Whether the words complain at all: a mere mention is no fault.
    pub(super) fn complains(&self) -> bool {
        self.any(&[
            Mark::Failure,
            Mark::Network,
            Mark::Interrupted,
            Mark::Denied,
            Mark::NotFound,
        ])
    }

    /// The other end was not reached, or hung up.
    pub(super) fn network(&self) -> bool {
        self.has(Mark::Network)
    }

    /// The other end answered that this caller may not.
    pub(super) fn denied(&self) -> bool {
        self.any(&[Mark::Denied, Mark::IamDenied]) || matches!(self.status, Some(401 | 403))
    }

    /// The other end answered that there is no such thing.
    pub(super) fn not_found(&self) -> bool {
        self.has(Mark::NotFound) || self.status == Some(404)
    }

    /// An account's limit is reached. Too many calls a second are another matter.
    pub(super) fn over_quota(&self) -> bool {
        let told = self.has(Mark::Quota)
            || (self.has(Mark::QuotaWord)
                && (self.says("reached") || self.says("exceed"))
                && !self.says("exceeded maximum number"));
        told && !self.says("requestlimitexceeded")
    }

    /// The other end answered that it is asked too often.
    pub(super) fn throttled(&self) -> bool {
        self.any(&[Mark::Throttled, Mark::PullRate]) || self.status == Some(429)
    }
}
