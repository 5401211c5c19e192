//! What somebody has at hand, explained without a network: AWS's JSON, or lines.
//!
//! Each item of the input gives one report, in order, as soon as it is read.
//! One that cannot be read gives a report with its error, and the rest goes on:
//! nothing in the input ends the reading but its end.

mod json;
mod line;
mod moment;
mod report;
mod scan;
mod service;
mod shape;
mod task;

use std::ops::ControlFlow;

use memchr::memchr;

pub use report::Report;

use crate::text::Clean;
use line::explain_line;

/// The largest input that is taken, in bytes.
pub const EXPLAIN_LIMIT: usize = 256 << 20;

/// A line of AWS's words is never longer than this, in bytes; of a longer one only the beginning is read.
const LONGEST_LINE: usize = 64 << 10;

/// Explains an input of at most [`EXPLAIN_LIMIT`] bytes, item by item, until `each` breaks off.
///
/// What begins with `{` or `[` is AWS's JSON: services and tasks by themselves, in arrays, or as `describe-services`
/// and `describe-tasks` print them; several documents may follow each other. Else each line is an item.
pub fn explain(input: &[u8], mut each: impl FnMut(Report) -> ControlFlow<()>) {
    let input = input.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input);
    let mut number = 0;
    let mut numbered = |mut report: Report| {
        report.input = Some(number);
        number += 1;
        each(report)
    };
    let begin = input.iter().find(|byte| !byte.is_ascii_whitespace());
    let _ = match begin {
        Some(b'{' | b'[') => json::explain_json(input, &mut numbered),
        Some(_) => lines(input, &mut numbered),
        None => ControlFlow::Continue(()),
    };
}

fn lines(input: &[u8], each: &mut impl FnMut(Report) -> ControlFlow<()>) -> ControlFlow<()> {
    let mut at = 0;
    while let Some(rest) = input.get(at..).filter(|rest| !rest.is_empty()) {
        let length = memchr(b'\n', rest).unwrap_or(rest.len());
        let line = rest.get(..length).unwrap_or(rest);
        each(bytes_of_line(line, at))?;
        at += length + 1;
    }
    ControlFlow::Continue(())
}

/// Explains a line that begins at this byte of the input. One that is no text is explained as far as it is one.
fn bytes_of_line(line: &[u8], at: usize) -> Report {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let wrong = if line.len() > LONGEST_LINE {
        Some(format!(
            "the line at byte {at} has {} bytes; only the first {LONGEST_LINE} are read",
            line.len()
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
mod tests;
