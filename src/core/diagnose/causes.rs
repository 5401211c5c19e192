//! From evidence to causes: what is wrong, how sure that is, what it was read
//! off, and what to do.

use serde::Serialize;

use super::cause::{CauseId, Family, Standing};
use super::messages::{Classified, rank_together, summary};
use super::{Evidence, EvidenceSource, Verdict, advice};
use crate::keys::Command;
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
    pub fix: Clean,
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
    let mut causes = causes_of(kept, evidence);
    // A complaint in words that nobody knows is more than what is sure of the ordinary.
    let complaint = evidence.iter().find(|one| one.complains_unknown());
    let wrong = |cause: &Cause| {
        matches!(cause.id.standing(), Standing::Fault | Standing::Symptom)
            && cause.confidence >= GUESS
    };
    if let Some(complaint) = complaint
        && any_known
        && !causes.iter().any(wrong)
    {
        let unknown = causes_of(rank_together([]), std::slice::from_ref(complaint));
        causes.splice(0..0, unknown);
    }
    causes
}

/// The same for a verdict. Bad news is never explained by a calm cause: where nothing else is known the words are shown.
/// What only says that a rollout was given up or that starts fail stands not beside what says why.
pub(super) fn causes_of_verdict(verdict: Verdict, evidence: &[Evidence]) -> Vec<Cause> {
    let mut causes = causes(evidence);
    let explained = causes
        .first()
        .is_some_and(|first| first.id.standing() == Standing::Fault && first.confidence >= 0.5);
    if explained {
        let mut number = 0;
        causes.retain(|cause| {
            number += 1;
            number == 1 || !only_says_that(cause.id)
        });
    }
    let calm = |cause: &Cause| cause.id.standing() == Standing::Calm;
    if verdict.is_bad_news() && causes.first().is_some_and(calm) {
        let bad = causes.iter().position(|cause| !calm(cause));
        match bad {
            Some(at) => causes.rotate_left(at),
            None => {
                let unknown = causes_of(rank_together([]), evidence);
                causes.splice(0..0, unknown);
            }
        }
    }
    causes
}

fn only_says_that(cause: CauseId) -> bool {
    matches!(
        cause,
        CauseId::CircuitBreakerTripped | CauseId::DeploymentAlarm | CauseId::StartImpaired
    )
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
        Some(Cause {
            id: found.cause,
            confidence: found.confidence,
            summary: named(&found, first),
            fix: Clean::literal(advice::fix(found.cause, first)),
            actions: found.cause.actions().to_vec(),
            decided_by: found.decided_by,
            evidence: of,
        })
    };
    ranking.into_iter().filter_map(cause).collect()
}

/// Below this a cause is only a possibility, and hides no complaint.
const GUESS: f64 = 0.3;

/// Below this a cause that nobody can be asked about is only suspected.
const SUSPECTED: f64 = 0.7;

/// The cause in plain words. Whether there is a way to a host cannot be asked: where the words leave it open it is
/// called suspected.
fn named(found: &Classified, evidence: Option<&Evidence>) -> Clean {
    let words = evidence.map_or("", |first| first.text.as_str());
    if found.cause == CauseId::Unknown && !words.is_empty() {
        return Clean::own(format!("{}: {words}", found.cause.summary()));
    }
    let plain = match evidence {
        Some(evidence) => plain(found.cause, evidence),
        None => summary(found.cause, words),
    };
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

/// The cause in plain words, with the container that it is about.
fn plain(cause: CauseId, evidence: &Evidence) -> Clean {
    let plain = summary(cause, &evidence.text);
    let of_one = matches!(cause.family(), Family::Program | Family::Health);
    match evidence.container.as_ref().filter(|_| of_one) {
        Some(proxy) if advice::is_proxy(proxy) => {
            Clean::own(format!("{plain}: the Service Connect proxy {proxy}"))
        }
        Some(container) => Clean::own(format!("{plain}: {container}")),
        None => plain,
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
        container: None,
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
        let plain = plain(best, self);
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
            named(&found, None).starts_with("suspected")
        };
        assert!(at(CauseId::SecretNetwork, 0.6));
        assert!(!at(CauseId::SecretNetwork, 0.9));
        assert!(!at(CauseId::AppCrash, 0.6));
    }
}
