//! `explain`: the cause of each service, task or line that is given. It asks nobody.

use std::fs::File;
use std::io::{IsTerminal, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;

use ecsdeck_core::diagnose::{EXPLAIN_LIMIT, Report, explain, joined};
use ecsdeck_core::domain::Time;

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
    explain(&input, command.at, |found| {
        items += 1;
        bad_news |= found.verdict.is_bad_news();
        bad_items += i32::from(found.error.is_some());
        if show(&found, command.json) {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    });
    if bad_items > 0 {
        say(&format!(
            "{bad_items} of {items} items could not be read completely"
        ));
        return Ok(Exit::Usage);
    }
    if items == 0 {
        // Nothing must not look like good news: the command before the pipe may have failed.
        let empty = input.iter().all(u8::is_ascii_whitespace);
        say(if empty {
            "the input is empty"
        } else {
            "the input has no service and no task"
        });
        return Ok(if empty { Exit::Usage } else { Exit::Done });
    }
    Ok(if bad_news { Exit::BadNews } else { Exit::Done })
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

fn read(command: &Explain) -> Result<Vec<u8>, Failed> {
    let wrong = |name: &str, error: &dyn std::fmt::Display| {
        Failed::Usage(UsageError(format!("{name}: {error}")))
    };
    match command.file.as_ref().filter(|path| path.as_os_str() != "-") {
        Some(path) => {
            let name = path.display().to_string();
            if path.is_dir() {
                return directory(path).map_err(|error| wrong(&name, &error));
            }
            let file = File::open(path).map_err(|error| wrong(&name, &error))?;
            let length = file.metadata().map_or(0, |about| about.len());
            bounded(file, usize::try_from(length).unwrap_or(usize::MAX))
                .map_err(|error| wrong(&name, &error))
        }
        None => {
            let stdin = std::io::stdin();
            if stdin.is_terminal() {
                say("reading from the terminal; ctrl-d ends it");
            }
            bounded(stdin.lock(), 0).map_err(|error| wrong("standard input", &error))
        }
    }
}

/// Reads the files of a directory, in the order of their names, as one input. Hidden files and folders are left out.
fn directory(path: &std::path::Path) -> std::io::Result<Vec<u8>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !hidden && entry.metadata()?.is_file() {
            paths.push(entry.path());
        }
    }
    paths.sort();
    let (mut files, mut length) = (Vec::new(), 0);
    for path in paths {
        let file = bounded(File::open(path)?, 0)?;
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
