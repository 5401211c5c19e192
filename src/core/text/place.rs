//! Where in a file something stands, for messages to whoever wrote it.

use std::fmt;

use super::Clean;

/// A place in a text file. Prints as `file:line:column`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file as its user knows it.
    pub file: Clean,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

impl Place {
    /// The place of the byte `offset` in `text`, which is what `file` holds.
    pub fn at(file: &str, text: &str, offset: usize) -> Self {
        let offset = text.floor_char_boundary(offset);
        let before = text.get(..offset).unwrap_or(text);
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            file: Clean::new(file),
            line: before.matches('\n').count() + 1,
            column: before.get(start..).unwrap_or_default().chars().count() + 1,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn counts_lines_and_characters_from_one() {
        let text = "a = 1\né = 2\n";
        assert_eq!(Place::at("f", text, 0).to_string(), "f:1:1");
        assert_eq!(
            Place::at("f", text, text.find('2').unwrap()).to_string(),
            "f:2:5"
        );
        assert_eq!(Place::at("f", text, 999).to_string(), "f:3:1");
    }
}
