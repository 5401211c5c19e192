//! Stopped tasks that are remembered although AWS forgets them after an hour.
//!
//! A task counts as kept only where AWS shows it no more: what AWS shows is
//! always taken in its place. Where the ring on disk was not read yet, nothing
//! is written to it.

use std::collections::{BTreeMap, BTreeSet};

use super::row_key::RowKey;
use crate::domain::{Arn, Owner, Task, Time};
use crate::text::Clean;

/// Tasks that are remembered, at most: the newest.
const MOST: usize = 5_000;

/// A stopped task, and since when it has been remembered.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpiredTask {
    /// Since when, on AWS's clock.
    pub since: Time,
    /// The task, as far as it was kept.
    pub task: Task,
}

/// How far the ring on disk is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::app) enum OnDisk {
    /// Nobody asked for it.
    #[default]
    Unasked,
    /// It is being read, for this account.
    Reading(Clean),
    /// It was read.
    Read(Clean),
}

/// The tasks that are remembered.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::app) struct ExpiredTasks {
    tasks: BTreeMap<Arn, ExpiredTask>,
    by_owner: BTreeMap<RowKey, BTreeSet<Arn>>,
    /// Tasks that are not on the disk yet.
    unwritten: Vec<Arn>,
    pub(in crate::app) on_disk: OnDisk,
}

impl ExpiredTasks {
    /// Sees tasks as AWS shows them, and remembers those that tell how something ended.
    pub(in crate::app) fn see(&mut self, tasks: &[Task], key: impl Fn(&Task) -> RowKey, now: Time) {
        for task in tasks {
            if !task.is_stopped() || task.stopped.is_none() {
                continue;
            }
            let key = key(task);
            let of_service = matches!(task.owner, Owner::Service(_));
            let tells = of_service || crate::diagnose::is_failure(task) || self.mends(&key, task);
            if tells && self.put(key, task.clone(), now) {
                self.unwritten.push(task.arn.clone());
            }
        }
        self.let_go();
    }

    /// Whether a one-shot task ended well after one that is remembered failed: without it the failure would be told
    /// as the last thing that is known.
    fn mends(&self, key: &RowKey, task: &Task) -> bool {
        let newest = self.of(key).max_by_key(|kept| kept.stopped);
        newest.is_some_and(|newest| {
            newest.stopped < task.stopped && crate::diagnose::is_failure(newest)
        })
    }

    /// The families of which something is remembered.
    pub(in crate::app) fn families(&self) -> impl Iterator<Item = &RowKey> {
        let keys = self.by_owner.keys();
        keys.filter(|key| matches!(key, RowKey::Family(..)))
    }

    /// Takes what the disk held.
    pub(in crate::app) fn take(&mut self, tasks: Vec<ExpiredTask>, key: impl Fn(&Task) -> RowKey) {
        for kept in tasks {
            self.unwritten.retain(|arn| *arn != kept.task.arn);
            let (key, since) = (key(&kept.task), kept.since);
            match self.tasks.get_mut(&kept.task.arn) {
                Some(known) => known.since = known.since.min(since),
                None => drop(self.put(key, kept.task, since)),
            }
        }
        self.let_go();
    }

    /// Gives whether it is new.
    fn put(&mut self, key: RowKey, task: Task, since: Time) -> bool {
        let arn = task.arn.clone();
        if self.tasks.contains_key(&arn) {
            return false;
        }
        self.by_owner.entry(key).or_default().insert(arn.clone());
        self.tasks.insert(arn, ExpiredTask { since, task });
        true
    }

    /// Forgets the oldest where there are too many.
    fn let_go(&mut self) {
        let surplus = self.tasks.len().saturating_sub(MOST);
        if surplus == 0 {
            return;
        }
        let mut oldest: Vec<(Option<Time>, Arn)> = self
            .tasks
            .values()
            .map(|kept| (kept.task.stopped, kept.task.arn.clone()))
            .collect();
        oldest.sort();
        for (_, arn) in oldest.into_iter().take(surplus) {
            self.tasks.remove(&arn);
            self.by_owner.retain(|_, tasks| {
                tasks.remove(&arn);
                !tasks.is_empty()
            });
        }
    }

    /// A task.
    pub(in crate::app) fn get(&self, arn: &Arn) -> Option<&ExpiredTask> {
        self.tasks.get(arn)
    }

    /// Every task that is remembered.
    pub(in crate::app) fn all(&self) -> impl Iterator<Item = &Task> {
        self.tasks.values().map(|kept| &kept.task)
    }

    /// The tasks of a row, in no particular order.
    pub(in crate::app) fn of(&self, key: &RowKey) -> impl Iterator<Item = &Task> + use<'_> {
        self.by_owner
            .get(key)
            .into_iter()
            .flatten()
            .filter_map(|arn| self.tasks.get(arn))
            .map(|kept| &kept.task)
    }

    /// Whether there are tasks that are not on the disk yet.
    pub(in crate::app) fn has_unwritten(&self) -> bool {
        !self.unwritten.is_empty()
    }

    /// The tasks that are to be written, once the disk was read.
    pub(in crate::app) fn take_unwritten(&mut self) -> Vec<Task> {
        if !matches!(self.on_disk, OnDisk::Read(_)) {
            return Vec::new();
        }
        std::mem::take(&mut self.unwritten)
            .iter()
            .filter_map(|arn| self.tasks.get(arn))
            .map(|kept| kept.task.clone())
            .collect()
    }
}
