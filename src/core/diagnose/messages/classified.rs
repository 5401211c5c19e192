//! A ranking of causes: what [`classify`](super::classify) answers.
//!
//! It is never empty, and holds a cause once.

use serde::Serialize;

use crate::diagnose::cause::{CauseId, Standing};

/// A cause that a message can have.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Classified {
    /// The cause.
    pub cause: CauseId,
    /// How much the words speak for it, from 0 (not at all: [`CauseId::Unknown`]) to 1.
    pub confidence: f64,
    /// Where several causes fit: what to look at that decides between them.
    pub decided_by: Option<&'static str>,
}

/// Below this a cause is only mentioned behind `unknown`: it would be a guess.
pub(super) const GUESS: f64 = 0.3;

/// What the rules found so far.
#[derive(Default)]
pub(super) struct Findings(Vec<Classified>);

impl Findings {
    /// The words say so.
    pub(super) fn say(&mut self, cause: CauseId, confidence: f64) {
        self.put(cause, confidence, None);
    }

    /// The words allow it; something else decides.
    pub(super) fn may(&mut self, cause: CauseId, confidence: f64, decided_by: &'static str) {
        self.put(cause, confidence, Some(decided_by));
    }

    fn put(&mut self, cause: CauseId, confidence: f64, decided_by: Option<&'static str>) {
        match self.0.iter_mut().find(|found| found.cause == cause) {
            Some(found) if found.confidence >= confidence => {}
            Some(found) => (found.confidence, found.decided_by) = (confidence, decided_by),
            None => self.0.push(Classified {
                cause,
                confidence,
                decided_by,
            }),
        }
    }

    /// Whether something is found with at least this confidence.
    pub(super) fn reach(&self, confidence: f64) -> bool {
        self.0.iter().any(|found| found.confidence >= confidence)
    }

    /// The ranking.
    pub(super) fn rank(self) -> Vec<Classified> {
        ranked(self.0)
    }
}

/// Puts the most specific that the evidence supports first.
fn ranked(mut found: Vec<Classified>) -> Vec<Classified> {
    let likely = |one: &Classified| one.confidence >= 0.4;
    let explained = found
        .iter()
        .any(|one| likely(one) && one.cause.standing() == Standing::Fault);
    found.retain(|one| one.cause != CauseId::Unknown);
    found.sort_by(|a, b| {
        let weight = |one: &Classified| {
            let pointer = explained && one.cause.is_symptom();
            one.confidence - if pointer { 0.6 } else { 0.0 }
        };
        weight(b).total_cmp(&weight(a))
    });
    if found.first().is_none_or(|first| first.confidence < GUESS) {
        found.insert(
            0,
            Classified {
                cause: CauseId::Unknown,
                confidence: 0.0,
                decided_by: None,
            },
        );
    }
    found
}

/// One ranking out of those of several messages about the same thing: a
/// service's events, a task's containers.
///
/// A fault ranks above a symptom, a symptom above ordinary activity; `unknown`
/// stays only where nothing else is known. Within a standing the surer comes
/// first, and of equals the earlier.
pub fn rank_together(rankings: impl IntoIterator<Item = Vec<Classified>>) -> Vec<Classified> {
    let mut findings = Findings::default();
    for one in rankings.into_iter().flatten() {
        findings.put(one.cause, one.confidence, one.decided_by);
    }
    let mut found = ranked(findings.0);
    found.sort_by_key(|one| {
        if one.confidence < 0.5 {
            Standing::Unknown
        } else {
            one.cause.standing()
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use CauseId::{
        AppCrash, CircuitBreakerTripped, ImageNotFound, SchedulerActivity, StartImpaired, Unknown,
    };

    fn found(causes: &[(CauseId, f64)]) -> Findings {
        let mut findings = Findings::default();
        for (cause, confidence) in causes {
            findings.say(*cause, *confidence);
        }
        findings
    }

    fn ids(ranking: &[Classified]) -> Vec<CauseId> {
        ranking.iter().map(|one| one.cause).collect()
    }

    #[test]
    fn nothing_found_is_unknown() {
        let ranking = found(&[]).rank();
        assert_eq!(ids(&ranking), [Unknown]);
        assert_eq!(ranking[0].confidence, 0.0);
    }

    #[test]
    fn a_weak_guess_stands_behind_unknown() {
        assert_eq!(ids(&found(&[(AppCrash, 0.2)]).rank()), [Unknown, AppCrash]);
    }

    #[test]
    fn the_cause_ranks_above_the_symptom() {
        let ranking = found(&[(StartImpaired, 0.95), (ImageNotFound, 0.6)]).rank();
        assert_eq!(ids(&ranking), [ImageNotFound, StartImpaired]);
    }

    #[test]
    fn several_messages_make_one_ranking() {
        let ranking = rank_together([
            found(&[(SchedulerActivity, 0.95)]).rank(),
            found(&[]).rank(),
            found(&[(CircuitBreakerTripped, 0.95)]).rank(),
            found(&[(AppCrash, 0.6)]).rank(),
        ]);
        assert_eq!(
            ids(&ranking),
            [AppCrash, CircuitBreakerTripped, SchedulerActivity]
        );
    }

    #[test]
    fn a_cause_is_held_once_and_at_its_best() {
        let ranking = found(&[(AppCrash, 0.5), (AppCrash, 0.9), (AppCrash, 0.7)]).rank();
        assert_eq!(ranking.len(), 1);
        assert_eq!(ranking[0].confidence, 0.9);
    }
}
