//! Services and tasks out of JSON, wherever they are in it.
//!
//! Documents are walked from outside in, and each item is parsed by itself, so
//! that no more than one is held and a bad one harms no other.

use std::ops::ControlFlow;

use super::line::{explain_line, explain_words};
use super::report::Report;
use super::scan::{Broken, Scan};
use super::service::explain_service;
use super::shape::{Item, Kind};
use super::task::{explain_container, explain_failure, explain_task};
use crate::diagnose::EvidenceSource;
use crate::text::Clean;

/// Documents are looked for so often again after something that is none.
const RESUMED: usize = 16;
/// So deep items may lie in arrays and wrappers.
const DEEPEST: usize = 16;

/// Why walking ended.
enum Halt {
    /// Nobody wants more.
    Enough,
    /// The input is broken here.
    Broken(Broken),
}

impl From<Broken> for Halt {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

struct Walk<'a, F> {
    scan: Scan<'a>,
    each: F,
}

/// Explains each item of one or more JSON documents.
pub(super) fn explain_json(
    input: &[u8],
    each: &mut impl FnMut(Report) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let scan = Scan { input, at: 0 };
    let mut walk = Walk { scan, each };
    let mut resumed = 0;
    while let Some(first) = walk.scan.peek() {
        let start = walk.scan.at;
        let walked = match first {
            b'{' | b'[' => walk.value(None, 0),
            _ => Err(Broken::Expected(start, "a JSON object or array").into()),
        };
        match walked {
            Ok(()) => {}
            Err(Halt::Enough) => return ControlFlow::Break(()),
            Err(Halt::Broken(broken)) => {
                (walk.each)(Report::broken(words(&broken, input.len())))?;
                resumed += 1;
                let from = match broken {
                    Broken::CutOff(at) | Broken::Expected(at, _) => at.max(start),
                };
                match next_document(input, from) {
                    Some(next) if resumed < RESUMED => walk.scan.at = next,
                    _ => break,
                }
            }
        }
    }
    ControlFlow::Continue(())
}

/// Where the next line behind this byte begins with a bracket.
fn next_document(input: &[u8], from: usize) -> Option<usize> {
    let rest = input.get(from..)?;
    let found = memchr::memchr_iter(b'\n', rest)
        .find(|at| matches!(rest.get(at + 1), Some(b'{' | b'[')))?;
    Some(from + found + 1)
}

fn words(broken: &Broken, end: usize) -> Clean {
    Clean::own(match broken {
        Broken::CutOff(at) => {
            format!("cut off: the input ends at byte {end} within what begins at byte {at}")
        }
        Broken::Expected(at, what) => format!("no JSON: {what} was expected at byte {at}"),
    })
}

/// The members that hold items, and what these are; none where their own members tell.
fn wrapper(name: &[u8]) -> Option<Option<Kind>> {
    match name {
        b"tasks" | b"task" => Some(Some(Kind::Task)),
        b"services" | b"service" => Some(Some(Kind::Service)),
        b"failures" => Some(Some(Kind::Failure)),
        // An EventBridge event.
        b"detail" => Some(None),
        _ => None,
    }
}

