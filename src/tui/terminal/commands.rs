//! The terminal's commands: crossterm's, and the few that it lacks.
//!
//! crossterm keeps bracketed paste and the mouse behind its event reader, and
//! its mouse would report every move (mode 1003), which would wake us for
//! nothing.

use std::fmt::{self, Write};

use crossterm::Command;
use crossterm::clipboard::CopyToClipboard;

/// Bytes that a terminal's clipboard is sure to take (source: xterm and tmux
/// limits differ; this is below both).
const CLIPBOARD: usize = 74_994;

/// Appends what a command is on the line.
pub(crate) fn push(out: &mut String, command: impl Command) {
    // A String takes everything.
    let _ = command.write_ansi(out);
}

/// What puts text on the user's clipboard through the terminal (OSC 52), as
/// far as every terminal takes it.
#[must_use]
pub fn to_clipboard(text: &str) -> String {
    let end = text.floor_char_boundary(CLIPBOARD);
    let mut out = String::new();
    push(
        &mut out,
        CopyToClipboard::to_clipboard_from(text.get(..end).unwrap_or_default()),
    );
    out
}

/// DEC private modes, set or reset (source: xterm control sequences).
pub(super) struct Private<const N: usize> {
    modes: [u16; N],
    set: bool,
}

/// Marks around pasted text.
pub(super) const fn paste(set: bool) -> Private<1> {
    Private { modes: [2004], set }
}

/// Clicks, drags and the wheel, told in decimal numbers.
pub(super) const fn mouse(set: bool) -> Private<3> {
    Private {
        modes: [1000, 1002, 1006],
        set,
    }
}

/// Cursor keys as an application has them.
pub(super) const fn application_keys(set: bool) -> Private<1> {
    Private { modes: [1], set }
}

impl<const N: usize> Command for Private<N> {
    fn write_ansi(&self, f: &mut impl Write) -> fmt::Result {
        let end = if self.set { 'h' } else { 'l' };
        for mode in self.modes {
            write!(f, "\x1b[?{mode}{end}")?;
        }
        Ok(())
    }
}

/// No margins and default colours.
pub(super) struct Plain;

impl Command for Plain {
    fn write_ansi(&self, f: &mut impl Write) -> fmt::Result {
        f.write_str("\x1b[r\x1b[m")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clipboard_gets_the_text_as_base64() {
        assert_eq!(to_clipboard("hello"), "\x1b]52;c;aGVsbG8=\x1b\\");
    }

    #[test]
    fn what_no_clipboard_takes_is_cut_between_characters() {
        let long = to_clipboard(&"é".repeat(CLIPBOARD));
        // Base64 makes four bytes of three.
        assert_eq!(long.len(), CLIPBOARD / 3 * 4 + "\x1b]52;c;\x1b\\".len());
    }

    #[test]
    fn the_mouse_does_not_tell_of_every_move() {
        let mut out = String::new();
        push(&mut out, mouse(true));
        assert_eq!(out, "\x1b[?1000h\x1b[?1002h\x1b[?1006h");
    }
}
