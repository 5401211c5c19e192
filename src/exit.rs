//! How the process ends. The codes are the same for every command.

use std::process::ExitCode;

/// What a script learns from the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, or healthy.
    Done,
    /// The answer is bad news: stuck, failed, refused by a guard, not found.
    BadNews,
    /// Wrong usage or configuration.
    Usage,
    /// AWS could not be asked: credentials, network, throttled to the end.
    NoCloud,
    /// Something was sent and nobody can say whether it was applied.
    OutcomeUnknown,
    /// The line to the user is gone.
    HungUp,
    /// Interrupted.
    Interrupted,
    /// Told to end.
    Terminated,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::BadNews => 1,
            Self::Usage => 2,
            Self::NoCloud => 3,
            Self::OutcomeUnknown => 4,
            // By the shell's custom: 128 and the signal's number.
            Self::HungUp => 129,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
