//! A verdict with its causes, for people: one short block.

use std::fmt::Write;

use ecsdeck_core::diagnose::cause::CauseId;
use ecsdeck_core::diagnose::{Cause, Report};
use ecsdeck_core::text::{Ellipsis, fit};

/// Lines of evidence that are shown of a cause; `--json` has them all.
const SHOWN: usize = 3;
/// Columns of a line of evidence: AWS's words can be long, and their beginning says most.
const WIDE: usize = 240;

/// The block, each line ended.
pub(super) fn text(report: &Report) -> String {
    let mut text = String::new();
    // Writing into a string does not fail.
    let _ = writeln!(text, "{}", head(report));
    if let Some(error) = &report.error {
        row(&mut text, "error", error);
        // Of what could not be read at all there is nothing more to say.
        if report
            .causes
            .iter()
            .all(|cause| cause.id == CauseId::Unknown)
        {
            return text;
        }
    }
    let mut causes = report.causes.iter();
    if let Some(first) = causes.next() {
        if report.summary != first.summary && report.error.as_ref() != Some(&report.summary) {
            row(&mut text, "why", &report.summary);
        }
        row(&mut text, "cause", &named(first));
        for evidence in first.evidence.iter().take(SHOWN) {
            let at = evidence
                .at
                .map(|at| format!("{} ", at.strftime("%Y-%m-%dT%H:%M:%SZ")))
                .unwrap_or_default();
            let times = if evidence.count > 1 {
                format!(" (\u{d7}{})", evidence.count)
            } else {
                String::new()
            };
            let words = format!("{at}{}: {}{times}", evidence.source.word(), evidence.text);
            row(&mut text, "seen", &fit(&words, WIDE, Ellipsis::END));
        }
        if !first.actions.is_empty() || report.verdict.is_bad_news() {
            row(&mut text, "fix", &first.fix);
        }
    }
    for other in causes {
        let decided = other
            .decided_by
            .map(|what| format!("; {what} decides"))
            .unwrap_or_default();
        row(&mut text, "or", &format!("{}{decided}", named(other)));
    }
    rollout(&mut text, report);
    let changes = [
        ("changed", &report.changed),
        ("count", &report.count_changed),
    ];
    for (label, changed) in changes {
        let Some(changed) = changed else { continue };
        let by = changed
            .by
            .as_ref()
            .map_or_else(String::new, |by| format!(" by {}", by.resource()));
        let at = changed
            .deployed
            .or(changed.at)
            .map_or_else(String::new, |at| {
                format!(" at {}", at.strftime("%Y-%m-%dT%H:%M:%SZ"))
            });
        row(&mut text, label, &format!("{}{by}{at}", changed.what));
    }
    for asked in &report.asked {
        let answer = match (&asked.answer, &asked.error) {
            (Some(answer), _) => answer.to_string(),
            (None, Some(error)) => format!("not answered: {error}"),
            (None, None) => continue,
        };
        let words = format!("{} \u{2192} {answer}", asked.question);
        row(&mut text, "asked", &fit(&words, WIDE, Ellipsis::END));
    }
    text
}

/// How a rollout that is under way gets on.
fn rollout(text: &mut String, report: &Report) {
    let Some(elapsed) = report.elapsed_seconds else {
        return;
    };
    let expected = report
        .expected_seconds
        .map_or_else(String::new, |expected| {
            format!(", usually takes about {expected} s")
        });
    row(text, "time", &format!("{elapsed} s{expected}"));
    if let Some(at) = report.last_healthy {
        let at = at.strftime("%Y-%m-%dT%H:%M:%SZ");
        row(text, "newest", &format!("new task healthy since {at}"));
    }
    if let Some(breaker) = report.breaker {
        row(
            text,
            "breaker",
            &format!("{} of {} failed tasks", breaker.failed, breaker.threshold),
        );
    }
}

fn row(text: &mut String, what: &str, words: &str) {
    let _ = writeln!(text, "  {what:<8}{words}");
}

fn named(cause: &Cause) -> String {
    format!(
        "{} ({:.0} %): {}",
        cause.id,
        cause.confidence * 100.0,
        cause.summary
    )
}

/// The verdict, and what it is about.
fn head(report: &Report) -> String {
    let mut words = vec![report.verdict.word().to_owned()];
    let owner = report.service.as_ref().or(report.family.as_ref());
    match (&report.cluster, owner) {
        (Some(cluster), Some(owner)) => words.push(format!("{cluster}/{owner}")),
        (Some(one), None) | (None, Some(one)) => words.push(one.to_string()),
        (None, None) => {}
    }
    if let Some(task) = &report.task {
        words.push(format!("task {}", task.rsplit('/').next().unwrap_or(task)));
    }
    words.extend(report.deployment.as_ref().map(ToString::to_string));
    words.extend(
        report
            .since
            .map(|since| format!("since {}", since.strftime("%Y-%m-%dT%H:%M:%SZ"))),
    );
    let number = report
        .input
        .map(|number| format!("{number}: "))
        .unwrap_or_default();
    number + &words.join("  ")
}
