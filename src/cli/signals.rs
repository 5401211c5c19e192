//! The signals that end a command. A hang-up keeps its ordinary meaning, so that `nohup` works.

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::exit::Exit;

/// Listened to from the beginning on: a signal counts even while something else is being done.
pub(super) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    pub(super) fn new() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for the next one: how the command ends.
    pub(super) async fn next(&mut self) -> Exit {
        tokio::select! {
            _ = self.terminate.recv() => Exit::Terminated,
            _ = self.interrupt.recv() => Exit::Interrupted,
        }
    }
}
