//! Following a log without losing or doubling a line.
//!
//! FilterLogEvents selects by the time that the program wrote into the event,
//! not by when CloudWatch took it in (aws/aws-sdk#213), so a line may appear
//! behind the newest one. Therefore each poll reads again from a window before
//! the newest line and drops, by event id, what it has given out already.
//!
//! What holds: no line twice; no line lost that CloudWatch takes in within the
//! window after its own time. Nothing stronger can be had through this API.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::app::LogQuery;
use crate::domain::{LogEvent, LogEventId, LogSource, Time};
use crate::text::Clean;

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
    /// The newest event time of polls that went through to their end.
    settled: Option<Time>,
    /// The newest event time of the poll under way, by group.
    newest: BTreeMap<Clean, Time>,
    /// Groups that had more pages than the poll under way could read.
    capped: BTreeSet<Clean>,
    /// The last poll was cut short: the next goes on where it stopped, without a window.
    catching_up: bool,
    /// How late lines have come in, in seconds.
    lateness: i64,
    /// Ids that were given out, by the second of their time, so that old ones can be let go.
    seen: BTreeMap<i64, HashSet<LogEventId>>,
}

impl Follow {
    /// Begins to follow sources from a time on.
    pub fn new(sources: Vec<LogSource>, pattern: Option<Clean>, since: Time) -> Self {
        Self {
            sources,
            pattern,
            since,
            settled: None,
            newest: BTreeMap::new(),
            capped: BTreeSet::new(),
            catching_up: false,
            lateness: 0,
            seen: BTreeMap::new(),
        }
    }

    /// What is followed.
    pub fn sources(&self) -> &[LogSource] {
        &self.sources
    }

    /// Takes other sources (tasks come and go) without forgetting what was given out.
    pub fn set_sources(&mut self, sources: Vec<LogSource>) {
        if sources.iter().any(|source| !self.sources.contains(source)) {
            // A new stream may hold lines from before the window: go back as far as ids are kept, no further,
            // for they drop what the other streams gave already.
            self.settled = self
                .settled
                .map(|settled| before(settled, MOST_WINDOW).max(self.since));
            self.catching_up = false;
        }
        self.sources = sources;
    }

    /// The next poll.
    pub fn query(&self, now: Time) -> LogQuery {
        // A line stamped in the future must not drag the window past lines that are still to come.
        let window = if self.catching_up { 0 } else { self.window() };
        let start = self.settled.map_or(self.since, |settled| {
            before(settled.min(now), window).max(self.since)
        });
        LogQuery {
            sources: self.sources.clone(),
            start,
            end: None,
            pattern: self.pattern.clone(),
            pages: PAGES,
        }
    }

    fn window(&self) -> i64 {
        (self.lateness.saturating_mul(2)).clamp(LEAST_WINDOW, MOST_WINDOW)
    }

    /// Takes lines of a page; gives back those that are new, in their order.
    pub fn take(&mut self, events: Vec<LogEvent>) -> Vec<LogEvent> {
        let fresh: Vec<LogEvent> = events
            .into_iter()
            .filter(|event| {
                self.seen
                    .entry(event.at.as_second())
                    .or_default()
                    .insert(event.id.clone())
            })
            .collect();
        for event in &fresh {
            let newest = self.newest.entry(event.group.clone()).or_insert(event.at);
            *newest = (*newest).max(event.at);
            if let Some(ingested) = event.ingested {
                let late = ingested.as_second().saturating_sub(event.at.as_second());
                self.lateness = self.lateness.max(late.clamp(0, MOST_WINDOW));
            }
        }
        fresh
    }

    /// A group had more pages than the poll could read. Lines come in the order of their time, so all up
    /// to the newest one that came are read.
    pub fn cap(&mut self, source: &LogSource) {
        self.capped.insert(source.group.clone());
    }

    /// The poll ended. Only a poll that went through moves the window on; after another one the same window
    /// is read again, and the ids drop what is known.
    pub fn ended(&mut self, complete: bool, now: Time) {
        let newest = std::mem::take(&mut self.newest);
        let capped = std::mem::take(&mut self.capped);
        if complete {
            let reached = if capped.is_empty() {
                newest.values().max().copied()
            } else {
                capped
                    .iter()
                    .map(|group| newest.get(group).copied())
                    .min()
                    .flatten()
            };
            self.catching_up = !capped.is_empty() && reached > self.settled;
            self.settled = self.settled.max(reached.map(|reached| reached.min(now)));
        }
        if let Some(settled) = self.settled {
            // As far back as any later window can reach, see `set_sources`.
            let keep = before(settled, MOST_WINDOW.saturating_mul(2)).as_second();
            self.seen = self.seen.split_off(&keep);
        }
    }
}

