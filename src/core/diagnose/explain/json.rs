//! Services and tasks out of JSON, wherever they are in it.
//!
//! Documents are walked from outside in, and each item is shown by itself, so
//! that no more than one is held and a bad one harms no other.

use std::borrow::Cow;
use std::ops::ControlFlow;

use super::scan::{Broken, Scan};
use super::shape::Kind;
use super::source::Source;
use crate::text::Clean;

/// Documents are looked for so often again after something that is none.
const RESUMED: usize = 16;
/// So deep items may lie in arrays, wrappers and texts.
const DEEPEST: usize = 16;
/// A document inside a text is no longer than this, in bytes: queues and topics carry no more.
const LONGEST_INSIDE: usize = 1 << 20;

/// An item as it lies in the input.
#[derive(Clone, Debug)]
pub(super) struct Found<'a> {
    /// Its bytes.
    pub(super) bytes: Cow<'a, [u8]>,
    /// Where it begins.
    pub(super) start: usize,
    /// What it is, where its place tells.
    pub(super) kind: Option<Kind>,
    /// The moment of the event that carries it.
    pub(super) time: Option<Cow<'a, [u8]>>,
    /// What the event that carries it is about.
    pub(super) resources: Option<Cow<'a, [u8]>>,
    /// Whether it lies in the input itself, and not in a text of it.
    pub(super) is_inside: bool,
}

/// Whoever looks at the items of an input.
pub(super) trait Visit {
    /// Looks at an item; breaks off where nobody wants more.
    fn item(&mut self, found: Found<'_>) -> ControlFlow<()>;
    /// Something is no JSON.
    fn broken(&mut self, why: Clean) -> ControlFlow<()>;
}

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

/// What an event says around the item that it carries.
#[derive(Clone, Copy, Default)]
struct Envelope {
    /// Where its time stands.
    time: Option<(usize, usize)>,
    /// Where the names of what it is about stand.
    resources: Option<(usize, usize)>,
}

struct Walk<'a, 'v> {
    scan: Scan<'a>,
    visit: &'v mut dyn Visit,
    envelope: Envelope,
    /// So many texts lie around this one.
    inside: usize,
}

/// Whether a text begins as JSON does: a line that begins with a bracket is mostly none.
pub(super) fn begins(input: &[u8]) -> bool {
    let input = input.trim_ascii_start();
    let second = input.get(1..).unwrap_or_default().trim_ascii_start();
    match (input.first(), second.first()) {
        (Some(b'{'), Some(b'"' | b'}')) => true,
        (Some(b'['), Some(b'{' | b'[' | b'"' | b']')) => true,
        // `[7, 8]` is an array, and `[2026-11-30 09:00] …` or `[1] …` is a line.
        (Some(b'['), Some(_)) => {
            let length = memchr::memchr(b'\n', input).unwrap_or(input.len());
            let line = input.get(..length).unwrap_or_default();
            serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok()
        }
        (Some(b'{' | b'['), None) => true,
        _ => false,
    }
}

/// Shows each item of one or more JSON documents.
pub(super) fn walk(input: &Source<'_>, visit: &mut dyn Visit) -> ControlFlow<()> {
    let mut walk = Walk::over(input, 0, visit, 0);
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
                walk.visit.broken(words(&broken, input.len()))?;
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

/// Shows the items of the one document that begins here, and gives where it ends; none where it is no JSON.
pub(super) fn document(
    input: &Source<'_>,
    at: usize,
    visit: &mut dyn Visit,
) -> ControlFlow<(), Option<usize>> {
    let mut whole = Scan { input, at };
    if whole.value().is_err() {
        return ControlFlow::Continue(None);
    }
    let mut walk = Walk::over(input, at, visit, 0);
    match walk.value(None, 0) {
        Ok(()) => ControlFlow::Continue(Some(walk.scan.at)),
        Err(Halt::Enough) => ControlFlow::Break(()),
        Err(Halt::Broken(broken)) => {
            walk.visit.broken(words(&broken, input.len()))?;
            ControlFlow::Continue(Some(whole.at))
        }
    }
}

/// Where the next line behind this byte begins with a bracket.
fn next_document(input: &Source<'_>, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at = input.find(at, |bytes| memchr::memchr(b'\n', bytes))? + 1;
        if matches!(input.byte(at), Some(b'{' | b'[')) {
            return Some(at);
        }
    }
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
        b"tasks" | b"task" | b"Tasks" => Some(Some(Kind::Task)),
        b"services" | b"service" | b"Services" => Some(Some(Kind::Service)),
        b"serviceDeployments" | b"ServiceDeployments" => Some(Some(Kind::Rollout)),
        b"failures" | b"Failures" => Some(Some(Kind::Failure)),
        // An EventBridge event; a call as CloudTrail tells it; batches of queues and topics; a step that failed.
        b"detail"
        | b"responseElements"
        | b"Records"
        | b"records"
        | b"Messages"
        | b"Sns"
        | b"taskFailedEventDetails" => Some(None),
        _ => None,
    }
}

