//! From evidence to causes: what is wrong, how sure that is, what it was read
//! off, and what to do.

use serde::Serialize;

use super::cause::CauseId;
use super::messages::{Classified, rank_together, summary};
use super::{Evidence, EvidenceSource, Verdict};
use crate::command::Command;
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
    /// The commands that help, the most helpful first; in a report only those that can be run on what it is about.
    pub actions: Vec<Command>,
    /// Where several causes fit: what to look at that decides between them.
    pub decided_by: Option<&'static str>,
}

/// The causes that the evidence speaks for, the best first. Empty without evidence.
pub(super) fn causes(evidence: &[Evidence]) -> Vec<Cause> {
    if evidence.is_empty() {
        return Vec::new();
    }
    let ranking = rank_together(evidence.iter().map(|evidence| evidence.ranking.clone()));
    let known = |cause: CauseId| cause != CauseId::Unknown;
    let any_known = ranking.iter().any(|found| known(found.cause));
    let kept = ranking
        .into_iter()
        .filter(|found| known(found.cause) || !any_known)
        .collect();
    causes_of(kept, evidence)
}

/// The causes of a ranking, in its order, each with what speaks for it. A cause that nothing speaks for is left
/// out, but `unknown` stands by itself: all that was seen is its evidence.
pub(super) fn causes_of(ranking: Vec<Classified>, evidence: &[Evidence]) -> Vec<Cause> {
    let cause = |found: Classified| {
        let speaks = |evidence: &&Evidence| {
            let mut causes = evidence.ranking.iter().map(|ranked| ranked.cause);
            found.cause == CauseId::Unknown || causes.any(|cause| cause == found.cause)
        };
        let of: Vec<Evidence> = evidence.iter().filter(speaks).cloned().collect();
        let first = of.first();
        if first.is_none() && found.cause != CauseId::Unknown {
            return None;
        }
        let words = first.map_or("", |first| first.text.as_str());
        Some(Cause {
            id: found.cause,
            confidence: found.confidence,
            summary: named(&found, words),
            fix: found.cause.fix(),
            actions: found.cause.actions().to_vec(),
            decided_by: found.decided_by,
            evidence: of,
        })
    };
    ranking.into_iter().filter_map(cause).collect()
}

/// Below this a cause that nobody can be asked about is only suspected.
const SUSPECTED: f64 = 0.7;

/// The cause in plain words. Whether there is a way to a host cannot be asked: where the words leave it open it is
/// called suspected.
fn named(found: &Classified, words: &str) -> Clean {
    let plain = summary(found.cause, words);
    let route = matches!(
        found.cause,
        CauseId::ImagePullNetwork | CauseId::SecretNetwork | CauseId::LogNetwork
    );
    if route && found.confidence < SUSPECTED {
        Clean::own(format!("suspected: {plain}"))
    } else {
        plain
    }
}

/// The cause that stands for a verdict by which nothing is wrong.
pub(super) fn calm_cause(verdict: Verdict, seen: Clean) -> Option<Cause> {
    let cause = match verdict {
        Verdict::Steady => CauseId::Steady,
        Verdict::ScaledToZero => CauseId::ScaledToZero,
        Verdict::Progressing => CauseId::Progressing,
        Verdict::Unknown
        | Verdict::RolledBack
        | Verdict::RollingBack
        | Verdict::Degraded
        | Verdict::Failed
        | Verdict::Stuck => return None,
    };
    let ranked = Classified {
        cause,
        confidence: 0.95,
        decided_by: None,
    };
    let evidence = Evidence {
        source: EvidenceSource::Counts,
        at: None,
        reference: Clean::default(),
        text: seen,
        count: 1,
        ranking: vec![ranked],
    };
    causes_of(vec![ranked], &[evidence]).pop()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_that_nobody_can_be_asked_about_is_suspected() {
        let at = |cause, confidence| {
            let found = Classified {
                cause,
                confidence,
                decided_by: None,
            };
            named(&found, "").starts_with("suspected")
        };
        assert!(at(CauseId::SecretNetwork, 0.6));
        assert!(!at(CauseId::SecretNetwork, 0.9));
        assert!(!at(CauseId::AppCrash, 0.6));
    }
}