impl<F: FnMut(Report) -> ControlFlow<()>> Walk<'_, F> {
    fn value(&mut self, kind: Option<Kind>, depth: usize) -> Result<(), Halt> {
        let start = self.scan.at;
        match self.scan.peek() {
            Some(b'{') if kind.is_none() && depth < DEEPEST => self.object(depth),
            Some(b'[') if depth < DEEPEST => self.array(kind, depth),
            _ => {
                self.scan.value()?;
                self.item(start, kind)
            }
        }
    }

    fn array(&mut self, kind: Option<Kind>, depth: usize) -> Result<(), Halt> {
        let start = self.scan.at;
        self.scan.at += 1;
        if self.scan.peek() == Some(b']') {
            self.scan.at += 1;
            return Ok(());
        }
        loop {
            self.scan.peek();
            let element = self.scan.at;
            match self.value(kind, depth + 1) {
                // Its brackets tell where it ends all the same.
                Err(Halt::Broken(Broken::Expected(at, what))) if at > element => {
                    self.scan.at = element;
                    self.scan.value()?;
                    let broken = Broken::Expected(at, what);
                    self.give(Report::broken(words(&broken, self.scan.input.len())))?;
                }
                other => other?,
            }
            if self.scan.peek() == Some(b']') {
                self.scan.at += 1;
                return Ok(());
            }
            self.scan
                .take(b',', start, "a comma or the end of the array")?;
        }
    }

    /// An object is an item, unless it only wraps some.
    fn object(&mut self, depth: usize) -> Result<(), Halt> {
        let start = self.scan.at;
        self.scan.at += 1;
        let mut wraps = false;
        if self.scan.peek() == Some(b'}') {
            self.scan.at += 1;
            return self.item(start, None);
        }
        loop {
            self.scan.peek();
            let name = self.scan.at;
            self.scan.take(b'"', start, "a member's name")?;
            self.scan.at = name;
            self.scan.string().map_err(|_| Broken::CutOff(start))?;
            let name = self.scan.input.get(name + 1..self.scan.at - 1);
            self.scan.take(b':', start, "a colon")?;
            let holds = matches!(self.scan.peek(), Some(b'{' | b'['));
            match wrapper(name.unwrap_or_default()).filter(|_| holds) {
                Some(kind) => {
                    wraps = true;
                    self.value(kind, depth + 1)?;
                }
                None => self.scan.value().map_err(|broken| match broken {
                    Broken::CutOff(_) => Broken::CutOff(start),
                    expected @ Broken::Expected(..) => expected,
                })?,
            }
            if self.scan.peek() == Some(b'}') {
                self.scan.at += 1;
                return if wraps {
                    Ok(())
                } else {
                    self.item(start, None)
                };
            }
            self.scan
                .take(b',', start, "a comma or the end of the object")?;
        }
    }

    fn item(&mut self, start: usize, kind: Option<Kind>) -> Result<(), Halt> {
        let bytes = self.scan.input.get(start..self.scan.at).unwrap_or_default();
        self.give(item(bytes, start, kind).unwrap_or_else(Report::broken))
    }

    fn give(&mut self, report: Report) -> Result<(), Halt> {
        match (self.each)(report) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Halt::Enough),
        }
    }
}

fn item(bytes: &[u8], start: usize, kind: Option<Kind>) -> Result<Report, Clean> {
    let bytes = bytes.trim_ascii_start();
    match bytes.first() {
        Some(b'"') => {
            let text: String = parse(bytes, start)?;
            Ok(explain_line(&text))
        }
        Some(b'{') => {
            let item: Item = parse(bytes, start)?;
            let own = item.kind();
            match kind.filter(|_| own.is_some()).or(own) {
                Some(Kind::Task) => Ok(explain_task(&item)),
                Some(Kind::Service | Kind::Deployment) => Ok(explain_service(&item)),
                Some(Kind::Container) => Ok(explain_container(item)),
                Some(Kind::Failure) => Ok(explain_failure(&item)),
                Some(Kind::Event) => {
                    let reference = Clean::new(item.id.as_deref().unwrap_or_default());
                    let at = item.created_at.and_then(|moment| moment.0);
                    let message = item.message.unwrap_or_default();
                    Ok(explain_words(
                        &message,
                        EvidenceSource::ServiceEvent,
                        reference,
                        at,
                    ))
                }
                None => Err(Clean::own(format!(
                    "the object at byte {start} is neither a task nor a service"
                ))),
            }
        }
        _ => Err(Clean::own(format!(
            "what stands at byte {start} is neither an object nor a text"
        ))),
    }
}

/// Parses an item that begins at `start`.
fn parse<'a, T: serde::Deserialize<'a>>(bytes: &'a [u8], start: usize) -> Result<T, Clean> {
    serde_json::from_slice(bytes).map_err(|error| {
        let lines = bytes.split_inclusive(|byte| *byte == b'\n');
        let before: usize = lines
            .take(error.line().saturating_sub(1))
            .map(<[u8]>::len)
            .sum();
        let byte = start + before + error.column().saturating_sub(1);
        let said = error.to_string();
        let said = said.split(" at line ").next().unwrap_or_default();
        Clean::new(&format!("bad item at byte {start}: {said} (byte {byte})"))
    })
}
