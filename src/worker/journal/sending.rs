//! Who is at a write: a lock beside the journal, from before its intent is written down until its outcome is.
//!
//! A write without an outcome is settled by somebody else only when nobody
//! holds its lock. The kernel lets go of a lock when its process ends,
//! however that ends, so a write of a process that was killed is free at once.
//! What cannot be locked is taken for free, as it was before there were locks.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use ecsdeck_core::act::IntentId;
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use crate::files::make_private_folder;

/// How often a lock file is opened that another process removes at that moment.
const TRIES: usize = 10;

/// The right to write down how a write ended. It ends with this value.
#[derive(Debug)]
pub struct Sending {
    /// None where the write could not be locked.
    held: Option<(PathBuf, File)>,
}

impl Drop for Sending {
    fn drop(&mut self) {
        if let Some((path, _)) = &self.held {
            // It is removed while the lock is held: nobody can have got it meanwhile.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Takes the lock of a write. None while another process, or another part of this one, has it.
pub(super) fn claim(journal: &Path, id: &IntentId) -> Option<Sending> {
    let held = match lock(journal, id) {
        Ok(held) => held,
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => return None,
        Err(error) => {
            tracing::warn!(%error, "a write could not be locked");
            None
        }
    };
    Some(Sending { held })
}

fn lock(journal: &Path, id: &IntentId) -> io::Result<Option<(PathBuf, File)>> {
    // The id may be out of a file that somebody else wrote: it must not lead out of the folder.
    let id = id.as_str();
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(None);
    }
    let folder = journal.with_extension("sending");
    make_private_folder(&folder)?;
    let path = folder.join(id);
    for _ in 0..TRIES {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::WOULDBLOCK) => return Err(io::ErrorKind::WouldBlock.into()),
            Err(error) => return Err(error.into()),
        }
        let own = file.metadata()?;
        // Whoever had it may have removed the file after it was opened here.
        match std::fs::metadata(&path) {
            Ok(there) if (there.dev(), there.ino()) == (own.dev(), own.ino()) => {
                return Ok(Some((path, file)));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::WouldBlock.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &Path) -> usize {
        std::fs::read_dir(folder).map_or(0, Iterator::count)
    }

    #[test]
    fn a_write_is_had_by_one_at_a_time_and_leaves_nothing_behind() {
        let home = tempfile::tempdir().unwrap();
        let journal = home.path().join("journal.jsonl");
        let (one, other) = (IntentId::new(1), IntentId::new(2));
        let held = claim(&journal, &one).unwrap();
        assert!(claim(&journal, &one).is_none());
        assert!(claim(&journal, &other).is_some());
        drop(held);
        assert!(claim(&journal, &one).is_some());
        assert_eq!(files(&home.path().join("journal.sending")), 0);
    }

    #[test]
    fn what_a_killed_process_left_is_free() {
        let home = tempfile::tempdir().unwrap();
        let journal = home.path().join("journal.jsonl");
        let id = IntentId::new(1);
        let folder = home.path().join("journal.sending");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join(id.as_str()), "").unwrap();
        drop(claim(&journal, &id).unwrap());
        assert_eq!(files(&folder), 0);
    }

    #[test]
    fn an_id_cannot_lead_out_of_the_folder() {
        let home = tempfile::tempdir().unwrap();
        let journal = home.path().join("a/journal.jsonl");
        let id: IntentId = serde_json::from_value("../../x".into()).unwrap();
        assert!(claim(&journal, &id).is_some());
        assert_eq!(files(home.path()), 0);
    }
}
