//! What the detail pane says of why a service is as it is.
//!
//! What somebody on call needs first comes first, because a small screen shows
//! no more: the cause, the keys that help, what to do; then how far it is, and
//! what all that was read off.

use super::asked::asked_lines;
use super::deployments::deployment_lines;
use super::difference;
use crate::app::model::Model;
use crate::app::model::story::{Stand, Story};
use crate::app::model::viewer::{Line, Style};
use crate::diagnose::cause::CauseId;
use crate::diagnose::{Change, Diagnosis, Evidence, EvidenceSource, Verdict};
use crate::domain::{Arn, Service, Time};
use crate::keys::{Action, Command, Hint};
use crate::text::{Clean, clock, coarse, rounded};

/// Keys that are named beside a cause, at most.
const KEYS: usize = 4;

/// The lines, the most useful first.
pub(in crate::app) fn lines(model: &Model) -> Vec<Line> {
    let Some(row) = model.selected() else {
        return vec![Line::new(Style::Dim, Clean::literal("nothing is selected"))];
    };
    let now = model.now();
    let mut lines = vec![Line::of(
        "verdict",
        Style::Verdict(row.verdict),
        verdict_words(row.verdict, row.since, now),
    )];
    lines.push(Line::of("why", Style::Plain, row.summary.clone()));
    lines.extend(row.story.as_ref().map(story_line));
    let diagnosis = model.fleet.diagnosis(&row.key);
    if let Some(diagnosis) = diagnosis {
        lines.extend(cause_line(diagnosis));
    }
    lines.extend(keys_line(&model.helping_keys()));
    if let Some(diagnosis) = diagnosis {
        lines.extend(fix_line(diagnosis));
        lines.extend(pace_line(diagnosis, now));
        lines.extend(change_line("changed", diagnosis.changed.as_ref(), now));
        lines.extend(change_line("count", diagnosis.count_changed.as_ref(), now));
        lines.extend(evidence_lines(diagnosis, now));
        lines.extend(asked_lines(&model.fleet.facts, diagnosis, now));
        lines.extend(confidence_line(diagnosis));
    }
    if let Some(service) = model.selected_service() {
        lines.push(settings_line(service));
        lines.extend(deployment_lines(service, now));
    }
    lines
}

fn verdict_words(verdict: Verdict, since: Option<Time>, now: Time) -> Clean {
    let word = verdict.word().replace('_', " ");
    Clean::new(&match since {
        Some(since) => format!(
            "{word} for {}, since {} UTC",
            coarse(since, now),
            clock(since)
        ),
        None => word,
    })
}

/// What has become of the last write.
fn story_line(story: &Story) -> Line {
    let style = match story.stand {
        Stand::Recovered => Style::Good,
        Stand::UnderWay => Style::Plain,
        Stand::DidNotHelp | Stand::Superseded => Style::Warn,
    };
    Line::of("write", style, story.words.clone())
}

/// What is wrong, in plain words.
fn cause_line(diagnosis: &Diagnosis) -> Option<Line> {
    let best = diagnosis.causes.first()?;
    let style = Style::Verdict(diagnosis.verdict);
    Some(Line::of("cause", style, best.summary.clone()))
}

fn fix_line(diagnosis: &Diagnosis) -> Option<Line> {
    let best = diagnosis.causes.first()?;
    Some(Line::of("fix", Style::Plain, best.fix.clone()))
}

/// The keys that help, as they are bound.
fn keys_line(hints: &[Hint]) -> Option<Line> {
    let keys: Vec<String> = hints
        .iter()
        .map(|hint| format!("{} {}", hint.keys, hint.info.title))
        .collect();
    let text = Clean::new(&keys.join(" \u{b7} "));
    (!keys.is_empty()).then(|| Line::of("keys", Style::Key, text))
}

/// How long the rollout takes against what such rollouts take, how far the breaker has counted, and when a new task
/// last came up well.
fn pace_line(diagnosis: &Diagnosis, now: Time) -> Option<Line> {
    let mut parts = Vec::new();
    if let Some(elapsed) = diagnosis.elapsed_seconds {
        let expected = diagnosis
            .expected_seconds
            .map(|expected| format!(", usually takes about {}", rounded(expected)))
            .unwrap_or_default();
        parts.push(format!("{} so far{expected}", rounded(elapsed)));
    }
    // A breaker that has counted nothing says nothing.
    if let Some(breaker) = diagnosis.breaker.filter(|breaker| breaker.failed > 0) {
        let (failed, threshold) = (breaker.failed, breaker.threshold);
        parts.push(if failed < threshold {
            format!("circuit breaker: {failed} failed tasks, threshold {threshold}")
        } else {
            format!("circuit breaker tripped: {failed} failed tasks, threshold {threshold}")
        });
    }
    if let Some(at) = diagnosis.last_healthy {
        parts.push(format!("newest healthy task: up for {}", coarse(at, now)));
    }
    let late = diagnosis
        .elapsed_seconds
        .zip(diagnosis.expected_seconds)
        .is_some_and(|(elapsed, expected)| elapsed > expected);
    let style = if late { Style::Warn } else { Style::Plain };
    (!parts.is_empty()).then(|| Line::of("rollout", style, Clean::new(&parts.join("; "))))
}

