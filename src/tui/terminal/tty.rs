//! One terminal: its descriptor, and whether we hold it.
//!
//! crossterm sets raw mode and keeps what the line was like before: of the
//! terminal that stdin is connected to, or else of the controlling one.
//!
//! Invariant: `held` is true exactly while the terminal is not as it was.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::termios::{QueueSelector, isatty, tcflush};

use super::modes::Modes;

/// How long a terminal that takes no bytes (ctrl-s, a dead line) may keep us
/// from leaving.
const PATIENCE: Duration = Duration::from_millis(300);

#[derive(Debug)]
pub(super) struct Tty {
    fd: OwnedFd,
    modes: Modes,
    held: Mutex<bool>,
}

impl Tty {
    /// # Errors
    /// If `fd` is no terminal.
    pub(super) fn new(fd: OwnedFd, modes: Modes) -> io::Result<Self> {
        if !isatty(&fd) {
            return Err(Errno::NOTTY.into());
        }
        Ok(Self {
            fd,
            modes,
            held: Mutex::new(false),
        })
    }

    /// Raw mode and our screen. Does nothing if it is held already.
    pub(super) fn take(&self) -> io::Result<()> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if *held {
            return Ok(());
        }
        enable_raw_mode()?;
        *held = true;
        let taken = self.write_all(self.modes.enter().as_bytes());
        if taken.is_err() {
            self.restore(&mut held);
        }
        taken
    }

    /// Everything as it was. Does nothing if it is not held.
    pub(super) fn give_back(&self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        self.restore(&mut held);
    }

    /// The same for a panic hook, which must not wait for the thread that
    /// panicked while it held the lock.
    pub(super) fn give_back_if_free(&self) {
        match self.held.try_lock() {
            Ok(mut held) => self.restore(&mut held),
            Err(std::sync::TryLockError::Poisoned(held)) => self.restore(&mut held.into_inner()),
            Err(std::sync::TryLockError::WouldBlock) => {}
        }
    }

    /// Errors are of no use to anybody here: the line may be gone.
    fn restore(&self, held: &mut bool) {
        if !std::mem::take(held) {
            return;
        }
        let _ = self.write_all(self.modes.leave().as_bytes());
        // Answers to our queries and keys meant for us are not the shell's.
        let _ = tcflush(&self.fd, QueueSelector::IFlush);
        // At once, not after output has drained: a stopped line never drains.
        let _ = disable_raw_mode();
    }

    pub(super) fn write(&self, bytes: &[u8]) -> io::Result<Option<usize>> {
        // Held for the length of the call, so that no frame can follow the
        // sequences that give the terminal back.
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if !*held {
            return Err(io::ErrorKind::NotConnected.into());
        }
        self.write_some(bytes)
    }

    fn write_some(&self, bytes: &[u8]) -> io::Result<Option<usize>> {
        loop {
            return match rustix::io::write(&self.fd, bytes) {
                Ok(count) => Ok(Some(count)),
                Err(Errno::AGAIN) => Ok(None),
                Err(Errno::INTR) => continue,
                Err(other) => Err(other.into()),
            };
        }
    }

    /// Writes all, waiting for a slow terminal, but not for ever.
    fn write_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        let until = Instant::now() + PATIENCE;
        while !bytes.is_empty() {
            if let Some(count) = self.write_some(bytes)? {
                bytes = bytes.get(count..).unwrap_or_default();
                continue;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            let wait = Timespec::try_from(left).map_err(|_| io::ErrorKind::TimedOut)?;
            match poll(&mut [PollFd::new(&self.fd, PollFlags::OUT)], Some(&wait)) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Ok(())
    }
}

impl AsFd for Tty {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}
