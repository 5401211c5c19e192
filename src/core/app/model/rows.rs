//! The rows of the lists, as they are shown.

use super::row_key::RowKey;
use super::serving::Serving;
use super::story::Story;
use crate::diagnose::Verdict;
use crate::domain::{Health, TaskStatus, Time};
use crate::text::Clean;

/// A row of the services pane.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceRow {
    /// What it is.
    pub key: RowKey,
    /// The service's or family's name.
    pub name: Clean,
    /// The cluster's name.
    pub cluster: Clean,
    /// How it is; absent until it is known.
    pub verdict: Verdict,
    /// Running tasks.
    pub running: u32,
    /// Desired tasks; absent where nothing keeps a count.
    pub desired: Option<u32>,
    /// Tasks on their way.
    pub pending: u32,
    /// Why it is so, in one line.
    pub summary: Clean,
    /// The same without what the words on who is served say already.
    pub brief: Clean,
    /// Whether anybody is served.
    pub serving: Serving,
    /// What has become of the last write to it, where there is something to tell.
    pub story: Option<Story>,
    /// It waits for a person, though nothing is wrong.
    pub waits: bool,
    /// Since when.
    pub since: Option<Time>,
    /// The revision that it is set to, `family:revision`.
    pub revision: Clean,
}

impl ServiceRow {
    /// Whether it serves nobody, and that is bad news.
    pub fn is_down(&self) -> bool {
        self.serving.down
    }

    /// Whether anybody is served, and why it is so, in one line.
    pub fn reason(&self) -> Clean {
        let why = self.why();
        let story = self.story.as_ref().map(|story| &story.words);
        let parts = [Some(&self.serving.words), story, Some(why)];
        let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
        let parts: Vec<&str> = parts.map(Clean::as_str).collect();
        Clean::own(parts.join("; "))
    }

    /// Why it is so, without what the words on who is served say already.
    pub fn why(&self) -> &Clean {
        if self.serving.words.is_empty() {
            &self.summary
        } else {
            &self.brief
        }
    }
}

/// A row of the tasks pane.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskRow {
    /// The task's resource name.
    pub key: crate::domain::Arn,
    /// The first eight characters of its id.
    pub id: Clean,
    /// Where it is.
    pub status: TaskStatus,
    /// Its health.
    pub health: Health,
    /// `family:revision`.
    pub revision: Clean,
    /// When it started, or was asked for.
    pub since: Option<Time>,
    /// When it ended.
    pub stopped: Option<Time>,
    /// What it returned.
    pub exit_code: Option<i32>,
    /// Why it ended, or who runs it.
    pub note: Clean,
    /// Its end speaks of something wrong.
    pub failed: bool,
    /// Its address.
    pub address: Option<Clean>,
    /// Nobody told it to end.
    pub ended_by_itself: bool,
    /// AWS shows it no more; it has been kept here since then.
    pub kept: Option<Time>,
    /// So many tasks ended for the same reason on the same revision; the row is the newest of them.
    pub count: u32,
    /// So many of them AWS shows no more.
    pub kept_count: u32,
    /// When the first of them ended, where there are several.
    pub first: Option<Time>,
    /// The tasks that the row stands for, the newest first, where there are several.
    pub members: Vec<crate::domain::Arn>,
}
