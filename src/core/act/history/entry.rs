//! What a line of the journal says.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Ended, Record, RecordedStep};
use crate::act::{
    Change, Goal, Intent, IntentId, Made, Outcome, OutcomeKind, Recorded, Target, Verb, WITHHELD,
};
use crate::domain::{Arn, Time};
use crate::text::Clean;

/// Which of the lines of a write it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It is about to be sent. Without an outcome after it, nobody knows whether it was applied.
    Intent,
    /// A step made something that cannot be found again by reading, and others follow.
    Step,
    /// How it ended.
    Outcome,
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// The identity that AWS gave when it was asked just before the write.
    pub arn: Clean,
    /// The user of the operating system.
    pub os_user: Option<Clean>,
    /// SSH_CLIENT: from where the user came in.
    pub ssh_client: Option<Clean>,
    /// The deck's name.
    pub deck: Option<Clean>,
}

impl Author {
    /// Somebody of whom no more is known than who they are to AWS.
    pub fn of(arn: &Arn) -> Self {
        Self {
            arn: arn.clean().clone(),
            os_user: None,
            ssh_client: None,
            deck: None,
        }
    }

    /// The user of the operating system, and from where they came in.
    pub fn user(&self) -> Option<Clean> {
        let user = self.os_user.as_ref()?;
        Some(match &self.ssh_client {
            Some(from) => Clean::own(format!("{user} from {from}")),
            None => user.clone(),
        })
    }
}

impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.user() {
            Some(user) => write!(f, "{} ({user})", self.arn),
            None => write!(f, "{}", self.arn),
        }
    }
}

/// One request of a write.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepEntry {
    /// The operation as IAM names it.
    pub operation: Clean,
    /// The request's body as it is sent, values of environment variables and words of commands withheld.
    pub request: Value,
    /// What shows that it was applied. Kept as it was written: another version may know other goals.
    #[serde(default)]
    pub goal: Value,
}

impl StepEntry {
    /// What shows that it was applied, where this version knows such a goal.
    pub fn goal(&self) -> Option<Goal> {
        serde_json::from_value(self.goal.clone()).ok()
    }
}

/// A line of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Intent, step or outcome.
    pub kind: Kind,
    /// The intent's id: 32 hexadecimal digits, the same in all its lines.
    pub id: IntentId,
    /// On AWS's clock: when it was decided, or when it ended.
    pub at: Time,
    /// Who.
    pub who: Author,
    /// What the write does.
    pub verb: Recorded<Verb>,
    /// Where.
    pub target: Target,
    /// What.
    pub changes: Vec<Change>,
    /// The first operation as IAM names it.
    pub operation: Clean,
    /// The first request's body. Of old lines only: newer ones have `steps`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Value>,
    /// The requests. Intents only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepEntry>,
    /// The earlier intent that this one takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<IntentId>,
    /// What the requests made so far. Steps and outcomes only.
    #[serde(default, skip_serializing_if = "Made::is_empty")]
    pub made: Made,
    /// Which of the requests AWS answered that it had accepted, by their place from 0. Steps and outcomes only.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub accepted: BTreeSet<usize>,
    /// How it ended. Outcomes only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Recorded<OutcomeKind>>,
    /// Why, where there is more to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Clean>,
    /// How often requests were sent: one more than once only when AWS had certainly not applied it before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
    /// AWS's id of the last request. Outcomes only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<Clean>,
    /// AWS's ids of all the requests, where there were several. Outcomes only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub request_ids: Vec<Clean>,
    /// The outcome was found out later, by reading: nobody looks again. Outcomes only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub settled: bool,
}

/// What sending came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// How often requests were sent.
    pub attempts: u32,
    /// AWS's ids of them, in order.
    pub request_ids: Vec<Clean>,
    /// What they made.
    pub made: Made,
    /// Which of them AWS answered that it had accepted, by their place from 0.
    pub accepted: BTreeSet<usize>,
}

impl Entry {
    /// The line before the first request is sent.
    pub fn intent(intent: &Intent, who: Author) -> Self {
        let steps = intent.steps.iter().map(|step| {
            let mut request = step.request.record();
            withhold_values(&mut request);
            StepEntry {
                operation: Clean::literal(step.request.operation()),
                request,
                goal: serde_json::to_value(&step.goal).unwrap_or_default(),
            }
        });
        let operation = intent.steps.first().map(|step| step.request.operation());
        Self {
            steps: steps.collect(),
            ..Self::bare(intent, who, Kind::Intent, operation)
        }
    }

    fn bare(intent: &Intent, who: Author, kind: Kind, operation: Option<&'static str>) -> Self {
        Self {
            kind,
            id: intent.id.clone(),
            at: intent.at,
            who,
            verb: intent.verb.into(),
            target: intent.target.clone(),
            changes: intent.changes.clone(),
            operation: Clean::literal(operation.unwrap_or_default()),
            request: None,
            steps: Vec::new(),
            undoes: intent.undoes.clone(),
            made: Made::default(),
            accepted: BTreeSet::new(),
            outcome: None,
            detail: None,
            attempts: None,
            request_id: None,
            request_ids: Vec::new(),
            settled: false,
        }
    }

