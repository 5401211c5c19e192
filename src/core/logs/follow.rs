//! Following a log without losing or doubling a line.
//!
//! FilterLogEvents selects by the time that the program wrote into the event,
//! not by when CloudWatch took it in (aws/aws-sdk#213), so a line may appear
//! behind the newest one. Therefore each poll reads again from a window before
//! the newest line and drops, by event id, what it has given out already.
//!
//! What holds: no line twice; no line lost that CloudWatch takes in within the
//! window after its own time. Nothing stronger can be had through this API.

mod ids;

use std::collections::BTreeMap;

use crate::app::LogQuery;
use crate::domain::{LogEvent, LogSource, Time};
use crate::text::Clean;
use ids::Ids;

/// Seconds that every poll reads again at least.
const LEAST_WINDOW: i64 = 60;
/// Seconds that it reads again at most, where lines come in late.
const MOST_WINDOW: i64 = 15 * 60;
/// Pages of one source in one poll: what is more comes with the next one.
const PAGES: u32 = 10;

/// One follow of some sources from one time on.
#[derive(Clone, Debug, PartialEq)]
pub struct Follow {
    sources: Vec<LogSource>,
    pattern: Option<Clean>,
    since: Time,
    until: Option<Time>,
    groups: BTreeMap<Clean, Progress>,
    /// How late lines have come in, in seconds.
    lateness: i64,
    /// When the poll under way began.
    began: Time,
    /// Ids that were given out.
    seen: Ids,
}

/// How far a group was read.
#[derive(Clone, Debug, Default, PartialEq)]
struct Progress {
    /// All up to here was given out, but for what comes in late.
    settled: Option<Time>,
    /// The last poll had too many pages: the next goes on from here, without a window.
    resume: Option<Time>,
    /// When the first of several polls began that read a heap of lines.
    heap: Option<Time>,
    /// Ids from before this time were let go; its lines were given out long ago.
    floor: Option<Time>,
    /// It cannot be read, and will not be soon: the others do not wait for it.
    hopeless: bool,
    /// All that was taken in up to here was given out, as far as the window reaches.
    read_to: Option<Time>,
    /// In the poll under way: the newest line, whether pages were left, whether it failed.
    reached: Option<Time>,
    capped: bool,
    failed: bool,
}

impl Progress {
    fn position(&self) -> Option<Time> {
        self.resume.or(self.settled)
    }

    fn begin(&mut self) {
        (self.reached, self.capped, self.failed) = (None, false, false);
    }

    fn ended(&mut self, began: Time, now: Time) {
        if self.failed {
            return;
        }
        if std::mem::take(&mut self.hopeless) {
            // The others did not wait for it, so the next poll begins where it was left.
            return;
        }
        let reached = self.reached.map(|reached| reached.min(now));
        if self.capped {
            // Lines come in the order of their time, so all up to the newest one that came are read.
            self.resume = self.resume.max(reached);
            self.heap.get_or_insert(began);
            self.read_to = self.read_to.max(reached);
        } else {
            self.resume = None;
            self.read_to = Some(began);
            // While several polls read a heap, lines may have come in behind them that are no older than the window before
            // the first of them; what is older was there. So the next window lies before that one's beginning, wherever the
            // heap's last line is: it covers what may lack, and a heap that is over is not read again and again.
            let reached = self.heap.take().or(reached);
            // A log that is silent for long is not read again from its very beginning.
            self.settled = self
                .settled
                .max(reached)
                .max(Some(before(now, MOST_WINDOW)));
        }
    }
}

impl Follow {
    /// Begins to follow sources from a time on.
    pub fn new(sources: Vec<LogSource>, pattern: Option<Clean>, since: Time) -> Self {
        Self {
            sources,
            pattern,
            since,
            until: None,
            groups: BTreeMap::new(),
            lateness: 0,
            began: since,
            seen: Ids::default(),
        }
    }

    /// The same for lines before a time alone.
    #[must_use]
    pub fn until(self, until: Option<Time>) -> Self {
        Self { until, ..self }
    }

    /// What is followed.
    pub fn sources(&self) -> &[LogSource] {
        &self.sources
    }

    /// Whether the last poll left pages: there is more to read at once.
    pub fn is_catching_up(&self) -> bool {
        self.followed().any(|group| group.resume.is_some())
    }

    /// How many seconds of what was written are still to come, at most: since what could be read last of the source
    /// that is furthest behind. None before the first poll went through, and of a source that cannot be read at all.
    pub fn behind(&self, now: Time) -> Option<i64> {
        let hopeful = self.followed().filter(|group| !group.hopeless);
        let read_to = hopeful.filter_map(|group| group.read_to).min()?;
        Some(now.duration_since(read_to).as_secs().max(0))
    }

    /// Whether everything was read once: what comes from now on is news.
    pub fn has_caught_up(&self) -> bool {
        !self.is_catching_up() && self.followed().any(|group| group.settled.is_some())
    }

    fn followed(&self) -> impl Iterator<Item = &Progress> {
        let sources = self.sources.iter();
        sources.filter_map(|source| self.groups.get(&source.group))
    }

