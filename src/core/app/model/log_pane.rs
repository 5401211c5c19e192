//! The log pane: whose log is shown, which lines, and where it stands.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::inputs::LogInputs;
use super::log_pace::{LogPace, Polled};
use super::log_streams::WantedStreams;
use super::log_target::{LogRange, LogTarget};
use super::stamps::Stamps;
use crate::domain::{CloudError, LogSource, Time};
use crate::logs::{Follow, LineFilter, LogBuffer, LogLine};
use crate::text::Clean;

/// Seconds that a log is behind at least where the title says so: polls alone are some apart.
const BEHIND: i64 = 10;

/// The log pane.
#[derive(Clone, Debug, PartialEq)]
pub struct LogPane {
    /// Whose log it is.
    pub target: Option<LogTarget>,
    /// Somebody chose the target; else it follows the selection.
    pub pinned: bool,
    /// The lines.
    pub buffer: LogBuffer,
    /// The newest line stays at the bottom.
    pub at_end: bool,
    /// The line at the bottom while it does not.
    bottom: Option<u64>,
    /// What is searched for; empty: nothing.
    pub search: String,
    /// What stands before each line.
    pub stamps: Stamps,
    /// Long lines go on below.
    pub wrap: bool,
    /// Structured lines are folded, and the frames of stack traces left out.
    pub folds: bool,
    /// Which lines are shown.
    pub lines: LineFilter,
    /// Only this container.
    pub container: Option<Clean>,
    /// How far back it was read at first.
    pub range: LogRange,
    /// The range that comes back with the selection's log: this one is a task's own.
    pub(in crate::app) range_before: Option<LogRange>,
    /// It is read from here on, whatever the range; absent: from so far back.
    pub since: Option<Time>,
    /// It is read up to here; absent: it is followed.
    pub until: Option<Time>,
    /// CloudWatch's own filter pattern.
    pub pattern: Option<Clean>,
    /// A source that could not be read, and why.
    pub failed: Option<(LogSource, CloudError)>,
    /// Nothing can be shown, and why.
    pub silent: Option<Clean>,
    /// The containers whose lines are not in CloudWatch Logs, and where they go.
    pub elsewhere: BTreeMap<Clean, Clean>,
    pub(in crate::app) follow: Option<Follow>,
    pub(in crate::app) pace: LogPace,
    /// Groups that are read whole because one of these streams does not exist (yet).
    pub(in crate::app) whole: BTreeMap<Clean, BTreeSet<Clean>>,
    /// For groups that are read whole because of some streams: which those are.
    pub(in crate::app) wanted: BTreeMap<Clean, WantedStreams>,
    /// What the streams were worked out from.
    pub(in crate::app) basis: Option<LogInputs>,
    /// How the poll under way goes.
    pub(in crate::app) polled: Polled,
    most: usize,
}

impl LogPane {
    /// An empty pane that holds at most so many lines.
    pub fn new(most: usize) -> Self {
        Self {
            target: None,
            pinned: false,
            buffer: LogBuffer::new(most),
            at_end: true,
            bottom: None,
            search: String::new(),
            stamps: Stamps::default(),
            wrap: false,
            folds: true,
            lines: LineFilter::default(),
            container: None,
            range: LogRange {
                seconds: 15 * 60,
                label: "15m",
            },
            range_before: None,
            since: None,
            until: None,
            pattern: None,
            failed: None,
            silent: None,
            elsewhere: BTreeMap::new(),
            follow: None,
            pace: LogPace::default(),
            whole: BTreeMap::new(),
            wanted: BTreeMap::new(),
            basis: None,
            polled: Polled::default(),
            most,
        }
    }

    /// Forgets the lines: another log begins.
    pub(in crate::app) fn clear(&mut self) {
        *self = Self {
            target: self.target.take(),
            pinned: self.pinned,
            search: std::mem::take(&mut self.search),
            stamps: self.stamps,
            wrap: self.wrap,
            folds: self.folds,
            lines: std::mem::take(&mut self.lines),
            range: self.range,
            range_before: self.range_before,
            ..Self::new(self.most)
        };
    }

    /// A poll ended.
    pub(in crate::app) fn end_poll(&mut self, elapsed: Duration) {
        self.pace.polled(std::mem::take(&mut self.polled), elapsed);
    }

    /// The time from one poll to the next.
    pub(in crate::app) fn every(&self) -> Duration {
        let sources = self.follow.as_ref().map(|follow| follow.sources().len());
        self.pace.every(sources.unwrap_or(1), self.at_end)
    }

    /// How many seconds it is behind what was written, where that is more than a poll or two.
    pub fn behind(&self, now: Time) -> Option<i64> {
        let follow = self.follow.as_ref().filter(|_| self.until.is_none())?;
        let slow = i64::try_from(self.every().as_secs()).unwrap_or(i64::MAX);
        let behind = follow.behind(now)?;
        (behind > slow.saturating_mul(2).max(BEHIND)).then_some(behind)
    }

