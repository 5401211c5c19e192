//! The log pane: whose log is shown, which lines, and where it stands.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::inputs::LogInputs;
use super::log_pace::{LogPace, Polled};
use super::log_streams::{LogOwner, WantedStreams};
use super::log_target::{LogRange, LogTarget};
use super::stamps::Stamps;
use crate::domain::{CloudError, LogEvent, LogSource, Time};
use crate::logs::{Follow, LineFilter, LogBuffer, LogLine, StreamId};
use crate::text::{Clean, Search};

/// Seconds that a log is behind at least where the title says so: polls alone are some apart.
const BEHIND: i64 = 10;

/// A match of a search among all that are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which, from 1, the oldest first; 0 while it stands at none.
    pub at: usize,
    /// Of how many lines.
    pub of: usize,
}

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
    /// What is searched for.
    pub search: Search,
    /// Which match it stands at, and of how many; none while it stands at none.
    hit: Option<Hit>,
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
    /// Of several logs: which lines are whose.
    pub(in crate::app) owners: Vec<LogOwner>,
    /// What stands beside the lines of each stream, by its number in the buffer.
    names: Vec<Clean>,
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
            search: Search::default(),
            hit: None,
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
            owners: Vec::new(),
            names: Vec::new(),
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

    /// The container that a stream belongs to: the middle of `prefix/container/task`; of a Lambda function's
    /// (`2026/11/30/[$LATEST]0123`) its version; else the stream itself.
    pub fn container_of(stream: &str) -> &str {
        let mut parts = stream.rsplit('/');
        match (parts.next(), parts.next()) {
            (Some(last), Some(_)) if last.starts_with('[') => last
                .strip_prefix('[')
                .and_then(|last| last.split_once(']'))
                .map_or(last, |(version, _)| version),
            (Some(_), Some(container)) if !container.is_empty() => container,
            _ => stream,
        }
    }

    /// The task that a stream belongs to: its last part.
    pub fn task_of(stream: &str) -> &str {
        stream.rsplit('/').next().unwrap_or(stream)
    }

    /// What stands beside a stream's lines: its container, or of several logs the one that it belongs to.
    pub fn name_of(&self, stream: StreamId) -> &str {
        let at = usize::try_from(stream.0).unwrap_or(usize::MAX);
        match (self.names.get(at), self.buffer.stream(stream)) {
            (Some(name), _) => name,
            (None, Some((_, stream))) => Self::container_of(stream),
            (None, None) => "",
        }
    }

    /// Takes a line in.
    pub(in crate::app) fn insert(&mut self, event: LogEvent) {
        let found = !self.search.is_empty() && self.search.matches(&event.message);
        self.buffer.insert(event);
        self.name_streams();
        if found && let Some(hit) = &mut self.hit {
            hit.of = hit.of.saturating_add(1);
        }
    }

    /// Whose lines are whose has become known.
    pub(in crate::app) fn put_owners(&mut self, owners: Vec<LogOwner>) {
        if self.owners != owners {
            self.owners = owners;
            self.names.clear();
            self.name_streams();
        }
    }

    /// Names the streams that have come.
    fn name_streams(&mut self) {
        if self.owners.is_empty() {
            return;
        }
        let new = self.buffer.streams().iter().skip(self.names.len());
        let names: Vec<Clean> = new
            .map(|(group, stream)| {
                let container = Self::container_of(stream);
                let owner = self.owners.iter().find(|owner| owner.has(group, stream));
                match owner {
                    Some(owner) if owner.has_containers => {
                        Clean::own(format!("{}/{}", owner.name, Clean::new(container)))
                    }
                    Some(owner) => owner.name.clone(),
                    None => Clean::new(container),
                }
            })
            .collect();
        self.names.extend(names);
    }

    /// The containers of the lines that are held, or of several logs their names, in the order in which they came.
    pub fn containers(&self) -> Vec<&str> {
        let mut containers: Vec<&str> = Vec::new();
        for at in 0..self.buffer.streams().len() {
            let container = self.name_of(StreamId(u32::try_from(at).unwrap_or(u32::MAX)));
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
        let container = self.name_of(line.stream);
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

    /// The lines that pass the filters, also those that are folded away.
    pub(in crate::app) fn passing(&self) -> impl Iterator<Item = &LogLine> {
        self.buffer.lines().iter().filter(|line| self.passes(line))
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
        let lines = self.buffer.lines();
        let shown: Vec<(usize, u64)> = lines
            .iter()
            .enumerate()
            .filter(|(_, line)| self.shows(line))
            .map(|(place, line)| (place, line.number))
            .collect();
        let last = shown.len().saturating_sub(1);
        let standing = self.bottom.filter(|_| !self.at_end);
        let at = match standing {
            // What it stands on may be hidden by a filter since: then the nearest line above it counts.
            Some(number) => {
                lines
                    .iter()
                    .rposition(|line| line.number == number)
                    .map_or(0, |place| {
                        let upto = shown.partition_point(|(shown, _)| *shown <= place);
                        upto.saturating_sub(1)
                    })
            }
            None => last,
        };
        let to = at.saturating_add_signed(by).min(last);
        self.at_end = by > 0 && to == last;
        self.bottom = shown.get(to).map(|(_, number)| *number);
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

    /// Searches for something else, and counts the lines that have it.
    pub(in crate::app) fn search_for(&mut self, text: &str) {
        self.search = Search::new(text);
        let of = self.hits().count();
        self.hit = (!self.search.is_empty()).then_some(Hit { at: 0, of });
    }

    /// Which match it stands at, where something is searched for.
    pub fn hit(&self) -> Option<Hit> {
        self.hit
    }

    /// The places and numbers of the lines that are shown and have what is searched for.
    fn hits(&self) -> impl Iterator<Item = (usize, u64)> {
        let lines = self.buffer.lines().iter().enumerate();
        lines
            .filter(|(_, line)| self.search.matches(&line.text) && self.shows(line))
            .map(|(at, line)| (at, line.number))
    }

    /// Goes to the next line that holds what is searched for; back in time first, as a pager that stands at
    /// the end does. Gives whether there is one.
    pub(in crate::app) fn find(&mut self, back: bool) -> bool {
        let standing = self.bottom.filter(|_| !self.at_end);
        let lines = self.buffer.lines();
        let at = standing.and_then(|number| lines.iter().rposition(|line| line.number == number));
        let (mut of, mut found) = (0_usize, None);
        for (place, number) in self.hits() {
            of = of.saturating_add(1);
            let is_next = if back {
                place < at.unwrap_or(lines.len())
            } else {
                found.is_none() && at.is_some_and(|at| place > at)
            };
            if is_next {
                found = Some((of, number));
            }
        }
        if let Some((at, number)) = found {
            self.hit = Some(Hit { at, of });
            self.at_end = false;
            self.bottom = Some(number);
        } else if let Some(hit) = &mut self.hit {
            hit.of = of;
        }
        found.is_some()
    }

    /// Where it stands, to come back to.
    pub(in crate::app) fn standing(&self) -> (bool, Option<u64>) {
        (self.at_end, self.bottom)
    }

    /// Goes back to where it stood.
    pub(in crate::app) fn stand_at(&mut self, (at_end, bottom): (bool, Option<u64>)) {
        (self.at_end, self.bottom) = (at_end, bottom);
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

#[cfg(test)]
mod tests {
    use super::*;

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
    fn it_scrolls_on_from_where_it_stands_though_that_line_is_hidden_by_now() {
        let mut pane = pane(&[
            ("a", "1"),
            ("a", "2"),
            ("a", "hidden"),
            ("a", "4"),
            ("a", "5"),
        ]);
        pane.scroll(-2);
        assert_eq!(texts(&pane, 1), ["hidden"]);
        pane.lines = LineFilter::new("!hidden").unwrap();
        pane.scroll(-1);
        assert_eq!(texts(&pane, 1), ["1"]);
        pane.scroll(1);
        assert_eq!(texts(&pane, 1), ["2"]);
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
        pane.search_for("error");
        assert_eq!(pane.hit(), Some(Hit { at: 0, of: 2 }));
        assert!(pane.find(true));
        assert_eq!(pane.hit(), Some(Hit { at: 2, of: 2 }));
        assert_eq!(texts(&pane, 1), ["error two"]);
        assert!(pane.find(true));
        assert_eq!(texts(&pane, 1), ["Error one"]);
        assert_eq!(pane.hit(), Some(Hit { at: 1, of: 2 }));
        assert!(!pane.find(true), "there is none before the first");
        assert!(pane.find(false));
        assert_eq!(texts(&pane, 1), ["error two"]);
    }

    #[test]
    fn a_stream_names_its_container_and_task() {
        assert_eq!(LogPane::container_of("ecs/web/0123"), "web");
        assert_eq!(LogPane::task_of("ecs/web/0123"), "0123");
        assert_eq!(LogPane::container_of("2026/11/30/[$LATEST]0123"), "$LATEST");
        assert_eq!(LogPane::container_of("0123"), "0123");
    }
}
