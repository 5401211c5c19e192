//! What is switched on at entry and off at exit.
//!
//! Invariant: whatever `enter` sets, `leave` resets, and `leave` may be sent in
//! the middle of a frame that was cut off anywhere.

/// What is asked of the terminal beyond the screen itself. Nothing by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Modes {
    /// Report clicks and the wheel. Takes selecting text with the mouse away.
    pub mouse: bool,
    /// Report when the window gains and loses focus.
    pub focus: bool,
    /// Ask for kitty's unambiguous keys; other terminals ignore it.
    pub keyboard: bool,
}

/// Alternate screen, bracketed paste, no cursor, no autowrap, ordinary cursor
/// keys, no margins, default colours, empty.
const ENTER: &str = "\x1b[?1049h\x1b[?2004h\x1b[?25l\x1b[?7l\x1b[?1l\x1b[r\x1b[m";
const CLEAR: &str = "\x1b[H\x1b[2J";

/// Ends a synchronised update that was cut off, and resets margins, colours,
/// cursor keys, paste, autowrap and cursor.
const LEAVE: &str = "\x1b[?2026l\x1b[r\x1b[m\x1b[?1l\x1b[?2004l\x1b[?7h\x1b[?25h";
const MAIN_SCREEN: &str = "\x1b[?1049l";

impl Modes {
    pub(super) fn enter(self) -> String {
        let mut out = ENTER.to_owned();
        if self.keyboard {
            out.push_str("\x1b[>1u");
        }
        if self.focus {
            out.push_str("\x1b[?1004h");
        }
        if self.mouse {
            out.push_str("\x1b[?1000h\x1b[?1002h\x1b[?1006h");
        }
        out.push_str(CLEAR);
        out
    }

    pub(super) fn leave(self) -> String {
        // A UTF-8 character that was cut off ends at the escape; so does a
        // control sequence.
        let mut out = String::new();
        if self.mouse {
            out.push_str("\x1b[?1006l\x1b[?1002l\x1b[?1000l");
        }
        if self.focus {
            out.push_str("\x1b[?1004l");
        }
        if self.keyboard {
            out.push_str("\x1b[<u");
        }
        out.push_str(LEAVE);
        // Some terminals (the Linux console) have one screen only.
        out.push_str(CLEAR);
        out.push_str(MAIN_SCREEN);
        out
    }
}
