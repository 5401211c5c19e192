//! From evidence to causes: what is wrong, how sure that is, what it was read
//! off, and what to do.

use serde::Serialize;

use super::Evidence;
use super::cause::CauseId;
use super::messages::{rank_together, summary};
use crate::text::Clean;

/// Something that is wrong, and what speaks for it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cause {
    /// Its id in the catalogue.
    pub id: CauseId,
    /// How much speaks for it, from 0 to 1.
    pub confidence: f64,
    /// One clause in plain words that names the thing.
    pub summary: Clean,
    /// What it was read off, the most telling first.
    pub evidence: Vec<Evidence>,
    /// What to do, in plain words.
    pub fix: &'static str,
    /// Commands that help.
    pub actions: &'static [&'static str],
    /// Where several causes fit: what to look at that decides between them.
    pub decided_by: Option<&'static str>,
}

/// The causes that the evidence speaks for, the best first. Empty without evidence.
pub(super) fn causes(evidence: &[Evidence]) -> Vec<Cause> {
    let ranking = rank_together(evidence.iter().map(|evidence| evidence.ranking.clone()));
    let known = |cause: CauseId| cause != CauseId::Unknown;
    let any_known = ranking.iter().any(|found| known(found.cause));
    ranking
        .into_iter()
        .filter(|found| known(found.cause) || !any_known)
        .filter_map(|found| {
            let of: Vec<Evidence> = evidence
                .iter()
                .filter(|evidence| {
                    evidence
                        .ranking
                        .iter()
                        .any(|ranked| ranked.cause == found.cause)
                })
                .cloned()
                .collect();
            let first = of.first()?;
            Some(Cause {
                id: found.cause,
                confidence: found.confidence,
                summary: summary(found.cause, &first.text),
                fix: found.cause.fix(),
                actions: found.cause.actions(),
                decided_by: found.decided_by,
                evidence: of,
            })
        })
        .collect()
}

impl Evidence {
    /// What it says in one clause: the cause in plain words where the words tell one, else the words.
    pub(super) fn headline(&self) -> Clean {
        let best = self
            .ranking
            .first()
            .map_or(CauseId::Unknown, |ranked| ranked.cause);
        if best == CauseId::Unknown || best.is_symptom() {
            return self.text.clone();
        }
        let plain = summary(best, &self.text);
        // The exit code is what a developer asks for first.
        match self
            .text
            .rfind("(exit code ")
            .and_then(|at| self.text.get(at..))
        {
            Some(exit) => Clean::own(format!("{plain} {exit}")),
            None => plain,
        }
    }
}
