//! What is switched on at entry and off at exit.
//!
//! Invariant: whatever `enter` sets, `leave` resets, and `leave` may be sent in
//! the middle of a frame that was cut off anywhere.

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::terminal::{
    Clear, ClearType, DisableLineWrap, EnableLineWrap, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen,
};

use super::commands::{Plain, application_keys, mouse, paste, push};

/// What is asked of the terminal beyond the screen itself. Nothing by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Modes {
    /// Report clicks and the wheel. Takes selecting text with the mouse away.
    pub mouse: bool,
}

impl Modes {
    pub(super) fn enter(self) -> String {
        let mut out = String::new();
        push(&mut out, EnterAlternateScreen);
        push(&mut out, paste(true));
        push(&mut out, Hide);
        push(&mut out, DisableLineWrap);
        push(&mut out, application_keys(false));
        push(&mut out, Plain);
        if self.mouse {
            push(&mut out, mouse(true));
        }
        clear(&mut out);
        out
    }

    pub(super) fn leave(self) -> String {
        // A UTF-8 character that was cut off ends at the escape; so does a
        // control sequence.
        let mut out = String::new();
        if self.mouse {
            push(&mut out, mouse(false));
        }
        push(&mut out, EndSynchronizedUpdate);
        push(&mut out, Plain);
        push(&mut out, application_keys(false));
        push(&mut out, paste(false));
        push(&mut out, EnableLineWrap);
        push(&mut out, Show);
        // Some terminals (the Linux console) have one screen only.
        clear(&mut out);
        push(&mut out, LeaveAlternateScreen);
        out
    }
}

fn clear(out: &mut String) {
    push(out, MoveTo(0, 0));
    push(out, Clear(ClearType::All));
}
