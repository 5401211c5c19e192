//! The ring of stopped tasks: AWS forgets a stopped task after an hour, and the
//! evidence with it (source: ECS API reference, ListTasks).
//!
//! One file for each account and region, one JSON object a line, bounded in
//! number and age, and the user's alone. Values that were given to a run are
//! not kept. Lines that cannot be read are set aside, never dropped.

mod file;
mod record;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ecsdeck_core::app::ExpiredTask;
use ecsdeck_core::domain::{Task, Time};
use etcetera::BaseStrategy;

use self::file::{Lines, Place};
use self::record::Record;

/// How long to wait for another console that is writing.
const PATIENCE: Duration = Duration::from_secs(5);
/// Tasks that are kept, at most: the newest.
const MOST: usize = 5_000;
/// So many more may be in the file before it is written anew.
const SLACK: usize = 500;
/// Tasks that ended longer ago than this are let go, in seconds: 7 days.
const OLDEST: i64 = 7 * 86_400;

/// Where stopped tasks are kept.
#[derive(Clone, Debug)]
pub(crate) struct Ring {
    folder: Arc<Path>,
}

/// What a ring held.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    /// The tasks, each once, in no particular order.
    pub(crate) tasks: Vec<ExpiredTask>,
    /// What was wrong with the file, for people.
    pub(crate) problem: Option<String>,
}

/// The folder when nobody says otherwise: `ecsdeck/stopped` in the XDG state folder; none without a home folder.
pub fn stopped_folder() -> Option<PathBuf> {
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.state_dir()?.join("ecsdeck").join("stopped"))
}

impl Ring {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// Reads what is kept of an account's region. Blocks.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub(crate) fn load(&self, account: &str, region: &str, now: Time) -> io::Result<Loaded> {
        let place = Place::new(&self.folder, account, region);
        if !place.exists() {
            return Ok(Loaded::default());
        }
        let _lock = place.lock(PATIENCE)?;
        let lines = place.read()?;
        let problem = if lines.damaged > 0 {
            let aside = place.set_aside(now)?;
            place.write(&lines.records)?;
            Some(format!(
                "{} lines of the stopped tasks kept on disk cannot be read; the file was set aside as {}",
                lines.damaged,
                aside.display()
            ))
        } else {
            None
        };
        let tasks = fresh(lines, now).into_iter().map(Record::task).collect();
        Ok(Loaded { tasks, problem })
    }

    /// Keeps these tasks as well, each once. Blocks.
    ///
    /// # Errors
    /// When they cannot be said to be in the file.
    pub(crate) fn keep(
        &self,
        account: &str,
        region: &str,
        tasks: &[Task],
        now: Time,
    ) -> io::Result<()> {
        let place = Place::new(&self.folder, account, region);
        place.make_folder()?;
        let _lock = place.lock(PATIENCE)?;
        let lines = place.read()?;
        let known = |record: &Record| lines.records.iter().any(|own| own.arn == record.arn);
        let new: Vec<Record> = tasks
            .iter()
            .filter_map(|task| Record::of(task, now))
            .filter(|record| !known(record))
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        // A file with lines that cannot be read is written anew only once they are set aside.
        if lines.damaged == 0 && lines.records.len() + new.len() > MOST + SLACK {
            let mut lines = lines;
            lines.records.extend(new);
            return place.write(&fresh(lines, now));
        }
        place.append(&new, &lines)
    }
}

/// Each task once, those that are not too old, and not too many; the newest last.
fn fresh(lines: Lines, now: Time) -> Vec<Record> {
    let mut seen = std::collections::BTreeSet::new();
    let mut records: Vec<Record> = lines
        .records
        .into_iter()
        .filter(|record| now.duration_since(record.stopped).as_secs() < OLDEST)
        .filter(|record| seen.insert(record.arn.clone()))
        .collect();
    records.sort_by_key(|record| record.stopped);
    let surplus = records.len().saturating_sub(MOST);
    records.drain(..surplus);
    records
}

#[cfg(test)]
mod tests;
