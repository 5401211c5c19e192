//! What AWS was asked about a service, and what it answered, in words.

use super::age::coarse;
use super::viewer::{Line, Style};
use crate::diagnose::{Diagnosis, Fact, Facts, Question};
use crate::domain::{Existence, ImageState, Permission, TargetGroup, Time};
use crate::text::Clean;

/// One line a question that was asked; what was not asked yet is left out.
pub(super) fn asked_lines(facts: &Facts, diagnosis: &Diagnosis, now: Time) -> Vec<Line> {
    let told = |question: &Question| {
        let answered = facts.answered(question)?;
        let (words, style) = match &answered.fact {
            Ok(fact) => answer(fact)?,
            Err(error) => (format!("AWS did not say: {error}"), Style::Dim),
        };
        Some(Line {
            label: Clean::new(&format!("asked {} ago", coarse(answered.at, now))),
            text: Clean::new(&format!("{} {words}", question.words())),
            style,
        })
    };
    diagnosis.questions.iter().filter_map(told).collect()
}

/// What was answered. What other lines say better is left out.
fn answer(fact: &Fact) -> Option<(String, Style)> {
    Some(match fact {
        Fact::Rollouts(_) | Fact::Autoscaling(_) | Fact::MayDo(_) => return None,
        Fact::TargetGroup(None) => ("It does not exist.".to_owned(), Style::Warn),
        Fact::TargetGroup(Some(group)) => targets(group),
        Fact::Alarms(alarms) => {
            let fired: Vec<&str> = alarms
                .iter()
                .filter(|alarm| alarm.state.as_str() == "ALARM")
                .map(|alarm| alarm.name.as_str())
                .collect();
            if fired.is_empty() {
                ("None is in ALARM.".to_owned(), Style::Plain)
            } else {
                (format!("In ALARM: {}.", fired.join(", ")), Style::Warn)
            }
        }
        Fact::Image(ImageState::Exists { .. }) => ("Yes.".to_owned(), Style::Plain),
        Fact::Image(ImageState::NoSuchImage) => {
            ("No: no such tag or digest.".to_owned(), Style::Warn)
        }
        Fact::Image(ImageState::NoSuchRepository) => {
            ("No: there is no such repository.".to_owned(), Style::Warn)
        }
        Fact::Secret(there) | Fact::Parameter(there) | Fact::LogGroup(there) => match there {
            Existence::Exists => ("Yes.".to_owned(), Style::Plain),
            Existence::Missing => ("No.".to_owned(), Style::Warn),
            Existence::BeingDeleted { .. } => {
                ("No: it is marked for deletion.".to_owned(), Style::Warn)
            }
        },
        Fact::MayRole(permission) => match permission {
            Permission::Allowed => ("IAM says yes.".to_owned(), Style::Plain),
            Permission::ExplicitlyDenied => {
                ("IAM says no: a policy denies it.".to_owned(), Style::Warn)
            }
            Permission::NotAllowed => ("IAM says no: no policy allows it.".to_owned(), Style::Warn),
            Permission::NoSuchRole => ("There is no such role.".to_owned(), Style::Warn),
        },
        Fact::Instances(instances) => {
            let connected = instances.iter().filter(|one| one.agent_connected).count();
            let all = instances.len();
            let style = if connected == 0 {
                Style::Warn
            } else {
                Style::Plain
            };
            (format!("{all}, {connected} of them connected."), style)
        }
    })
}

fn targets(group: &TargetGroup) -> (String, Style) {
    let healthy = group
        .targets
        .iter()
        .filter(|target| target.state.as_str() == "healthy")
        .count();
    let all = group.targets.len();
    let first_bad = group
        .targets
        .iter()
        .find(|target| target.state.as_str() == "unhealthy");
    match first_bad {
        Some(bad) => {
            let why = bad.description.as_ref().or(bad.reason.as_ref());
            let why = why.map(|why| format!(": {why}")).unwrap_or_default();
            let text = format!("{healthy} of {all} healthy{why}.");
            (text, Style::Warn)
        }
        None => (format!("{healthy} of {all} healthy."), Style::Plain),
    }
}
