//! The requests that change something, exactly as they are sent.
//!
//! `--dry-run` prints them, the dialog shows them as an `aws` command, the
//! adapter sends them: all from this one value.

use serde::Serialize;
use serde_json::{Value, json};

use crate::domain::Arn;

/// ecs:UpdateService. Only what changes is sent: naming an unchanged task
/// definition would demand iam:PassRole (source: ECS API reference).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UpdateService {
    /// The cluster.
    pub cluster: Arn,
    /// The service.
    pub service: Arn,
    /// The desired count to set, absolute.
    pub desired_count: Option<u32>,
}

/// A request that changes something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// ecs:UpdateService.
    UpdateService(UpdateService),
}

impl Request {
    /// The operation as IAM names it.
    pub fn operation(&self) -> &'static str {
        match self {
            Self::UpdateService(_) => "ecs:UpdateService",
        }
    }

    /// The request's body as the API takes it.
    pub fn body(&self) -> Value {
        match self {
            Self::UpdateService(update) => {
                let mut body = json!({ "cluster": update.cluster.as_str(), "service": update.service.as_str() });
                if let (Some(count), Some(members)) = (update.desired_count, body.as_object_mut()) {
                    members.insert("desiredCount".to_owned(), json!(count));
                }
                body
            }
        }
    }

    /// The same thing for the AWS CLI, as one line for a shell.
    pub fn aws_command(&self, region: &str) -> String {
        match self {
            Self::UpdateService(update) => {
                let mut line = format!(
                    "aws ecs update-service --region {} --cluster {} --service {}",
                    quoted(region),
                    quoted(update.cluster.name()),
                    quoted(update.service.name()),
                );
                if let Some(count) = update.desired_count {
                    line.push_str(&format!(" --desired-count {count}"));
                }
                line
            }
        }
    }
}

/// Quotes a word for a POSIX shell where it needs it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn update(service: &str) -> Request {
        Request::UpdateService(UpdateService {
            cluster: Arn::new("arn:aws:ecs:us-east-1:1:cluster/prod"),
            service: Arn::new(&format!("arn:aws:ecs:us-east-1:1:service/prod/{service}")),
            desired_count: Some(3),
        })
    }

    #[test]
    fn only_the_changed_field_is_sent() {
        let body = update("web").body();
        let members: Vec<_> = body.as_object().unwrap().keys().cloned().collect();
        assert_eq!(members, ["cluster", "service", "desiredCount"]);
    }

    #[test]
    fn the_command_can_be_pasted_into_a_shell() {
        assert_eq!(
            update("web").aws_command("us-east-1"),
            "aws ecs update-service --region us-east-1 --cluster prod --service web --desired-count 3"
        );
        assert!(
            update("it's; rm")
                .aws_command("r")
                .contains(r"'it'\''s; rm'")
        );
    }
}
