//! The journal's file: one line more, on the disk, or an error and the file as it was.
//!
//! Consoles take turns through a lock on the file. A line that a crash cut
//! short stays, and counts in the chain; the next one begins on a new line.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use ecsdeck_core::act::history::Entry;
use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::files::make_private_folder;

/// What the first line carries in place of a hash.
pub(super) const FIRST: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// Between two tries to get the lock.
const TRY: Duration = Duration::from_millis(10);

/// A line as it is written.
#[derive(Serialize)]
pub(super) struct Line<'a> {
    /// The hash of the raw line before it.
    pub(super) prev: String,
    #[serde(flatten)]
    pub(super) entry: &'a Entry,
}

/// A line as it is read.
#[derive(Deserialize)]
pub(super) struct OwnedLine {
    pub(super) prev: String,
    #[serde(flatten)]
    pub(super) entry: Entry,
}

/// SHA-256 of a raw line without its end, as hexadecimal digits.
pub(super) fn hash(line: &[u8]) -> String {
    Sha256::digest(line)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Appends the line that `make` makes out of the hash of the line before it.
///
/// # Errors
/// When the line is not on the disk for certain; the file is then cut back to what it was.
pub(super) fn append(
    path: &Path,
    patience: Duration,
    make: impl FnOnce(String) -> io::Result<Vec<u8>>,
) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    make_private_folder(folder)?;
    let mut file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(no_plain_file());
    }
    lock(&file, patience)?;
    // A file that others may read came from elsewhere; what comes now is private.
    if metadata.permissions().mode() & 0o077 != 0 {
        file.set_permissions(Permissions::from_mode(0o600))?;
    }
    let is_first = extend(&mut file, make)?;
    if is_first {
        // The name has to be on the disk as well, and the folders that were made for it.
        File::open(folder)?.sync_all()?;
        for above in folder.ancestors().skip(1) {
            // One that may not be opened was not made here.
            let _ = File::open(above).and_then(|above| above.sync_all());
        }
    }
    Ok(())
}

/// Reads all of the file.
///
/// # Errors
/// The file system's; and when it is no plain file: a device may have no end, and a pipe no beginning.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = OpenOptions::new()
        .read(true)
        // A pipe that nobody writes to would be waited at.
        .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
        .open(path)?;
    if !file.metadata()?.is_file() {
        return Err(no_plain_file());
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn no_plain_file() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "not a plain file")
}

/// A file as far as a line is appended to it. Tests have one whose disk is full or broken.
trait Disk: Read + Write + Seek {
    /// When this returns, what was written is on the disk.
    fn sync(&self) -> io::Result<()>;
    /// Cuts it back to this length.
    fn cut(&self, length: u64) -> io::Result<()>;
}

impl Disk for File {
    fn sync(&self) -> io::Result<()> {
        self.sync_all()
    }

    fn cut(&self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }
}

/// Appends the line to a file that is locked. Whether it is the first.
fn extend<D: Disk>(
    file: &mut D,
    make: impl FnOnce(String) -> io::Result<Vec<u8>>,
) -> io::Result<bool> {
    let length = file.seek(SeekFrom::End(0))?;
    let (last, ended) = last_line(file, length)?;
    let mut bytes = if ended { Vec::new() } else { vec![b'\n'] };
    bytes.extend(make(if length == 0 {
        FIRST.to_owned()
    } else {
        hash(&last)
    })?);
    bytes.push(b'\n');
    let written = file.write_all(&bytes).and_then(|()| file.sync());
    if written.is_err() {
        // What did get out is no entry that anybody acted on.
        let _ = file.cut(length).and_then(|()| file.sync());
    }
    written?;
    Ok(length == 0)
}

