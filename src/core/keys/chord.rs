//! Keys pressed one after the other.

use std::fmt;

use super::key::{BadKey, Code, Key};

/// One key or several in turn. Prints as keymap files spell it: `g g`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chord(Vec<Key>);

/// Why a text is no chord.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum BadChord {
    /// This name in it is wrong.
    Key(String, BadKey),
    /// It is empty.
    Empty,
    /// Escape cancels a chord and cannot be a part of one.
    Escape,
}

impl Chord {
    pub(super) fn new(keys: Vec<Key>) -> Self {
        Self(keys)
    }

    /// Key names with blanks between them.
    pub(super) fn parse(text: &str) -> Result<Self, BadChord> {
        let parse =
            |name: &str| Key::parse(name).map_err(|bad| BadChord::Key(name.to_owned(), bad));
        let keys = text
            .split_whitespace()
            .map(parse)
            .collect::<Result<Vec<_>, _>>()?;
        match keys.as_slice() {
            [] => Err(BadChord::Empty),
            [_, _, ..] if keys.iter().any(|key| key.code == Code::Esc) => Err(BadChord::Escape),
            _ => Ok(Self(keys)),
        }
    }

    /// Its keys, in turn.
    pub fn keys(&self) -> &[Key] {
        &self.0
    }

    /// Whether `other` begins with this chord and goes on.
    pub(super) fn begins(&self, other: &Self) -> bool {
        other.0.len() > self.0.len() && other.0.starts_with(&self.0)
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, key) in self.0.iter().enumerate() {
            let blank = if at == 0 { "" } else { " " };
            write!(f, "{blank}{key}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{BadChord, Chord};

    #[test]
    fn a_chord_reads_as_it_is_pressed() {
        assert_eq!(Chord::parse(" g  G ").unwrap().to_string(), "g G");
        assert!(
            Chord::parse("g")
                .unwrap()
                .begins(&Chord::parse("g g").unwrap())
        );
        assert!(
            !Chord::parse("g")
                .unwrap()
                .begins(&Chord::parse("g").unwrap())
        );
    }

    #[test]
    fn escape_is_no_part_of_a_chord() {
        assert!(Chord::parse("esc").is_ok());
        assert_eq!(Chord::parse("g esc"), Err(BadChord::Escape));
        assert_eq!(Chord::parse(" "), Err(BadChord::Empty));
    }
}
