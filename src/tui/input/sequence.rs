//! What a complete control sequence means.

use ecsdeck_core::keys::{Code, Key};

use super::keys::{coded, lettered, modified, numbered};
use super::{Input, Mouse, MouseKind};

/// The meaning of a CSI sequence: its parameter and intermediate bytes, and its
/// final byte. `None` is known and of no interest (a key that was released).
pub(super) fn csi(body: &[u8], end: u8) -> Option<Input> {
    let (private, body) = match body.split_first() {
        Some((mark @ b'<'..=b'?', rest)) => (Some(*mark), rest),
        _ => (None, body),
    };
    let parameters = Parameters::parse(body)?;
    let known = match (private, end) {
        (None, b'A'..=b'D' | b'F' | b'H' | b'P' | b'Q' | b'S') => lettered(end)
            .map(Key::plain)
            .and_then(|key| held(key, &parameters)),
        (None, b'R') => f3(&parameters),
        (None, b'Z') => held(Key::new(Code::Tab, false, false, true), &parameters),
        (None, b'a'..=b'd') if body.is_empty() => {
            lettered(end.to_ascii_uppercase()).map(|code| Key::new(code, false, false, true))
        }
        (None, b'~') => return tilde(&parameters),
        (None, b'$' | b'^' | b'@') => rxvt(&parameters, end),
        (None, b'u') => return kitty(&parameters),
        (None, b'n') if parameters.is(&[0]) => return Some(Input::DeviceStatusOk),
        (Some(b'<'), b'M' | b'm') => return mouse(&parameters, end == b'm'),
        _ => None,
    };
    Some(pressed(known))
}

/// The meaning of SS3 and a byte: application cursor keys and the keypad.
pub(super) fn ss3(end: u8) -> Input {
    let key = match end {
        b'A'..=b'D' | b'F' | b'H' | b'P'..=b'S' => lettered(end).map(Key::plain),
        b'a'..=b'd' => {
            lettered(end.to_ascii_uppercase()).map(|code| Key::new(code, true, false, false))
        }
        b'M' => Some(Key::plain(Code::Enter)),
        b'I' => Some(Key::plain(Code::Tab)),
        b'X' => Some(Key::char('=')),
        // The keypad sends j to y for * to 9.
        b'j'..=b'y' => Some(Key::char(char::from(end - 0x40))),
        _ => None,
    };
    pressed(key)
}

/// `CSI [ A` to `E`: the Linux console's first five function keys.
pub(super) fn console(end: u8) -> Input {
    match end {
        b'A'..=b'E' => pressed(Some(Key::plain(Code::F(end - b'A' + 1)))),
        _ => Input::Unknown,
    }
}

/// A key, or a sequence that is none.
fn pressed(key: Option<Key>) -> Input {
    key.map_or(Input::Unknown, |key| Input::Key(key.into()))
}

/// Numbers between `;`, each with its `:` parts.
struct Parameters(Vec<Vec<u32>>);

impl Parameters {
    fn parse(body: &[u8]) -> Option<Self> {
        let body = std::str::from_utf8(body).ok()?;
        if body.is_empty() {
            return Some(Self(Vec::new()));
        }
        let part = |p: &str| {
            if p.is_empty() {
                Some(0)
            } else {
                p.parse().ok()
            }
        };
        let parameters: Option<Vec<Vec<u32>>> = body
            .split(';')
            .map(|parts| parts.split(':').map(part).collect())
            .collect();
        // Intermediate bytes and overlong numbers: a sequence of another kind.
        Some(Self(parameters.unwrap_or_else(|| vec![vec![u32::MAX]])))
    }

    fn part(&self, index: usize, part: usize) -> Option<u32> {
        self.0.get(index)?.get(part).copied()
    }

    fn get(&self, index: usize) -> Option<u32> {
        self.part(index, 0)
    }

    fn is(&self, all: &[u32]) -> bool {
        self.0.len() == all.len() && (0..).zip(all).all(|(i, n)| self.get(i) == Some(*n))
    }