    /// The line after it was found out later what became of it.
    pub fn settled(
        record: &Record,
        who: Author,
        at: Time,
        made: &Made,
        outcome: OutcomeKind,
        detail: &Clean,
    ) -> Self {
        let operation = record.steps.first().map(|step| step.operation.clone());
        Self {
            kind: Kind::Outcome,
            id: record.id.clone(),
            at,
            who,
            verb: record.verb.clone(),
            target: record.target.clone(),
            changes: record.changes.clone(),
            operation: operation.unwrap_or_default(),
            request: None,
            steps: Vec::new(),
            undoes: record.undoes.clone(),
            made: made.clone(),
            accepted: record.accepted.clone(),
            outcome: Some(outcome.into()),
            detail: Some(detail.clone()),
            attempts: None,
            request_id: None,
            request_ids: Vec::new(),
            settled: true,
        }
    }

    /// The line after a step that others follow.
    pub fn step(intent: &Intent, who: Author, at: Time, sent: &Sent) -> Self {
        let operation = intent.steps.first().map(|step| step.request.operation());
        Self {
            at,
            made: sent.made.clone(),
            accepted: sent.accepted.clone(),
            ..Self::bare(intent, who, Kind::Step, operation)
        }
    }

    /// The line after it ended.
    pub fn outcome(intent: &Intent, who: Author, at: Time, outcome: &Outcome, sent: &Sent) -> Self {
        let operation = intent.steps.first().map(|step| step.request.operation());
        let ids = &sent.request_ids;
        Self {
            at,
            made: sent.made.clone(),
            accepted: sent.accepted.clone(),
            outcome: Some(outcome.kind().into()),
            detail: outcome.detail(),
            attempts: Some(sent.attempts),
            request_id: ids.last().cloned(),
            request_ids: if ids.len() > 1 {
                ids.clone()
            } else {
                Vec::new()
            },
            ..Self::bare(intent, who, Kind::Outcome, operation)
        }
    }

    /// The write that this is the first line of.
    pub(super) fn record(&self) -> Record {
        let steps = self.steps.iter().map(|step| RecordedStep {
            operation: step.operation.clone(),
            request: step.request.clone(),
            goal: step.goal(),
        });
        Record {
            id: self.id.clone(),
            at: self.at,
            who: self.who.clone(),
            verb: self.verb.clone(),
            target: self.target.clone(),
            changes: self.changes.clone(),
            steps: steps.collect(),
            made: Made::default(),
            accepted: BTreeSet::new(),
            undoes: self.undoes.clone(),
            ended: None,
            undone_by: None,
            whole: self.kind == Kind::Intent,
        }
    }

    /// How this line says that its write ended; `before` is what was known until then. What was sent is known for good.
    pub(super) fn ended(&self, before: Option<Ended>) -> Option<Ended> {
        let Some(outcome) = self.outcome.clone() else {
            return before;
        };
        let ids = if self.request_ids.is_empty() {
            self.request_id.iter().cloned().collect()
        } else {
            self.request_ids.clone()
        };
        let (attempts, request_ids) =
            before.map_or((None, Vec::new()), |one| (one.attempts, one.request_ids));
        Some(Ended {
            at: self.at,
            outcome,
            detail: self.detail.clone(),
            attempts: self.attempts.or(attempts),
            request_ids: if ids.is_empty() { request_ids } else { ids },
            settled: self.settled,
        })
    }
}

/// Replaces the values of environment variables and the words of commands in a request: somebody's secret may be
/// among them.
fn withhold_values(request: &mut Value) {
    match request {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::Array(variables) if name == "environment" => {
                        for value in variables
                            .iter_mut()
                            .filter_map(|variable| variable.get_mut("value"))
                        {
                            *value = json!(WITHHELD);
                        }
                    }
                    Value::Array(words) if name == "command" => *words = vec![json!(WITHHELD)],
                    _ => withhold_values(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(withhold_values),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_environment_variables_and_commands_are_withheld() {
        let mut request = json!({
            "overrides": { "containerOverrides": [
                { "name": "app", "command": ["sh", "-c", "canary"],
                  "environment": [{ "name": "TOKEN", "value": "canary" }] }
            ]},
            "count": 1,
        });
        withhold_values(&mut request);
        let text = request.to_string();
        assert!(!text.contains("canary"), "{text}");
        assert!(
            text.contains("TOKEN") && text.contains(r#""count":1"#),
            "{text}"
        );
    }

    #[test]
    fn a_line_of_an_older_version_is_still_read() {
        let line = r#"{"kind":"intent","id":"0007","at":"2026-01-01T00:00:00Z","who":{"arn":"a"},"verb":"scale",
            "target":{"account":"1","region":"r","role":"o","cluster":"c","service":"s"},
            "changes":[{"what":"desired count","before":"2","after":"3"}],
            "operation":"ecs:UpdateService","request":{"desiredCount":3}}"#;
        let entry: Entry = serde_json::from_str(line).unwrap();
        assert_eq!(entry.target.subject.name(), "s");
        assert_eq!(entry.request.unwrap()["desiredCount"], 3);
        assert!(entry.steps.is_empty());
    }

    #[test]
    fn a_goal_of_another_version_does_not_make_the_line_unreadable() {
        let step: StepEntry = serde_json::from_value(
            json!({ "operation": "x:Y", "request": {}, "goal": { "moon": 1 } }),
        )
        .unwrap();
        assert_eq!(step.goal(), None);
    }
}
