//! Keys, and the bytes and numbers that stand for them.

/// A key without its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyCode {
    /// A character as it was typed: shift is already in it.
    Char(char),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and tab.
    BackTab,
    /// Backspace, also where the terminal sends ctrl-h for it.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Up.
    Up,
    /// Down.
    Down,
    /// Left.
    Left,
    /// Right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key, 1 to 35.
    F(u8),
}

/// A key press as the terminal told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawKey {
    /// Which key.
    pub code: KeyCode,
    /// Control was down.
    pub ctrl: bool,
    /// Alt was down, or an escape came right before.
    pub alt: bool,
    /// Shift was down, where it is not in the character already.
    pub shift: bool,
    /// Nothing else came in the same read: no other key, no report, no half
    /// sequence. Text that is pasted without brackets comes many keys at once.
    pub alone: bool,
}

impl RawKey {
    pub(super) fn plain(code: KeyCode) -> Self {
        Self {
            code,
            ctrl: false,
            alt: false,
            shift: false,
            alone: false,
        }
    }

    /// The key for a character, control characters included.
    pub(super) fn typed(c: char) -> Self {
        let ctrl = |c| Self {
            ctrl: true,
            ..Self::plain(KeyCode::Char(c))
        };
        match c {
            '\r' => Self::plain(KeyCode::Enter),
            '\t' => Self::plain(KeyCode::Tab),
            '\x1b' => Self::plain(KeyCode::Esc),
            '\x08' | '\x7f' => Self::plain(KeyCode::Backspace),
            '\0' => ctrl(' '),
            // ctrl-a is 1, ctrl-z 26, ctrl-\ 28, ctrl-_ 31.
            '\x01'..='\x1a' => ctrl(char::from((c as u8) | 0x60)),
            '\x1c'..='\x1f' => ctrl(char::from((c as u8) | 0x40)),
            _ => Self::plain(KeyCode::Char(c)),
        }
    }

    /// Adds xterm's modifier parameter: 1 + shift 1 + alt 2 + ctrl 4 (+ super
    /// and meta, which are ignored).
    pub(super) fn modified(mut self, parameter: u32) -> Self {
        let bits = parameter.saturating_sub(1);
        self.shift |= bits & 1 != 0;
        self.alt |= bits & 2 != 0;
        self.ctrl |= bits & 4 != 0;
        match self.code {
            KeyCode::Tab if self.shift => {
                self.code = KeyCode::BackTab;
                self.shift = false;
            }
            KeyCode::Char(c) if self.shift && !self.ctrl && c.is_alphabetic() => {
                self.code = KeyCode::Char(c.to_uppercase().next().unwrap_or(c));
                self.shift = false;
            }
            _ => {}
        }
        self
    }
}

/// The key for the number before `~`, as xterm, rxvt and the Linux console
/// send it.
pub(super) fn numbered(n: u32) -> Option<KeyCode> {
    let f = |n: u32| u8::try_from(n).ok().map(KeyCode::F);
    match n {
        1 | 7 => Some(KeyCode::Home),
        2 => Some(KeyCode::Insert),
        3 => Some(KeyCode::Delete),
        4 | 8 => Some(KeyCode::End),
        5 => Some(KeyCode::PageUp),
        6 => Some(KeyCode::PageDown),
        11..=15 => f(n - 10),
        17..=21 => f(n - 11),
        23..=26 => f(n - 12),
        28 | 29 => f(n - 13),
        31..=34 => f(n - 14),
        _ => None,
    }
}

/// The key for a final byte of CSI, or of SS3 outside of the keypad.
pub(super) fn lettered(end: u8) -> Option<KeyCode> {
    match end {
        b'A' => Some(KeyCode::Up),
        b'B' => Some(KeyCode::Down),
        b'C' => Some(KeyCode::Right),
        b'D' => Some(KeyCode::Left),
        b'F' => Some(KeyCode::End),
        b'H' => Some(KeyCode::Home),
        b'P' => Some(KeyCode::F(1)),
        b'Q' => Some(KeyCode::F(2)),
        b'R' => Some(KeyCode::F(3)),
        b'S' => Some(KeyCode::F(4)),
        _ => None,
    }
}

/// The key for a code point of kitty's protocol or of modifyOtherKeys.
pub(super) fn coded(code: u32) -> Option<RawKey> {
    let keypad = |c| Some(RawKey::plain(KeyCode::Char(c)));
    let key = |k| Some(RawKey::plain(k));
    match code {
        57_364..=57_398 => key(KeyCode::F(u8::try_from(code - 57_363).ok()?)),
        57_344..=57_363 | 57_427..=63_743 => None,
        57_399..=57_408 => keypad(char::from_digit(code - 57_399, 10)?),
        57_409 => keypad('.'),
        57_410 => keypad('/'),
        57_411 => keypad('*'),
        57_412 => keypad('-'),
        57_413 => keypad('+'),
        57_414 => key(KeyCode::Enter),
        57_415 => keypad('='),
        57_416 => keypad(','),
        57_417 => key(KeyCode::Left),
        57_418 => key(KeyCode::Right),
        57_419 => key(KeyCode::Up),
        57_420 => key(KeyCode::Down),
        57_421 => key(KeyCode::PageUp),
        57_422 => key(KeyCode::PageDown),
        57_423 => key(KeyCode::Home),
        57_424 => key(KeyCode::End),
        57_425 => key(KeyCode::Insert),
        57_426 => key(KeyCode::Delete),
        _ => char::from_u32(code)
            .filter(|c| !('\u{80}'..'\u{a0}').contains(c))
            .map(RawKey::typed),
    }
}
