//! What is printed of a service, a task or a line: one document, the same for
//! `why --json` and each line of `explain --json`.

use serde::Serialize;

use crate::diagnose::cause::{CauseId, Standing};
use crate::diagnose::causes::{calm_cause, causes_of};
use crate::diagnose::messages::{Classified, rank_together};
use crate::diagnose::{
    Asked, BreakerCount, Cause, Change, Diagnosis, Evidence, EvidenceSource, Runnable, Verdict,
};
use crate::domain::{Arn, Time};
use crate::keys::Command;
use crate::text::Clean;

/// A verdict with its causes, and what it is about.
///
/// `causes` is never empty: where nothing is wrong the first one says so.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Which item of the input it is about, from 0; absent where there is no input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<usize>,
    /// Why the item could not be read, or not wholly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Clean>,
    /// The word.
    pub verdict: Verdict,
    /// One line that says why.
    pub summary: Clean,
    /// Since when it is so.
    pub since: Option<Time>,
    /// The account, twelve digits.
    pub account: Option<Clean>,
    /// The region.
    pub region: Option<Clean>,
    /// The cluster's name.
    pub cluster: Option<Clean>,
    /// The service's name.
    pub service: Option<Clean>,
    /// The family of tasks that no service keeps.
    pub family: Option<Clean>,
    /// The task's resource name, or its id.
    pub task: Option<Clean>,
    /// The deployment's id.
    pub deployment: Option<Clean>,
    /// How sure the first cause is, from 0 to 1.
    pub confidence: f64,
    /// The causes, the best supported first.
    pub causes: Vec<Cause>,
    /// How far the circuit breaker has counted, where it is on.
    pub breaker: Option<BreakerCount>,
    /// How long such a rollout takes, in seconds.
    pub expected_seconds: Option<u64>,
    /// How long it has taken so far, in seconds.
    pub elapsed_seconds: Option<u64>,
    /// Whether it waits for a person: a hook that somebody has to answer.
    pub needs_attention: bool,
    /// When the newest task of the rollout began to run well.
    pub last_healthy: Option<Time>,
    /// Who changed what last.
    pub changed: Option<Change>,
    /// Who changed the count last.
    pub count_changed: Option<Change>,
    /// What AWS was asked to decide between causes, and what it answered. Nothing is asked for an input.
    pub asked: Vec<Asked>,
}

impl Report {
    /// A report of these causes; what it is about is still to be filled in.
    pub fn new(verdict: Verdict, summary: Clean, causes: Vec<Cause>) -> Self {
        Self {
            input: None,
            error: None,
            verdict,
            summary,
            since: None,
            account: None,
            region: None,
            cluster: None,
            service: None,
            family: None,
            task: None,
            deployment: None,
            confidence: causes.first().map_or(0.0, |first| first.confidence),
            causes,
            breaker: None,
            expected_seconds: None,
            elapsed_seconds: None,
            needs_attention: false,
            last_healthy: None,
            changed: None,
            count_changed: None,
            asked: Vec::new(),
        }
    }

    /// A report of a diagnosis; what it is about is still to be filled in. It offers what can be run: in a read-only
    /// console nothing that writes.
    pub fn diagnosed(diagnosis: &Diagnosis, runnable: Runnable, read_only: bool) -> Self {
        let summary = diagnosis.summary.clone();
        let leads = diagnosis
            .causes
            .first()
            .is_some_and(|first| leads(diagnosis.verdict, first));
        let calm = calm_cause(diagnosis.verdict, summary.clone()).filter(|_| !leads);
        let mut causes: Vec<Cause> = calm.into_iter().collect();
        causes.extend(diagnosis.causes.iter().cloned());
        if causes.is_empty() {
            causes = unknown(summary.clone(), EvidenceSource::Counts);
        }
        runnable.narrow(&mut causes, read_only);
        for cause in &mut causes {
            // This is what it answers.
            cause.actions.retain(|command| *command != Command::Why);
        }
        let mut report = Self::new(diagnosis.verdict, summary, causes);
        report.since = diagnosis.since;
        report.breaker = diagnosis.breaker;
        report.expected_seconds = diagnosis.expected_seconds;
        report.elapsed_seconds = diagnosis.elapsed_seconds;
        report.needs_attention = diagnosis.needs_attention;
        report.last_healthy = diagnosis.last_healthy;
        report.changed = diagnosis.changed.clone();
        report.count_changed = diagnosis.count_changed.clone();
        report
    }

