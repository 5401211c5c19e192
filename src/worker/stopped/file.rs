//! The ring's file: read whole, appended to, or written anew in one step.
//!
//! Consoles take turns through a lock on a file beside it, which stays while
//! the ring itself is replaced. A line that a crash cut short is cut off by the
//! next one that is written.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ecsdeck_core::domain::Time;

use super::record::Record;
use crate::files::make_private_folder;
use crate::journal::lock;

/// The files of one account and region.
pub(super) struct Place {
    folder: PathBuf,
    stem: String,
}

/// What a file holds.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The lines that can be read, in the order in which they stand.
    pub(super) records: Vec<Record>,
    /// So many cannot; one that was cut short at the end does not count.
    pub(super) damaged: usize,
    /// The bytes up to the end of the last whole line.
    whole: u64,
}

impl Place {
    pub(super) fn new(folder: &Path, account: &str, region: &str) -> Self {
        // Both come from AWS or from a flag: nothing but letters, digits and dashes leads anywhere.
        let plain = |text: &str| -> String {
            text.chars()
                .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
                .take(64)
                .collect()
        };
        Self {
            folder: folder.to_path_buf(),
            stem: format!("{}-{}", plain(account), plain(region)),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.join(format!("{}.jsonl", self.stem))
    }

    pub(super) fn exists(&self) -> bool {
        self.path().exists()
    }

    pub(super) fn make_folder(&self) -> io::Result<()> {
        make_private_folder(&self.folder)
    }

    /// Waits for its turn, which ends with the file that is given.
    pub(super) fn lock(&self, patience: Duration) -> io::Result<File> {
        let file = private()
            .create(true)
            .open(self.folder.join(format!("{}.lock", self.stem)))?;
        lock(&file, patience)?;
        Ok(file)
    }

    /// Everything in the file; nothing where it is not there.
    pub(super) fn read(&self) -> io::Result<Lines> {
        let bytes = match std::fs::read(self.path()) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Lines::default()),
            Err(error) => return Err(error),
        };
        let mut lines = Lines::default();
        for raw in bytes.split_inclusive(|byte| *byte == b'\n') {
            let ended = raw.ends_with(b"\n");
            match serde_json::from_slice(raw) {
                Ok(record) => lines.records.push(record),
                Err(_) if raw.trim_ascii().is_empty() => {}
                Err(_) if ended => lines.damaged += 1,
                Err(_) => break,
            }
            lines.whole += u64::try_from(raw.len()).unwrap_or(u64::MAX);
        }
        Ok(lines)
    }

    /// Appends behind the last whole line of what was read under this lock.
    pub(super) fn append(&self, records: &[Record], after: &Lines) -> io::Result<()> {
        let mut file = private().create(true).append(true).open(self.path())?;
        file.set_len(after.whole)?;
        let bytes = bytes(records)?;
        // A whole last line may lack its end, where another program wrote it.
        let gap: &[u8] = if ends_a_line(&self.path(), after.whole)? {
            b""
        } else {
            b"\n"
        };
        let written = file
            .write_all(&[gap, &bytes].concat())
            .and_then(|()| file.sync_all());
        if written.is_err() {
            let _ = file.set_len(after.whole);
        }
        written
    }

    /// Writes the file anew: it is the old one or the new one at any moment, never half of it.
    pub(super) fn write(&self, records: &[Record]) -> io::Result<()> {
        let new = self.folder.join(format!("{}.new", self.stem));
        let mut file = private().create(true).truncate(true).open(&new)?;
        file.write_all(&bytes(records)?)?;
        file.sync_all()?;
        std::fs::rename(&new, self.path())?;
        File::open(&self.folder)?.sync_all()
    }

    /// Gives the file another name under which it stays; that name.
    pub(super) fn set_aside(&self, now: Time) -> io::Result<PathBuf> {
        let stem = format!("{}.damaged-{}", self.stem, now.strftime("%Y%m%dT%H%M%SZ"));
        let mut aside = self.folder.join(format!("{stem}.jsonl"));
        for n in 2..1_000 {
            if !aside.exists() {
                break;
            }
            aside = self.folder.join(format!("{stem}-{n}.jsonl"));
        }
        std::fs::rename(self.path(), &aside)?;
        Ok(aside)
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).mode(0o600);
    options
}

fn bytes(records: &[Record]) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for record in records {
        serde_json::to_writer(&mut bytes, record)?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

/// Whether a file of this length ends with the end of a line.
fn ends_a_line(path: &Path, length: u64) -> io::Result<bool> {
    use std::os::unix::fs::FileExt;
    let Some(last) = length.checked_sub(1) else {
        return Ok(true);
    };
    let mut byte = [0];
    File::open(path)?.read_exact_at(&mut byte, last)?;
    Ok(byte == *b"\n")
}
