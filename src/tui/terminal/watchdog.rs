//! Notices that the line has dropped.
//!
//! A thread sleeps in poll(2) without a timeout and without asking for any
//! event, so it wakes for an error or a hang-up and for nothing else. It ends
//! the process if the program does not end by itself: whatever else hangs, a
//! console whose SSH connection is gone must not stay.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

/// How long the program has to end by itself after a hang-up.
pub const GRACE: Duration = Duration::from_millis(800);

/// Exit code after a hang-up: 128 + SIGHUP.
pub const HANG_UP_EXIT: i32 = 129;

/// Calls `told` once, from a thread of its own, when `tty` hangs up; ends the
/// process with [`HANG_UP_EXIT`] if it is still there after [`GRACE`].
///
/// # Errors
/// If the descriptor cannot be duplicated or the thread cannot be started.
pub fn watch_for_hang_up(tty: impl AsFd, told: impl FnOnce() + Send + 'static) -> io::Result<()> {
    watch(tty, told, GRACE, || std::process::exit(HANG_UP_EXIT))
}

fn watch(
    tty: impl AsFd,
    told: impl FnOnce() + Send + 'static,
    grace: Duration,
    end: impl FnOnce() + Send + 'static,
) -> io::Result<()> {
    let tty = tty.as_fd().try_clone_to_owned()?;
    thread::Builder::new()
        .name("tty-watchdog".to_owned())
        .stack_size(256 * 1024)
        .spawn(move || {
            wait(&tty);
            told();
            thread::sleep(grace);
            end();
        })?;
    Ok(())
}

/// Returns when the terminal has hung up.
fn wait(tty: &OwnedFd) {
    let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
    loop {
        let mut watched = [PollFd::new(tty, PollFlags::empty())];
        match poll(&mut watched, None) {
            Ok(_) if watched.iter().any(|w| w.revents().intersects(gone)) => return,
            // Stopping and continuing the process interrupts.
            Ok(_) | Err(Errno::INTR) => {}
            // It cannot be watched; better gone than spinning.
            Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::mpsc::{TryRecvError, channel};

    use super::super::line::Line;
    use super::*;

    const LONG: Duration = Duration::from_secs(20);

    #[test]
    fn a_hang_up_is_told_and_then_ends_the_process() {
        let line = Line::odd();
        let (tell, told) = channel();
        let ended = tell.clone();
        let own = line.own();
        watch(
            &own,
            move || tell.send("told").unwrap(),
            Duration::ZERO,
            move || ended.send("ended").unwrap(),
        )
        .unwrap();
        assert_eq!(told.try_recv(), Err(TryRecvError::Empty));
        line.hang_up();
        assert_eq!(told.recv_timeout(LONG), Ok("told"));
        assert_eq!(told.recv_timeout(LONG), Ok("ended"));
    }

    #[test]
    fn typing_does_not_wake_it() {
        let line = Line::odd();
        let own = line.own();
        let (tell, told) = channel();
        let hung_up = Arc::new(AtomicBool::new(false));
        let was_hung_up = Arc::clone(&hung_up);
        watch(
            &own,
            move || tell.send(was_hung_up.load(Ordering::SeqCst)).unwrap(),
            Duration::ZERO,
            || {},
        )
        .unwrap();
        line.type_in(b"many keys\r");
        line.wait_readable(&line.slave);
        hung_up.store(true, Ordering::SeqCst);
        line.hang_up();
        assert_eq!(told.recv_timeout(LONG), Ok(true));
    }
}
