//! What somebody has at hand, explained without a network: AWS's JSON, or lines.
//!
//! Each item of the input gives one report, in order, as soon as it is read.
//! One that cannot be read gives a report with its error, and the rest goes on:
//! nothing in the input ends the reading but its end. A service is judged with
//! those of its tasks that the input holds, wherever they stand.

mod index;
mod item;
mod json;
mod line;
mod moment;
mod read;
mod report;
mod rollout;
mod rollout_shape;
mod scan;
mod service;
mod shape;
mod source;
mod task;
mod yaml;

use std::ops::ControlFlow;

use memchr::memchr;

pub(super) use item::task_of_event;
pub use report::Report;
pub use source::ReadAt;

use super::Verdict;
use crate::domain::Time;
use crate::text::Clean;
use index::Index;
use item::{Read, explain_part, explain_text, read_item};
use json::{Found, Visit};
use line::explain_line;
use moment::Moment;
use rollout::explain_rollout;
use service::explain_service;
use shape::Kind;
use source::Source;
use task::explain_task;

/// The largest input that is taken, in bytes.
pub const EXPLAIN_LIMIT: usize = 256 << 20;

/// The mark that some editors put at the start of a text.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// What an input is, so many of its first bytes tell.
const BEGINNING: usize = 64 << 10;

/// A line of AWS's words is never longer than this, in bytes; of a longer one only the beginning is read.
const LONGEST_LINE: usize = 64 << 10;

/// Explains an input of at most [`EXPLAIN_LIMIT`] bytes, item by item, until `each` breaks off.
///
/// What begins as JSON is AWS's JSON: services and tasks by themselves, in arrays, as `describe-services` and
/// `describe-tasks` print them, or wrapped in an event; several documents may follow each other. AWS's YAML is the same. Else each line is an
/// item, and so is a document that begins a line. Where anything of that is recognised, lines that are not and do not
/// complain are somebody's notes: they keep their number, and give no report. `at` is the present; without it that is the newest moment that the
/// input tells.
pub fn explain(input: &[u8], at: Option<Time>, each: impl FnMut(Report) -> ControlFlow<()>) {
    let input = input.strip_prefix(MARK).unwrap_or(input);
    let json = yaml::begins(input).then(|| yaml::to_json(input)).flatten();
    let input = json.as_ref().map_or(input, |json| json.as_bytes());
    explain_source(&Source::bytes(input), at, each);
}

/// The same for an input that is read from where it lies: no more than a piece of it and one item are held.
pub fn explain_at(
    input: &dyn ReadAt,
    at: Option<Time>,
    each: impl FnMut(Report) -> ControlFlow<()>,
) {
    let source = Source::elsewhere(input);
    let head = source.slice(0, BEGINNING);
    // A mark at the start, and YAML, which is read as a whole: neither is large.
    if head.starts_with(MARK) || yaml::begins(&head) {
        explain(&source.slice(0, source.len()), at, each);
    } else {
        explain_source(&source, at, each);
    }
}

fn explain_source(
    input: &Source<'_>,
    at: Option<Time>,
    mut each: impl FnMut(Report) -> ControlFlow<()>,
) {
    let mut index = Index::default();
    let _ = look(input, &mut index);
    index.newest = at.or(index.newest);
    let has_notes = index.recognised;
    let mut explainer = Explainer {
        input,
        index,
        has_notes,
        number: 0,
        each: &mut each,
    };
    let _ = look(input, &mut explainer);
}

/// Several files as one input: AWS's JSON as it is, YAML as JSON, and each line of anything else as an item.
pub fn joined(files: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut all = Vec::new();
    for file in files {
        let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&file);
        let is_json = json::begins(file.trim_ascii_start());
        let json = yaml::begins(file).then(|| yaml::to_json(file)).flatten();
        if is_json {
            all.extend_from_slice(file);
        } else if let Some(json) = json {
            all.extend_from_slice(json.as_bytes());
        } else {
            for line in file.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii) {
                // In a folder there is much that nobody meant: a line that says nothing is a note.
                if is_note(&explain_line(&Clean::from_bytes(line))) {
                    continue;
                }
                let text = serde_json::Value::String(String::from_utf8_lossy(line).into_owned());
                // A text by itself is no document of its own.
                all.extend(format!("[{text}]\n").bytes());
            }
        }
        all.push(b'\n');
    }
    all
}

/// Goes through an input.
fn look(input: &Source<'_>, with: &mut dyn Look) -> ControlFlow<()> {
    let dark = |bytes: &[u8]| bytes.iter().position(|byte| !byte.is_ascii_whitespace());
    match input.find(0, dark) {
        Some(begin) if json::begins(&input.slice(begin, begin + BEGINNING)) => {
            json::walk(input, with.visit())
        }
        Some(_) => lines(input, with),
        None => ControlFlow::Continue(()),
    }
}

/// Documents that are none are looked for so often among lines.
const TRIED: usize = 16;

fn lines(input: &Source<'_>, with: &mut dyn Look) -> ControlFlow<()> {
    let (mut at, mut tried) = (0, 0);
    let end_of_line = |at: usize| {
        let end = input.find(at, |bytes| memchr(b'\n', bytes));
        end.unwrap_or(input.len())
    };
    while at < input.len() {
        let end = end_of_line(at);
        // One byte more than is read of a line tells that it is longer.
        let line = input.slice(at, end.min(at + LONGEST_LINE + 1));
        let indent = line.len() - line.trim_ascii_start().len();
        let begins = matches!(line.get(indent), Some(b'{' | b'['))
            && tried < TRIED
            && json::begins(&input.slice(at + indent, at + indent + BEGINNING));
        if begins && let Some(end) = json::document(input, at + indent, with.visit())? {
            tried = 0;
            // The rest of its last line, where that is blank.
            let last = end_of_line(end);
            let blank = input.slice(end, last).trim_ascii().is_empty();
            at = if blank { last + 1 } else { end };
            continue;
        }
        tried += usize::from(begins);
        with.line(&line, end - at, at)?;
        at = end + 1;
    }
    ControlFlow::Continue(())
}

