//! The terminal's commands: crossterm's, and the few that it lacks.
//!
//! crossterm keeps bracketed paste and the mouse behind its event reader, and
//! its mouse would report every move (mode 1003), which would wake us for
//! nothing.

use std::fmt::{self, Write};

use crossterm::Command;
use crossterm::clipboard::CopyToClipboard;
use ecsdeck_core::app::CLIPBOARD;

/// Appends what a command is on the line.
pub(crate) fn push(out: &mut String, command: impl Command) {
    // A String takes everything.
    let _ = command.write_ansi(out);
}

/// What stands between a program and its terminal, and takes commands to that for its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Multiplexer {
    /// Nothing.
    #[default]
    None,
    /// tmux.
    Tmux,
    /// GNU screen.
    Screen,
}

impl Multiplexer {
    /// By the variables that they set: TMUX and STY. What a multiplexer started inside another one sets counts.
    pub fn of(has_tmux: bool, has_sty: bool, term: &str) -> Self {
        match (has_tmux, has_sty) {
            (true, true) if term.starts_with("screen") && !term.contains("tmux") => Self::Screen,
            (true, _) => Self::Tmux,
            (false, true) => Self::Screen,
            (false, false) => Self::None,
        }
    }
}

/// Bytes of Base64 in one piece for screen, whose strings have 768 at most (source: screen's manual, "MAXSTR"; the
/// same pieces as in osc52.sh of hterm).
const PIECE: usize = 76;

/// What puts text on the user's clipboard through the terminal (OSC 52), as far as every terminal takes it.
///
/// tmux takes the command for itself where `set-clipboard` is `on`, and hands it on from a wrapping where
/// `allow-passthrough` is: it gets both. screen hands on what is wrapped, in pieces.
#[must_use]
pub fn to_clipboard(text: &str, multiplexer: Multiplexer) -> String {
    let end = text.floor_char_boundary(CLIPBOARD);
    let mut out = String::new();
    push(
        &mut out,
        CopyToClipboard::to_clipboard_from(text.get(..end).unwrap_or_default()),
    );
    match multiplexer {
        Multiplexer::None => out,
        Multiplexer::Tmux => {
            let inner = out.replace('\x1b', "\x1b\x1b");
            format!("{out}\x1bPtmux;{inner}\x1b\\")
        }
        Multiplexer::Screen => {
            // It ends with a bell: the other end would end the wrapping.
            let inner = out.trim_end_matches("\x1b\\");
            let mut rest = inner;
            let mut pieces = Vec::new();
            while !rest.is_empty() {
                let (piece, behind) = rest.split_at_checked(PIECE).unwrap_or((rest, ""));
                pieces.push(piece);
                rest = behind;
            }
            format!("\x1bP{}\x07\x1b\\", pieces.join("\x1b\\\x1bP"))
        }
    }
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
        let plain = to_clipboard("hello", Multiplexer::None);
        assert_eq!(plain, "\x1b]52;c;aGVsbG8=\x1b\\");
    }

    #[test]
    fn through_tmux_and_screen_it_is_wrapped_as_they_hand_it_on() {
        assert_eq!(
            to_clipboard("hello", Multiplexer::Tmux),
            "\x1b]52;c;aGVsbG8=\x1b\\\x1bPtmux;\x1b\x1b]52;c;aGVsbG8=\x1b\x1b\\\x1b\\"
        );
        assert_eq!(
            to_clipboard("hello", Multiplexer::Screen),
            "\x1bP\x1b]52;c;aGVsbG8=\x07\x1b\\"
        );
        let long = to_clipboard(&"x".repeat(300), Multiplexer::Screen);
        let pieces: Vec<&str> = long.split("\x1b\\").collect();
        assert!(pieces.len() > 5 && pieces.iter().all(|piece| piece.len() <= 768));
        let base64: String = long.replace("\x1b\\", "").replace("\x1bP", "");
        let plain = to_clipboard(&"x".repeat(300), Multiplexer::None);
        assert_eq!(base64, plain.replace("\x1b\\", "\x07"));
    }

    #[test]
    fn the_innermost_multiplexer_counts() {
        for (tmux, sty, term, expected) in [
            (false, false, "xterm-256color", Multiplexer::None),
            (true, false, "screen-256color", Multiplexer::Tmux),
            (false, true, "screen", Multiplexer::Screen),
            (true, true, "tmux-256color", Multiplexer::Tmux),
            (true, true, "screen", Multiplexer::Screen),
        ] {
            assert_eq!(Multiplexer::of(tmux, sty, term), expected);
        }
    }

    #[test]
    fn what_no_clipboard_takes_is_cut_between_characters() {
        let long = to_clipboard(&"é".repeat(CLIPBOARD), Multiplexer::None);
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