    /// A report of an item that could not be read.
    pub(super) fn broken(error: Clean) -> Self {
        let causes = unknown(error.clone(), EvidenceSource::Line);
        let mut report = Self::new(Verdict::Unknown, error.clone(), causes);
        report.error = Some(error);
        report
    }

    /// A report of what a ranking says, in the ranking's own order.
    pub(super) fn ranked(
        verdict: Verdict,
        ranking: Vec<Classified>,
        evidence: &[Evidence],
    ) -> Self {
        let causes = causes_of(ranking, evidence);
        let summary = causes
            .first()
            .map(|first| first.summary.clone())
            .unwrap_or_default();
        Self::new(verdict, summary, causes)
    }

    /// Takes away what is offered and cannot be run on what this is about.
    pub(super) fn narrowed(mut self, runnable: Runnable) -> Self {
        runnable.narrow(&mut self.causes, false);
        self
    }

    /// Fills in account and region, and the cluster where one is known.
    pub fn placed(&mut self, of: &Arn, cluster: &Arn) {
        let known = |text: &str| (!text.is_empty()).then(|| Clean::new(text));
        let either = |part: fn(&Arn) -> &str| known(part(of)).or_else(|| known(part(cluster)));
        self.account = either(Arn::account);
        self.region = either(Arn::region);
        // The long form of a task's or service's name has its cluster in the middle.
        let inside = of.resource().split('/').collect::<Vec<_>>();
        self.cluster = known(cluster.name()).or_else(|| match inside.as_slice() {
            [_, cluster, _] => known(cluster),
            _ => None,
        });
    }
}

/// Whether a cause stands before the calm one of its verdict: a rollout that goes on names what has gone wrong in it
/// or holds it; where all is well, only what is sure and recent is told.
fn leads(verdict: Verdict, first: &Cause) -> bool {
    match verdict {
        Verdict::Progressing => first.id.standing() != Standing::Calm,
        _ => first.id != CauseId::Unknown && first.confidence >= 0.6,
    }
}

/// Nothing is known but what was seen.
pub(super) fn unknown(seen: Clean, source: EvidenceSource) -> Vec<Cause> {
    let ranking = rank_together([]);
    let evidence = Evidence {
        source,
        at: None,
        reference: Clean::default(),
        container: None,
        text: seen,
        count: 1,
        ranking: ranking.clone(),
    };
    causes_of(ranking, &[evidence])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnosis_without_a_cause_gets_one() {
        let of = |verdict| {
            let diagnosis = Diagnosis::new(verdict, Clean::literal("2 of 2"), None, Vec::new());
            Report::diagnosed(&diagnosis, Runnable::Any, false).causes[0].id
        };
        assert_eq!(of(Verdict::Steady), CauseId::Steady);
        assert_eq!(of(Verdict::ScaledToZero), CauseId::ScaledToZero);
        assert_eq!(of(Verdict::Stuck), CauseId::Unknown);
    }

    #[test]
    fn a_console_that_only_reads_offers_no_command_that_writes() {
        let died = |text| crate::diagnose::messages::classify(text);
        let evidence = Evidence {
            source: EvidenceSource::StoppedTask,
            at: None,
            reference: Clean::default(),
            container: None,
            text: Clean::literal("Essential container in task exited (exit code 1)"),
            count: 1,
            ranking: died("Essential container in task exited (exit code 1)"),
        };
        let diagnosis = Diagnosis::new(Verdict::Failed, Clean::literal("x"), None, vec![evidence]);
        let offered = |read_only| {
            let report = Report::diagnosed(&diagnosis, Runnable::Any, read_only);
            report.causes[0].actions.clone()
        };
        assert_eq!(offered(false), [Command::Tail, Command::Rollback]);
        assert_eq!(offered(true), [Command::Tail]);
    }
}
