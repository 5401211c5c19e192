//! The words of an error and of everything that caused it.

use std::error::Error;

use ecsdeck_core::text::Clean;

/// How deep a chain is followed: they are a handful deep, and must not be endless.
const DEEPEST: usize = 12;

/// An error and its causes, outermost first.
pub(super) fn links<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&link| {
        // io::Error::source() skips the error that it wraps.
        match link.downcast_ref::<std::io::Error>() {
            Some(io) => io.get_ref().map(|inner| inner as &(dyn Error + 'static)),
            None => link.source(),
        }
    })
    .take(DEEPEST)
}

/// The first cause of this type.
pub(super) fn cause<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    links(error).find_map(|link| link.downcast_ref::<E>())
}

/// The words of the whole chain, without those that the link before has said already.
pub(super) fn words(error: &(dyn Error + 'static)) -> Clean {
    let mut said: Vec<String> = Vec::new();
    for link in links(error) {
        let word = link.to_string();
        if !word.is_empty() && !said.iter().any(|before| before.contains(&word)) {
            said.push(word);
        }
    }
    scrubbed(&said.join(": "))
}

/// AWS's words, without what must not be shown.
///
/// The explanation of SignatureDoesNotMatch quotes the request that it
/// expected, session token and all.
pub(super) fn scrubbed(words: &str) -> Clean {
    let lower = words.to_ascii_lowercase();
    let end = [
        "the canonical string for this request",
        "x-amz-security-token",
        "the string-to-sign",
    ]
    .iter()
    .filter_map(|secret| lower.find(secret))
    .min();
    Clean::new(
        words
            .get(..end.unwrap_or(words.len()))
            .unwrap_or_default()
            .trim_end(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{words}")]
    struct Link {
        words: &'static str,
        source: Option<Box<dyn Error + Send + Sync>>,
    }

    #[test]
    fn all_causes_are_told_and_none_twice() {
        let inner =
            std::io::Error::new(std::io::ErrorKind::ConnectionRefused, "refused by 10.0.0.1");
        let middle = Link {
            words: "dispatch",
            source: Some(inner.into()),
        };
        let outer = Link {
            words: "dispatch failure",
            source: Some(middle.into()),
        };
        assert_eq!(words(&outer), "dispatch failure: refused by 10.0.0.1");
    }

    #[test]
    fn a_session_token_is_never_told() {
        let told = scrubbed(
            "The request signature we calculated does not match the signature you provided.\n\n\
             The Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:HUSH'",
        );
        assert_eq!(
            told,
            "The request signature we calculated does not match the signature you provided."
        );
    }

    #[test]
    fn escape_sequences_do_not_get_through() {
        assert_eq!(
            words(&Link {
                words: "a\u{1b}[2Jb",
                source: None
            }),
            "ab"
        );
    }
}
