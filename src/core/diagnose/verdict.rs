//! The word for how a service is.

use serde::Serialize;

use super::causes::causes_of_verdict;
use super::{BreakerCount, Cause, Change, Evidence, Question};
use crate::domain::{Arn, Time};
use crate::text::Clean;

/// How a service or a family of tasks is. Ordered from best to worst, so that the greatest is looked at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing to do.
    Steady,
    /// Its desired count is 0, and so is its running count.
    ScaledToZero,
    /// A rollout or a change of the count is under way and goes well.
    Progressing,
    /// Not enough is known.
    Unknown,
    /// ECS rolled back the last deployment; the previous revision runs.
    RolledBack,
    /// ECS is rolling back a deployment.
    RollingBack,
    /// No rollout is under way, but too few tasks run, or they are not healthy.
    Degraded,
    /// The rollout failed, and no way back is under way.
    Failed,
    /// A rollout is under way with a fault, or takes far too long.
    Stuck,
}

impl Verdict {
    /// The word as people and scripts read it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Steady => "steady",
            Self::ScaledToZero => "scaled_to_zero",
            Self::Progressing => "progressing",
            Self::Unknown => "unknown",
            Self::RolledBack => "rolled_back",
            Self::RollingBack => "rolling_back",
            Self::Degraded => "degraded",
            Self::Failed => "failed",
            Self::Stuck => "stuck",
        }
    }

    /// Whether somebody should look: the exit code of a command that asks is then 1.
    pub fn is_bad_news(self) -> bool {
        self >= Self::RolledBack
    }
}

/// The first words of a summary, and fewer that are enough where it is told elsewhere how many tasks there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// As they stand in the summary: `rollout of :8 (0/2 new)`.
    pub whole: Clean,
    /// The fewer: `:8`.
    pub brief: Clean,
}

/// What is known to be wrong, and by what it is known.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Diagnosis {
    /// The word.
    pub verdict: Verdict,
    /// One line that says why, in plain words with AWS's own where they say it best.
    pub summary: Clean,
    /// The first words of the summary, where others may take their place.
    #[serde(skip)]
    pub opening: Option<Opening>,
    /// Since when it is so, where that is known.
    pub since: Option<Time>,
    /// What it was read off, the most telling first.
    pub evidence: Vec<Evidence>,
    /// What is wrong, the best supported first. Empty while nothing is.
    pub causes: Vec<Cause>,
    /// What AWS could be asked that would decide, the most telling first. It follows from the evidence alone, so that
    /// a question stays here once it is answered.
    pub questions: Vec<Question>,
    /// How long such a rollout takes, in seconds; absent while none is under way.
    pub expected_seconds: Option<u64>,
    /// How long the rollout has taken so far, in seconds; absent while none is under way.
    pub elapsed_seconds: Option<u64>,
    /// How far the circuit breaker has counted, where it is on.
    pub breaker: Option<BreakerCount>,
    /// Whether it waits for a person, though nothing is wrong.
    pub needs_attention: bool,
    /// When the newest task of the rollout that runs and is not unhealthy began to.
    pub last_healthy: Option<Time>,
    /// The revision whose tasks are in trouble, where something is wrong.
    pub broken: Option<Arn>,
    /// Who changed what last, where a rollout is under way or something is wrong.
    pub changed: Option<Change>,
    /// Who changed the count last, as far as that is to be seen, in the last day.
    pub count_changed: Option<Change>,
}

impl Diagnosis {
    /// One for tests of what is made of it.
    #[cfg(test)]
    pub(crate) fn sample(verdict: Verdict, since: Option<Time>, evidence: Vec<Evidence>) -> Self {
        Self::new(verdict, Clean::literal("why"), since, evidence)
    }

    /// The summary, with the fewer words at its beginning where there are such.
    pub fn brief(&self) -> Clean {
        let shortened = self.opening.as_ref().and_then(|opening| {
            let rest = self.summary.strip_prefix(opening.whole.as_str())?;
            Some(Clean::own(format!("{}{rest}", opening.brief)))
        });
        shortened.unwrap_or_else(|| self.summary.clone())
    }

    pub(super) fn new(
        verdict: Verdict,
        summary: Clean,
        since: Option<Time>,
        evidence: Vec<Evidence>,
    ) -> Self {
        let causes = causes_of_verdict(verdict, &evidence);
        Self {
            verdict,
            summary,
            opening: None,
            since,
            evidence,
            causes,
            questions: Vec::new(),
            expected_seconds: None,
            elapsed_seconds: None,
            breaker: None,
            needs_attention: false,
            last_healthy: None,
            broken: None,
            changed: None,
            count_changed: None,
        }
    }
}
