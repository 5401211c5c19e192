//! Why a wish does not become a proposal.

use super::candidate::Candidate;
use crate::act::{ActError, Refusal};
use crate::domain::{Arn, CloudError};
use crate::names::NameError;
use crate::text::{Clean, nearest};

/// Why a wish does not become a proposal.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Declined {
    /// What was given makes no sense, it is so already, or it cannot be done.
    #[error(transparent)]
    Act(#[from] ActError),
    /// A fact without which it cannot be proposed could not be read.
    #[error("{what} could not be read: {error}")]
    Unread {
        /// What.
        what: Clean,
        /// Why.
        error: CloudError,
    },
    /// There is nothing of that name.
    #[error("no {what} named {name}{}", choices(.name, .known))]
    Unknown {
        /// What kind of thing.
        what: &'static str,
        /// The name that was given.
        name: Clean,
        /// The names that there are.
        known: Vec<Clean>,
    },
    /// Only a person can say which revision is meant.
    #[error("{why}")]
    WhichRevision {
        /// Why.
        why: Clean,
        /// Those to choose from, where they could be listed.
        known: Vec<Candidate>,
    },
    /// What was named is not there.
    #[error("{0}")]
    NotThere(Clean),
    /// A name names nothing, or something else.
    #[error(transparent)]
    Named(#[from] NameError),
    /// AWS did not answer in time.
    #[error("{0}: AWS did not answer in time")]
    TooLate(Clean),
}

impl Declined {
    /// It cannot be done, for this reason.
    pub(in crate::app) fn impossible(why: impl Into<String>) -> Self {
        let why = Refusal::Impossible(Clean::own(why.into()));
        Self::Act(ActError::Refused(why))
    }

    /// What it is about is no longer there.
    pub(in crate::app) fn gone(arn: &Arn) -> Self {
        Self::impossible(format!("{} is no longer there", Clean::new(arn.name())))
    }

    /// The same with something before it, so that it says what it is about.
    pub(in crate::app) fn about(self, what: &str) -> Self {
        match self {
            Self::Act(ActError::Refused(refusal)) => Self::impossible(format!("{what}: {refusal}")),
            other => other,
        }
    }
}

/// The nearest name, and those that there are.
fn choices(name: &Clean, known: &[Clean]) -> String {
    let near = nearest(name, known.iter().map(Clean::as_str))
        .map(|near| format!("; did you mean {near}?"))
        .unwrap_or_default();
    if known.is_empty() {
        return near;
    }
    let known: Vec<&str> = known.iter().map(Clean::as_str).collect();
    format!("{near} (available: {})", known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_is_told_with_the_nearest_and_the_others() {
        let unknown = |known: &[&str]| {
            Declined::Unknown {
                what: "template",
                name: Clean::literal("wroker"),
                known: known.iter().map(|name| Clean::new(name)).collect(),
            }
            .to_string()
        };
        assert_eq!(
            unknown(&["worker", "web"]),
            "no template named wroker; did you mean worker? (available: worker, web)"
        );
        assert_eq!(unknown(&[]), "no template named wroker");
    }
}
