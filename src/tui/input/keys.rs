//! The bytes and numbers that stand for keys.

use ecsdeck_core::keys::{Code, Key};

/// A key press as the terminal told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Press {
    /// Which key.
    pub key: Key,
    /// Nothing else came in the same read: no other key, no report, no half
    /// sequence. Text that is pasted without brackets comes many keys at once.
    pub alone: bool,
}

impl From<Key> for Press {
    fn from(key: Key) -> Self {
        Self { key, alone: false }
    }
}

/// The key for a character, control characters included.
pub(super) const fn typed(c: char) -> Key {
    match c {
        '\r' => Key::plain(Code::Enter),
        '\t' => Key::plain(Code::Tab),
        '\x1b' => Key::plain(Code::Esc),
        '\x08' | '\x7f' => Key::plain(Code::Backspace),
        '\0' => Key::ctrl(' '),
        // ctrl-a is 1, ctrl-z 26, ctrl-\ 28, ctrl-_ 31.
        '\x01'..='\x1a' => Key::ctrl(((c as u8) | 0x60) as char),
        '\x1c'..='\x1f' => Key::ctrl(((c as u8) | 0x40) as char),
        _ => Key::char(c),
    }
}

/// The same key with alt.
pub(super) const fn with_alt(key: Key, alt: bool) -> Key {
    Key::new(key.code, key.ctrl, key.alt || alt, key.shift)
}

/// Adds xterm's modifier parameter: 1 + shift 1 + alt 2 + ctrl 4 (+ super
/// and meta, which are ignored).
pub(super) fn modified(key: Key, parameter: u32) -> Key {
    let bits = parameter.saturating_sub(1);
    let shift = key.shift || bits & 1 != 0;
    let ctrl = key.ctrl || bits & 4 != 0;
    let code = match key.code {
        Code::Char(c) if shift && !ctrl && c.is_alphabetic() => {
            Code::Char(c.to_uppercase().next().unwrap_or(c))
        }
        code => code,
    };
    Key::new(code, ctrl, key.alt || bits & 2 != 0, shift)
}

/// The key for the number before `~`, as xterm, rxvt and the Linux console
/// send it.
pub(super) fn numbered(n: u32) -> Option<Code> {
    let f = |n: u32| u8::try_from(n).ok().map(Code::F);
    match n {
        1 | 7 => Some(Code::Home),
        2 => Some(Code::Insert),
        3 => Some(Code::Delete),
        4 | 8 => Some(Code::End),
        5 => Some(Code::PageUp),
        6 => Some(Code::PageDown),
        11..=15 => f(n - 10),
        17..=21 => f(n - 11),
        23..=26 => f(n - 12),
        28 | 29 => f(n - 13),
        31..=34 => f(n - 14),
        _ => None,
    }
}

/// The key for a final byte of CSI, or of SS3 outside of the keypad.
pub(super) fn lettered(end: u8) -> Option<Code> {
    match end {
        b'A' => Some(Code::Up),
        b'B' => Some(Code::Down),
        b'C' => Some(Code::Right),
        b'D' => Some(Code::Left),
        b'F' => Some(Code::End),
        b'H' => Some(Code::Home),
        b'P' => Some(Code::F(1)),
        b'Q' => Some(Code::F(2)),
        b'R' => Some(Code::F(3)),
        b'S' => Some(Code::F(4)),
        _ => None,
    }
}

/// The key for a code point of kitty's protocol or of modifyOtherKeys.
pub(super) fn coded(code: u32) -> Option<Key> {
    let keypad = |c| Some(Key::char(c));
    let key = |k| Some(Key::plain(k));
    match code {
        57_364..=57_398 => key(Code::F(u8::try_from(code - 57_363).ok()?)),
        57_344..=57_363 | 57_427..=63_743 => None,
        57_399..=57_408 => keypad(char::from_digit(code - 57_399, 10)?),
        57_409 => keypad('.'),
        57_410 => keypad('/'),
        57_411 => keypad('*'),
        57_412 => keypad('-'),
        57_413 => keypad('+'),
        57_414 => key(Code::Enter),
        57_415 => keypad('='),
        57_416 => keypad(','),
        57_417 => key(Code::Left),
        57_418 => key(Code::Right),
        57_419 => key(Code::Up),
        57_420 => key(Code::Down),
        57_421 => key(Code::PageUp),
        57_422 => key(Code::PageDown),
        57_423 => key(Code::Home),
        57_424 => key(Code::End),
        57_425 => key(Code::Insert),
        57_426 => key(Code::Delete),
        _ => char::from_u32(code)
            .filter(|c| !('\u{80}'..'\u{a0}').contains(c))
            .map(typed),
    }
}
