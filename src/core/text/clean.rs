//! [`Clean`]: the only kind of foreign text that may leave the program.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::sanitise::{Lines, clean};

/// Text that cannot act on a terminal and hides nothing. Cheap to clone.
///
/// It prints as it is. Comparing, ordering and hashing are those of the text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clean(Arc<str>);

impl Clean {
    /// Bytes that a single line has at most; what was longer ends in ` <+N bytes>`.
    pub const MAX: usize = Lines::Single.limit();
    /// The same for text of several lines.
    pub const MAX_MULTILINE: usize = Lines::Keep.limit();

    /// One line out of foreign text: escape sequences are removed, other
    /// control, bidi and invisible characters become `<202E>`, line ends one
    /// space, tabs four.
    pub fn new(raw: &str) -> Self {
        Self(Arc::from(clean(raw, Lines::Single).as_ref()))
    }

    /// As [`Clean::new`], but line ends stay, as `\n`.
    pub fn multiline(raw: &str) -> Self {
        Self(Arc::from(clean(raw, Lines::Keep).as_ref()))
    }

    /// As [`Clean::multiline`], but no longer than [`Clean::MAX`]: a line of a log, which may hold a stack trace.
    pub fn record(raw: &str) -> Self {
        Self(Arc::from(clean(raw, Lines::Record).as_ref()))
    }

    /// One line out of bytes that may not be UTF-8; what is not becomes U+FFFD.
    pub fn from_bytes(raw: &[u8]) -> Self {
        Self::new(&String::from_utf8_lossy(raw))
    }

    /// Our own words.
    pub fn literal(text: &'static str) -> Self {
        Self::own(text.to_owned())
    }

    /// Text that we formatted from clean parts and literals only; it may have
    /// several lines. Anything else is a bug: a debug build stops at it, a
    /// release build cleans it.
    pub fn own(text: String) -> Self {
        let kept = clean(&text, Lines::Keep);
        debug_assert!(
            kept == text.trim_end_matches('\n'),
            "not made of clean parts: {text:?}"
        );
        Self(Arc::from(kept.as_ref()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text in ASCII, other characters as `<E9>`: for a name that somebody
    /// is about to confirm, where a look-alike letter must not pass.
    pub fn ascii(&self) -> Cow<'_, str> {
        if self.is_ascii() {
            return Cow::Borrowed(self);
        }
        let mut text = String::with_capacity(self.len() * 2);
        for char in self.chars() {
            if char.is_ascii() {
                text.push(char);
            } else {
                text.push_str(&format!("<{:X}>", u32::from(char)));
            }
        }
        Cow::Owned(text)
    }
}

impl Default for Clean {
    fn default() -> Self {
        Self(Arc::from(""))
    }
}

impl Deref for Clean {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Clean {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Clean {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Clean {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Clean {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Debug for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl Serialize for Clean {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Clean {
    /// Cleans as [`Clean::multiline`] does: a file is foreign too.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::multiline(&String::deserialize(deserializer)?))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::Clean;

    #[test]
    fn is_found_in_a_map_by_its_text() {
        let map = HashMap::from([(Clean::new("status"), 1)]);
        assert_eq!(map.get("status"), Some(&1));
    }

    #[test]
    fn bytes_that_are_no_text_are_seen_as_such() {
        assert_eq!(Clean::from_bytes(b"ok \xff\x9b2J"), "ok \u{fffd}\u{fffd}2J");
    }

    #[test]
    fn a_look_alike_letter_shows_in_ascii() {
        assert_eq!(Clean::new("p\u{430}yments").ascii(), "p<430>yments");
        assert_eq!(Clean::literal("payments").ascii(), "payments");
    }

    #[test]
    fn survives_json_and_cleans_what_json_smuggles() {
        let text: Clean = serde_json::from_str("\"a\\u001b[2Jb\\u202ec\"").unwrap();
        assert_eq!(text, "ab<202E>c");
        assert_eq!(serde_json::to_string(&text).unwrap(), r#""ab<202E>c""#);
    }

    #[test]
    #[should_panic(expected = "not made of clean parts")]
    fn our_own_text_must_be_clean_already() {
        let _ = Clean::own("\u{1b}[31mred".to_owned());
    }
}
