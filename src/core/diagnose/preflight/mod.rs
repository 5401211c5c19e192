//! What will fail next: the questions that explain a failure, asked of a revision before it runs.
//!
//! A pure function of the revision, the service and what AWS answered. The invariant: what is not known is no finding, and
//! what is only likely says so.

use serde::Serialize;

use super::cause::CauseId;
use super::{Fact, Facts, Question};
use crate::domain::{Arn, Service, Task, TaskDefinition};
use crate::text::Clean;

mod image;
mod needs;
mod room;
mod shape;
mod targets;

/// A revision that is about to run.
#[derive(Clone, Copy, Debug)]
pub struct Planned<'a> {
    /// Where.
    pub cluster: &'a Arn,
    /// The revision.
    pub definition: &'a TaskDefinition,
    /// The service that runs it; none for tasks by themselves.
    pub service: Option<&'a Service>,
    /// The service's tasks.
    pub tasks: &'a [&'a Task],
}

/// Something by which tasks of the revision will fail.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// The cause that it will be told as.
    pub id: CauseId,
    /// It is certain; else it is likely.
    pub certain: bool,
    /// What was seen.
    pub text: Clean,
    /// What to do about it.
    pub fix: Clean,
}

impl Finding {
    fn will(id: CauseId, text: String) -> Self {
        Self {
            id,
            certain: true,
            text: Clean::own(text),
            fix: Clean::literal(id.fix()),
        }
    }

    fn may(id: CauseId, text: String) -> Self {
        Self {
            certain: false,
            ..Self::will(id, text)
        }
    }

    /// The finding in a sentence.
    pub fn words(&self) -> Clean {
        let will = if self.certain { "will" } else { "may" };
        Clean::own(format!(
            "this {will} fail next, because {}: {}",
            self.id.summary(),
            self.text
        ))
    }
}

/// Something that was to be asked and has no answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unasked {
    /// What.
    pub question: Clean,
    /// Why there is none.
    pub why: Clean,
}

/// What came of the checks.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Preflight {
    /// What will fail, the surest first.
    pub findings: Vec<Finding>,
    /// What AWS answered, in words: question and answer.
    pub checked: Vec<Clean>,
    /// What AWS would not answer.
    pub not_checked: Vec<Unasked>,
    /// Questions that are still open.
    #[serde(skip)]
    pub open: Vec<Clean>,
    /// What nobody here can ask.
    pub not_visible: Vec<Clean>,
}

/// Questions that are asked at most: a revision may have a hundred secrets, and somebody waits.
const MOST: usize = 24;

/// What is to be asked about it: each is a call, and they are independent of each other.
pub fn questions(planned: Planned<'_>) -> Vec<Question> {
    let mut asked = all_questions(planned);
    asked.truncate(MOST);
    asked
}

/// Those of which there may be many come last.
fn all_questions(planned: Planned<'_>) -> Vec<Question> {
    let mut asked = image::questions(planned);
    asked.extend(targets::questions(planned));
    asked.extend(room::questions(planned));
    asked.extend(needs::questions(planned));
    let mut unique = Vec::new();
    for question in asked {
        if !unique.contains(&question) {
            unique.push(question);
        }
    }
    unique
}

/// What will fail, as far as it is known.
pub fn preflight(planned: Planned<'_>, facts: &Facts) -> Preflight {
    let mut found = Preflight {
        findings: shape::findings(planned),
        not_visible: room::not_visible(planned),
        ..Preflight::default()
    };
    found.findings.extend(image::malformed(planned));
    let mut asked = all_questions(planned);
    let more = asked.len().saturating_sub(MOST);
    asked.truncate(MOST);
    if more > 0 {
        found.not_visible.push(Clean::own(format!(
            "{more} more secrets, log groups and rights ({MOST} things are asked at most)"
        )));
    }
    for question in asked {
        let words = question.words();
        let Some(answered) = facts.answered(&question) else {
            found.open.push(words);
            continue;
        };
        match &answered.fact {
            Err(error) => found.not_checked.push(Unasked {
                question: words,
                why: Clean::own(error.to_string()),
            }),
            Ok(fact) => {
                found
                    .checked
                    .push(Clean::own(format!("{words} {}", fact.words())));
                found.findings.extend(finding(planned, &question, fact));
            }
        }
    }
    found.findings.sort_by_key(|finding| !finding.certain);
    found
}

/// What an answer says will fail.
fn finding(planned: Planned<'_>, question: &Question, fact: &Fact) -> Option<Finding> {
    match (question, fact) {
        (Question::Image(image), Fact::Image(state)) => image::finding(image, state),
        (Question::TargetGroup(_), Fact::TargetGroup(group)) => {
            targets::finding(planned, group.as_ref())
        }
        (Question::Instances(_), Fact::Instances(hosts)) => room::finding(planned, hosts),
        _ => needs::finding(planned, question, fact),
    }
}

#[cfg(test)]
mod tests;
