//! A line: somebody pasted what AWS said.

use super::report::Report;
use crate::diagnose::cause::{CauseId, Standing};
use crate::diagnose::messages::{Classified, classify};
use crate::diagnose::{Evidence, EvidenceSource, Verdict};
use crate::domain::Time;
use crate::text::Clean;

/// Explains one line of AWS's words.
pub(super) fn explain_line(text: &str) -> Report {
    explain_words(text, EvidenceSource::Line, Clean::default(), None)
}

/// Explains words that were seen at `reference`.
pub(super) fn explain_words(
    text: &str,
    source: EvidenceSource,
    reference: Clean,
    at: Option<Time>,
) -> Report {
    let ranking = classify(text);
    let evidence = Evidence {
        source,
        at,
        reference,
        container: None,
        text: Clean::new(text),
        count: 1,
        ranking: ranking.clone(),
    };
    let verdict = match verdict_of(&ranking) {
        // It complains, whatever of.
        Verdict::Unknown if evidence.complains_unknown() => Verdict::Failed,
        verdict => verdict,
    };
    let mut report = Report::ranked(verdict, ranking, &[evidence]);
    report.since = at;
    report.service = service_named(text).map(Clean::new);
    report
}

/// How a single task or line is: `failed`, `progressing`, `steady` or `unknown`.
pub(super) fn verdict_of(ranking: &[Classified]) -> Verdict {
    let Some(first) = ranking.first() else {
        return Verdict::Unknown;
    };
    match (first.cause.standing(), first.cause) {
        (_, CauseId::Progressing | CauseId::WaitingOnHook) => Verdict::Progressing,
        (Standing::Fault | Standing::Symptom, _) => Verdict::Failed,
        (Standing::Calm, _) => Verdict::Steady,
        (Standing::Unknown, _) => Verdict::Unknown,
    }
}

/// The service that an event names at its start: `(service web) …`, `service web was …`.
fn service_named(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let name = match text.strip_prefix("(service ") {
        Some(rest) => rest.split(')').next(),
        None => text.strip_prefix("service ")?.split(' ').next(),
    }?;
    let name = name.trim_matches(['(', ')', '"', '\'', ',', ':']);
    let lawful = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    (!name.is_empty() && name.len() <= 255 && name.chars().all(lawful)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_its_cause_and_its_service() {
        let report = explain_line(
            "(service web) was unable to place a task. Reason: CannotPullContainerError: manifest for app:9 not found",
        );
        assert_eq!(report.verdict, Verdict::Failed);
        assert_eq!(report.causes[0].id, CauseId::ImageNotFound);
        assert_eq!(report.causes[0].evidence.len(), 1);
        assert_eq!(report.service.as_deref(), Some("web"));
    }

    #[test]
    fn a_calm_line_is_steady_and_an_unknown_one_is_no_guess() {
        let calm = explain_line("(service web) has reached a steady state.");
        assert_eq!(
            (calm.verdict, calm.causes[0].id),
            (Verdict::Steady, CauseId::Steady)
        );
        let unknown = explain_line("the quick brown fox");
        assert_eq!(
            (unknown.verdict, unknown.causes[0].id),
            (Verdict::Unknown, CauseId::Unknown)
        );
        assert_eq!(unknown.causes[0].evidence[0].text, "the quick brown fox");
        assert_eq!(explain_line("").causes[0].id, CauseId::Unknown);
    }
}
