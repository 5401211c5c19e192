//! From TOML text to a document, with errors that tell file, line and nearest name.

use std::ops::Range;

use serde::de::DeserializeOwned;

use super::error::WorldError;
use super::nearest::hint;

/// The line, from 1, on which the byte at `offset` lies.
pub(super) fn line_at(text: &str, offset: usize) -> usize {
    let newlines = text.bytes().take(offset).filter(|b| *b == b'\n').count();
    newlines + 1
}

pub(super) fn parse_document<T: DeserializeOwned>(text: &str, file: &str) -> Result<T, WorldError> {
    toml::from_str(text).map_err(|error| WorldError {
        file: file.to_owned(),
        line: error
            .span()
            .map_or(0, |Range { start, .. }| line_at(text, start)),
        message: with_nearest(error.message()),
    })
}

/// Adds the nearest name to serde's "unknown field `x`, expected one of `a`, `b`".
fn with_nearest(message: &str) -> String {
    if !message.starts_with("unknown ") {
        return message.to_owned();
    }
    let mut names = message.split('`').skip(1).step_by(2);
    let Some(wrong) = names.next() else {
        return message.to_owned();
    };
    let what = message.split('`').next().unwrap_or_default();
    format!("{what}`{wrong}`{}", hint(wrong, names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_from_one() {
        assert_eq!(line_at("a\nb\nc", 0), 1);
        assert_eq!(line_at("a\nb\nc", 4), 3);
    }

    #[test]
    fn serdes_list_of_names_becomes_the_nearest_one() {
        assert_eq!(
            with_nearest("unknown field `nmae`, expected one of `name`, `tags`"),
            "unknown field `nmae`; did you mean `name`?"
        );
    }
}
