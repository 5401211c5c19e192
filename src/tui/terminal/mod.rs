//! The terminal, taken and given back.
//!
//! Invariants: what the terminal was before (its line settings to the byte,
//! its screen, its modes) it is after, whichever way the program ends short of
//! being killed outright; giving back twice does nothing the second time; the
//! file description is our own, so the shell's is never made non-blocking.

mod commands;
mod job;
mod modes;
mod open;
mod panic;
mod tty;
mod watchdog;

#[cfg(test)]
mod line;

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;

use ratatui::layout::Size;
use rustix::io::Errno;

pub(crate) use self::commands::push;
pub use self::commands::{Multiplexer, to_clipboard};
pub use self::modes::Modes;
pub use self::open::{Unusable, usable};
pub use self::panic::restore_on_panic;
pub use self::watchdog::{GRACE, HANG_UP_EXIT, watch_for_hang_up};

use self::tty::Tty;

/// Holds the terminal in raw mode on the alternate screen. Dropping it gives
/// the terminal back.
#[derive(Debug)]
pub struct Guard {
    tty: Arc<Tty>,
}

impl Guard {
    /// Takes the terminal that stdin or stdout is connected to, or else the
    /// controlling one. In a background job this stops the job until it is
    /// brought to the foreground.
    ///
    /// # Errors
    /// Where there is no terminal or it cannot be set; it is then as before.
    pub fn enter(modes: Modes) -> io::Result<Self> {
        Self::enter_on(open::own_description()?, modes)
    }

    /// Takes the terminal through `fd`, which must be a description of its own:
    /// it is expected to be non-blocking.
    fn enter_on(fd: OwnedFd, modes: Modes) -> io::Result<Self> {
        let tty = Arc::new(Tty::new(fd, modes)?);
        panic::remember(&tty);
        job::wait_for_foreground(tty.as_fd());
        tty.take()?;
        Ok(Self { tty })
    }

    /// Reads what was typed. `None` is nothing yet; `Some(0)` is a terminal
    /// that hung up and will never say anything again.
    ///
    /// # Errors
    /// Anything but "would block", an interruption or a hang-up.
    pub fn read(&self, into: &mut [u8]) -> io::Result<Option<usize>> {
        loop {
            return match rustix::io::read(self.tty.as_fd(), &mut *into) {
                Ok(count) => Ok(Some(count)),
                Err(Errno::AGAIN) => Ok(None),
                Err(Errno::INTR) => continue,
                Err(Errno::IO) => Ok(Some(0)),
                Err(other) => Err(other.into()),
            };
        }
    }

    /// Writes as much as the terminal takes now. `None` is nothing now: wait
    /// until the descriptor is writable.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotConnected`] after the terminal was given back (a
    /// panic elsewhere does that), or what the system says.
    pub fn write(&self, bytes: &[u8]) -> io::Result<Option<usize>> {
        self.tty.write(bytes)
    }

    /// Columns and rows. A terminal that does not know is taken for 80×24.
    #[must_use]
    pub fn size(&self) -> Size {
        known(crossterm::terminal::size().unwrap_or_default())
    }

    /// Gives the terminal back for a while, as for a program that is run on
    /// it. Does nothing if it was given back already.
    pub fn give_back(&self) {
        self.tty.give_back();
    }

    /// Takes the terminal again after [`Guard::give_back`], with the line
    /// settings that it has now as those to go back to. The screen's content
    /// is unknown: invalidate the painter.
    ///
    /// After a SIGCONT that nobody expected, give back and take back: the
    /// shell has used the terminal meanwhile.
    ///
    /// # Errors
    /// As [`Guard::enter`].
    pub fn take_back(&self) -> io::Result<()> {
        job::wait_for_foreground(self.tty.as_fd());
        self.tty.take()
    }

    /// What ctrl-z does: gives the terminal back, stops the whole job, and
    /// takes the terminal again when the job is continued in the foreground.
    /// Returns whether it stopped: without a shell that could continue it, it
    /// does not, and the screen was only left and entered. Either way the
    /// painter must be invalidated, and what was asked for before is old.
    ///
    /// # Errors
    /// As [`Guard::enter`].
    pub fn suspend(&self) -> io::Result<bool> {
        self.tty.give_back();
        let stopped = job::stop();
        self.take_back()?;
        Ok(stopped)
    }
}

impl AsFd for Guard {
    /// For readiness only; the description is non-blocking.
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.tty.as_fd()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.tty.give_back();
    }
}

/// The size, with the usual one for what is not known.
fn known((cols, rows): (u16, u16)) -> Size {
    Size {
        width: if cols == 0 { 80 } else { cols },
        height: if rows == 0 { 24 } else { rows },
    }
}

