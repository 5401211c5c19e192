//! One scenario from before its first event to after its last truth, judged at every poll.
//!
//! A truth holds from the poll after AWS has shown the first of its words, and at the latest from its own
//! moment on. Until then nothing may be called bad, unless for a cause that turns out to be true. Before its
//! moment the verdict may still be `progressing`: a first failure is named, and is not yet stuck.

use std::collections::BTreeSet;
use std::time::Duration;

use ecsdeck_core::diagnose::cause::{CauseId, Standing};
use ecsdeck_core::diagnose::{Report, Verdict};
use ecsdeck_sim::{Scenario, Truth};

use super::watch::{Watch, options_of};

/// So long before the moment at which a scenario opens it is looked at first, in seconds.
const LEAD: i64 = 780;
/// What is shown from further ahead than this is not that truth's.
const FAR: i64 = 600;
/// Where nothing happens for long, in seconds.
const STRIDE: i64 = 300;
/// So long the last truth is held, in seconds.
const AFTERWARDS: i64 = 180;

/// Something that was said and is not so.
pub(super) struct Miss {
    pub(super) scenario: String,
    /// Seconds from the moment at which the scenario opens.
    pub(super) at: i64,
    pub(super) why: String,
}

/// What a course came to.
pub(super) struct Judged {
    pub(super) polls: usize,
    pub(super) misses: Vec<Miss>,
}

/// Runs a scenario over its whole course, polled every so many seconds.
pub(super) async fn run(scenario: Scenario, step: i64) -> Judged {
    let name = scenario.name().to_owned();
    let truths = scenario.truth().to_vec();
    let subject = subject(&truths[0]).to_owned();
    let mut watch = Watch::new(
        options_of(scenario, Duration::from_secs(LEAD.unsigned_abs())),
        Some(&subject),
    )
    .await;
    watch.poll().await;
    let mut judge = Judge::new(truths, step, said(&watch, &subject));
    let mut judged = Judged {
        polls: 0,
        misses: Vec::new(),
    };
    let mut at = -LEAD;
    loop {
        let report = watch.why(&subject);
        let said = said(&watch, &subject);
        judged.polls += 1;
        if let Some(why) = judge.judge(at, report.as_ref(), &said) {
            judged.misses.push(Miss {
                scenario: name.clone(),
                at,
                why,
            });
        }
        let Some(next) = judge.next(at) else {
            return judged;
        };
        watch.after((next - at).unsigned_abs()).await;
        at = next;
    }
}

fn subject(truth: &Truth) -> &str {
    let name = truth.service.as_deref().or(truth.family.as_deref());
    name.expect("a truth is about something")
}

/// The words that AWS shows of a service or family.
fn said(watch: &Watch, subject: &str) -> Vec<String> {
    let (service, tasks) = watch.seen(subject);
    let mut words = Vec::new();
    if let Some(service) = service {
        let events = service.events.iter();
        words.extend(events.map(|event| event.message.to_string()));
        let reasons = service
            .deployments
            .iter()
            .filter_map(|one| one.reason.as_ref());
        words.extend(reasons.map(ToString::to_string));
    }
    for task in tasks {
        let code = task
            .stop_code
            .map(|code| format!("{code:?} "))
            .unwrap_or_default();
        words.extend(
            task.stopped_reason
                .as_ref()
                .map(|reason| format!("{code}{reason}")),
        );
        for container in &task.containers {
            words.extend(container.reason.as_ref().map(ToString::to_string));
            words.extend(container.exit_code.map(|code| format!("exit {code}")));
        }
    }
    words
}

/// Holds what is said against the truth.
struct Judge {
    truths: Vec<Truth>,
    step: i64,
    /// What AWS showed before anything happened.
    before: BTreeSet<String>,
    /// Since when AWS shows a word of each.
    shown: Vec<Option<i64>>,
}

impl Judge {
    fn new(truths: Vec<Truth>, step: i64, before: Vec<String>) -> Self {
        let shown = vec![None; truths.len()];
        Self {
            truths,
            step,
            before: before.into_iter().collect(),
            shown,
        }
    }

    /// When to look next; none at the end.
    fn next(&self, at: i64) -> Option<i64> {
        let last = self.truths.last()?.after_seconds();
        if at >= last + AFTERWARDS {
            return None;
        }
        let ahead = self.truths.iter().map(Truth::after_seconds);
        let ahead = ahead.filter(|after| *after > at).min();
        // A truth that is far ahead is waited for in strides.
        let far = at > AFTERWARDS && ahead.is_some_and(|ahead| ahead - at > 2 * STRIDE);
        let step = if far { STRIDE } else { self.step };
        Some(ahead.map_or(at + step, |ahead| ahead.min(at + step)))
    }

