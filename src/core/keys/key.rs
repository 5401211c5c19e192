//! One key press, and its name.
//!
//! A [`Key`] that came through [`Key::new`] or a name has one form only: a
//! letter carries its own case, and with ctrl it is lower case, because that is
//! all a terminal can tell.

use std::fmt;

use crate::text::Clean;

/// What was pressed, without modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A character, as typed: `G` is a capital letter, not shift and `g`.
    Char(char),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tab; with shift it is called `backtab`.
    Tab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key, 1 to 24.
    F(u8),
}

const NAMED: [(Code, &str); 14] = [
    (Code::Enter, "enter"),
    (Code::Esc, "esc"),
    (Code::Tab, "tab"),
    (Code::Backspace, "backspace"),
    (Code::Delete, "delete"),
    (Code::Insert, "insert"),
    (Code::Up, "up"),
    (Code::Down, "down"),
    (Code::Left, "left"),
    (Code::Right, "right"),
    (Code::Home, "home"),
    (Code::End, "end"),
    (Code::PageUp, "pageup"),
    (Code::PageDown, "pagedown"),
];

/// A key with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Which.
    pub code: Code,
    /// With ctrl.
    pub ctrl: bool,
    /// With alt (or after escape, which is how terminals send it).
    pub alt: bool,
    /// With shift. Never set for a character.
    pub shift: bool,
}

impl Key {
    /// A key in its one form, out of what a terminal reports.
    pub const fn new(code: Code, ctrl: bool, alt: bool, shift: bool) -> Self {
        match code {
            Code::Char(char) if ctrl => Self {
                code: Code::Char(char.to_ascii_lowercase()),
                ctrl,
                alt,
                shift: false,
            },
            Code::Char(_) => Self {
                code,
                ctrl,
                alt,
                shift: false,
            },
            _ => Self {
                code,
                ctrl,
                alt,
                shift,
            },
        }
    }

    /// A key without modifiers.
    pub const fn plain(code: Code) -> Self {
        Self::new(code, false, false, false)
    }

    /// A character without modifiers.
    pub const fn char(char: char) -> Self {
        Self::plain(Code::Char(char))
    }

    /// A letter with ctrl.
    pub const fn ctrl(char: char) -> Self {
        Self::new(Code::Char(char), true, false, false)
    }

    /// The same key in its one form.
    pub const fn normal(self) -> Self {
        Self::new(self.code, self.ctrl, self.alt, self.shift)
    }

    /// The character that the key types into a line of text.
    pub const fn text(self) -> Option<char> {
        match self.code {
            Code::Char(char) if !self.ctrl && !self.alt => Some(char),
            _ => None,
        }
    }

    /// The key with that name: `j`, `G`, `ctrl-f`, `alt-x`, `enter`, `backtab`,
    /// `space`, `f1`, `shift-up`.
    ///
    /// # Errors
    /// A name that is no key, or a key that terminals send as another one.
    pub fn parse(name: &str) -> Result<Self, BadKey> {
        let (mut ctrl, mut alt, mut shift, mut rest) = (false, false, false, name);
        while let Some((modifier, after)) =
            rest.split_once('-').filter(|(_, after)| !after.is_empty())
        {
            let flag = match modifier {
                "ctrl" => &mut ctrl,
                "alt" => &mut alt,
                "shift" => &mut shift,
                _ => break,
            };
            if std::mem::replace(flag, true) {
                return Err(BadKey::Unknown { modifier: false });
            }
            rest = after;
        }
        let key = Self {
            code: code(rest, &mut shift)?,
            ctrl,
            alt,
            shift,
        };
        key.confused().map_or(Ok(key), Err)
    }

    /// Why a terminal cannot report this key as itself.
    fn confused(self) -> Option<BadKey> {
        let same_as = |other: String| Some(BadKey::SameAs(Clean::own(other)));
        match self.code {
            Code::Char(char) if self.shift && !self.ctrl && char.is_lowercase() => same_as(
                Self {
                    shift: false,
                    code: Code::Char(char.to_ascii_uppercase()),
                    ..self
                }
                .to_string(),
            ),
            Code::Char(_) if self.shift => same_as(self.normal().to_string()),
            Code::Char('i' | 'I') if self.ctrl => same_as("tab".to_owned()),
            Code::Char('m' | 'M') if self.ctrl => same_as("enter".to_owned()),
            Code::Char('[') if self.ctrl => same_as("esc".to_owned()),
            Code::Char('h' | 'H') if self.ctrl => same_as("backspace".to_owned()),
            Code::Char('@') if self.ctrl => same_as("ctrl-space".to_owned()),
            Code::Char(char) if self.ctrl && char.is_ascii_uppercase() => {
                same_as(self.normal().to_string())
            }
            Code::Char(char) if self.ctrl && !char.is_ascii_lowercase() && char != ' ' => {
                Some(BadKey::Varies)
            }
            Code::Char('[' | 'O') if self.alt => Some(BadKey::Varies),
            Code::Enter | Code::Esc | Code::Backspace if self.ctrl || self.shift => same_as(
                Self {
                    ctrl: false,
                    shift: false,
                    ..self
                }
                .to_string(),
            ),
            Code::Tab if self.ctrl => same_as(
                Self {
                    ctrl: false,
                    ..self
                }
                .to_string(),
            ),
            Code::Esc if self.alt => Some(BadKey::Varies),
            _ => None,
        }
    }
}