    /// The modifiers, where they always are.
    fn modifiers(&self) -> u32 {
        self.get(1).unwrap_or(1)
    }

    /// Kitty tells presses (1), repeats (2) and releases (3).
    fn is_release(&self) -> bool {
        self.part(1, 1) == Some(3)
    }
}

/// A key with the modifiers of the second parameter, if the first is what
/// keys have.
fn held(key: Key, parameters: &Parameters) -> Option<Key> {
    let plain = parameters.get(0).is_none_or(|n| n <= 1);
    (plain && parameters.0.len() <= 2 && !parameters.is_release())
        .then(|| modified(key, parameters.modifiers()))
}

/// F3 with modifiers; else a report of the cursor's place, which nobody asks
/// for. That report for row 0 and columns 1 to 15 cannot be told from F3.
fn f3(parameters: &Parameters) -> Option<Key> {
    match (parameters.get(0), parameters.get(1)) {
        (None, _) | (Some(0 | 1), None | Some(2..=16)) => held(Key::plain(Code::F(3)), parameters),
        _ => None,
    }
}

fn tilde(parameters: &Parameters) -> Option<Input> {
    if parameters.is_release() {
        return None;
    }
    let key = match parameters.get(0) {
        // modifyOtherKeys: 27 ; modifiers ; code.
        Some(27) => parameters
            .get(2)
            .and_then(coded)
            .map(|key| modified(key, parameters.modifiers())),
        Some(n) => numbered(n).map(|code| modified(Key::plain(code), parameters.modifiers())),
        None => None,
    };
    Some(pressed(key))
}

/// rxvt ends a sequence in `$` for shift, `^` for ctrl, `@` for both.
fn rxvt(parameters: &Parameters, end: u8) -> Option<Key> {
    let code = parameters.get(0).and_then(numbered)?;
    Some(Key::new(code, end != b'$', false, end != b'^'))
}

/// `CSI code : shifted ; modifiers : event ; text u`.
fn kitty(parameters: &Parameters) -> Option<Input> {
    if parameters.is_release() {
        return None;
    }
    let modifiers = parameters.modifiers();
    let shifted = modifiers.saturating_sub(1) & 1 != 0;
    // With the shifted character at hand, shift has done its work.
    let key = match parameters.part(0, 1).filter(|c| shifted && *c > 0) {
        Some(other) => {
            coded(other).map(|key| modified(key, 1 + (modifiers.saturating_sub(1) & !1)))
        }
        None => parameters
            .get(0)
            .and_then(coded)
            .map(|key| modified(key, modifiers)),
    };
    Some(pressed(key))
}

/// `CSI < buttons ; column ; row M` (or `m` for a release).
fn mouse(parameters: &Parameters, released: bool) -> Option<Input> {
    let at = |index| {
        parameters
            .get(index)
            .and_then(|n| u16::try_from(n).ok())
            .and_then(|n| n.checked_sub(1))
    };
    let (Some(bits), Some(col), Some(row)) = (parameters.get(0), at(1), at(2)) else {
        return Some(Input::Unknown);
    };
    let button = u8::try_from(bits & 3).unwrap_or(3);
    let kind = match (bits & 64 != 0, bits & 32 != 0, button) {
        (true, _, 0) => MouseKind::WheelUp,
        (true, _, 1) => MouseKind::WheelDown,
        (true, _, 2) => MouseKind::WheelLeft,
        (true, _, _) => MouseKind::WheelRight,
        (false, true, 3) => MouseKind::Move,
        (false, true, button) => MouseKind::Drag(button),
        (false, false, button) if released => MouseKind::Release(button),
        (false, false, button) => MouseKind::Press(button),
    };
    Some(Input::Mouse(Mouse {
        kind,
        col,
        row,
        shift: bits & 4 != 0,
        alt: bits & 8 != 0,
        ctrl: bits & 16 != 0,
    }))
}