/// The members whose text can be a document of its own: what SNS, SQS and Step Functions carry.
fn carries(name: &[u8]) -> bool {
    matches!(
        name,
        b"Message" | b"Body" | b"body" | b"Cause" | b"cause" | b"CloudTrailEvent" | b"Event"
    )
}

impl<'a, 'v> Walk<'a, 'v> {
    fn over(input: &'a Source<'a>, at: usize, visit: &'v mut dyn Visit, inside: usize) -> Self {
        Self {
            scan: Scan { input, at },
            visit,
            envelope: Envelope::default(),
            inside,
        }
    }

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
                    let why = words(&broken, self.scan.input.len());
                    let gone_on = self.visit.broken(why);
                    enough(gone_on)?;
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
        let outer = self.envelope;
        self.scan.at += 1;
        let (mut wraps, mut refused) = (false, false);
        let mut detail = None;
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
            let name = self.scan.input.slice(name + 1, self.scan.at - 1);
            let name = name.as_ref();
            self.scan.take(b':', start, "a colon")?;
            let first = self.scan.peek();
            let holds = matches!(first, Some(b'{' | b'['));
            let value = self.scan.at;
            match wrapper(name).filter(|_| holds) {
                // What stands around it may come after it.
                Some(None) if name == b"detail" && first == Some(b'{') => {
                    self.skip(start)?;
                    detail = Some(value);
                    wraps = true;
                }
                Some(kind) => {
                    wraps = true;
                    self.value(kind, depth + 1)?;
                }
                None => {
                    self.skip(start)?;
                    let text = (value, self.scan.at);
                    match name {
                        b"time" => self.envelope.time = Some(text),
                        b"resources" => self.envelope.resources = Some(text),
                        b"errorCode" | b"errorMessage" => refused |= first == Some(b'"'),
                        _ if first == Some(b'"') && carries(name) => {
                            wraps |= self.text(text)?;
                        }
                        _ => {}
                    }
                }
            }
            if self.scan.peek() == Some(b'}') {
                self.scan.at += 1;
                break;
            }
            self.scan
                .take(b',', start, "a comma or the end of the object")?;
        }
        if let Some(detail) = detail {
            let end = std::mem::replace(&mut self.scan.at, detail);
            self.value(None, depth + 1)?;
            self.scan.at = end;
        }
        if !wraps || refused {
            self.item(start, None)?;
        }
        self.envelope = outer;
        Ok(())
    }

    /// Goes behind a member's value, of an object that begins at `start`.
    fn skip(&mut self, start: usize) -> Result<(), Halt> {
        self.scan.value().map_err(|broken| match broken {
            Broken::CutOff(_) => Broken::CutOff(start),
            expected @ Broken::Expected(..) => expected,
        })?;
        Ok(())
    }

    /// Shows the items of a document that a text carries. Gives whether it carries one.
    fn text(&mut self, (start, end): (usize, usize)) -> Result<bool, Halt> {
        if self.inside >= DEEPEST || end - start > LONGEST_INSIDE {
            return Ok(false);
        }
        let quoted = self.scan.input.slice(start, end);
        let Ok(text) = serde_json::from_slice::<String>(&quoted) else {
            return Ok(false);
        };
        let input = text.trim_start().as_bytes();
        let whole = serde_json::from_slice::<serde::de::IgnoredAny>(input).is_ok();
        if !matches!(input.first(), Some(b'{' | b'[')) || !whole {
            return Ok(false);
        }
        let input = Source::bytes(input);
        let mut walk = Walk::over(&input, 0, &mut *self.visit, self.inside + 1);
        walk.value(None, 0)?;
        Ok(true)
    }

    fn item(&mut self, start: usize, kind: Option<Kind>) -> Result<(), Halt> {
        let input = self.scan.input;
        let part =
            |place: Option<(usize, usize)>| place.map(|(start, end)| input.slice(start, end));
        let bytes = input.slice(start, self.scan.at);
        let found = Found {
            bytes,
            start,
            kind,
            time: part(self.envelope.time),
            resources: part(self.envelope.resources),
            is_inside: self.inside == 0,
        };
        enough(self.visit.item(found))
    }
}

fn enough(flow: ControlFlow<()>) -> Result<(), Halt> {
    match flow {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Halt::Enough),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_begins_with_a_bracket_is_mostly_no_json() {
        for json in [
            r#"{"a":1}"#,
            "{}",
            "[]",
            " [ {",
            r#"["a""#,
            "[7,8]",
            "[null]",
            "{",
        ] {
            assert!(begins(json.as_bytes()), "{json}");
        }
        for line in [
            "[2026-11-30 09:00:00] CannotPull",
            "[ERROR] x",
            "[CannotPullContainerError] x",
            "{service web} is broken",
            "[1] x",
            "web",
            "",
        ] {
            assert!(!begins(line.as_bytes()), "{line}");
        }
    }
}
