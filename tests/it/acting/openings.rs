//! The ways to a question: the keys that a person presses up to the one that would confirm.

use std::time::Duration;

use super::stage::is_armed;
use crate::harness::Pty;

/// What chance alone hardly ever types: the way to a question, one key after the other. Where there
/// is none, a form is waited for.
pub(super) const OPENINGS: &[&[&str]] = &[
    &["U", "7", "\r"],
    &["j", "U", "0", "\r"],
    &["F"],
    &["R"],
    &["Z"],
    &["I", "", "2", "\x13"],
    &["g", "j", "H", "", "\x13"],
    &["g", "j", "j", "A", "", "\x13"],
    &["j", "j", "j", "F"],
    &["\r", "S"],
    &["\r", " ", " ", "S"],
    &["T", "\r", "\x13"],
    &["T", "\x1b[B", "\r", "\x13"],
    &[":queues\r", "D"],
    &[":work\r", "j", "Y", "\x13"],
    &[":redeploy\r"],
];

/// So long a question or a form is waited for that may not come.
const SOON: Duration = Duration::from_millis(200);

/// Goes one of them, as a person does who looks at what comes. Whether its question stands and is armed:
/// some of them cannot be gone now, and say so.
pub(super) fn walk(pty: &Pty, opening: &[&str]) -> bool {
    for key in opening {
        if key.is_empty() {
            pty.comes_to(SOON, |shown| shown.has("esc cancel"));
        } else {
            pty.types(key);
        }
    }
    pty.comes_to(SOON, is_armed)
}
