//! Finding the terminal, and saying why there is none.

use std::ffi::OsStr;
use std::fmt;
use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::{Mode, OFlags};
use rustix::path::Arg;
use rustix::termios::{isatty, ttyname};

/// Why the console cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// Input or output goes somewhere else.
    NotATerminal {
        /// "input" or "output".
        end: &'static str,
    },
    /// TERM is unset or empty.
    TermUnset,
    /// TERM names a terminal without cursor movement.
    Dumb {
        /// The value of TERM.
        term: String,
    },
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotATerminal { end } => write!(f, "standard {end} is not a terminal"),
            Self::TermUnset => write!(f, "TERM is not set, so the kind of terminal is unknown"),
            Self::Dumb { term } => write!(f, "TERM={term} is a terminal without cursor movement"),
        }
    }
}

impl std::error::Error for Unusable {}

/// Whether stdin, stdout and TERM are those of a terminal that can show the
/// console.
///
/// # Errors
/// The reason why not.
pub fn usable() -> Result<(), Unusable> {
    judge(
        std::env::var_os("TERM").as_deref(),
        isatty(io::stdin()),
        isatty(io::stdout()),
    )
}

fn judge(term: Option<&OsStr>, input: bool, output: bool) -> Result<(), Unusable> {
    for (is_terminal, end) in [(input, "input"), (output, "output")] {
        if !is_terminal {
            return Err(Unusable::NotATerminal { end });
        }
    }
    let term = term.map(OsStr::to_string_lossy).unwrap_or_default();
    match term.as_ref() {
        "" => Err(Unusable::TermUnset),
        "dumb" | "unknown" | "network" | "dialup" => Err(Unusable::Dumb {
            term: term.into_owned(),
        }),
        _ => Ok(()),
    }
}

/// Opens the terminal anew: `O_NONBLOCK` belongs to the file description, and
/// the one that we were given is the shell's, too.
pub(super) fn own_description() -> io::Result<OwnedFd> {
    if let Some(fd) = reopened(io::stdin()).or_else(|| reopened(io::stdout())) {
        return Ok(fd);
    }
    // After su the terminal's own file may belong to somebody else.
    Ok(open("/dev/tty")?)
}

fn reopened(fd: impl AsFd) -> Option<OwnedFd> {
    let name = ttyname(fd, Vec::new()).ok()?;
    open(name).ok()
}

pub(super) fn open(path: impl Arg) -> rustix::io::Result<OwnedFd> {
    let flags = OFlags::RDWR | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    rustix::fs::open(path, flags, Mode::empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_terminal_is_usable() {
        assert_eq!(
            judge(Some(OsStr::new("xterm-256color")), true, true),
            Ok(())
        );
        assert_eq!(judge(Some(OsStr::new("linux")), true, true), Ok(()));
    }

    #[test]
    fn a_dumb_or_unnamed_terminal_is_not() {
        assert_eq!(judge(None, true, true), Err(Unusable::TermUnset));
        assert_eq!(
            judge(Some(OsStr::new("")), true, true),
            Err(Unusable::TermUnset)
        );
        let dumb = judge(Some(OsStr::new("dumb")), true, true).unwrap_err();
        assert_eq!(
            dumb.to_string(),
            "TERM=dumb is a terminal without cursor movement"
        );
    }

    #[test]
    fn a_pipe_is_not() {
        let piped = judge(Some(OsStr::new("xterm")), true, false).unwrap_err();
        assert_eq!(piped.to_string(), "standard output is not a terminal");
        let piped = judge(Some(OsStr::new("xterm")), false, true).unwrap_err();
        assert_eq!(piped.to_string(), "standard input is not a terminal");
    }
}
