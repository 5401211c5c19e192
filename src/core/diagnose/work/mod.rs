//! Work: what the queues and tables of a service or family say of it.
//!
//! A deck ties a queue or a table to who works it off. What is judged here is whether that work is done. The invariant:
//! a finding rests on what was read; what could not be read gives none and is said as not known; and a trouble of the
//! tasks themselves stays before it.

mod behind;
mod finding;
mod formula;
mod history;
mod load;
mod orphaned;
mod overdue;
mod poison;
mod unserved;

pub use formula::Formula;
pub use history::{DepthHistory, Sample};
pub use load::{Item, ItemState, Keeps, Load, QueueLoad, TableLoad, Unread, Workers};

use finding::Finding;

use super::causes::causes_of;
use super::{Diagnosis, Verdict};
use crate::domain::Time;
use crate::text::Clean;

/// A start takes no longer than this, in seconds: Fargate provisions and pulls an image in one to two minutes.
const START_SECONDS: i64 = 180;
/// Rates and dead letters are judged over so many seconds, and rates not before as many were seen.
const WINDOW_SECONDS: i64 = 600;

/// Adds to a diagnosis what the work says.
pub(crate) fn judge(found: &mut Diagnosis, load: &Load, now: Time) {
    let mut findings: Vec<Finding> = Vec::new();
    // A service that is on its way to its count, or to a revision, is no place to ask for more.
    let is_moving = found.verdict == Verdict::Progressing && load.workers.keeps != Keeps::Family;
    if load.workers.counted() && !is_moving {
        findings.extend(unserved::of(load, now));
        findings.extend(behind::of(load, now));
    }
    findings.extend(poison::of(load, now));
    findings.extend(orphaned::of(load, now));
    findings.extend(overdue::of(load, now));
    if !findings.is_empty() {
        add(found, &findings, load);
    }
    let unknown = load.unknown();
    if !unknown.is_empty() && !found.verdict.is_bad_news() {
        let text = format!("{}; not known: {}", found.summary, unknown.join(", "));
        found.summary = Clean::own(text);
    }
}

/// Whether the work alone would make a row of it where there is no task to make one.
pub(crate) fn has_finding(found: &Diagnosis) -> bool {
    let mut causes = found.causes.iter();
    causes.any(|cause| cause.id.family() == super::cause::Family::Work)
}

fn add(found: &mut Diagnosis, findings: &[Finding], load: &Load) {
    let mut causes = Vec::new();
    for one in findings {
        let ranking = one.evidence.first().map(|first| first.ranking.clone());
        let mut own = causes_of(ranking.unwrap_or_default(), &one.evidence);
        for cause in &mut own {
            cause.summary = one.headline.clone();
            cause.actions.clone_from(&one.actions);
        }
        causes.extend(own);
    }
    let evidence = findings.iter().flat_map(|one| one.evidence.iter().cloned());
    if found.verdict.is_bad_news() {
        // What ails the tasks is why the work is not done.
        found.causes.extend(causes);
        found.evidence.extend(evidence);
        return;
    }
    found.causes.splice(0..0, causes);
    found.evidence.splice(0..0, evidence);
    let Some(first) = findings.first() else {
        return;
    };
    let others = findings.len().saturating_sub(1);
    let more = match others {
        0 => String::new(),
        others => format!(" (and {others} more)"),
    };
    found.summary = Clean::own(format!("{}{more}; {}", first.headline, found.summary));
    found.opening = None;
    found.since = first.since.or(found.since);
    // A rollout that goes well has its own word until it ends.
    if found.elapsed_seconds.is_some() {
        return;
    }
    found.verdict = match load.workers.keeps {
        Keeps::Service { .. } => Verdict::Degraded,
        Keeps::Family => Verdict::Failed,
    };
}

#[cfg(test)]
mod healthy;
#[cfg(test)]
mod tests;