fn code(name: &str, shift: &mut bool) -> Result<Code, BadKey> {
    let mut chars = name.chars();
    if let (Some(char), None) = (chars.next(), chars.next()) {
        return if Clean::new(name) == name {
            Ok(Code::Char(char))
        } else {
            Err(BadKey::Unknown { modifier: false })
        };
    }
    if name == "space" {
        return Ok(Code::Char(' '));
    }
    if name == "backtab" {
        *shift = true;
        return Ok(Code::Tab);
    }
    if let Some((code, _)) = NAMED.into_iter().find(|(_, known)| *known == name) {
        return Ok(code);
    }
    let number = name
        .strip_prefix('f')
        .filter(|digits| !digits.starts_with(['0', '+']));
    match number.and_then(|digits| digits.parse().ok()) {
        Some(number @ 1..=24) => Ok(Code::F(number)),
        _ => Err(BadKey::Unknown {
            modifier: name.contains('-'),
        }),
    }
}

/// Names that a misspelt one may have been meant to be.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    NAMED
        .into_iter()
        .map(|(_, name)| name)
        .chain(["space", "backtab", "ctrl", "alt", "shift"])
}

/// Why a name is not that of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadKey {
    /// There is no such key.
    Unknown {
        /// What stands before the last dash is no modifier.
        modifier: bool,
    },
    /// Terminals send it as the key with this name.
    SameAs(Clean),
    /// What terminals send for it differs from one to the next.
    Varies,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let backtab = self.code == Code::Tab && self.shift;
        for (set, name) in [
            (self.ctrl, "ctrl-"),
            (self.alt, "alt-"),
            (self.shift && !backtab, "shift-"),
        ] {
            if set {
                f.write_str(name)?;
            }
        }
        match self.code {
            Code::Char(' ') => f.write_str("space"),
            Code::Char(char) => write!(f, "{}", Clean::new(char.encode_utf8(&mut [0; 4]))),
            Code::F(number) => write!(f, "f{number}"),
            Code::Tab if backtab => f.write_str("backtab"),
            code => f.write_str(
                NAMED
                    .into_iter()
                    .find(|(known, _)| *known == code)
                    .map_or("", |(_, name)| name),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BadKey, Code, Key};

    #[test]
    fn a_name_and_its_key_are_one_to_one() {
        for name in [
            "j",
            "G",
            "?",
            "/",
            "-",
            "é",
            "ctrl-f",
            "ctrl-space",
            "alt-x",
            "alt-<",
            "ctrl-alt-x",
            "enter",
            "esc",
            "tab",
            "backtab",
            "space",
            "f1",
            "f12",
            "shift-up",
            "ctrl-left",
            "pagedown",
            "alt-enter",
            "backspace",
        ] {
            assert_eq!(
                Key::parse(name).map(|key| key.to_string()),
                Ok(name.to_owned())
            );
        }
        assert_eq!(Key::parse("shift-tab"), Key::parse("backtab"));
    }

    #[test]
    fn what_a_terminal_reports_is_found_under_its_name() {
        assert_eq!(
            Key::new(Code::Char('G'), false, false, true),
            Key::parse("G").unwrap()
        );
        assert_eq!(
            Key::new(Code::Char('C'), true, false, true),
            Key::parse("ctrl-c").unwrap()
        );
        assert_eq!(
            Key::new(Code::Tab, false, false, true),
            Key::parse("backtab").unwrap()
        );
    }

    #[test]
    fn keys_that_terminals_confuse_are_refused_with_the_one_to_write() {
        for (name, other) in [
            ("ctrl-i", "tab"),
            ("ctrl-m", "enter"),
            ("ctrl-[", "esc"),
            ("ctrl-h", "backspace"),
            ("ctrl-shift-x", "ctrl-x"),
            ("ctrl-X", "ctrl-x"),
            ("shift-g", "G"),
            ("shift-G", "G"),
            ("shift-space", "space"),
            ("ctrl-enter", "enter"),
            ("shift-enter", "enter"),
            ("ctrl-tab", "tab"),
        ] {
            match Key::parse(name) {
                Err(BadKey::SameAs(same)) => assert_eq!(same, other, "{name}"),
                found => panic!("{name}: {found:?}"),
            }
        }
        for name in ["ctrl-/", "ctrl-3", "alt-[", "alt-O"] {
            assert_eq!(Key::parse(name), Err(BadKey::Varies), "{name}");
        }
    }

    #[test]
    fn a_name_that_is_no_key_is_refused() {
        for name in [
            "",
            "return",
            "f0",
            "f25",
            "f01",
            "ctrl-",
            "ctrl-ctrl-x",
            "meta-x",
            "\u{202e}",
            "\u{1b}",
        ] {
            assert!(
                matches!(Key::parse(name), Err(BadKey::Unknown { .. })),
                "{name:?}"
            );
        }
    }
}
