//! ecs:StopTask.

use serde::{Deserialize, Serialize};

use super::shell::Command;
use crate::domain::Arn;
use crate::text::Clean;

/// ecs:StopTask. A task that has stopped already is no error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StopTask {
    /// The cluster.
    pub cluster: Arn,
    /// The task.
    pub task: Arn,
    /// What the task's stopped reason will say.
    pub reason: Clean,
}

impl StopTask {
    pub(super) fn command(&self, region: &str) -> Command {
        Command::new("ecs stop-task", region)
            .with("cluster", self.cluster.name())
            .with("task", self.task.name())
            .with("reason", &self.reason)
    }
}
