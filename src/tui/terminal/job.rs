//! Job control: stopping as a shell expects it, and not touching the terminal
//! from the background.

use std::os::fd::AsFd;

use rustix::process::{Signal, getpgid, getpgrp, getsid, kill_current_process_group};
use rustix::termios::tcgetpgrp;

/// Stops the whole job, as ctrl-z does, until it is continued. Returns false,
/// at once, where nobody could continue it.
///
/// SIGSTOP rather than SIGTSTP: it works whatever handlers are installed.
pub(super) fn stop() -> bool {
    has_shell() && kill_current_process_group(Signal::STOP).is_ok()
}

/// In the background, stops until brought to the foreground; else the line
/// settings that we save and change would be those of the shell's prompt.
pub(super) fn wait_for_foreground(tty: impl AsFd) {
    while in_background(tty.as_fd()) && stop() {}
}

fn in_background(tty: impl AsFd) -> bool {
    // Not our controlling terminal, or its foreground job is outside of our
    // container: nothing to wait for.
    tcgetpgrp(tty).is_ok_and(|foreground| foreground != getpgrp())
}

/// Whether a shell above us controls jobs: the session's leader is not in our
/// process group. `ssh host ecsdeck` has none, and would hang for ever.
fn has_shell() -> bool {
    getsid(None)
        .and_then(|leader| getpgid(Some(leader)))
        .is_ok_and(|leaders| leaders != getpgrp())
}
