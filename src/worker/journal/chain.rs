//! Reading the journal, and whether its chain of hashes holds.

use std::fmt;

use ecsdeck_core::act::History;
use ecsdeck_core::act::history::Entry;

use super::file::{FIRST, OwnedLine, hash};

/// What the journal holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contents {
    /// The entries, oldest first.
    pub entries: Vec<Entry>,
    /// What is wrong with the file.
    pub warnings: Vec<Warning>,
}

impl Contents {
    /// The entries by writes.
    pub fn history(&self) -> History {
        History::of(&self.entries)
    }
}

/// Something wrong with the journal's file. Lines are numbered from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The last line has no end: writing it was cut short.
    Torn {
        /// The line.
        line: usize,
    },
    /// A line is not an entry.
    Unreadable {
        /// The line.
        line: usize,
    },
    /// A line does not follow the one before it: one of them was changed, or some were taken out.
    Broken {
        /// The line.
        line: usize,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Torn { line } => write!(f, "line {line}: writing was cut short"),
            Self::Unreadable { line } => write!(f, "line {line}: not a journal entry"),
            Self::Broken { line } => {
                write!(
                    f,
                    "line {line}: does not follow the line before it; the journal was changed"
                )
            }
        }
    }
}

/// Reads a journal, and checks that each line carries the hash of the one before it.
pub(super) fn read(bytes: &[u8]) -> Contents {
    let mut contents = Contents::default();
    let mut expected = FIRST.to_owned();
    for (index, raw) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let line = index + 1;
        let (text, ended) = raw
            .strip_suffix(b"\n")
            .map_or((raw, false), |text| (text, true));
        match serde_json::from_slice::<OwnedLine>(text) {
            Ok(OwnedLine { prev, entry }) => {
                if prev != expected {
                    contents.warnings.push(Warning::Broken { line });
                }
                contents.entries.push(entry);
            }
            Err(_) if ended => contents.warnings.push(Warning::Unreadable { line }),
            Err(_) => {}
        }
        if !ended {
            contents.warnings.push(Warning::Torn { line });
        }
        expected = hash(text);
    }
    contents
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal(ids: &[&str]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut prev = FIRST.to_owned();
        for id in ids {
            let line = format!(
                r#"{{"prev":"{prev}","kind":"outcome","id":"{id}","at":"2026-01-01T00:00:00Z","who":{{"arn":"a"}},"verb":"scale","target":{{"account":"1","region":"r","role":"o","cluster":"c","service":"s"}},"changes":[],"operation":"ecs:UpdateService"}}"#
            );
            prev = hash(line.as_bytes());
            bytes.extend(line.as_bytes());
            bytes.push(b'\n');
        }
        bytes
    }

    fn ids(contents: &Contents) -> Vec<&str> {
        contents
            .entries
            .iter()
            .map(|entry| entry.id.as_str())
            .collect()
    }

    #[test]
    fn a_whole_journal_has_no_warnings() {
        let contents = read(&journal(&["a", "b", "c"]));
        assert_eq!(
            (ids(&contents), contents.warnings.as_slice()),
            (vec!["a", "b", "c"], &[][..])
        );
    }

    #[test]
    fn a_changed_line_shows_in_the_line_after_it() {
        let text = String::from_utf8(journal(&["a", "b", "c"])).unwrap();
        let contents = read(text.replace(r#""id":"b""#, r#""id":"x""#).as_bytes());
        assert_eq!(contents.warnings, [Warning::Broken { line: 3 }]);
        assert_eq!(ids(&contents), ["a", "x", "c"]);
    }

    #[test]
    fn a_line_that_was_taken_out_shows() {
        for (taken, broken) in [(0, 1), (1, 2)] {
            let bytes = journal(&["a", "b", "c"]);
            let mut lines: Vec<_> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
            lines.remove(taken);
            assert_eq!(
                read(&lines.concat()).warnings,
                [Warning::Broken { line: broken }]
            );
        }
    }

    #[test]
    fn a_torn_last_line_is_told_and_the_others_are_read() {
        let bytes = journal(&["a", "b"]);
        let contents = read(&bytes[..bytes.len() - 20]);
        assert_eq!(
            (ids(&contents), contents.warnings.as_slice()),
            (vec!["a"], &[Warning::Torn { line: 2 }][..])
        );
    }

    #[test]
    fn a_line_that_is_no_entry_is_told() {
        let mut bytes = journal(&["a"]);
        bytes.extend(b"not an entry\n");
        assert_eq!(read(&bytes).warnings, [Warning::Unreadable { line: 2 }]);
    }

    #[test]
    fn text_in_the_file_cannot_act_on_the_terminal() {
        let text = String::from_utf8(journal(&["a"])).unwrap();
        let contents = read(
            text.replace(r#""verb":"scale""#, r#""verb":"\u001b]0;x\u0007scale""#)
                .as_bytes(),
        );
        assert!(!contents.entries[0].verb.as_str().contains('\u{1b}'));
    }
}