fn before(time: Time, seconds: i64) -> Time {
    Time::from_millisecond(
        time.as_millisecond()
            .saturating_sub(seconds.saturating_mul(1_000)),
    )
    .unwrap_or(Time::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Time {
        Time::from_second(second).unwrap()
    }

    fn line(id: &str, second: i64, ingested: i64) -> LogEvent {
        LogEvent {
            id: Clean::new(id),
            group: Clean::new("g"),
            stream: Clean::new("s"),
            at: at(second),
            ingested: Some(at(ingested)),
            message: Clean::new(id),
        }
    }

    fn follow() -> Follow {
        let source = LogSource {
            group: Clean::new("g"),
            region: None,
            streams: vec![],
        };
        Follow::new(vec![source], None, at(1_000))
    }

    fn ids(lines: &[LogEvent]) -> Vec<&str> {
        lines.iter().map(|line| line.id.as_str()).collect()
    }

    #[test]
    fn a_line_is_given_out_once() {
        let mut follow = follow();
        assert_eq!(
            ids(&follow.take(vec![line("a", 1_001, 1_001), line("b", 1_002, 1_002)])),
            ["a", "b"]
        );
        follow.ended(true, at(1_003));
        assert_eq!(
            ids(&follow.take(vec![line("b", 1_002, 1_002), line("c", 1_002, 1_003)])),
            ["c"]
        );
    }

    #[test]
    fn a_line_that_comes_late_is_still_given_out() {
        let mut follow = follow();
        follow.take(vec![line("new", 2_000, 2_000)]);
        follow.ended(true, at(2_000));
        assert!(follow.query(at(2_001)).start <= at(1_945));
        assert_eq!(
            ids(&follow.take(vec![line("late", 1_950, 2_000), line("new", 2_000, 2_000)])),
            ["late"]
        );
    }

    #[test]
    fn a_line_from_the_future_does_not_drag_the_window_along() {
        let mut follow = follow();
        follow.take(vec![line("future", 9_000, 2_000)]);
        follow.ended(true, at(2_000));
        assert_eq!(follow.query(at(2_000)).start, at(1_940));
        assert_eq!(
            ids(&follow.take(vec![line("future", 9_000, 2_000)])),
            Vec::<&str>::new()
        );
    }

    #[test]
    fn a_poll_that_broke_off_is_read_again_from_the_same_start() {
        let mut follow = follow();
        follow.take(vec![line("a", 5_000, 5_000)]);
        follow.ended(false, at(5_000));
        assert_eq!(follow.query(at(5_001)).start, at(1_000));
    }

    #[test]
    fn a_log_that_is_too_long_for_one_poll_is_read_on_from_where_it_stopped() {
        let mut follow = follow();
        follow.take(vec![line("a", 1_100, 1_100), line("b", 1_200, 1_200)]);
        follow.cap(&LogSource {
            group: Clean::new("g"),
            region: None,
            streams: vec![],
        });
        follow.ended(true, at(9_000));
        assert_eq!(follow.query(at(9_000)).start, at(1_200));
        follow.take(vec![line("b", 1_200, 1_200), line("c", 8_990, 8_990)]);
        follow.ended(true, at(9_000));
        assert_eq!(
            follow.query(at(9_000)).start,
            at(8_930),
            "then it follows with its window again"
        );
    }

    #[test]
    fn a_new_stream_is_read_from_earlier_on_without_doubling_the_old_one() {
        let mut follow = follow();
        for second in 1_000..4_000 {
            follow.take(vec![line(&second.to_string(), second, second)]);
            follow.ended(true, at(second));
        }
        let more = LogSource {
            group: Clean::new("h"),
            region: None,
            streams: vec![],
        };
        follow.set_sources(vec![more]);
        let start = follow.query(at(4_000)).start.as_second();
        assert!(start <= 3_999 - MOST_WINDOW, "it starts at {start}");
        assert!(
            follow
                .take(
                    (start..4_000)
                        .map(|second| line(&second.to_string(), second, second))
                        .collect()
                )
                .is_empty()
        );
    }

    #[test]
    fn ids_of_long_ago_are_let_go() {
        let mut follow = follow();
        for second in 1_000..5_000 {
            follow.take(vec![line(&second.to_string(), second, second)]);
            follow.ended(true, at(second));
        }
        assert!(
            follow.seen.len() < 2_000,
            "{} seconds are kept",
            follow.seen.len()
        );
    }
}
