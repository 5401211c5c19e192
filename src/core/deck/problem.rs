//! What can be wrong with a deck. Every message says what to write instead.

use std::fmt;

use thiserror::Error;

use crate::text::{Clean, Place};

/// A deck that cannot be used. Prints as `file:line:column: what is wrong; what to do`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeckError {
    /// Where.
    pub place: Place,
    /// What.
    pub problem: Box<DeckProblem>,
}

impl fmt::Display for DeckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}

impl std::error::Error for DeckError {}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DeckProblem {
    /// The file is no TOML.
    #[error("this is not TOML: {0}")]
    Syntax(Clean),
    /// A word that the deck format does not have, or a value that is none of those allowed.
    #[error("`{name}` is not known here{}; known: {}", meant(nearest.as_ref()), known.join(", "))]
    Unknown {
        /// As written.
        name: Clean,
        /// What may have been meant.
        nearest: Option<Clean>,
        /// All that would be right.
        known: Vec<Clean>,
    },
    /// A key that must be there and is not.
    #[error("`{0}` is missing here; add {0} = …")]
    Missing(Clean),
    /// A value of a wrong type or form, in the words of the parser.
    #[error("{0}")]
    WrongType(Clean),
    /// An empty name.
    #[error("`{0}` is empty; write a name, or leave the line out")]
    Empty(&'static str),
    /// Not an account.
    #[error("`{0}` is no account id; write its 12 digits in quotes")]
    Account(Clean),
    /// Not a region.
    #[error("`{0}` is no region; write it like \"us-east-1\"")]
    Region(Clean),
    /// Two things of one kind with one name.
    #[error("there is another [[{kind}]] `{name}` in line {line}; rename or remove one")]
    Duplicate {
        /// The section.
        kind: &'static str,
        /// The name.
        name: Clean,
        /// Where the first one is.
        line: usize,
    },
    /// A name that nothing in the deck has.
    #[error("the deck has no {kind} `{name}`{}; add it, or correct the name", meant(nearest.as_ref()))]
    Dangling {
        /// What it would be.
        kind: &'static str,
        /// The name.
        name: Clean,
        /// What may have been meant.
        nearest: Option<Clean>,
    },
    /// A regular expression that does not compile.
    #[error("this pattern is no regular expression: {0}")]
    Pattern(Clean),
    /// A default that its own pattern refuses.
    #[error("the default `{default}` does not match the pattern `{pattern}`; change one of them")]
    Default {
        /// The default.
        default: Clean,
        /// The pattern.
        pattern: Clean,
    },
    /// Braces around an unknown word.
    #[error("`{{{name}}}` stands for nothing{}; known: {}", meant(nearest.as_ref()), braced(known))]
    Placeholder {
        /// The word.
        name: Clean,
        /// What may have been meant.
        nearest: Option<Clean>,
        /// All that are known.
        known: &'static [&'static str],
    },
    /// Bounds the wrong way round.
    #[error("min is {min} and max is {max}; min may not be the larger one")]
    Bounds {
        /// The lower bound.
        min: u32,
        /// The upper bound.
        max: u32,
    },
    /// A number outside its range.
    #[error("`{key}` must be {range}")]
    Range {
        /// The key.
        key: &'static str,
        /// What it may be.
        range: &'static str,
    },
    /// A status that means two things.
    #[error("the status `{status}` is both {first} and {second}; keep it in one list")]
    State {
        /// The status.
        status: Clean,
        /// One list.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// Keys that need or exclude each other.
    #[error("{0}")]
    Either(&'static str),
    /// A value that does not have the form of what it names.
    #[error("`{value}` is no {what}; write it like {example}")]
    Form {
        /// The value.
        value: Clean,
        /// What it should name.
        what: &'static str,
        /// How that looks.
        example: &'static str,
    },
}

impl DeckProblem {
    /// The name that was probably meant.
    pub fn nearest(&self) -> Option<&str> {
        match self {
            Self::Unknown { nearest, .. }
            | Self::Dangling { nearest, .. }
            | Self::Placeholder { nearest, .. } => nearest.as_deref(),
            _ => None,
        }
    }
}

fn meant(nearest: Option<&Clean>) -> String {
    nearest
        .map(|name| format!("; did you mean `{name}`?"))
        .unwrap_or_default()
}

fn braced(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| format!("{{{name}}}"))
        .collect::<Vec<_>>()
        .join(", ")
}
