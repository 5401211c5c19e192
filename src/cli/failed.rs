//! Why a command could not do its work, and the exit code that says so.

use ecsdeck_core::act::IntentId;
use ecsdeck_core::domain::CloudError;
use ecsdeck_core::names::NameError;

use crate::exit::Exit;
use crate::settings::UsageError;

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failed {
    /// It was called wrongly.
    #[error(transparent)]
    Usage(#[from] UsageError),
    /// What was named is not there, or several things are named so.
    #[error("{0}")]
    NoSuch(String),
    /// AWS could not be asked.
    #[error("{}", cloud_words(.0))]
    Cloud(Box<CloudError>),
    /// A signal ended it.
    #[error("{}", if *.0 == Exit::interrupted() { "interrupted" } else { "terminated" })]
    Signal(Exit),
    /// It ended with a write in flight.
    #[error(
        "the request was sent; its outcome is unknown (write {}).\nHint: run ecsdeck journal to see the outcome",
        .0.short()
    )]
    InFlight(IntentId),
    /// What was waited for did not come in time.
    #[error("{0}")]
    TimedOut(String),
    /// The worker could not begin.
    #[error("{0}")]
    Worker(String),
    /// It must not be done.
    #[error("{0}")]
    Refused(String),
    /// The system refused something.
    #[error(transparent)]
    System(#[from] std::io::Error),
}

impl Failed {
    /// The code that the command ends with.
    pub(super) fn exit(&self) -> Exit {
        match self {
            // What the system refuses is for the user to put right, as a wrong setting is.
            Self::Usage(_) | Self::NoSuch(_) | Self::System(_) => Exit::Usage,
            Self::Cloud(error) => Exit::of_read(error),
            Self::Worker(_) => Exit::NoCloud,
            Self::Signal(exit) => *exit,
            Self::InFlight(_) | Self::TimedOut(_) => Exit::OutcomeUnknown,
            Self::Refused(_) => Exit::Refused,
        }
    }
}

impl From<NameError> for Failed {
    fn from(error: NameError) -> Self {
        Self::NoSuch(error.to_string())
    }
}

/// An error of AWS's for the end of a command: what, why, and what to do.
pub(super) fn cloud_words(error: &CloudError) -> String {
    let id = error
        .request_id
        .as_ref()
        .map(|id| format!(" (request {id})"))
        .unwrap_or_default();
    let hint = if error.hint().is_empty() {
        String::new()
    } else {
        format!("\nHint: {}", error.hint())
    };
    format!("{error}{id}{hint}")
}