/// Whoever looks at items and lines.
trait Look {
    /// Looks at a line of so many bytes that begins at this one; of a very long one only the beginning is given.
    fn line(&mut self, line: &[u8], length: usize, at: usize) -> ControlFlow<()>;
    /// The same, for items.
    fn visit(&mut self) -> &mut dyn Visit;
}

impl Look for Index {
    fn line(&mut self, line: &[u8], _: usize, _: usize) -> ControlFlow<()> {
        // One is enough: then it is known that there is something beside the notes.
        self.recognised = self.recognised || !is_note(&explain_line(&Clean::from_bytes(line)));
        ControlFlow::Continue(())
    }

    fn visit(&mut self) -> &mut dyn Visit {
        self
    }
}

/// Gives a report of each item.
struct Explainer<'a> {
    input: &'a Source<'a>,
    index: Index,
    /// Whether lines that say nothing are notes beside what was recognised.
    has_notes: bool,
    number: usize,
    each: &'a mut dyn FnMut(Report) -> ControlFlow<()>,
}

impl Explainer<'_> {
    fn give(&mut self, mut report: Report) -> ControlFlow<()> {
        report.input = Some(self.number);
        self.number += 1;
        (self.each)(report)
    }

    fn explained(&self, found: Found<'_>) -> Result<Report, Clean> {
        let (item, kind) = match read_item(&found.bytes, found.start, found.kind)? {
            Read::Words(words) => return Ok(explain_text(&words)),
            Read::Item(item, kind) => (item, kind),
        };
        let time: Option<Moment> = found.time.and_then(|raw| serde_json::from_slice(&raw).ok());
        let time = time.and_then(|moment| moment.0);
        // An event tells of its own moment.
        let now = time.or(self.index.newest).or_else(|| read::newest(&item));
        let now = now.unwrap_or_default();
        let mut report = match kind {
            Kind::Task => explain_task(&read::task(&item), now),
            Kind::Service | Kind::Deployment => {
                let (tasks, rollouts) = match found.is_inside {
                    true => (
                        self.index.tasks(self.input, &item),
                        self.index.rollouts(self.input, &item),
                    ),
                    false => (Vec::new(), Vec::new()),
                };
                explain_service(&item, &tasks, rollouts, now)
            }
            Kind::Rollout => explain_rollout(&item),
            kind => explain_part(*item, kind, time),
        };
        if kind == Kind::Action {
            about(&mut report, found.resources.as_deref());
        }
        Ok(report)
    }
}

/// Fills in the service that an event is about.
fn about(report: &mut Report, resources: Option<&[u8]>) {
    let resources: Vec<String> = resources
        .and_then(|raw| serde_json::from_slice(raw).ok())
        .unwrap_or_default();
    let arns = resources.iter().map(|raw| crate::domain::Arn::new(raw));
    if let Some(service) = arns
        .into_iter()
        .find(|arn| arn.resource().starts_with("service/"))
    {
        let none = crate::domain::Arn::new("");
        report.placed(&service, &none);
        report.service = Some(Clean::new(service.name()));
    }
}

impl Visit for Explainer<'_> {
    fn item(&mut self, found: Found<'_>) -> ControlFlow<()> {
        let report = self.explained(found).unwrap_or_else(Report::broken);
        self.give(report)
    }

    fn broken(&mut self, why: Clean) -> ControlFlow<()> {
        self.give(Report::broken(why))
    }
}

impl Look for Explainer<'_> {
    fn line(&mut self, line: &[u8], length: usize, at: usize) -> ControlFlow<()> {
        let report = bytes_of_line(line, length, at);
        if self.has_notes && is_note(&report) {
            self.number += 1;
            return ControlFlow::Continue(());
        }
        self.give(report)
    }

    fn visit(&mut self) -> &mut dyn Visit {
        self
    }
}

/// Whether a line says nothing of which anybody knows the meaning, and complains of nothing.
fn is_note(of_line: &Report) -> bool {
    of_line.verdict == Verdict::Unknown && of_line.error.is_none()
}

/// Explains a line that begins at this byte of the input. One that is no text is explained as far as it is one.
fn bytes_of_line(line: &[u8], length: usize, at: usize) -> Report {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let wrong = if length > LONGEST_LINE + 1 || line.len() > LONGEST_LINE {
        Some(format!(
            "the line at byte {at} has {length} bytes; only the first {LONGEST_LINE} are read"
        ))
    } else if let Some(nul) = memchr(0, line) {
        Some(format!("a NUL at byte {}: this is no text", at + nul))
    } else if let Err(error) = std::str::from_utf8(line) {
        let byte = at + error.valid_up_to();
        Some(format!("no UTF-8 at byte {byte}: this is no text"))
    } else {
        None
    };
    let head = line.get(..LONGEST_LINE).unwrap_or(line);
    let text = Clean::from_bytes(head);
    let mut report = explain_line(&text);
    report.error = wrong.map(Clean::own);
    report
}

#[cfg(test)]
mod cases;
#[cfg(test)]
mod tests;
