//! A pseudo-terminal for tests.

use std::cell::RefCell;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crossterm::terminal::disable_raw_mode;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, ptsname, unlockpt};
use rustix::termios::{
    InputModes, LocalModes, OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr,
};

use super::open::open;

/// Both ends of a line.
pub(super) struct Line {
    master: RefCell<Option<OwnedFd>>,
    path: std::ffi::CString,
    /// The shell's end, as it were.
    pub(super) slave: OwnedFd,
    stdin: Option<Stdin>,
}

/// Stdin is this process's only one: who has it has it alone.
static STDIN: Mutex<()> = Mutex::new(());

/// What stdin was before a line took its place.
struct Stdin {
    before: OwnedFd,
    _alone: MutexGuard<'static, ()>,
}

impl Drop for Stdin {
    fn drop(&mut self) {
        rustix::stdio::dup2_stdin(&self.before).unwrap();
    }
}

impl Line {
    /// A line with settings that nobody has by default.
    pub(super) fn odd() -> Self {
        let master =
            openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let path = ptsname(&master, Vec::new()).unwrap();
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let slave = ioctl_tiocgptpeer(&master, flags).unwrap();
        set_odd(&slave);
        let flags = fcntl_getfl(&master).unwrap();
        fcntl_setfl(&master, flags | OFlags::NONBLOCK).unwrap();
        Self {
            master: RefCell::new(Some(master)),
            path,
            slave,
            stdin: None,
        }
    }

    /// The same as this process's stdin, whose settings crossterm changes. One
    /// at a time.
    pub(super) fn on_stdin() -> Self {
        let alone = STDIN.lock().unwrap_or_else(PoisonError::into_inner);
        let before = rustix::stdio::stdin().try_clone_to_owned().unwrap();
        let mut line = Self::odd();
        rustix::stdio::dup2_stdin(&line.slave).unwrap();
        line.stdin = Some(Stdin {
            before,
            _alone: alone,
        });
        // A line that hung up could not be given back, and crossterm would
        // take this one for it.
        disable_raw_mode().unwrap();
        set_odd(&line.slave);
        line
    }

    /// A description of our own, as the guard opens it.
    pub(super) fn own(&self) -> OwnedFd {
        open(&self.path).unwrap()
    }

    fn with_master<T>(&self, f: impl FnOnce(&OwnedFd) -> T) -> T {
        f(self.master.borrow().as_ref().unwrap())
    }

    pub(super) fn type_in(&self, bytes: &[u8]) {
        self.with_master(|m| assert_eq!(rustix::io::write(m, bytes).unwrap(), bytes.len()));
    }

    /// What the program has said since the last call.
    pub(super) fn said(&self) -> String {
        self.with_master(|m| {
            let mut all = Vec::new();
            let mut some = [0; 4096];
            while let Ok(count @ 1..) = rustix::io::read(m, &mut some) {
                all.extend_from_slice(&some[..count]);
            }
            String::from_utf8(all).unwrap()
        })
    }

    /// What it says up to `end`; the kernel delivers in its own time.
    pub(super) fn said_until(&self, end: &str) -> String {
        let mut all = self.said();
        while !all.contains(end) {
            self.with_master(|m| readable(m));
            all.push_str(&self.said());
        }
        all
    }

    pub(super) fn wait_readable(&self, end: impl AsFd) {
        readable(end);
    }

    pub(super) fn hang_up(&self) {
        self.master.borrow_mut().take();
    }
}

fn set_odd(slave: &OwnedFd) {
    let mut odd = tcgetattr(slave).unwrap();
    odd.input_modes.remove(InputModes::IXON);
    odd.input_modes
        .insert(InputModes::IUTF8 | InputModes::IXANY);
    odd.local_modes.remove(LocalModes::ECHOCTL);
    odd.special_codes[SpecialCodeIndex::VINTR] = 7;
    odd.special_codes[SpecialCodeIndex::VMIN] = 3;
    tcsetattr(slave, OptionalActions::Now, &odd).unwrap();
}

fn readable(end: impl AsFd) {
    let wait = Timespec {
        tv_sec: 20,
        tv_nsec: 0,
    };
    let ready = poll(&mut [PollFd::new(&end, PollFlags::IN)], Some(&wait)).unwrap();
    assert_eq!(ready, 1, "nothing came");
}

/// All of a line's settings.
pub(super) fn settings(end: &OwnedFd) -> String {
    let s = tcgetattr(end).unwrap();
    format!("{s:?} {} {}", s.input_speed(), s.output_speed())
}
