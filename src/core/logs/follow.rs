//! Following a log without losing or doubling a line.
//!
//! FilterLogEvents selects by the time that the program wrote into the event,
//! not by when CloudWatch took it in (aws/aws-sdk#213), so a line may appear
//! behind the newest one. Therefore each poll reads again from a window before
//! the newest line and drops, by event id, what it has given out already.
//!
//! What holds: no line twice; no line lost that CloudWatch takes in within the
//! window after its own time. Nothing stronger can be had through this API.

use std::collections::{BTreeMap, HashSet};

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
    groups: BTreeMap<Clean, Progress>,
    /// How late lines have come in, in seconds.
    lateness: i64,
    /// Ids that were given out, by the second of their time, so that old ones can be let go.
    seen: BTreeMap<i64, HashSet<LogEventId>>,
}

/// How far a group was read.
#[derive(Clone, Debug, Default, PartialEq)]
struct Progress {
    /// All up to here was given out, but for what comes in late.
    settled: Option<Time>,
    /// The last poll had too many pages: the next goes on from here, without a window.
    resume: Option<Time>,
    /// Ids from before this time were let go; its lines were given out long ago.
    floor: Option<Time>,
    /// It cannot be read, and will not be soon: the others do not wait for it.
    hopeless: bool,
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

    fn ended(&mut self, now: Time) {
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
        } else {
            self.resume = None;
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
            groups: BTreeMap::new(),
            lateness: 0,
            seen: BTreeMap::new(),
        }
    }

    /// What is followed.
    pub fn sources(&self) -> &[LogSource] {
        &self.sources
    }

    /// Whether the last poll left pages: there is more to read at once.
    pub fn is_catching_up(&self) -> bool {
        self.followed().any(|group| group.resume.is_some())
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
            end: None,
            pattern: self.pattern.clone(),
            pages: PAGES,
        }
    }

    fn window(&self) -> i64 {
        (self.lateness.saturating_mul(2)).clamp(LEAST_WINDOW, MOST_WINDOW)
    }

    /// A poll begins: what an earlier one left unended counts no more.
    pub fn begin(&mut self) {
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
            let second = self.seen.entry(event.at.as_second()).or_default();
            if given_long_ago || !second.insert(event.id.clone()) {
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
        for source in &self.sources {
            let group = self.groups.entry(source.group.clone()).or_default();
            if complete {
                group.ended(now);
            }
            group.begin();
        }
        let hopeful = self.followed().filter(|group| !group.hopeless);
        let Some(position) = hopeful.filter_map(Progress::position).min() else {
            return;
        };
        // As far back as any later window can reach, see `set_sources`.
        let keep = before(position, MOST_WINDOW.saturating_mul(2));
        self.seen = self.seen.split_off(&keep.as_second());
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

    fn source(group: &str, streams: &[&str]) -> LogSource {
        LogSource {
            group: Clean::new(group),
            region: None,
            streams: streams.iter().map(|name| Clean::new(name)).collect(),
        }
    }

    fn line_of(group: &str, second: i64) -> LogEvent {
        LogEvent {
            group: Clean::new(group),
            ..line(&format!("{group}{second}"), second, second)
        }
    }

    #[test]
    fn a_window_with_too_many_pages_is_read_on_although_all_its_lines_are_known() {
        let mut follow = follow();
        follow.take((5_000..5_060).map(|at| line_of("g", at)).collect());
        follow.ended(true, at(5_060));
        // The window again: its pages end before anything new.
        follow.begin();
        follow.take((5_000..5_030).map(|at| line_of("g", at)).collect());
        follow.cap(&source("g", &[]));
        follow.ended(true, at(5_061));
        assert!(follow.is_catching_up());
        assert_eq!(follow.query(at(5_061)).start, at(5_029));
        follow.begin();
        let rest = follow.take((5_029..5_061).map(|at| line_of("g", at)).collect());
        assert_eq!(ids(&rest), ["g5060"]);
        follow.ended(true, at(5_062));
        assert!(!follow.is_catching_up());
    }

    #[test]
    fn a_source_that_fails_for_a_while_holds_the_window_for_its_lines() {
        let (g, h) = (source("g", &[]), source("h", &[]));
        let mut follow = Follow::new(vec![g, h.clone()], None, at(1_000));
        follow.take(vec![line_of("g", 5_000)]);
        follow.fail(&h, true);
        follow.ended(true, at(5_000));
        assert_eq!(follow.query(at(5_001)).start, at(1_000));
        let again = vec![line_of("g", 5_000), line_of("h", 1_500)];
        assert_eq!(ids(&follow.take(again)), ["h1500"]);
        follow.ended(true, at(5_001));
        assert!(follow.query(at(5_002)).start > at(4_000));
    }

    #[test]
    fn a_source_that_may_not_be_read_does_not_hold_the_others_and_is_taken_up_where_it_was_left() {
        let (g, h) = (source("g", &[]), source("h", &[]));
        let mut follow = Follow::new(vec![g, h.clone()], None, at(1_000));
        for second in [5_000, 9_000] {
            follow.begin();
            follow.take(vec![line_of("g", second)]);
            follow.fail(&h, false);
            follow.ended(true, at(second));
        }
        assert_eq!(follow.query(at(9_000)).start, at(8_940));
        follow.begin();
        follow.ended(true, at(9_001));
        assert_eq!(follow.query(at(9_002)).start, at(1_000));
        let given: Vec<LogEvent> = [5_000, 9_000].map(|at| line_of("g", at)).into();
        assert!(follow.take(given).is_empty(), "no line is given out twice");
        assert_eq!(ids(&follow.take(vec![line_of("h", 2_000)])), ["h2000"]);
    }

    #[test]
    fn a_group_that_is_read_whole_after_its_stream_was_missed_begins_at_the_start() {
        let (g, h) = (source("g", &["a"]), source("h", &["b"]));
        let mut follow = Follow::new(vec![g.clone(), h.clone()], None, at(1_000));
        follow.take(vec![line_of("g", 5_000)]);
        follow.fail(&h, false);
        assert!(follow.set_sources(vec![g, source("h", &[])]));
        follow.ended(true, at(5_000));
        assert_eq!(follow.query(at(5_000)).start, at(1_000));
    }

    #[test]
    fn streams_that_go_or_change_places_move_nothing() {
        let mut follow = Follow::new(vec![source("g", &["a", "b", "c"])], None, at(1_000));
        follow.take(vec![line_of("g", 5_000)]);
        follow.ended(true, at(5_000));
        assert!(!follow.set_sources(vec![source("g", &["c", "a"])]));
        assert_eq!(follow.query(at(5_000)).start, at(4_940));
        assert!(follow.set_sources(vec![source("g", &["c", "d"])]));
        assert_eq!(follow.query(at(5_000)).start, at(4_100 - 60));
    }

    #[test]
    fn a_silent_log_is_not_read_again_from_its_beginning() {
        let mut follow = Follow::new(vec![source("g", &[])], None, at(1_000));
        follow.ended(true, at(90_000));
        assert!(follow.query(at(90_000)).start >= at(89_000));
    }

    #[test]
    fn whatever_is_polled_and_however_it_is_cut_no_line_is_lost_or_doubled() {
        use proptest::prelude::*;
        // Lines of two groups come in up to 50 s late; polls see what is in, cut off after some lines.
        let lines = proptest::collection::vec((0..2_usize, 0..600_i64, 0..50_i64), 1..120);
        let polls = proptest::collection::vec((1..20_i64, 1..40_usize, 0..10_u8), 80..120);
        proptest!(ProptestConfig::with_cases(64), |(lines in lines, polls in polls)| {
            let events: Vec<LogEvent> = lines.iter().enumerate().map(|(n, (group, second, late))| LogEvent {
                id: Clean::new(&n.to_string()),
                group: Clean::new(["g", "h"][*group]),
                ..line("", 1_000 + second, 1_000 + second + late)
            }).collect();
            let sources = vec![source("g", &[]), source("h", &[])];
            let mut follow = Follow::new(sources.clone(), None, at(1_000));
            let mut given: Vec<LogEventId> = Vec::new();
            let mut now = 1_000;
            let quiet = std::iter::repeat_n((20, 1_000, 9), 40);
            for (passed, most, luck) in polls.into_iter().chain(quiet) {
                now += passed;
                follow.begin();
                let start = follow.query(at(now)).start;
                for source in &sources {
                    if luck == 0 && source.group == "h" {
                        follow.fail(source, true);
                        continue;
                    }
                    let mut page: Vec<LogEvent> = events.iter()
                        .filter(|event| event.group == source.group && event.at >= start)
                        .filter(|event| event.ingested.unwrap() <= at(now))
                        .cloned().collect();
                    page.sort_by_key(|event| event.at);
                    // A page may be cut between two lines of different times.
                    let cut = page.iter().position(|event| page.get(most).is_some_and(|last| event.at > last.at));
                    if let Some(cut) = cut {
                        page.truncate(cut);
                        follow.cap(source);
                    }
                    given.extend(follow.take(page).into_iter().map(|event| event.id));
                }
                follow.ended(luck != 1, at(now));
            }
            let mut all: Vec<LogEventId> = events.iter().map(|event| event.id.clone()).collect();
            all.sort();
            given.sort();
            prop_assert_eq!(given, all);
        });
    }
}
