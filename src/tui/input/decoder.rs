//! The state machine from bytes to events.

use ecsdeck_core::keys::{Code, Key};

use super::Input;
use super::keys::{Press, typed, with_alt};
use super::paste::{self, Paste, Silence};
use super::sequence;

/// Longest control sequence that is looked at; longer ones are swallowed.
const SEQUENCE_MAX: usize = 64;
/// Longest OSC, DCS, APC, PM or SOS string before the decoder takes it for
/// noise and listens to keys again.
const STRING_MAX: usize = 8 * 1024;

/// What silence would settle. Whoever feeds the decoder waits so long for more
/// and then calls [`Decoder::flush`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pending {
    /// An escape or a half sequence: 25 to 50 ms.
    Escape,
    /// The end of a paste: 50 ms or more; on slow lines rather more.
    Paste,
}

/// Where in the grammar the next byte stands.
#[derive(Debug, Default)]
enum State {
    #[default]
    Ground,
    /// A character of several bytes.
    Utf8 {
        bytes: Vec<u8>,
        length: usize,
        alt: bool,
    },
    /// After ESC; `twice` after ESC ESC.
    Escape {
        twice: bool,
    },
    /// After CSI.
    Csi {
        body: Vec<u8>,
        alt: bool,
        split: bool,
    },
    /// After a CSI that is too long.
    TooLong,
    /// After `CSI [`.
    Console,
    /// After `CSI M`: an old mouse report, whose bytes would look like keys.
    OldMouse {
        left: u8,
    },
    /// After SS3.
    Ss3 {
        alt: bool,
        split: bool,
    },
    /// In OSC, DCS, APC, PM or SOS, which began with this character.
    Text {
        start: char,
        length: usize,
        escape: bool,
    },
    Paste(Paste),
}

/// Turns bytes into events; see the module.
#[derive(Debug, Default)]
pub struct Decoder {
    state: State,
    /// An escape was flushed just now: `[` may be the rest of a sequence that
    /// the network has cut.
    after_escape: bool,
    /// The unfinished bytes came with something else.
    in_company: bool,
}

impl Decoder {
    /// Most bytes of one paste that are kept.
    pub const PASTE_MAX: usize = 1024 * 1024;

    /// A decoder at the start of a session.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Decodes what one read returned; appends to `events`.
    pub fn feed(&mut self, bytes: &[u8], events: &mut Vec<Input>) {
        let first = events.len();
        for byte in bytes {
            self.step(*byte, events);
        }
        let fresh = events.get_mut(first..).unwrap_or_default();
        let unfinished = !matches!(self.state, State::Ground);
        if let [Input::Key(key)] = fresh {
            key.alone = !unfinished && !self.in_company;
        }
        self.in_company = unfinished && (self.in_company || !fresh.is_empty());
    }

    /// Whether a deadline is needed, and for what.
    #[must_use]
    pub fn pending(&self) -> Option<Pending> {
        match &self.state {
            State::Ground => None,
            State::Paste(paste) => paste.waits().then_some(Pending::Paste),
            _ => Some(Pending::Escape),
        }
    }

    /// Settles what is pending: to be called when nothing came for a while.
    pub fn flush(&mut self, events: &mut Vec<Input>) {
        let first = events.len();
        self.after_escape = false;
        match std::mem::take(&mut self.state) {
            State::Ground => {}
            State::Escape { twice } => {
                if twice {
                    events.push(pressed(Key::plain(Code::Esc)));
                }
                events.push(pressed(Key::plain(Code::Esc)));
                self.after_escape = true;
            }
            State::Csi { body, alt, split } if body.is_empty() => {
                self.introducer(b'[', alt, split, events);
            }
            State::Ss3 { alt, split } => self.introducer(b'O', alt, split, events),
            State::Text {
                start,
                length: 0,
                escape: false,
            } => events.push(pressed(with_alt(typed(start), true))),
            State::Paste(mut paste) => match paste.silence(Self::PASTE_MAX) {
                Silence::Done(text) => events.push(Input::Paste(text)),
                Silence::Interrupted => {
                    events.push(pressed(typed('\x03')));
                    self.state = State::Paste(paste);
                }
                Silence::Open => self.state = State::Paste(paste),
            },
            State::Utf8 { .. }
            | State::Csi { .. }
            | State::TooLong
            | State::Console
            | State::OldMouse { .. }
            | State::Text { .. } => events.push(Input::Unknown),
        }
        if let Some([Input::Key(key)]) = events.get_mut(first..) {
            key.alone = !self.in_company;
        }
        self.in_company = false;
    }

    /// `ESC [` and `ESC O` with nothing after them were typed: alt and the
    /// character, or just the character where the escape was settled before.
    fn introducer(&mut self, byte: u8, alt: bool, split: bool, events: &mut Vec<Input>) {
        if alt {
            events.push(pressed(Key::plain(Code::Esc)));
        }
        events.push(pressed(with_alt(typed(char::from(byte)), !split)));
    }