/// Takes the lock, which ends with the file.
pub(crate) fn lock(file: &File, patience: Duration) -> io::Result<()> {
    let deadline = Instant::now() + patience;
    loop {
        match flock(file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(()),
            Err(Errno::WOULDBLOCK | Errno::INTR) if Instant::now() < deadline => sleep(TRY),
            Err(Errno::WOULDBLOCK | Errno::INTR) => {
                return Err(io::Error::new(
                    io::ErrorKind::WouldBlock,
                    "another program holds the file",
                ));
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// The last line without its end, and whether it has one. An empty file counts as ended.
fn last_line(file: &mut (impl Read + Seek), length: u64) -> io::Result<(Vec<u8>, bool)> {
    let mut window = 4_096;
    loop {
        let start = length.saturating_sub(window);
        file.seek(SeekFrom::Start(start))?;
        let mut tail = Vec::new();
        Read::take(&mut *file, length - start).read_to_end(&mut tail)?;
        let ended = tail.pop_if(|byte| *byte == b'\n').is_some() || length == 0;
        match tail.iter().rposition(|byte| *byte == b'\n') {
            Some(at) => return Ok((tail.split_off(at + 1), ended)),
            None if start == 0 => return Ok((tail, ended)),
            None => window *= 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use tempfile::TempDir;

    use super::*;

    fn place() -> (TempDir, PathBuf) {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("state/ecsdeck/journal.jsonl");
        (home, path)
    }

    fn write(path: &Path, line: &str) -> io::Result<()> {
        append(path, Duration::ZERO, |prev| {
            Ok(format!("{prev} {line}").into_bytes())
        })
    }

    fn lines(path: &Path) -> Vec<String> {
        std::fs::read_to_string(path)
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn each_line_carries_the_hash_of_the_raw_line_before_it() {
        let (_home, path) = place();
        // Longer than the window in which the last line is looked for.
        let long = "x".repeat(10_000);
        for line in ["one", &long, "three"] {
            write(&path, line).unwrap();
        }
        let lines = lines(&path);
        assert_eq!(lines[0], format!("{FIRST} one"));
        assert_eq!(lines[1], format!("{} {long}", hash(lines[0].as_bytes())));
        assert_eq!(lines[2], format!("{} three", hash(lines[1].as_bytes())));
    }

    #[test]
    fn after_a_torn_line_the_next_begins_on_a_new_one() {
        let (_home, path) = place();
        write(&path, "one").unwrap();
        OpenOptions::new()
            .append(true)
            .open(&path)
            .unwrap()
            .write_all(b"tor")
            .unwrap();
        write(&path, "two").unwrap();
        let lines = lines(&path);
        assert_eq!((lines.len(), lines[1].as_str()), (3, "tor"));
        assert_eq!(lines[2], format!("{} two", hash(b"tor")));
    }

    #[test]
    fn file_and_folder_are_the_users_alone() {
        let (_home, path) = place();
        write(&path, "one").unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        write(&path, "two").unwrap();
        assert_eq!(mode(&path), 0o600);
    }

    #[test]
    fn a_journal_that_another_program_holds_is_an_error_and_stays_as_it_is() {
        let (_home, path) = place();
        write(&path, "one").unwrap();
        let holder = File::open(&path).unwrap();
        flock(&holder, FlockOperation::LockExclusive).unwrap();
        assert_eq!(
            write(&path, "two").unwrap_err().kind(),
            io::ErrorKind::WouldBlock
        );
        drop(holder);
        write(&path, "three").unwrap();
        assert_eq!(lines(&path).len(), 2);
    }

    #[test]
    fn consoles_that_write_at_once_keep_the_chain() {
        let (_home, path) = place();
        write(&path, "first").unwrap();
        std::thread::scope(|scope| {
            for console in 0..4 {
                let path = &path;
                scope.spawn(move || {
                    for n in 0..10 {
                        let line = |prev| Ok(format!("{prev} {console} {n}").into_bytes());
                        append(path, Duration::from_secs(60), line).unwrap();
                    }
                });
            }
        });
        let lines = lines(&path);
        assert_eq!(lines.len(), 41);
        for pair in lines.windows(2) {
            assert!(pair[1].starts_with(&hash(pair[0].as_bytes())), "{pair:?}");
        }
    }

    /// A file on a disk that is full or broken.
    struct Broken {
        file: File,
        /// Bytes that it still takes.
        room: usize,
        /// Whether what was written gets to the disk.
        syncs: bool,
        /// Whether it can be cut back.
        cuts: bool,
    }

    impl Read for Broken {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.file.read(into)
        }
    }

    impl Seek for Broken {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.file.seek(to)
        }
    }

    impl Write for Broken {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let most = bytes.len().min(self.room);
            if most == 0 {
                return Err(Errno::NOSPC.into());
            }
            self.room -= most;
            self.file.write(&bytes[..most])
        }

        fn flush(&mut self) -> io::Result<()> {
            self.file.flush()
        }
    }

    impl Disk for Broken {
        fn sync(&self) -> io::Result<()> {
            if self.syncs {
                return self.file.sync_all();
            }
            Err(Errno::IO.into())
        }

        fn cut(&self, length: u64) -> io::Result<()> {
            if self.cuts {
                return self.file.set_len(length);
            }
            Err(Errno::IO.into())
        }
    }

    /// Tries to write a second line on a broken disk; the error, and the file after it.
    fn on_a_broken_disk(
        room: usize,
        syncs: bool,
        cuts: bool,
    ) -> (Option<Errno>, Vec<u8>, PathBuf, TempDir) {
        let (home, path) = place();
        write(&path, "one").unwrap();
        let file = OpenOptions::new().read(true).append(true).open(&path);
        let mut broken = Broken {
            file: file.unwrap(),
            room,
            syncs,
            cuts,
        };
        let written = extend(&mut broken, |prev| Ok(format!("{prev} two").into_bytes()));
        let error = written.err().and_then(|error| Errno::from_io_error(&error));
        (error, std::fs::read(&path).unwrap(), path, home)
    }

    #[test]
    fn a_disk_that_is_full_at_any_byte_or_does_not_sync_is_an_error_and_leaves_the_file_as_it_was()
    {
        let one = format!("{FIRST} one\n").into_bytes();
        let line = 64 + " two\n".len();
        for room in 0..line {
            let (error, left, ..) = on_a_broken_disk(room, true, true);
            assert_eq!(
                (error, left),
                (Some(Errno::NOSPC), one.clone()),
                "{room} bytes of room"
            );
        }
        let (error, left, ..) = on_a_broken_disk(line, false, true);
        assert_eq!((error, left), (Some(Errno::IO), one.clone()));
        let (error, left, ..) = on_a_broken_disk(line, true, true);
        assert_eq!((error, left.len()), (None, one.len() + line));
    }

    #[test]
    fn what_cannot_be_cut_back_is_an_error_all_the_same_and_the_chain_goes_on_after_it() {
        for room in [0, 1, 40, 64 + " two".len(), 64 + " two\n".len()] {
            let (error, left, path, _home) = on_a_broken_disk(room, false, false);
            assert!(error.is_some(), "{room}");
            write(&path, "three").unwrap();
            let lines = lines(&path);
            let before = if lines.len() > 2 {
                &lines[lines.len() - 2]
            } else {
                &lines[0]
            };
            assert_eq!(
                lines.last().unwrap(),
                &format!("{} three", hash(before.as_bytes()))
            );
            assert!(
                std::fs::read(&path).unwrap().starts_with(&left),
                "what is there stays"
            );
        }
    }

    #[test]
    fn what_is_not_a_plain_file_is_refused() {
        assert!(write(Path::new("/dev/null"), "one").is_err());
        let home = tempfile::tempdir().unwrap();
        assert!(write(home.path(), "one").is_err());
        let full = home.path().join("full");
        std::os::unix::fs::symlink("/dev/full", &full).unwrap();
        assert!(write(&full, "one").is_err());
        for endless in [Path::new("/dev/zero"), &full, home.path()] {
            assert!(read(endless).is_err(), "{}", endless.display());
        }
    }
}
