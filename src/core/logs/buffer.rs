//! The lines that the log pane holds, in the order of their time.

use std::collections::{BTreeMap, VecDeque};

use super::level::Level;
use super::trace::Trace;
use crate::domain::{LogEvent, Time};
use crate::text::Clean;

/// Names a stream within one buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(pub u32);

/// One line that is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// Counts lines in the order in which they came, from 1: names a line for as long as it is held.
    pub number: u64,
    /// When the program says it happened.
    pub at: Time,
    /// Which stream.
    pub stream: StreamId,
    /// The line.
    pub text: Clean,
    /// How bad it is, by its own words.
    pub level: Option<Level>,
    /// A line of a stack trace that does not name the error.
    pub frame: bool,
}

/// A bounded buffer of lines; the oldest go first.
#[derive(Clone, Debug, PartialEq)]
pub struct LogBuffer {
    lines: VecDeque<LogLine>,
    streams: Vec<(Clean, Clean)>,
    ids: BTreeMap<(Clean, Clean), StreamId>,
    /// The stack trace that each stream is in, in their order.
    traces: Vec<Trace>,
    most: usize,
    taken: u64,
    dropped: u64,
}

impl LogBuffer {
    /// A buffer of at most so many lines.
    pub fn new(most: usize) -> Self {
        Self {
            lines: VecDeque::new(),
            streams: Vec::new(),
            ids: BTreeMap::new(),
            traces: Vec::new(),
            most: most.max(1),
            taken: 0,
            dropped: 0,
        }
    }

    /// Takes a line to its place by time; lines of the same time stay in the order in which they came.
    pub fn insert(&mut self, event: LogEvent) {
        self.taken = self.taken.saturating_add(1);
        let stream = self.stream_id(event.group, event.stream);
        let line = LogLine {
            number: self.taken,
            at: event.at,
            stream,
            level: Level::of(&event.message),
            frame: self
                .trace_of(stream)
                .is_some_and(|trace| trace.take(&event.message)),
            text: event.message,
        };
        let late = self
            .lines
            .iter()
            .rev()
            .take_while(|held| held.at > line.at)
            .count();
        let place = self.lines.len().saturating_sub(late);
        if late == 0 {
            self.lines.push_back(line);
        } else {
            self.lines.insert(place, line);
        }
        if self.lines.len() > self.most {
            self.lines.pop_front();
            self.dropped = self.dropped.saturating_add(1);
        }
    }

    fn trace_of(&mut self, id: StreamId) -> Option<&mut Trace> {
        let at = usize::try_from(id.0).ok()?;
        self.traces.resize(self.streams.len(), Trace::None);
        self.traces.get_mut(at)
    }

    fn stream_id(&mut self, group: Clean, stream: Clean) -> StreamId {
        let name = (group, stream);
        if let Some(id) = self.ids.get(&name) {
            return *id;
        }
        let id = StreamId(u32::try_from(self.streams.len()).unwrap_or(u32::MAX));
        self.streams.push(name.clone());
        self.ids.insert(name, id);
        id
    }

    /// The lines, oldest first.
    pub fn lines(&self) -> &VecDeque<LogLine> {
        &self.lines
    }

    /// A stream's group and name.
    pub fn stream(&self, id: StreamId) -> Option<&(Clean, Clean)> {
        self.streams.get(usize::try_from(id.0).ok()?)
    }

    /// Streams seen so far, in the order in which they came.
    pub fn streams(&self) -> &[(Clean, Clean)] {
        &self.streams
    }

    /// How many lines were let go because the buffer was full.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Lines taken so far.
    pub fn taken(&self) -> u64 {
        self.taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(second: i64, text: &str) -> LogEvent {
        LogEvent {
            id: Clean::new(text),
            group: Clean::new("g"),
            stream: Clean::new("p/web/1"),
            at: Time::from_second(second).unwrap(),
            ingested: None,
            message: Clean::new(text),
        }
    }

    fn texts(buffer: &LogBuffer) -> Vec<&str> {
        buffer
            .lines()
            .iter()
            .map(|line| line.text.as_str())
            .collect()
    }

    #[test]
    fn a_late_line_goes_to_its_place_and_equal_times_keep_their_order() {
        let mut buffer = LogBuffer::new(10);
        for (second, text) in [(1, "a"), (5, "c"), (3, "b"), (5, "d")] {
            buffer.insert(event(second, text));
        }
        assert_eq!(texts(&buffer), ["a", "b", "c", "d"]);
    }

    #[test]
    fn the_oldest_lines_go_first_and_are_counted() {
        let mut buffer = LogBuffer::new(2);
        for second in 1..=5 {
            buffer.insert(event(second, &second.to_string()));
        }
        assert_eq!((texts(&buffer), buffer.dropped()), (vec!["4", "5"], 3));
    }
}
