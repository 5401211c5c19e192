//! From what AWS shows to what is wrong.
//!
//! A pure function of a snapshot: the same snapshot gives the same diagnosis.
//! Evidence is quoted in AWS's own words and says where it was seen; nothing
//! is guessed from silence.

mod advice;
mod asked;
mod captured;
pub mod cause;
mod causes;
mod deciding;
mod evidence;
mod explain;
mod family;
mod hanging;
#[cfg(test)]
mod invariants;
mod last_words;
mod local_facts;
mod memory;
pub mod messages;
mod preflight;
mod question;
mod runnable;
#[cfg(test)]
pub(crate) mod sample;
mod service;
mod verdict;
pub mod work;

pub use asked::Asked;
pub use captured::{action, captured};
pub use causes::Cause;
pub use evidence::{Evidence, EvidenceSource, is_failure};
pub use explain::{EXPLAIN_LIMIT, ReadAt, Report, explain, explain_at, joined};
pub use family::{FamilySnapshot, diagnose_family, diagnose_tasks};
pub use local_facts::{CountSet, LocalFacts, SentBack};
pub use memory::{Action, Memory};
pub use preflight::{
    Finding, Planned, Preflight, Unasked, preflight, questions as preflight_questions,
};
pub(crate) use question::pace;
pub use question::{Answered, Fact, Facts, Question};
pub use runnable::Runnable;
pub use service::{BreakerCount, Change, ServiceSnapshot, changes_between, diagnose_service};
pub use verdict::{Diagnosis, Opening, Verdict};