    fn judge(&mut self, at: i64, report: Option<&Report>, said: &[String]) -> Option<String> {
        for (truth, shown) in self.truths.iter().zip(&mut self.shown) {
            let mut new = said.iter().filter(|word| !self.before.contains(*word));
            let told = |word: &String| telling(truth).any(|part| says(word, part));
            if shown.is_none() && new.any(told) {
                *shown = Some(at);
            }
        }
        let holds = |number: &usize| {
            let told = self.shown[*number].is_some_and(|shown| shown < at);
            told || self.truths[*number].after_seconds() <= at
        };
        let current = (0..self.truths.len()).rev().find(holds);
        let bad = report.is_some_and(|report| report.verdict.is_bad_news());
        let what = report.map_or("nothing".to_owned(), |report| {
            format!(
                "{} {} ({:.2}): {}",
                report.verdict.word(),
                report.causes[0].id,
                report.causes[0].confidence,
                report.summary
            )
        });
        let right =
            |truth: &Truth| report.is_some_and(|report| accepts(truth, report.causes[0].id));
        let Some(current) = current else {
            // That too few run is so, whatever the reason.
            let counted = report.is_some_and(|report| {
                let accused = report.causes[0].id.standing() < Standing::Calm;
                report.verdict == Verdict::Degraded && !accused
            });
            let far = self.truths.iter().all(|truth| truth.after_seconds() > FAR);
            let alarm = bad && !counted && !far && !self.truths.iter().any(right);
            return alarm.then(|| format!("nothing was wrong yet: {what}"));
        };
        // The words of a later truth have just come: it may be named already.
        let fresh = (0..self.truths.len()).filter(|number| self.shown[*number] == Some(at));
        let fresh: Vec<usize> = fresh.collect();
        let truth = &self.truths[current];
        let wanted = format!("{} {}", truth.verdicts.join("|"), truth.cause);
        let verdict = report?.verdict;
        let listed = |truth: &Truth| truth.verdicts.iter().any(|word| word == verdict.word());
        // It may go well, and earlier than the next truth says.
        let well = verdict == Verdict::Steady && at > truth.after_seconds() && !all_bad(truth);
        let next = self.truths.get(current + 1);
        let early_next = next.is_some_and(|next| right(next) && listed(next));
        if well || early_next {
            return None;
        }
        if !right(truth) && !fresh.iter().any(|number| right(&self.truths[*number])) {
            return Some(format!("{wanted} is true: {what}"));
        }
        // A first failure is not yet stuck; and one trouble may end before the next is seen.
        let between = at < truth.after_seconds() || (at > truth.after_seconds() && next.is_some());
        let early = between && verdict == Verdict::Progressing;
        let calm = !truth.verdicts.iter().any(|word| is_bad(word));
        let kind = early || bad == all_bad(truth) || (!all_bad(truth) && !calm);
        let fits = listed(truth) || (at != truth.after_seconds() && kind);
        (!fits).then(|| format!("{wanted} is true: {what}"))
    }
}

fn all_bad(truth: &Truth) -> bool {
    truth.verdicts.iter().all(|word| is_bad(word))
}

/// Words that speak of the cause, and not of counts and states. Where all is well, none do.
fn telling(truth: &Truth) -> impl Iterator<Item = &str> {
    let near = truth.after_seconds() <= FAR && truth.verdicts.iter().any(|word| is_bad(word));
    let says = truth.says.iter().map(String::as_str);
    says.filter(move |part| {
        let state = part
            .chars()
            .all(|c| c.is_ascii_uppercase() || matches!(c, '_' | ' '));
        near && !state && !part.ends_with(" run")
    })
}

/// Whether words hold a part of them: `exit 143` does not say `exit 1`.
fn says(words: &str, part: &str) -> bool {
    let number = part.ends_with(|c: char| c.is_ascii_digit());
    let goes_on = |after: &str| number && after.starts_with(|c: char| c.is_ascii_digit());
    words.split(part).skip(1).any(|after| !goes_on(after))
}

fn accepts(truth: &Truth, cause: CauseId) -> bool {
    truth.cause == cause.as_str() || truth.also_ok.iter().any(|id| id == cause.as_str())
}

fn is_bad(verdict: &str) -> bool {
    [
        Verdict::Stuck,
        Verdict::Failed,
        Verdict::Degraded,
        Verdict::RollingBack,
        Verdict::RolledBack,
    ]
    .iter()
    .any(|bad| bad.word() == verdict)
}