    /// The container that a stream belongs to: the middle of `prefix/container/task`, else the stream itself.
    pub fn container_of(stream: &str) -> &str {
        let mut parts = stream.rsplit('/');
        match (parts.next(), parts.next()) {
            (Some(_), Some(container)) if !container.is_empty() => container,
            _ => stream,
        }
    }

    /// The task that a stream belongs to: its last part.
    pub fn task_of(stream: &str) -> &str {
        stream.rsplit('/').next().unwrap_or(stream)
    }

    /// The containers of the lines that are held, in the order in which they came.
    pub fn containers(&self) -> Vec<&str> {
        let mut containers: Vec<&str> = Vec::new();
        for (_, stream) in self.buffer.streams() {
            let container = Self::container_of(stream);
            if !containers.contains(&container) {
                containers.push(container);
            }
        }
        containers
    }

    /// Whether a line is shown: it passes the filters, and is no frame of a stack trace that is folded.
    pub fn shows(&self, line: &LogLine) -> bool {
        !(self.folds && line.frame) && self.passes(line)
    }

    /// Whether a line passes the pane's filters: by container, and by what it says.
    fn passes(&self, line: &LogLine) -> bool {
        if self.container.is_none() && self.lines.is_empty() {
            return true;
        }
        let stream = self.buffer.stream(line.stream);
        let container = stream.map_or("", |(_, stream)| Self::container_of(stream));
        self.container
            .as_deref()
            .is_none_or(|only| only == container)
            && self.lines.shows(&line.text, line.level, container)
    }

    /// The line that keys are about: the last one that is shown.
    pub fn current(&self) -> Option<&LogLine> {
        self.window(1).pop()
    }

    /// The last lines that end at where the pane stands, oldest first, at most so many.
    pub fn window(&self, most: usize) -> Vec<&LogLine> {
        let lines = self.buffer.lines();
        let end = match self.bottom.filter(|_| !self.at_end) {
            // Lines may come in before the one at the bottom, so it is found by its number. Where it was let
            // go because the buffer is full, the oldest lines are the nearest to it.
            Some(number) => lines
                .iter()
                .rposition(|line| line.number == number)
                .map_or_else(|| self.end_of_first(most), |at| at.saturating_add(1)),
            None => lines.len(),
        };
        let mut window: Vec<&LogLine> = lines
            .range(..end)
            .rev()
            .filter(|line| self.shows(line))
            .take(most)
            .collect();
        window.reverse();
        window
    }

    /// The place behind the first lines that are shown, so many of them.
    fn end_of_first(&self, most: usize) -> usize {
        let lines = self.buffer.lines().iter().enumerate();
        let shown = lines.filter(|(_, line)| self.shows(line));
        shown
            .take(most)
            .last()
            .map_or(0, |(at, _)| at.saturating_add(1))
    }

    /// The lines that pass the filters, whole, as a file has them: time, stream, line.
    pub(in crate::app) fn text(&self) -> String {
        let mut text = String::new();
        for line in self.buffer.lines().iter().filter(|line| self.passes(line)) {
            let stream = self.buffer.stream(line.stream);
            let stream = stream.map_or("", |(_, stream)| stream.as_str());
            text.push_str(&format!("{} {stream} {}\n", line.at, line.text));
        }
        text
    }

    /// Where it stands: at the end, or the number of the line at the bottom.
    pub(in crate::app) fn place(&self) -> Option<u64> {
        self.bottom.filter(|_| !self.at_end)
    }

    /// Lines that wait below the pane.
    pub fn below(&self) -> usize {
        match self.bottom.filter(|_| !self.at_end) {
            Some(number) => self
                .buffer
                .lines()
                .iter()
                .rev()
                .take_while(|line| line.number != number)
                .filter(|line| self.shows(line))
                .count(),
            None => 0,
        }
    }

    /// Scrolls by lines: negative goes back in time. At the newest line it follows again.
    pub(in crate::app) fn scroll(&mut self, by: isize) {
        let shown: Vec<u64> = self
            .buffer
            .lines()
            .iter()
            .filter(|line| self.shows(line))
            .map(|line| line.number)
            .collect();
        let last = shown.len().saturating_sub(1);
        let at = match self.bottom.filter(|_| !self.at_end) {
            Some(number) => shown
                .iter()
                .rposition(|shown| *shown == number)
                .unwrap_or(0),
            None => last,
        };
        let to = at.saturating_add_signed(by).min(last);
        self.at_end = by > 0 && to == last;
        self.bottom = shown.get(to).copied();
    }

    /// Goes to the newest line and stays there.
    pub(in crate::app) fn stand_at_end(&mut self) {
        self.at_end = true;
        self.bottom = None;
    }

    /// Goes to the oldest line that is held.
    pub(in crate::app) fn stand_at_start(&mut self, height: usize) {
        self.at_end = false;
        let first_screen = self
            .buffer
            .lines()
            .iter()
            .filter(|line| self.shows(line))
            .take(height.max(1))
            .last();
        self.bottom = first_screen.map(|line| line.number);
    }

