//! The spellings of the vocabulary, in four tables.
//!
//! Lower case, single spaces, plain quotes, `; ` between phrases; `|` marks a
//! word boundary. Short enough to survive a message that was cut, long enough
//! to mean one thing.

mod faults;
mod program;
mod service;
mod stages;

use super::lexicon::Mark;

/// Every meaning with each of its spellings.
pub(super) fn spellings() -> impl Iterator<Item = (Mark, &'static str)> {
    [STAGES, FAULTS, PROGRAM, SERVICE]
        .into_iter()
        .flatten()
        .flat_map(|(mark, phrases)| phrases.split("; ").map(|phrase| (*mark, phrase)))
}

use faults::FAULTS;
use program::PROGRAM;
use service::SERVICE;
use stages::STAGES;
