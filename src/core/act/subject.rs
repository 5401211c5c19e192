//! What a write is about, captured by resource name: never by a row's place on the screen.

use serde::{Deserialize, Serialize};

use crate::domain::Arn;
use crate::text::Clean;

/// What a write is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A service: its count, its revision, its deployments, its autoscaling.
    Service(Arn),
    /// Tasks.
    Tasks(Vec<Arn>),
    /// New tasks: the name of the template, or of the family where there is none.
    Run(Clean),
    /// A queue.
    Queue(Arn),
}

impl Subject {
    /// What kind of thing it is, in a word before its name.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Service(_) => "service",
            Self::Tasks(tasks) if tasks.len() == 1 => "task",
            Self::Tasks(_) => "tasks",
            Self::Run(_) => "template",
            Self::Queue(_) => "queue",
        }
    }

    /// Its name for people: a service's or queue's name, the ids of tasks.
    pub fn name(&self) -> Clean {
        match self {
            Self::Service(arn) | Self::Queue(arn) => Clean::new(arn.name()),
            Self::Tasks(tasks) => {
                Clean::new(&tasks.iter().map(Arn::name).collect::<Vec<_>>().join(", "))
            }
            Self::Run(name) => name.clone(),
        }
    }

    /// The service, where it is about one.
    pub fn service(&self) -> Option<&Arn> {
        match self {
            Self::Service(arn) => Some(arn),
            Self::Tasks(_) | Self::Run(_) | Self::Queue(_) => None,
        }
    }
}

/// Where a write goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The account that the screen showed, twelve digits.
    pub account: Clean,
    /// The region.
    pub region: Clean,
    /// The role that the screen showed.
    pub role: Clean,
    /// The cluster, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<Arn>,
    /// What it is about.
    #[serde(flatten)]
    pub subject: Subject,
}

impl Target {
    /// Under these keys it is claimed while a write to it is under way: two writes that have one
    /// in common do not go on at the same time.
    pub fn claims(&self) -> Vec<Clean> {
        match &self.subject {
            Subject::Service(arn) | Subject::Queue(arn) => vec![arn.clean().clone()],
            Subject::Tasks(tasks) => tasks.iter().map(|task| task.clean().clone()).collect(),
            Subject::Run(name) => {
                let cluster = self.cluster.as_ref().map_or("", Arn::as_str);
                vec![Clean::own(format!("{cluster} run {name}"))]
            }
        }
    }

    /// Whether two writes must not go on at the same time.
    pub fn clashes_with(&self, other: &Self) -> bool {
        let other = other.claims();
        self.claims().iter().any(|claim| other.contains(claim))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(subject: Subject) -> Target {
        Target {
            account: Clean::literal("1"),
            region: Clean::literal("r"),
            role: Clean::literal("o"),
            cluster: Some(Arn::new("c")),
            subject,
        }
    }

    #[test]
    fn writes_that_touch_the_same_task_clash() {
        let tasks =
            |ids: &[&str]| target(Subject::Tasks(ids.iter().copied().map(Arn::new).collect()));
        assert!(tasks(&["a", "b"]).clashes_with(&tasks(&["b", "c"])));
        assert!(!tasks(&["a", "b"]).clashes_with(&tasks(&["c"])));
        assert!(!tasks(&["a"]).clashes_with(&target(Subject::Run(Clean::literal("a")))));
    }

    #[test]
    fn a_target_is_written_with_its_subject_by_name_and_read_again() {
        let queue = target(Subject::Queue(Arn::new("arn:aws:sqs:r:1:dead")));
        let text = serde_json::to_string(&queue).unwrap();
        assert_eq!(
            text,
            r#"{"account":"1","region":"r","role":"o","cluster":"c","queue":"arn:aws:sqs:r:1:dead"}"#
        );
        assert_eq!(serde_json::from_str::<Target>(&text).unwrap(), queue);
        // As it was written before there were other subjects.
        let old = r#"{"account":"1","region":"r","role":"o","cluster":"c","service":"s"}"#;
        let read: Target = serde_json::from_str(old).unwrap();
        assert_eq!(read, target(Subject::Service(Arn::new("s"))));
    }
}