    /// Stops following where it stands, or follows again.
    pub(in crate::app) fn toggle_follow(&mut self) {
        if self.at_end {
            self.at_end = false;
            self.bottom = self
                .buffer
                .lines()
                .iter()
                .rev()
                .find(|line| self.shows(line))
                .map(|line| line.number);
        } else {
            self.stand_at_end();
        }
    }

    /// Goes to the next line that holds what is searched for; back in time first, as a pager that stands at
    /// the end does. Gives whether there is one.
    pub(in crate::app) fn find(&mut self, back: bool) -> bool {
        if self.search.is_empty() {
            return false;
        }
        let standing = self.bottom.filter(|_| !self.at_end);
        let lines = self.buffer.lines();
        let at = standing.and_then(|number| lines.iter().rposition(|line| line.number == number));
        let hit = |line: &&LogLine| self.shows(line) && matches(&line.text, &self.search);
        let found = if back {
            let end = at.unwrap_or(lines.len());
            lines.range(..end).rev().find(hit).map(|line| line.number)
        } else {
            let start = at.map_or(lines.len(), |at| at.saturating_add(1));
            lines.range(start..).find(hit).map(|line| line.number)
        };
        if let Some(number) = found {
            self.at_end = false;
            self.bottom = Some(number);
        }
        found.is_some()
    }

    /// Shows the next container alone; after the last one all of them again.
    pub(in crate::app) fn next_container(&mut self) {
        let containers = self.containers();
        let next = match &self.container {
            None => 0,
            Some(container) => containers
                .iter()
                .position(|known| *known == container.as_str())
                .map_or(0, |at| at.saturating_add(1)),
        };
        self.container = containers.get(next).map(|name| Clean::new(name));
        self.stand_at_end();
    }
}

/// Whether a line holds what is searched for. Small letters match both; a capital asks for capitals.
pub fn matches(line: &str, search: &str) -> bool {
    if search.chars().any(char::is_uppercase) {
        line.contains(search)
    } else {
        line.to_lowercase().contains(search)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::LogEvent;

    fn pane(lines: &[(&str, &str)]) -> LogPane {
        let mut pane = LogPane::new(100);
        for (at, (container, text)) in lines.iter().enumerate() {
            pane.buffer.insert(LogEvent {
                id: Clean::new(&at.to_string()),
                group: Clean::new("g"),
                stream: Clean::new(&format!("ecs/{container}/0123")),
                at: Time::from_second(i64::try_from(at).unwrap()).unwrap(),
                ingested: None,
                message: Clean::new(text),
            });
        }
        pane
    }

    fn texts(pane: &LogPane, most: usize) -> Vec<&str> {
        pane.window(most)
            .iter()
            .map(|line| line.text.as_str())
            .collect()
    }

    #[test]
    fn it_stays_where_it_stands_while_lines_come_in() {
        let mut pane = pane(&[("a", "1"), ("a", "2"), ("a", "3")]);
        pane.scroll(-1);
        pane.buffer.insert(
            pane.buffer
                .lines()
                .back()
                .map(|line| LogEvent {
                    id: Clean::new("9"),
                    group: Clean::new("g"),
                    stream: Clean::new("ecs/a/0123"),
                    at: line.at,
                    ingested: None,
                    message: Clean::new("4"),
                })
                .unwrap(),
        );
        assert_eq!((texts(&pane, 2), pane.below()), (vec!["1", "2"], 2));
        pane.scroll(5);
        assert!(pane.at_end);
        assert_eq!(texts(&pane, 2), ["3", "4"]);
    }

    #[test]
    fn one_container_alone_can_be_shown() {
        let mut pane = pane(&[("web", "1"), ("db", "2"), ("web", "3")]);
        pane.next_container();
        assert_eq!(texts(&pane, 9), ["1", "3"]);
        pane.next_container();
        assert_eq!(texts(&pane, 9), ["2"]);
        pane.next_container();
        assert_eq!(texts(&pane, 9), ["1", "2", "3"]);
    }

    #[test]
    fn a_search_goes_back_first_and_forward_again() {
        let mut pane = pane(&[
            ("a", "Error one"),
            ("a", "fine"),
            ("a", "error two"),
            ("a", "fine"),
        ]);
        pane.search = "error".to_owned();
        assert!(pane.find(true));
        assert_eq!(texts(&pane, 1), ["error two"]);
        assert!(pane.find(true));
        assert_eq!(texts(&pane, 1), ["Error one"]);
        assert!(!pane.find(true), "there is none before the first");
        assert!(pane.find(false));
        assert_eq!(texts(&pane, 1), ["error two"]);
    }

    #[test]
    fn a_stream_names_its_container_and_task() {
        assert_eq!(LogPane::container_of("ecs/web/0123"), "web");
        assert_eq!(LogPane::task_of("ecs/web/0123"), "0123");
        assert_eq!(LogPane::container_of("0123"), "0123");
    }
}
