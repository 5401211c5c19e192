//! What a line of the journal says.

use ecsdeck_core::act::{Intent, Outcome};
use ecsdeck_core::domain::Time;
use ecsdeck_core::text::Clean;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Which of the two lines of a write it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It is about to be sent. Without an outcome after it, nobody knows whether it was applied.
    Intent,
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

/// Where the write went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The account, twelve digits.
    pub account: Clean,
    /// The region.
    pub region: Clean,
    /// The role that the screen showed.
    pub role: Clean,
    /// The cluster's resource name.
    pub cluster: Clean,
    /// The service's resource name.
    pub service: Clean,
}

/// One value that the write changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Which value.
    pub what: Clean,
    /// As it was seen before.
    pub before: Clean,
    /// As it shall be.
    pub after: Clean,
}

/// A line of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Intent or outcome.
    pub kind: Kind,
    /// The intent's id: 32 hexadecimal digits, the same in both lines.
    pub id: Clean,
    /// On AWS's clock: when it was decided, or when it ended.
    pub at: Time,
    /// Who.
    pub who: Author,
    /// The verb as the command line names it.
    pub verb: Clean,
    /// Where.
    pub target: Place,
    /// What.
    pub changes: Vec<Changed>,
    /// The operation as IAM names it.
    pub operation: Clean,
    /// The request's body as it is sent, values of environment variables withheld. Intents only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Value>,
    /// `done`, `failed`, `refused` or `unknown`. Outcomes only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Clean>,
    /// Why, where there is more to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Clean>,
    /// How often it was sent: more than once only when AWS had certainly not applied it before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
    /// AWS's id of the request. Outcomes only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<Clean>,
}

impl Entry {
    /// The line before the request is sent.
    pub(super) fn intent(intent: &Intent, who: Author) -> Self {
        let mut request = intent.request.body();
        withhold_values(&mut request);
        let target = &intent.target;
        let changed = intent.changes.iter().map(|change| Changed {
            what: change.what.clone(),
            before: change.before.clone(),
            after: change.after.clone(),
        });
        Self {
            kind: Kind::Intent,
            id: Clean::new(intent.id.as_str()),
            at: intent.at,
            who,
            verb: Clean::literal(intent.verb),
            target: Place {
                account: target.account.clone(),
                region: target.region.clone(),
                role: target.role.clone(),
                cluster: target.cluster.clean().clone(),
                service: target.service.clean().clone(),
            },
            changes: changed.collect(),
            operation: Clean::literal(intent.request.operation()),
            request: Some(request),
            outcome: None,
            detail: None,
            attempts: None,
            request_id: None,
        }
    }

    /// The line after it ended.
    pub(super) fn outcome(
        intent: &Intent,
        who: Author,
        at: Time,
        outcome: &Outcome,
        attempts: u32,
        request_id: Option<Clean>,
    ) -> Self {
        Self {
            kind: Kind::Outcome,
            at,
            request: None,
            outcome: Some(Clean::literal(outcome.word())),
            detail: outcome.detail(),
            attempts: Some(attempts),
            request_id,
            ..Self::intent(intent, who)
        }
    }
}

/// Replaces the values of environment variables in a request: somebody's secret may be among them.
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
                            *value = json!("<withheld>");
                        }
                    }
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
    fn values_of_environment_variables_are_withheld() {
        let mut request = json!({
            "overrides": { "containerOverrides": [
                { "name": "app", "environment": [{ "name": "TOKEN", "value": "canary" }] }
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
}
