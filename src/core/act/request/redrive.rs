//! sqs:StartMessageMoveTask: the messages of a dead-letter queue go back.

use serde::{Deserialize, Serialize};

use super::shell::Command;
use crate::domain::Arn;

/// sqs:StartMessageMoveTask. Without a destination messages go back to the queues that they came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StartMessageMoveTask {
    /// The dead-letter queue.
    pub source_arn: Arn,
    /// Where they go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination_arn: Option<Arn>,
    /// How fast: 1 to 500 messages a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_number_of_messages_per_second: Option<u32>,
}

impl StartMessageMoveTask {
    pub(super) fn command(&self, region: &str) -> Command {
        let mut command = Command::new("sqs start-message-move-task", region)
            .with("source-arn", self.source_arn.as_str());
        if let Some(to) = &self.destination_arn {
            command = command.with("destination-arn", to.as_str());
        }
        if let Some(rate) = self.max_number_of_messages_per_second {
            command = command.with("max-number-of-messages-per-second", &rate.to_string());
        }
        command
    }
}
