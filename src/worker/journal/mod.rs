//! The journal: who changed what, when, with what result. One file a user, one JSON object a line.
//!
//! A line that [`Journal::append`] has returned for is on the disk. Each line
//! carries the hash of the line before it, so that a line that was changed or
//! taken out shows. No line holds the value of an environment variable.

mod chain;
mod file;
mod sending;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ecsdeck_core::act::history::{Author, Entry, Sent};
use ecsdeck_core::act::{Intent, IntentId, Made, Outcome, OutcomeKind, Record};
use ecsdeck_core::domain::{Arn, Time};
use ecsdeck_core::text::Clean;
use etcetera::BaseStrategy;

pub use chain::{Contents, Warning};
use file::Line;
pub(crate) use file::lock;
pub use sending::Sending;

/// How long to wait for another console that is writing its line.
const PATIENCE: Duration = Duration::from_secs(5);

/// Who uses this console, as far as the machine knows. The AWS identity is added to each entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// The user of the operating system.
    pub os_user: Option<Clean>,
    /// SSH_CLIENT: from where the user came in.
    pub ssh_client: Option<Clean>,
    /// The deck's name.
    pub deck: Option<Clean>,
}

/// The journal could not be written; what was to be written is not in it.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", .path.display())]
pub struct JournalError {
    /// The journal's file.
    pub path: PathBuf,
    /// What the file system says.
    pub source: io::Error,
}

/// A user's journal. Cheap to clone; several consoles may share the file.
#[derive(Clone, Debug)]
pub struct Journal {
    path: Arc<Path>,
    who: Arc<Who>,
    patience: Duration,
}

impl Journal {
    /// The journal in this file, which is made with its folder when the first entry is written.
    pub fn new(path: PathBuf, who: Who) -> Self {
        Self {
            path: path.into(),
            who: Arc::new(who),
            patience: PATIENCE,
        }
    }

    /// Where the journal is when nobody says otherwise: `ecsdeck/journal.jsonl` in the XDG state
    /// folder; none without a home folder.
    pub fn default_path() -> Option<PathBuf> {
        let base = etcetera::choose_base_strategy().ok()?;
        Some(base.state_dir()?.join("ecsdeck").join("journal.jsonl"))
    }

    /// The journal's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes that an intent is about to be sent, by `caller`. When this returns, it is on the disk. While what it
    /// returns is held, nobody else settles the write: it is to be held until the outcome is written.
    ///
    /// # Errors
    /// When it cannot be said to be on the disk: then nothing may be sent.
    pub async fn intend(&self, intent: &Intent, caller: &Arn) -> Result<Sending, JournalError> {
        let in_use = || self.error(io::Error::other("another process is at this write"));
        let sending = self.claim(&intent.id).await.ok_or_else(in_use)?;
        self.append(Entry::intent(intent, self.author(caller)))
            .await?;
        Ok(sending)
    }

    /// The right to write down how a write ended. None while somebody else has it: it is being sent, or settled.
    pub(crate) async fn claim(&self, id: &IntentId) -> Option<Sending> {
        let (path, id) = (Arc::clone(&self.path), id.clone());
        let claim = move || sending::claim(&path, &id);
        tokio::task::spawn_blocking(claim).await.ok().flatten()
    }

    /// The write as the journal has it now; none where it cannot be read.
    pub(crate) async fn record(&self, id: &IntentId) -> Option<Record> {
        let (journal, id) = (self.clone(), id.clone());
        let read = move || journal.read().ok()?.history().record(&id).cloned();
        tokio::task::spawn_blocking(read).await.ok().flatten()
    }

    /// Writes what the first steps of an intent made, before the next is sent.
    ///
    /// # Errors
    /// When it cannot be said to be on the disk: then nothing more may be sent.
    pub async fn note(
        &self,
        intent: &Intent,
        caller: &Arn,
        at: Time,
        sent: &Sent,
    ) -> Result<(), JournalError> {
        let author = self.author(caller);
        self.append(Entry::step(intent, author, at, sent)).await
    }

    /// Writes how an intent ended, and what sending came to.
    ///
    /// # Errors
    /// When it cannot be said to be on the disk.
    pub async fn conclude(
        &self,
        intent: &Intent,
        caller: &Arn,
        at: Time,
        outcome: &Outcome,
        sent: &Sent,
    ) -> Result<(), JournalError> {
        let author = self.author(caller);
        self.append(Entry::outcome(intent, author, at, outcome, sent))
            .await
    }

    /// Writes what was found out later about a write whose end nobody saw.
    pub(crate) async fn settle(
        &self,
        record: &Record,
        caller: &Arn,
        at: Time,
        made: &Made,
        (outcome, detail): (OutcomeKind, &Clean),
    ) -> Result<(), JournalError> {
        let author = self.author(caller);
        let entry = Entry::settled(record, author, at, made, outcome, detail);
        self.append(entry).await
    }

    fn author(&self, caller: &Arn) -> Author {
        Author {
            arn: caller.clean().clone(),
            os_user: self.who.os_user.clone(),
            ssh_client: self.who.ssh_client.clone(),
            deck: self.who.deck.clone(),
        }
    }

    async fn append(&self, entry: Entry) -> Result<(), JournalError> {
        let (path, patience) = (Arc::clone(&self.path), self.patience);
        let write = move || {
            file::append(&path, patience, |prev| {
                Ok(serde_json::to_vec(&Line {
                    prev,
                    entry: &entry,
                })?)
            })
        };
        let written = tokio::task::spawn_blocking(write)
            .await
            .unwrap_or_else(|stopped| Err(io::Error::other(stopped)));
        written.map_err(|source| self.error(source))
    }

    /// Reads every entry, oldest first, and says what is wrong with the file. A journal that is
    /// not there is empty. Reads the file at once, without tokio.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn read(&self) -> Result<Contents, JournalError> {
        match file::read(&self.path) {
            Ok(bytes) => Ok(chain::read(&bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Contents::default()),
            Err(source) => Err(self.error(source)),
        }
    }

    fn error(&self, source: io::Error) -> JournalError {
        JournalError {
            path: self.path.to_path_buf(),
            source,
        }
    }
}