    /// Takes other sources (tasks come and go) without forgetting what was given out. Gives whether there is
    /// anything among them that a poll under way does not read.
    pub fn set_sources(&mut self, sources: Vec<LogSource>) -> bool {
        let mut grown = false;
        for source in &sources {
            if self.sources.iter().any(|known| covers(known, source)) {
                continue;
            }
            grown = true;
            // A new stream may hold lines from before the window: go back as far as ids are kept, no further,
            // for they drop what the other streams gave already.
            let group = self.groups.entry(source.group.clone()).or_default();
            let position = group.position();
            group.settled = position.map(|at| before(at, MOST_WINDOW).max(self.since));
            (group.resume, group.hopeless) = (None, false);
        }
        self.sources = sources;
        grown
    }

    /// The next poll.
    pub fn query(&self, now: Time) -> LogQuery {
        let start = |source: &LogSource| {
            let group = self.groups.get(&source.group);
            let start = group.and_then(|group| match (group.resume, group.settled) {
                (Some(resume), _) => Some(resume),
                // A line stamped in the future must not drag the window past lines that are still to come.
                (None, settled) => settled.map(|at| before(at.min(now), self.window())),
            });
            start.map_or(self.since, |start| start.max(self.since))
        };
        let hopeless = |source: &&LogSource| {
            let group = self.groups.get(&source.group);
            group.is_some_and(|group| group.hopeless)
        };
        let hopeful = self.sources.iter().filter(|source| !hopeless(source));
        let first = hopeful.map(start).min();
        LogQuery {
            sources: self.sources.clone(),
            start: first
                .or_else(|| self.sources.iter().map(start).min())
                .unwrap_or(self.since),
            end: self.until,
            pattern: self.pattern.clone(),
            pages: PAGES,
        }
    }

    fn window(&self) -> i64 {
        (self.lateness.saturating_mul(2)).clamp(LEAST_WINDOW, MOST_WINDOW)
    }

    /// A poll begins: what an earlier one left unended counts no more.
    pub fn begin(&mut self, now: Time) {
        self.began = now;
        self.groups.values_mut().for_each(Progress::begin);
    }

    /// Takes lines of a page; gives back those that are new, in their order.
    pub fn take(&mut self, events: Vec<LogEvent>) -> Vec<LogEvent> {
        let mut fresh = Vec::with_capacity(events.len());
        for event in events {
            if !self.groups.contains_key(&event.group) {
                self.groups.insert(event.group.clone(), Progress::default());
            }
            let Some(group) = self.groups.get_mut(&event.group) else {
                continue;
            };
            group.reached = group.reached.max(Some(event.at));
            let given_long_ago = group.floor.is_some_and(|floor| event.at < floor);
            if given_long_ago || !self.seen.insert(event.at.as_second(), &event.id) {
                continue;
            }
            if let Some(ingested) = event.ingested {
                let late = ingested.as_second().saturating_sub(event.at.as_second());
                self.lateness = self.lateness.max(late.clamp(0, MOST_WINDOW));
            }
            fresh.push(event);
        }
        fresh
    }

    /// A group had more pages than the poll could read.
    pub fn cap(&mut self, source: &LogSource) {
        let group = self.groups.entry(source.group.clone()).or_default();
        group.capped = true;
    }

    /// A source could not be read in this poll: its lines are still to come. Where that will not pass by
    /// itself, the others do not wait for it.
    pub fn fail(&mut self, source: &LogSource, passes: bool) {
        let group = self.groups.entry(source.group.clone()).or_default();
        (group.failed, group.hopeless) = (true, !passes);
    }

    /// The poll ended. Only a poll that went through moves the window on; after another one the same window
    /// is read again, and the ids drop what is known.
    pub fn ended(&mut self, complete: bool, now: Time) {
        let began = self.began;
        for source in &self.sources {
            let group = self.groups.entry(source.group.clone()).or_default();
            if complete {
                group.ended(began, now);
            }
            group.begin();
        }
        let hopeful = self.followed().filter(|group| !group.hopeless);
        let Some(position) = hopeful.filter_map(Progress::position).min() else {
            return;
        };
        // As far back as the next window can reach, see `set_sources`; where lines come in later than ever, the floor
        // keeps a later window from reaching further.
        let keep = before(position, MOST_WINDOW.saturating_add(self.window()));
        self.seen.keep_from(keep.as_second());
        for group in self.groups.values_mut() {
            let floor = group.position().map(|at| at.min(keep));
            group.floor = group.floor.max(floor);
        }
    }
}

/// Whether who reads the one reads the other too.
fn covers(known: &LogSource, source: &LogSource) -> bool {
    let named = || {
        !source.streams.is_empty()
            && source
                .streams
                .iter()
                .all(|stream| known.streams.contains(stream))
    };
    known.group == source.group
        && known.region == source.region
        && (known.streams.is_empty() || named())
}

fn before(time: Time, seconds: i64) -> Time {
    Time::from_millisecond(
        time.as_millisecond()
            .saturating_sub(seconds.saturating_mul(1_000)),
    )
    .unwrap_or(Time::MIN)
}

#[cfg(test)]
mod tests;
