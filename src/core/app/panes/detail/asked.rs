//! What AWS was asked about a service, and what it answered, line by line.

use crate::app::model::viewer::{Line, Style};
use crate::diagnose::{Answered, Diagnosis, Fact, Facts, Question};
use crate::domain::Time;
use crate::text::{Clean, coarse};

/// One line a question that was asked; what was not asked yet is left out, and what other lines say better.
pub(in crate::app) fn asked_lines(facts: &Facts, diagnosis: &Diagnosis, now: Time) -> Vec<Line> {
    let told = |question: &Question| line(question, facts.answered(question)?, now);
    diagnosis.questions.iter().filter_map(told).collect()
}

fn line(question: &Question, answered: &Answered, now: Time) -> Option<Line> {
    let (answer, style) = match &answered.fact {
        Ok(Fact::Rollouts(_) | Fact::Autoscaling(_) | Fact::MayDo(_)) => return None,
        Ok(fact) if fact.tells_trouble() => (fact.words(), Style::Warn),
        Ok(fact) => (fact.words(), Style::Plain),
        Err(error) => (Clean::own(format!("AWS did not say: {error}")), Style::Dim),
    };
    let asked = question.words();
    let between = if asked.ends_with('?') { "" } else { ":" };
    Some(Line {
        label: Clean::new(&format!("checked {} ago", coarse(answered.at, now))),
        text: Clean::new(&format!("{asked}{between} {answer}")),
        style,
    })
}