    fn step(&mut self, byte: u8, events: &mut Vec<Input>) {
        let after_escape = std::mem::take(&mut self.after_escape);
        match std::mem::take(&mut self.state) {
            State::Ground => match byte {
                b'[' if after_escape => self.state = csi_state(false, true),
                b'O' if after_escape => {
                    self.state = State::Ss3 {
                        alt: false,
                        split: true,
                    }
                }
                _ => self.ground(byte, false, events),
            },
            State::Utf8 { bytes, length, alt } => self.utf8(byte, bytes, length, alt, events),
            State::Escape { twice } => self.escape(byte, twice, events),
            State::Csi { body, alt, split } => self.csi(byte, body, alt, split, events),
            State::TooLong => match byte {
                0x40..=0x7e => events.push(Input::Unknown),
                0x20..=0x3f => self.state = State::TooLong,
                _ => self.abort(byte, events),
            },
            State::Console => match byte {
                0x20..=0x7e => events.push(sequence::console(byte)),
                _ => self.abort(byte, events),
            },
            State::OldMouse { left } => match byte {
                0x00..=0x1f => self.abort(byte, events),
                _ if left > 1 => self.state = State::OldMouse { left: left - 1 },
                _ => events.push(Input::Unknown),
            },
            State::Ss3 { alt, .. } => match byte {
                0x20..=0x7e => events.push(escaped(sequence::ss3(byte), alt)),
                _ => self.abort(byte, events),
            },
            State::Text {
                start,
                length,
                escape,
            } => self.text(byte, start, length, escape, events),
            State::Paste(mut paste) => {
                paste.push(byte, Self::PASTE_MAX);
                self.state = State::Paste(paste);
            }
        }
    }

    /// A byte that begins something.
    fn ground(&mut self, byte: u8, alt: bool, events: &mut Vec<Input>) {
        let length = match byte {
            0x1b => {
                self.state = State::Escape { twice: false };
                return;
            }
            0x00..=0x7f => {
                events.push(pressed(with_alt(typed(char::from(byte)), alt)));
                return;
            }
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => {
                events.push(Input::Unknown);
                return;
            }
        };
        self.state = State::Utf8 {
            bytes: vec![byte],
            length,
            alt,
        };
    }

    fn utf8(
        &mut self,
        byte: u8,
        mut bytes: Vec<u8>,
        length: usize,
        alt: bool,
        events: &mut Vec<Input>,
    ) {
        if !(0x80..=0xbf).contains(&byte) {
            events.push(Input::Unknown);
            self.ground(byte, false, events);
            return;
        }
        bytes.push(byte);
        if bytes.len() < length {
            self.state = State::Utf8 { bytes, length, alt };
            return;
        }
        let c = std::str::from_utf8(&bytes)
            .ok()
            .and_then(|s| s.chars().next())
            .filter(|c| !c.is_control());
        events.push(c.map_or(Input::Unknown, |c| pressed(with_alt(typed(c), alt))));
    }

    fn escape(&mut self, byte: u8, twice: bool, events: &mut Vec<Input>) {
        match byte {
            // rxvt and others put an escape before a sequence for alt.
            b'[' => self.state = csi_state(twice, false),
            b'O' => {
                self.state = State::Ss3 {
                    alt: twice,
                    split: false,
                }
            }
            0x1b => {
                if twice {
                    events.push(pressed(Key::plain(Code::Esc)));
                }
                self.state = State::Escape { twice: true };
            }
            _ => {
                if twice {
                    events.push(pressed(Key::plain(Code::Esc)));
                }
                match byte {
                    b']' | b'P' | b'_' | b'^' | b'X' => {
                        self.state = State::Text {
                            start: char::from(byte),
                            length: 0,
                            escape: false,
                        }
                    }
                    _ => self.ground(byte, true, events),
                }
            }
        }
    }

    fn csi(
        &mut self,
        byte: u8,
        mut body: Vec<u8>,
        alt: bool,
        split: bool,
        events: &mut Vec<Input>,
    ) {
        match byte {
            b'[' if body.is_empty() => self.state = State::Console,
            b'M' if body.is_empty() => self.state = State::OldMouse { left: 3 },
            b'~' if body == paste::START => {
                self.state = State::Paste(Paste::default());
            }
            // rxvt's shift; elsewhere `$` is an intermediate byte.
            b'$' if !body.is_empty() && body.iter().all(u8::is_ascii_digit) => {
                events.extend(sequence::csi(&body, byte));
            }
            0x40..=0x7e => {
                events.extend(sequence::csi(&body, byte).map(|input| escaped(input, alt)));
            }
            0x20..=0x3f if body.len() < SEQUENCE_MAX => {
                body.push(byte);
                self.state = State::Csi { body, alt, split };
            }
            0x20..=0x3f => self.state = State::TooLong,
            _ => self.abort(byte, events),
        }
    }

    fn text(
        &mut self,
        byte: u8,
        start: char,
        length: usize,
        escape: bool,
        events: &mut Vec<Input>,
    ) {
        match byte {
            b'\\' if escape => events.push(Input::Unknown),
            _ if escape => {
                // An escape that is not ST begins something new.
                events.push(Input::Unknown);
                self.escape(byte, false, events);
            }
            0x07 | 0x18 | 0x1a => events.push(Input::Unknown),
            _ if length >= STRING_MAX => self.abort(byte, events),
            _ => {
                self.state = State::Text {
                    start,
                    length: length + 1,
                    escape: byte == 0x1b,
                }
            }
        }
    }

    /// Gives the sequence up and begins anew with `byte`; CAN and SUB only
    /// cancel.
    fn abort(&mut self, byte: u8, events: &mut Vec<Input>) {
        events.push(Input::Unknown);
        if !matches!(byte, 0x18 | 0x1a) {
            self.ground(byte, false, events);
        }
    }
}

fn csi_state(alt: bool, split: bool) -> State {
    State::Csi {
        body: Vec::new(),
        alt,
        split,
    }
}

fn pressed(key: Key) -> Input {
    Input::Key(Press::from(key))
}

/// After an escape that came before the sequence.
fn escaped(input: Input, alt: bool) -> Input {
    match input {
        Input::Key(press) => Input::Key(Press {
            key: with_alt(press.key, alt),
            ..press
        }),
        other => other,
    }
}

#[cfg(test)]
mod tests;
