//! From AWS's words to what is wrong.
//!
//! A message is first made comparable, then read for *signals* (what was being
//! done, how it failed, a status, an exit code), and only signals are judged.
//! So old and new wordings, cut ones and nested Go errors give the same cause,
//! and words that nobody knows give `unknown`, never a guess. Pure, linear in
//! the first eight kilobytes, and a few microseconds a message.

mod blame;
mod classified;
mod exit;
mod field;
mod flat;
mod joined;
mod lexicon;
mod numbers;
mod rules;
mod scan;
mod signals;
mod subject;
mod task;
mod words;

#[cfg(test)]
mod tests;

pub(super) use blame::{blame, counted, killed_by_the_stop, unhealthy};
pub use classified::{Classified, rank_together};
pub use exit::classify_exit;
pub use subject::{Subject, subjects, summary};
pub use task::classify_task;
pub(super) use task::ran_without_the_others;

use classified::Findings;
use signals::Signals;

/// Ranks the causes that a line can have: a stop reason, a container's reason,
/// a deployment's or an attachment's status reason, an event. Never empty.
pub fn classify(text: &str) -> Vec<Classified> {
    let mut parts = joined::parts(text);
    let Some(second) = parts.next().and_then(|_| parts.next()) else {
        return one(text);
    };
    let first = joined::parts(text).take(1);
    rank_together(first.chain([second]).chain(parts).map(one))
}

fn one(text: &str) -> Vec<Classified> {
    let signals = Signals::read(text);
    let mut findings = Findings::default();
    rules::judge(&signals, &mut findings);
    findings.rank()
}

/// Whether words complain at all, whatever of: an ordinary message does not.
pub(super) fn complains(text: &str) -> bool {
    let signals = Signals::read(text);
    const HELD: [&str; 6] = [
        "paused",
        "blocked",
        "suspended",
        "unable to",
        "taskfailedto",
        "not placed",
    ];
    signals.complains() || HELD.iter().any(|word| signals.says(word))
}

/// Ranks the causes of a service event. Never empty.
pub fn classify_event(message: &str) -> Vec<Classified> {
    classify(message)
}
