//! The signals that a terminal program gets.

use tokio::signal::unix::{Signal as Stream, SignalKind, signal};

use crate::exit::Exit;
use crate::signals::Ending;

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    Resized,
    Suspend,
    Continued,
    /// It ends.
    End(Exit),
}

pub(super) struct Signals {
    resized: Stream,
    suspend: Stream,
    continued: Stream,
    pub(super) ending: Ending,
}

impl Signals {
    pub(super) fn new() -> std::io::Result<Self> {
        use rustix::process::Signal as Number;
        let raw = |number: Number| signal(SignalKind::from_raw(number.as_raw()));
        Ok(Self {
            resized: signal(SignalKind::window_change())?,
            suspend: raw(Number::TSTP)?,
            continued: raw(Number::CONT)?,
            ending: Ending::listen()?,
        })
    }

    /// Waits for the next one.
    pub(super) async fn next(&mut self) -> Signal {
        tokio::select! {
            exit = self.ending.next() => Signal::End(exit),
            _ = self.suspend.recv() => Signal::Suspend,
            _ = self.continued.recv() => Signal::Continued,
            _ = self.resized.recv() => Signal::Resized,
        }
    }
}
