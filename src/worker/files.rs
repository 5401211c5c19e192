//! Saving a text to a new file in the user's data folder.
//!
//! A file is never overwritten, and only the user can read it: a log may hold what a secret store should.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use ecsdeck_core::domain::Time;
use etcetera::BaseStrategy;

/// Files of the same name and second at most.
const MOST: u32 = 1_000;
/// Characters of a file name's stem at most.
const STEM: usize = 80;

/// Where saved files go: `ecsdeck` in the XDG data folder; none without a home folder.
pub fn data_folder() -> Option<PathBuf> {
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.data_dir().join("ecsdeck"))
}

/// Writes `text` to a new file `STEM-TIME.txt` in `folder`, which is made where it is not there.
///
/// # Errors
/// The file system's; then no file is left behind.
pub(crate) fn save(folder: &Path, stem: &str, now: Time, text: &str) -> io::Result<PathBuf> {
    make_private_folder(folder)?;
    let stem = format!("{}-{}", file_stem(stem), now.strftime("%Y%m%dT%H%M%SZ"));
    let (path, mut file) = create(folder, &stem)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all());
    if let Err(error) = written {
        // Half a file would be taken for the whole.
        let _ = std::fs::remove_file(&path);
        return Err(error);
    }
    Ok(path)
}

/// Makes a folder that only the user can enter, and those above it. One that is there is left as it is.
pub(crate) fn make_private_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Creates the first file of the name that is not there yet.
fn create(folder: &Path, stem: &str) -> io::Result<(PathBuf, File)> {
    for n in 1..=MOST {
        let name = if n == 1 {
            format!("{stem}.txt")
        } else {
            format!("{stem}-{n}.txt")
        };
        let path = folder.join(name);
        match OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
        {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("too many files of this name"))
}

/// Makes a name out of any text: one that stays in its folder, is not hidden, and needs no quoting.
fn file_stem(stem: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || "._-".contains(c) {
            c
        } else {
            '-'
        }
    };
    let name: String = stem.chars().take(STEM).map(plain).collect();
    let name = name.trim_matches(['.', '-']);
    if name.is_empty() {
        "ecsdeck".to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn now() -> Time {
        "2026-01-02T03:04:05.6Z".parse().unwrap()
    }

    #[test]
    fn a_file_is_named_by_its_stem_and_the_time_and_is_private() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("data/ecsdeck");
        let path = save(&folder, "web logs", now(), "one\ntwo\n").unwrap();
        assert_eq!(path, folder.join("web-logs-20260102T030405Z.txt"));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one\ntwo\n");
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&folder)), (0o600, 0o700));
    }

    #[test]
    fn a_file_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let first = save(folder.path(), "logs", now(), "first").unwrap();
        let second = save(folder.path(), "logs", now(), "second").unwrap();
        assert_ne!(first, second);
        assert_eq!(std::fs::read_to_string(first).unwrap(), "first");
    }

    #[test]
    fn a_name_cannot_lead_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        for stem in [
            "../../etc/passwd",
            "/etc/passwd",
            "..",
            "",
            ".bashrc",
            "a/b\0c",
        ] {
            let path = save(folder.path(), stem, now(), "x").unwrap();
            assert_eq!(path.parent(), Some(folder.path()), "{stem:?}");
            assert!(
                !path.file_name().unwrap().to_str().unwrap().starts_with('.'),
                "{stem:?}"
            );
        }
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(save(&file.join("inside"), "logs", now(), "x").is_err());
    }
}