/// Who changed what last, and when.
fn change_line(label: &'static str, change: Option<&Change>, now: Time) -> Option<Line> {
    let changed = change?;
    let by = changed
        .by
        .as_ref()
        .map(|by| format!(" by {}", Clean::new(by.name())))
        .unwrap_or_default();
    let ago = |at: Time| format!("{} ago", coarse(at, now));
    // Of a revision that waited, when it came counts more than when it was registered.
    let text = match (changed.deployed, changed.at) {
        (Some(deployed), Some(at)) => format!(
            "{}, deployed {}; registered{by} {}",
            changed.subject.as_ref().unwrap_or(&changed.what),
            ago(deployed),
            ago(at)
        ),
        (Some(at), None) | (None, Some(at)) => format!("{}{by}, {}", changed.what, ago(at)),
        (None, None) => format!("{}{by}", changed.what),
    };
    Some(Line::of(label, Style::Plain, Clean::own(text)))
}

/// How sure it is, what would make it surer, and what else it may be.
fn confidence_line(diagnosis: &Diagnosis) -> Vec<Line> {
    let Some(best) = diagnosis.causes.first() else {
        return Vec::new();
    };
    let mut text = format!("{:.0} % {}", best.confidence * 100.0, best.id.as_str());
    let others: Vec<&str> = diagnosis
        .causes
        .iter()
        .skip(1)
        .take(3)
        .map(|cause| cause.id.as_str())
        .collect();
    if !others.is_empty() {
        text.push_str(&format!("; also {}", others.join(", ")));
    }
    let mut lines = Vec::new();
    if let Some(question) = best.decided_by {
        lines.push(Line::of("to confirm", Style::Dim, Clean::literal(question)));
    }
    lines.push(Line::of("confidence", Style::Dim, Clean::new(&text)));
    lines
}

/// What was seen, where, how often and when.
fn evidence_lines(diagnosis: &Diagnosis, now: Time) -> impl Iterator<Item = Line> {
    diagnosis.evidence.iter().map(move |evidence| Line {
        label: seen_at(evidence, now),
        text: evidence.text.clone(),
        style: Style::Warn,
    })
}

fn seen_at(evidence: &Evidence, now: Time) -> Clean {
    let mut label = evidence.source.word().to_owned();
    // A task can be looked for by its id; events have none that anybody sees.
    if matches!(
        evidence.source,
        EvidenceSource::StoppedTask | EvidenceSource::RunningTask
    ) {
        let arn = Arn::new(&evidence.reference);
        let id = arn.name();
        label.push_str(&format!(" {}", id.get(..8).unwrap_or(id)));
    }
    if evidence.count > 1 {
        label.push_str(&format!(" \u{d7}{}", evidence.count));
    }
    if let Some(at) = evidence.at {
        label.push_str(&format!(", {} ago", coarse(at, now)));
    }
    Clean::new(&label)
}

fn settings_line(service: &Service) -> Line {
    let settings = service.settings;
    let percent = |value: Option<u32>| value.map_or("?".to_owned(), |value| format!("{value}%"));
    let breaker = match (settings.breaker.enabled, settings.breaker.rollback) {
        (true, true) => "circuit breaker on, rolls back",
        (true, false) => "circuit breaker on, does not roll back",
        (false, _) => "no circuit breaker: ECS retries indefinitely",
    };
    let text = format!(
        "minimum {}, maximum {}, {breaker}",
        percent(settings.minimum_percent),
        percent(settings.maximum_percent),
    );
    Line::of("settings", Style::Dim, Clean::new(&text))
}

impl Model {
    /// Why the selected row is as it is, in one line: the cause first where the line is AWS's own words and does not say it.
    pub fn reason(&self) -> Clean {
        let Some(row) = self.selected() else {
            return Clean::default();
        };
        let best = self
            .fleet
            .diagnosis(&row.key)
            .filter(|diagnosis| diagnosis.verdict.is_bad_news())
            .and_then(|diagnosis| diagnosis.causes.first())
            .filter(|best| !row.summary.contains(best.summary.as_str()));
        let why = match best {
            Some(best) => Clean::own(format!("{}; {}", best.summary, row.why())),
            None => row.why().clone(),
        };
        // What somebody has done comes before what it was done against.
        match &row.story {
            Some(story) => Clean::own(format!("{}; {why}", story.words)),
            None => why,
        }
    }

