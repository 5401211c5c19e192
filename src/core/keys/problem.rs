//! What can be wrong with a keymap file. Every message says what to write instead.

use std::fmt;

use thiserror::Error;

use super::{Action, Chord, Scope};
use crate::text::{Clean, Place};

/// A keymap that cannot be used. Prints as `file:line:column: what is wrong`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeymapError {
    /// Where; none for a keymap that was asked for and not found.
    pub place: Option<Place>,
    /// What.
    pub problem: Box<Problem>,
}

impl KeymapError {
    pub(super) fn new(place: Option<Place>, problem: Problem) -> Self {
        Self {
            place,
            problem: Box::new(problem),
        }
    }
}

impl fmt::Display for KeymapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        write!(f, "{}", self.problem)
    }
}

impl std::error::Error for KeymapError {}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Problem {
    /// The file is no TOML.
    #[error("this is not TOML: {0}")]
    Syntax(Clean),
    /// No keymap has that name.
    #[error("there is no keymap `{name}`{}", meant(nearest.as_ref()))]
    UnknownKeymap {
        /// As written.
        name: Clean,
        /// What may have been meant.
        nearest: Option<&'static str>,
    },
    /// A table that is no scope.
    #[error("there is no scope `{name}`{}", meant(nearest.as_ref()))]
    UnknownScope {
        /// As written.
        name: Clean,
        /// What may have been meant.
        nearest: Option<&'static str>,
    },
    /// An action that does not exist.
    #[error("there is no action `{name}`{}", meant(nearest.as_ref()))]
    UnknownAction {
        /// As written.
        name: Clean,
        /// What may have been meant.
        nearest: Option<&'static str>,
    },
    /// A name that is no key.
    #[error("`{name}` is not a key{}; a key reads like j, G, ctrl-f, alt-x, f1, enter, or \"g g\" for two in turn", meant(nearest.as_ref()))]
    UnknownKey {
        /// As written.
        name: Clean,
        /// What may have been meant.
        nearest: Option<&'static str>,
    },
    /// Terminals send the key as another one.
    #[error("a terminal sends `{name}` as `{same_as}`: write `{same_as}`")]
    SameKey {
        /// As written.
        name: Clean,
        /// What arrives.
        same_as: Clean,
    },
    /// Terminals differ in what they send for the key.
    #[error("terminals do not agree on what `{0}` sends: choose another key")]
    VaryingKey(Clean),
    /// Escape inside a chord.
    #[error("esc cancels a chord and cannot be a part of `{0}`")]
    EscapeInChord(Clean),
    /// A value that is no action.
    #[error("the value of {0} must be {1}")]
    WrongType(Clean, &'static str),
    /// The same keys twice in one scope of one file.
    #[error("`{chord}` is bound twice in [{scope}]: here and in line {other}")]
    Conflict {
        /// The keys.
        chord: Chord,
        /// The scope.
        scope: Scope,
        /// The line of the other binding.
        other: usize,
    },
    /// A binding that hides longer ones, or is hidden.
    #[error(
        "`{long}` can never be pressed: `{short}` is bound to {action} in [{scope}] ({place}); unbind one with false"
    )]
    Prefix {
        /// The binding that comes first.
        short: Chord,
        /// The one that begins with it.
        long: Chord,
        /// What the short one does.
        action: &'static str,
        /// Where the other of the two is bound.
        scope: Scope,
        /// The place of the other of the two.
        place: Place,
    },
    /// An action outside its scopes.
    #[error(
        "`{action}` does nothing in [{scope}]: bind it in {}",
        scopes(action_scopes)
    )]
    WrongScope {
        /// The action.
        action: &'static str,
        /// Where it was bound.
        scope: Scope,
        /// Where it can be.
        action_scopes: &'static [Scope],
    },
    /// A key on which no change may lie.
    #[error(
        "`{action}` changes things in AWS and may not be on `{chord}`: hands press it by habit"
    )]
    WriteKey {
        /// The action.
        action: &'static str,
        /// The keys.
        chord: Chord,
    },
    /// A key that would open a change and confirm it.
    #[error(
        "`{chord}` would open `{action}` and `{confirm}` confirms it: use another key for one of them"
    )]
    OpensAndConfirms {
        /// The action.
        action: &'static str,
        /// Its keys.
        chord: Chord,
        /// The keys that confirm.
        confirm: Chord,
    },
    /// A character bound where text is typed.
    #[error("`{0}` is typed in [input] and cannot be bound there")]
    TypedKey(Chord),
    /// Files that inherit from each other.
    #[error("these keymaps inherit from each other: {0}")]
    Cycle(Clean),
    /// Nothing leads out.
    #[error("nothing is bound to `{action}` in [{scope}]: there must be a way out")]
    Unreachable {
        /// The action.
        action: &'static str,
        /// Where.
        scope: Scope,
    },
}

impl Problem {
    /// The name that was probably meant.
    pub fn nearest(&self) -> Option<&'static str> {
        match self {
            Self::UnknownKeymap { nearest, .. }
            | Self::UnknownScope { nearest, .. }
            | Self::UnknownAction { nearest, .. }
            | Self::UnknownKey { nearest, .. } => *nearest,
            _ => None,
        }
    }
}

fn meant(nearest: Option<&&'static str>) -> String {
    nearest
        .map(|name| format!("; did you mean `{name}`?"))
        .unwrap_or_default()
}

fn scopes(scopes: &[Scope]) -> String {
    scopes
        .iter()
        .map(|scope| format!("[{scope}]"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The name of an action, in messages.
pub(super) const fn name(action: Action) -> &'static str {
    action.info().name
}
