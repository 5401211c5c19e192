//! What a cluster's logs keep of stopped tasks that AWS has forgotten: the events that ECS sends to EventBridge, where
//! they are captured, and the action logs. Nothing of it is guessed: a group that is not there says nothing.

use serde::Serialize;

use crate::domain::{Task, Time};
use crate::text::Clean;

/// What was kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Memory {
    /// Stopped tasks, each once.
    pub tasks: Vec<Task>,
    /// What ECS did in vain, oldest first.
    pub actions: Vec<Action>,
    /// The groups that there are.
    pub groups: Vec<Clean>,
}

/// Something that ECS did, and why it failed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Action {
    /// When.
    pub at: Option<Time>,
    /// What, and why.
    pub text: Clean,
}

impl Memory {
    /// The answer in a few words.
    pub(super) fn words(&self) -> Clean {
        if self.groups.is_empty() {
            return Clean::literal("the cluster has neither event capture nor action logs");
        }
        let groups: Vec<&str> = self.groups.iter().map(Clean::as_str).collect();
        let groups = groups.join(", ");
        Clean::own(match (self.tasks.len(), self.actions.len()) {
            (0, 0) => format!("nothing that failed is in {groups}"),
            (0, actions) => format!("{actions} failed actions in {groups}"),
            (tasks, _) => format!("{tasks} stopped tasks in {groups}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_has_words() {
        let mut memory = Memory::default();
        assert!(memory.words().contains("neither"));
        memory.groups = vec![Clean::literal("/g")];
        assert_eq!(memory.words(), "nothing that failed is in /g");
        memory.tasks = vec![crate::diagnose::sample::task("web", "a")];
        assert_eq!(memory.words(), "1 stopped tasks in /g");
    }
}
