//! How the process ends. The codes are the same for every command, and scripts rely on them.

use std::process::ExitCode;

use ecsdeck_core::act::{Outcome, Refusal};
use ecsdeck_core::domain::{CloudError, ErrorKind};

/// What a script learns from the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, or healthy.
    Done,
    /// The answer is bad news: stuck, failed, degraded, a task that failed.
    BadNews,
    /// Wrong usage or configuration, or no such thing.
    Usage,
    /// AWS could not be asked, or not about everything: credentials, rights, network, throttled to the end.
    NoCloud,
    /// Something was sent and nobody can say whether it was applied; or the wait ran into its timeout.
    OutcomeUnknown,
    /// It was refused, and nothing was changed: a guard, read-only, no rights to write, nobody to ask.
    Refused,
    /// A signal of this number ended it.
    Signal(u8),
}

impl Exit {
    /// The codes with what they mean, as the manual page and the README say it.
    pub const MEANINGS: [(u8, &'static str); 6] = [
        (0, "done, or healthy"),
        (
            1,
            "the answer is bad news: stuck, failed, degraded, a task that failed",
        ),
        (2, "wrong usage or configuration, or no such thing"),
        (
            3,
            "AWS could not be asked (credentials, rights, network, throttled to the end), or the answer is partial",
        ),
        (
            4,
            "the outcome is unknown: of a write, or because --wait ran into --timeout",
        ),
        (
            5,
            "refused, and nothing was changed: a guard, read-only, no rights to write, nobody to ask",
        ),
    ];

    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::BadNews => 1,
            Self::Usage => 2,
            Self::NoCloud => 3,
            Self::OutcomeUnknown => 4,
            Self::Refused => 5,
            // By the shell's custom.
            Self::Signal(number) => 128_u8.saturating_add(number),
        }
    }

    /// Whether a signal ended it.
    pub fn is_signal(self) -> bool {
        matches!(self, Self::Signal(_))
    }

    /// It was ended by the signal of this number.
    pub fn signal(number: i32) -> Self {
        Self::Signal(u8::try_from(number).unwrap_or(u8::MAX))
    }

    /// The terminal hung up, told by a signal or by the line itself.
    pub fn hung_up() -> Self {
        Self::signal(rustix::process::Signal::HUP.as_raw())
    }

    /// Interrupted.
    pub fn interrupted() -> Self {
        Self::signal(rustix::process::Signal::INT.as_raw())
    }

    /// How a command ends whose write ended so, and that a signal told to end meanwhile. That nothing was sent is then
    /// no refusal.
    pub fn of_outcome_and(outcome: &Outcome, signal: Option<Self>) -> Self {
        match (outcome, signal) {
            (Outcome::Refused(Refusal::Interrupted), Some(signal)) => signal,
            _ => Self::of_outcome(outcome),
        }
    }

    /// How a command ends that could not read what it needs.
    pub fn of_read(error: &CloudError) -> Self {
        match error.kind {
            ErrorKind::NotFound | ErrorKind::Invalid => Self::Usage,
            ErrorKind::NoCredentials
            | ErrorKind::Expired
            | ErrorKind::WrongCredentials
            | ErrorKind::Denied
            | ErrorKind::Throttled
            | ErrorKind::Conflict
            | ErrorKind::Unreachable
            | ErrorKind::TimedOut
            | ErrorKind::Server
            | ErrorKind::Malformed
            | ErrorKind::Other => Self::NoCloud,
        }
    }

    /// How a command ends whose write ended so.
    pub fn of_outcome(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::Done,
            Outcome::AppliedByUnknown(_) | Outcome::Unknown(_) => Self::OutcomeUnknown,
            Outcome::Refused(Refusal::Unreadable(error)) => Self::of_read(error),
            Outcome::Refused(_) => Self::Refused,
            Outcome::Failed(error) => Self::of_failed_write(error),
        }
    }

    fn of_failed_write(error: &CloudError) -> Self {
        match error.kind {
            ErrorKind::Denied => Self::Refused,
            ErrorKind::NotFound | ErrorKind::Invalid => Self::Usage,
            ErrorKind::NoCredentials
            | ErrorKind::Expired
            | ErrorKind::WrongCredentials
            | ErrorKind::Throttled
            | ErrorKind::Unreachable
            | ErrorKind::TimedOut => Self::NoCloud,
            // AWS was asked and said no.
            ErrorKind::Conflict | ErrorKind::Server | ErrorKind::Malformed | ErrorKind::Other => {
                Self::BadNews
            }
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::domain::Arn;
    use ecsdeck_core::text::Clean;

    use super::*;

    fn error(kind: ErrorKind) -> CloudError {
        CloudError {
            operation: "ecs:UpdateService",
            kind,
            code: None,
            message: Clean::default(),
            request_id: None,
        }
    }

    #[test]
    fn a_read_without_rights_is_no_answer_and_a_write_without_rights_is_refused() {
        let denied = error(ErrorKind::Denied);
        assert_eq!(Exit::of_read(&denied).code(), 3);
        let unreadable = Outcome::Refused(Refusal::Unreadable(denied.clone()));
        assert_eq!(Exit::of_outcome(&unreadable).code(), 3);
        assert_eq!(Exit::of_outcome(&Outcome::Failed(denied)).code(), 5);
    }

    #[test]
    fn each_end_of_a_write_has_its_code() {
        let gone = Refusal::Gone(Arn::new("web"));
        for (outcome, code) in [
            (Outcome::Done, 0),
            (Outcome::Failed(error(ErrorKind::Conflict)), 1),
            (Outcome::Failed(error(ErrorKind::NotFound)), 2),
            (Outcome::Failed(error(ErrorKind::Throttled)), 3),
            (Outcome::Failed(error(ErrorKind::Expired)), 3),
            (Outcome::Unknown(error(ErrorKind::TimedOut)), 4),
            (Outcome::AppliedByUnknown(error(ErrorKind::TimedOut)), 4),
            (Outcome::Refused(Refusal::ReadOnly), 5),
            (Outcome::Refused(gone), 5),
        ] {
            assert_eq!(Exit::of_outcome(&outcome).code(), code, "{outcome:?}");
        }
    }

    #[test]
    fn a_signal_ends_with_its_own_code_but_with_a_write_in_flight() {
        assert_eq!(Exit::interrupted().code(), 130);
        assert_eq!(Exit::hung_up().code(), 129);
        let (signal, refused) = (Exit::signal(15), Outcome::Refused(Refusal::Interrupted));
        assert_eq!(Exit::of_outcome_and(&refused, Some(signal)).code(), 143);
        let unknown = Outcome::Unknown(error(ErrorKind::TimedOut));
        assert_eq!(Exit::of_outcome_and(&unknown, Some(signal)).code(), 4);
        assert_eq!(Exit::of_outcome_and(&Outcome::Done, Some(signal)).code(), 0);
    }
}
