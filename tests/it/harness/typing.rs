//! Typing as a person does: one key, and the next when the program has taken it.

use std::time::{Duration, Instant};

use super::{PATIENCE, Pty, Shown};

/// Between two looks at what the program has read.
const LOOK: Duration = Duration::from_micros(100);

/// A program that has not read for so long may have left.
const BUSY: Duration = Duration::from_millis(50);

impl Pty {
    /// Types keys in one write, and waits until the program has read them, or has left the screen:
    /// what is typed next is not in the same read.
    #[track_caller]
    pub(crate) fn types(&self, keys: &str) {
        self.send(keys);
        let start = Instant::now();
        loop {
            // What was written takes a moment to the program's end of the line.
            std::thread::park_timeout(LOOK);
            if self.unread() == 0 || (start.elapsed() > BUSY && self.has_left()) {
                return;
            }
            assert!(
                start.elapsed() < PATIENCE,
                "it reads nothing; on the screen:\n{}",
                self.shown().text()
            );
        }
    }

    /// Whether the program has given the screen back.
    pub(crate) fn has_left(&self) -> bool {
        !self.shown().alternate
    }

    /// Whether the screen is as wanted before that time is over.
    pub(crate) fn comes_to(&self, within: Duration, ready: impl Fn(&Shown) -> bool) -> bool {
        let end = Instant::now() + within;
        loop {
            if ready(&self.shown()) {
                return true;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || !self.stirs(left) {
                return ready(&self.shown());
            }
        }
    }
}