#[cfg(test)]
mod tests {
    use super::line::{Line, settings};
    use super::*;

    #[test]
    fn the_line_settings_are_given_back_to_the_byte() {
        let line = Line::on_stdin();
        let before = settings(&line.slave);
        let guard = Guard::enter_on(line.own(), Modes::default()).unwrap();
        assert_ne!(settings(&line.slave), before);
        drop(guard);
        assert_eq!(settings(&line.slave), before);
    }

    #[test]
    fn every_mode_that_was_set_is_reset() {
        let line = Line::on_stdin();
        let modes = Modes { mouse: true };
        let guard = Guard::enter_on(line.own(), modes).unwrap();
        let entered = line.said_until("\x1b[2J");
        drop(guard);
        let left = line.said_until("\x1b[?1049l");
        for mode in ["1049", "2004", "1000", "1002", "1006"] {
            assert!(
                entered.contains(&format!("\x1b[?{mode}h")),
                "{mode} in {entered:?}"
            );
            assert!(
                left.contains(&format!("\x1b[?{mode}l")),
                "{mode} in {left:?}"
            );
        }
        for (set, reset) in [("\x1b[?25l", "\x1b[?25h"), ("\x1b[?7l", "\x1b[?7h")] {
            assert!(entered.contains(set), "{set:?} in {entered:?}");
            assert!(left.contains(reset), "{reset:?} in {left:?}");
        }
        for always in ["\x1b[r", "\x1b[m", "\x1b[?2026l", "\x1b[?1l"] {
            assert!(left.contains(always), "{always:?} in {left:?}");
        }
    }

    #[test]
    fn giving_back_twice_says_nothing_the_second_time() {
        let line = Line::on_stdin();
        let guard = Guard::enter_on(line.own(), Modes::default()).unwrap();
        guard.give_back();
        line.said_until("\x1b[?1049l");
        drop(guard);
        rustix::io::write(&line.slave, b"prompt").unwrap();
        assert_eq!(line.said_until("prompt"), "prompt");
    }

    #[test]
    fn nothing_is_written_to_a_terminal_that_was_given_back() {
        let line = Line::on_stdin();
        let guard = Guard::enter_on(line.own(), Modes::default()).unwrap();
        guard.give_back();
        let error = guard.write(b"late").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotConnected);
        guard.take_back().unwrap();
        assert_eq!(guard.write(b"again").unwrap(), Some(5));
    }

    #[test]
    fn fifty_times_back_and_forth_change_nothing() {
        let line = Line::on_stdin();
        let before = settings(&line.slave);
        let guard = Guard::enter_on(line.own(), Modes::default()).unwrap();
        let taken = settings(&line.slave);
        for _ in 0..50 {
            guard.give_back();
            assert_eq!(settings(&line.slave), before);
            guard.take_back().unwrap();
            assert_eq!(settings(&line.slave), taken);
            line.said();
        }
    }

    #[test]
    fn unwinding_gives_the_terminal_back() {
        let line = Line::on_stdin();
        let before = settings(&line.slave);
        let own = line.own();
        let ended = std::thread::spawn(move || {
            let _guard = Guard::enter_on(own, Modes::default()).unwrap();
            std::panic::resume_unwind(Box::new("a bug"));
        })
        .join();
        assert!(ended.is_err());
        assert_eq!(settings(&line.slave), before);
    }

    #[test]
    fn reading_tells_nothing_yet_from_a_hang_up() {
        let line = Line::on_stdin();
        let guard = Guard::enter_on(line.own(), Modes::default()).unwrap();
        let mut into = [0; 16];
        assert_eq!(guard.read(&mut into).unwrap(), None);
        line.type_in(b"y");
        line.wait_readable(&guard);
        assert_eq!(guard.read(&mut into).unwrap(), Some(1));
        line.hang_up();
        assert_eq!(guard.read(&mut into).unwrap(), Some(0));
    }

    #[test]
    fn the_descriptor_that_was_there_before_stays_blocking() {
        let line = Line::on_stdin();
        let _guard = Guard::enter_on(line.own(), Modes::default()).unwrap();
        let flags = rustix::fs::fcntl_getfl(&line.slave).unwrap();
        assert!(!flags.contains(rustix::fs::OFlags::NONBLOCK));
    }

    #[test]
    fn a_size_that_is_not_known_is_the_usual_one() {
        assert_eq!(known((0, 0)), Size::new(80, 24));
        assert_eq!(known((132, 43)), Size::new(132, 43));
    }
}
