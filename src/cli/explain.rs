//! `explain`: the cause of each service, task or line that is given. It asks nobody.

use std::cell::Cell;
use std::fs::File;
use std::io::{IsTerminal, Read};
use std::ops::ControlFlow;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use ecsdeck_core::diagnose::{EXPLAIN_LIMIT, ReadAt, Report, explain, explain_at, joined};
use ecsdeck_core::domain::Time;
use ecsdeck_core::text::Clean;

use super::{Failed, print, report, say};
use crate::exit::Exit;
use crate::settings::UsageError;

/// What to explain.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Explain {
    /// JSON or YAML of `aws ecs describe-services`, `describe-tasks` or `describe-service-deployments`, or lines: stop
    /// reasons, container reasons, events; a directory of such files; `-` or nothing is the standard input
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The time to judge at; without it that is the newest time in the input
    #[arg(long, value_name = "TIME")]
    at: Option<Time>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Explain) -> Result<Exit, Failed> {
    let input = read(command)?;
    let (mut items, mut bad_news, mut bad_items) = (0, false, 0);
    let each = |found: Report| {
        items += 1;
        bad_news |= found.verdict.is_bad_news();
        bad_items += i32::from(found.error.is_some());
        if show(&found, command.json) {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    };
    match &input {
        Input::Bytes(bytes) => explain(bytes, command.at, each),
        Input::File(file) => explain_at(file, command.at, each),
    }
    if let Input::File(file) = &input
        && let Some(error) = file.failed.take()
    {
        return Err(Failed::Usage(UsageError(format!(
            "{}: could be read only in part: {error}",
            command
                .file
                .as_deref()
                .unwrap_or_else(|| Path::new("-"))
                .display()
        ))));
    }
    if bad_items > 0 {
        say(&format!(
            "{bad_items} of {items} items could not be read completely"
        ));
        return Ok(Exit::Usage);
    }
    if items == 0 {
        // Nothing must not look like good news: the command before the pipe may have failed.
        let empty = input.is_blank();
        say(if empty {
            "the input is empty"
        } else {
            "the input has no service and no task"
        });
        return Ok(if empty { Exit::Usage } else { Exit::Done });
    }
    Ok(if bad_news { Exit::BadNews } else { Exit::Done })
}

/// What is explained.
enum Input {
    /// It came through a pipe, or from a directory.
    Bytes(Vec<u8>),
    /// It lies in a file, and is read from there as it is wanted: a large one never lies in memory.
    File(InFile),
}

impl Input {
    fn is_blank(&self) -> bool {
        match self {
            Self::Bytes(bytes) => bytes.iter().all(u8::is_ascii_whitespace),
            Self::File(file) => {
                let mut piece = [0; 4_096];
                let mut at = 0;
                loop {
                    match file.read_at(at, &mut piece) {
                        0 => return true,
                        read if piece.iter().take(read).all(u8::is_ascii_whitespace) => at += read,
                        _ => return false,
                    }
                }
            }
        }
    }
}

/// A file whose length was looked at once: what is appended later is not read.
struct InFile {
    file: File,
    length: usize,
    /// Why it could not be read any further, once that was so.
    failed: Cell<Option<std::io::Error>>,
}

impl ReadAt for InFile {
    fn length(&self) -> usize {
        self.length
    }

    fn read_at(&self, at: usize, into: &mut [u8]) -> usize {
        self.file.read_at(into, at as u64).unwrap_or_else(|error| {
            // What is there is explained, and the command says afterwards that there is more.
            self.failed.set(Some(error));
            0
        })
    }
}

/// Prints a report. Returns false once stdout is closed.
fn show(found: &Report, json: bool) -> bool {
    if !json {
        return print::line(report::text(found).trim_end());
    }
    match serde_json::to_string(found) {
        Ok(object) => print::line(&object),
        Err(error) => {
            say(&format!(
                "item {}: {error}",
                found.input.unwrap_or_default()
            ));
            true
        }
    }
}

fn read(command: &Explain) -> Result<Input, Failed> {
    let wrong = |name: &str, error: &dyn std::fmt::Display| {
        Failed::Usage(UsageError(format!("{name}: {error}")))
    };
    match command.file.as_ref().filter(|path| path.as_os_str() != "-") {
        Some(path) => {
            let name = path.display().to_string();
            if path.is_dir() {
                let all = directory(path).map_err(|error| wrong(&name, &error))?;
                return Ok(Input::Bytes(all));
            }
            let file = File::open(path).map_err(|error| wrong(&name, &error))?;
            in_file(file).map_err(|error| wrong(&name, &error))
        }
        None => {
            let stdin = std::io::stdin();
            if stdin.is_terminal() {
                say("reading from the terminal; ctrl-d ends it");
            }
            let all = bounded(stdin.lock(), 0).map_err(|error| wrong("standard input", &error))?;
            Ok(Input::Bytes(all))
        }
    }
}

/// An ordinary file is read as it is wanted; of anything else (a pipe, a device) all is taken.
fn in_file(file: File) -> std::io::Result<Input> {
    let about = file.metadata()?;
    if !about.is_file() {
        return bounded(file, 0).map(Input::Bytes);
    }
    match usize::try_from(about.len()) {
        // The kernel's own files tell no length.
        Ok(0) => bounded(file, 0).map(Input::Bytes),
        Ok(length) if length <= EXPLAIN_LIMIT => Ok(Input::File(InFile {
            file,
            length,
            failed: Cell::new(None),
        })),
        _ => Err(too_large()),
    }
}

/// Reads the files of a directory, in the order of their names, as one input. Links are followed; hidden files and
/// folders are left out.
///
/// # Errors
/// Which file could not be read, and why.
fn directory(path: &Path) -> std::io::Result<Vec<u8>> {
    let named = |path: &Path, error: std::io::Error| {
        let name = path.file_name().unwrap_or(path.as_os_str());
        let name = Clean::new(&name.to_string_lossy());
        std::io::Error::new(error.kind(), format!("{name}: {error}"))
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        let path = entry.path();
        let about = |path: &Path| std::fs::metadata(path).map_err(|error| named(path, error));
        if !hidden && about(&path)?.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    let (mut files, mut length) = (Vec::new(), 0);
    for path in paths {
        let file = File::open(&path).and_then(|file| bounded(file, 0));
        let file = file.map_err(|error| named(&path, error))?;
        length += file.len();
        if length > EXPLAIN_LIMIT {
            return Err(too_large());
        }
        files.push(file);
    }
    Ok(joined(files))
}

fn too_large() -> std::io::Error {
    std::io::Error::other(format!("larger than {} MB", EXPLAIN_LIMIT >> 20))
}

/// Reads everything, of which there are about `length` bytes, if it is not too much.
fn bounded(source: impl Read, length: usize) -> std::io::Result<Vec<u8>> {
    if length > EXPLAIN_LIMIT {
        return Err(too_large());
    }
    let mut input = Vec::with_capacity(length);
    source
        .take(EXPLAIN_LIMIT as u64 + 1)
        .read_to_end(&mut input)?;
    if input.len() > EXPLAIN_LIMIT {
        Err(too_large())
    } else {
        Ok(input)
    }
}
