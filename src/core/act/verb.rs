//! What a write does, and which of a target's values it changes: as types, so that nothing depends on a word.
//!
//! The words are those of the journal and of `--json`. They never change: a
//! journal outlives the version that wrote it. What another version wrote is
//! kept as its word ([`Recorded::Other`]), which is shown and decides nothing.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::Clean;

/// One of a fixed set of words.
pub trait Word: Copy + PartialEq + 'static {
    /// All of them.
    const ALL: &'static [Self];
    /// The word, which never changes.
    fn as_str(self) -> &'static str;
}

macro_rules! verbs {
    ($($(#[$doc:meta])* $verb:ident $word:literal;)*) => {
        /// What a write does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Verb {
            $($(#[$doc])* $verb,)*
        }

        impl Verb {
            /// The word, as the journal has it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$verb => $word,)*
                }
            }
        }

        impl Word for Verb {
            const ALL: &'static [Self] = &[$(Self::$verb),*];

            fn as_str(self) -> &'static str {
                self.as_str()
            }
        }

        impl std::fmt::Display for Verb {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for Verb {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}
pub(super) use verbs;

/// A word that the journal holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded<T> {
    /// One that this version knows.
    Known(T),
    /// One of another version: it is shown, and nothing is done because of it.
    Other(Clean),
}

impl<T: Word> Recorded<T> {
    /// The word, where this version knows it.
    pub fn known(&self) -> Option<T> {
        match self {
            Self::Known(word) => Some(*word),
            Self::Other(_) => None,
        }
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(word) => word.as_str(),
            Self::Other(word) => word.as_str(),
        }
    }
}

impl<T> From<T> for Recorded<T> {
    fn from(word: T) -> Self {
        Self::Known(word)
    }
}

impl<T: Word> PartialEq<T> for Recorded<T> {
    fn eq(&self, word: &T) -> bool {
        self.known() == Some(*word)
    }
}

impl<T: Word> fmt::Display for Recorded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<T: Word> Serialize for Recorded<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de, T: Word> Deserialize<'de> for Recorded<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = Clean::deserialize(deserializer)?;
        let known = T::ALL.iter().find(|known| known.as_str() == word.as_str());
        Ok(known.map_or(Self::Other(word), |known| Self::Known(*known)))
    }
}

/// Which value of its target a write changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// A service's desired count.
    DesiredCount,
    /// A service's task definition.
    TaskDefinition,
    /// The image of a container.
    Image(Clean),
    /// The bounds of what scales a service, and what of it is suspended.
    Autoscaling,
    /// A service's deployment.
    Deployment,
    /// One task.
    Task,
    /// Several tasks.
    Tasks,
    /// Tasks that are started.
    Start,
    /// A queue's messages.
    Messages,
    /// What another version of ecsdeck changed.
    Other(Clean),
}

/// Before the container's name.
const IMAGE: &str = "image of ";

impl Changed {
    /// Those that are one word each.
    const PLAIN: [(Self, &'static str); 8] = [
        (Self::DesiredCount, "desired count"),
        (Self::TaskDefinition, "task definition"),
        (Self::Autoscaling, "autoscaling"),
        (Self::Deployment, "deployment"),
        (Self::Task, "task"),
        (Self::Tasks, "tasks"),
        (Self::Start, "start"),
        (Self::Messages, "messages"),
    ];

    fn of(words: Clean) -> Self {
        if let Some(container) = words.strip_prefix(IMAGE) {
            return Self::Image(Clean::new(container));
        }
        let mut plain = Self::PLAIN.into_iter();
        plain
            .find(|(_, known)| *known == words.as_str())
            .map_or(Self::Other(words), |(changed, _)| changed)
    }
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DesiredCount => "desired count",
            Self::TaskDefinition => "task definition",
            Self::Autoscaling => "autoscaling",
            Self::Deployment => "deployment",
            Self::Task => "task",
            Self::Tasks => "tasks",
            Self::Start => "start",
            Self::Messages => "messages",
            Self::Image(container) => return write!(f, "{IMAGE}{container}"),
            Self::Other(words) => words.as_str(),
        })
    }
}

impl Serialize for Changed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Changed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Clean::deserialize(deserializer).map(Self::of)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::act::Verb;

    #[test]
    fn each_verb_is_written_as_its_word_and_read_again() {
        for verb in Verb::ALL {
            let written = serde_json::to_value(verb).unwrap();
            assert_eq!(written, json!(verb.as_str()));
            let read: Recorded<Verb> = serde_json::from_value(written).unwrap();
            assert_eq!(read, Recorded::Known(*verb));
        }
    }

    /// Journals hold these words: one that is changed here makes their lines those of another version.
    #[test]
    fn the_words_of_the_journal_stay_as_they_are() {
        let words: Vec<&str> = Verb::ALL.iter().map(|verb| verb.as_str()).collect();
        assert_eq!(
            words,
            [
                "run",
                "scale",
                "rollback",
                "redeploy",
                "deploy",
                "stop",
                "drain",
                "restore",
                "autoscaling",
                "continue",
                "redrive",
                "undo"
            ]
        );
    }

    #[test]
    fn a_verb_of_another_version_is_shown_and_is_none_of_ours() {
        let read: Recorded<Verb> = serde_json::from_value(json!("teleport\u{1b}[2J")).unwrap();
        assert_eq!(
            (read.as_str().starts_with("teleport"), read.known()),
            (true, None)
        );
        assert!(!read.as_str().contains('\u{1b}'));
        assert!(Verb::ALL.iter().all(|verb| read != *verb));
    }

    #[test]
    fn what_is_changed_is_written_in_words_and_read_again() {
        let image = Changed::Image(Clean::literal("app"));
        let other = Changed::Other(Clean::literal("phase of the moon"));
        let plain = Changed::PLAIN.into_iter().map(|(changed, words)| {
            assert_eq!(changed.to_string(), words);
            changed
        });
        for changed in plain.chain([image, other]) {
            let written = serde_json::to_value(&changed).unwrap();
            assert_eq!(written, json!(changed.to_string()));
            assert_eq!(serde_json::from_value::<Changed>(written).unwrap(), changed);
        }
        assert_eq!(
            Changed::Image(Clean::literal("app")).to_string(),
            "image of app"
        );
    }
}