    /// The keys that help against what is wrong with the selected row, the most helpful first. Only what exists, is
    /// bound where the focus is, and may be done is among them.
    pub fn helping_keys(&self) -> Vec<Hint> {
        let Some(row) = self.selected() else {
            return Vec::new();
        };
        let best = self
            .fleet
            .diagnosis(&row.key)
            .and_then(|diagnosis| diagnosis.causes.first());
        let commands = best.map_or(&[][..], |best| &best.actions);
        let runnable = self.fleet.runnable(&row.key);
        // Some wait for somebody though the verdict is not bad.
        let waits = best.is_some_and(|best| {
            matches!(
                best.id,
                CauseId::WaitingOnHook | CauseId::AutoscalerOverride
            )
        });
        let at_zero = row.verdict == Verdict::ScaledToZero;
        let story = row.story.as_ref();
        if story.is_none() && !waits && !at_zero && !row.verdict.is_bad_news() {
            return Vec::new();
        }
        let mut actions: Vec<Action> = commands
            .iter()
            .filter(|command| runnable.takes(**command))
            .filter_map(|command| command.action())
            .collect();
        if at_zero {
            actions.push(Action::Scale);
        }
        if let Some(story) = story {
            self.follow_up(story, &mut actions);
        }
        if self.failed_task_with_log(&row.key).is_some() {
            actions.push(Action::FailedLog);
        } else {
            actions.retain(|action| *action != Action::FailedLog);
        }
        if difference::differs(self) {
            actions.push(Action::Difference);
        }
        actions.push(Action::Events);
        let mut hints: Vec<Hint> = Vec::new();
        for action in actions {
            let info = action.info();
            let off = info.write && self.setup.read_only;
            let told = hints.iter().any(|hint| hint.info.action == action);
            let key = self
                .setup
                .keymap
                .keys(action, self.focus.scope())
                .into_iter()
                .next();
            if let Some(key) = key.filter(|_| !off && !told && hints.len() < KEYS) {
                let keys = Clean::new(&key);
                hints.push(Hint { keys, info });
            }
        }
        hints
    }

    /// What helps after a write: nothing that writes while it may still help, not the same once more where it did not, and
    /// the way back where there is one.
    fn follow_up(&self, story: &Story, actions: &mut Vec<Action>) {
        match story.stand {
            Stand::UnderWay => actions.retain(|action| !action.info().write),
            Stand::Recovered => actions.clear(),
            Stand::DidNotHelp => {
                let same = Command::ALL.iter().filter(|one| one.verb() == story.verb);
                let same: Vec<Action> = same.filter_map(|one| one.action()).collect();
                // Another image may help where one did not.
                actions.retain(|one| *one == Action::Deploy || !same.contains(one));
            }
            Stand::Superseded => {}
        }
        // The key takes back the newest write, whatever it was about.
        let newest = self.done.iter().filter(|done| done.good);
        let newest = newest.max_by_key(|done| done.at).map(|done| &done.id);
        if story.undoable && story.write.as_ref() == newest {
            actions.push(Action::Undo);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::BreakerCount;

    fn at(second: i64) -> Time {
        Time::from_second(second).unwrap()
    }

    fn words(line: Option<Line>) -> String {
        line.map_or_else(String::new, |line| line.text.to_string())
    }

    fn stuck() -> Diagnosis {
        Diagnosis {
            verdict: Verdict::Stuck,
            summary: Clean::default(),
            opening: None,
            since: None,
            evidence: Vec::new(),
            causes: Vec::new(),
            questions: Vec::new(),
            expected_seconds: Some(180),
            elapsed_seconds: Some(600),
            breaker: Some(BreakerCount {
                failed: 6,
                threshold: 10,
            }),
            needs_attention: false,
            last_healthy: None,
            broken: None,
            changed: Some(Change {
                by: Some(Arn::new("arn:aws:iam::123456789012:user/ann")),
                at: Some(at(1_000)),
                deployed: None,
                what: Clean::new("web:41 \u{2192} web:42"),
                subject: None,
            }),
            count_changed: None,
        }
    }

    #[test]
    fn a_rollout_is_told_against_what_such_rollouts_take_and_against_its_breaker() {
        let line = pace_line(&stuck(), at(2_000));
        assert_eq!(line.as_ref().map(|line| line.style), Some(Style::Warn));
        assert_eq!(
            words(line),
            "10 min so far, usually takes about 3 min; circuit breaker: 6 failed tasks, threshold 10"
        );
        let mut calm = stuck();
        (calm.elapsed_seconds, calm.breaker) = (None, None);
        assert_eq!(pace_line(&calm, at(2_000)), None);
    }

    #[test]
    fn who_changed_it_is_told_with_what_and_when() {
        let line = change_line("changed", stuck().changed.as_ref(), at(1_000 + 900));
        assert_eq!(words(line), "web:41 \u{2192} web:42 by ann, 15m ago");
        let mut waited = stuck();
        if let Some(change) = &mut waited.changed {
            change.deployed = Some(at(1_000 + 600));
        }
        let line = change_line("changed", waited.changed.as_ref(), at(1_000 + 900));
        assert_eq!(
            words(line),
            "web:41 \u{2192} web:42, deployed 5m ago; registered by ann 15m ago"
        );
    }
}
