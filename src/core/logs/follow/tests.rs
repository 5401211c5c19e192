use super::*;
use crate::domain::LogEventId;
use crate::logs::LogBuffer;

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
    follow.begin(at(8_990));
    follow.take(vec![line("a", 1_100, 1_100), line("b", 1_200, 1_200)]);
    follow.cap(&LogSource {
        group: Clean::new("g"),
        region: None,
        streams: vec![],
    });
    follow.ended(true, at(9_000));
    assert_eq!(follow.query(at(9_000)).start, at(1_200));
    follow.begin(at(9_000));
    follow.take(vec![line("b", 1_200, 1_200), line("c", 8_995, 8_995)]);
    follow.ended(true, at(9_000));
    assert_eq!(
        follow.query(at(9_000)).start,
        at(8_930),
        "then it follows with its window again, from when the first of the polls began"
    );
}

#[test]
fn a_heap_that_is_over_is_not_read_again_and_again() {
    let mut follow = follow();
    let source = follow.sources().first().unwrap().clone();
    // A heap at 5,000 takes three polls of a minute each; nothing is written after it.
    for (began, upto) in [(5_000, 4_998), (5_060, 4_999)] {
        follow.begin(at(began));
        follow.take(vec![line(&upto.to_string(), upto, upto)]);
        follow.cap(&source);
        follow.ended(true, at(began + 60));
    }
    follow.begin(at(5_120));
    follow.take(vec![line("last", 5_000, 5_000)]);
    follow.ended(true, at(5_180));
    assert_eq!(
        follow.query(at(5_181)).start,
        at(4_940),
        "what may have come in behind the polls"
    );
    follow.begin(at(5_181));
    follow.take(vec![line("4999", 4_999, 4_999)]);
    follow.cap(&source);
    follow.ended(true, at(5_240));
    follow.begin(at(5_240));
    follow.ended(true, at(5_245));
    assert_eq!(follow.query(at(5_246)).start, at(5_121), "and that once");
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
        follow.seen.count() < 2_000,
        "{} ids are kept",
        follow.seen.count()
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
    follow.begin(at(1_000));
    follow.take((5_000..5_030).map(|at| line_of("g", at)).collect());
    follow.cap(&source("g", &[]));
    follow.ended(true, at(5_061));
    assert!(follow.is_catching_up());
    assert_eq!(follow.query(at(5_061)).start, at(5_029));
    follow.begin(at(1_000));
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
        follow.begin(at(1_000));
        follow.take(vec![line_of("g", second)]);
        follow.fail(&h, false);
        follow.ended(true, at(second));
    }
    assert_eq!(follow.query(at(9_000)).start, at(8_940));
    follow.begin(at(1_000));
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
            follow.begin(at(now));
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

/// 400 lines a second, read every five seconds, each window once more: the ids that are kept, and the memory of the process
/// in KiB, at each poll. The lines go to a buffer as the pane's do.
fn followed_for(seconds: i64) -> Vec<(usize, u64)> {
    const EVERY: i64 = 5;
    const LINES: i64 = 400;
    let mut follow = follow();
    let mut buffer = LogBuffer::new(200_000);
    let start = 1_000_000;
    let mut counts = Vec::new();
    for poll in (EVERY..=seconds).step_by(5) {
        let now = start + poll;
        let mut given = 0;
        follow.begin(at(now));
        for second in now - EVERY..now {
            let lines = |number| {
                let id = format!("{second:036}{number:020}");
                line(&id, second, second + 1)
            };
            let new = follow.take((0..LINES).map(lines).collect());
            given += new.len();
            new.into_iter().for_each(|line| buffer.insert(line));
            // Of each second that is read again some lines: each of them is known.
            for back in [1, 30, 59]
                .into_iter()
                .filter(|back| second - back >= start)
            {
                let id = format!("{:036}{:020}", second - back, 7);
                let again = follow.take(vec![line(&id, second - back, second)]);
                assert!(again.is_empty(), "a line twice");
            }
        }
        assert_eq!(
            given,
            usize::try_from(EVERY * LINES).unwrap(),
            "no line is lost"
        );
        follow.ended(true, at(now));
        counts.push((follow.seen.count(), memory()));
    }
    counts
}

/// What the process has in memory, in KiB; 0 where the system does not tell.
#[expect(
    clippy::disallowed_methods,
    reason = "a test may look at its own process"
)]
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.map_or(0, |number| number.parse().unwrap())
}

#[test]
#[expect(
    clippy::print_stdout,
    reason = "how many ids are kept, for whoever runs it by hand"
)]
#[expect(
    clippy::disallowed_methods,
    reason = "the form of a test is no configuration"
)]
fn what_is_kept_of_a_busy_log_is_flat_after_the_first_window() {
    let long = std::env::var_os("ECSDECK_LONG_TESTS").is_some();
    let hours = if long { 24 } else { 1 };
    let counts = followed_for(hours * 3_600);
    let window = usize::try_from((MOST_WINDOW + LEAST_WINDOW) / 5).unwrap();
    let ids = |part: &[(usize, u64)]| part.iter().map(|(ids, _)| *ids).max().unwrap();
    let (first, later) = (ids(&counts[..=window + 1]), ids(&counts[window..]));
    let kib = |part: &[(usize, u64)]| part.iter().map(|(_, kib)| *kib).max().unwrap();
    // The buffer of lines is full after twice that time.
    let (then, end) = (kib(&counts[..window * 3]), kib(&counts[window * 3..]));
    println!(
        "{hours} h at 400 lines a second: {first} ids at most in the first window, {later} after it; {then} KiB at most \
         in three windows, {end} after them"
    );
    assert!(later <= first, "{first} ids, then {later}");
    assert!(first < 400 * 1_000, "{first}");
    // Alone in its process; other tests beside it take memory of their own.
    assert!(!long || end < then + then / 10, "{then} KiB, then {end}");
}

#[test]
fn it_says_how_far_behind_it_is_whether_it_is_slow_or_cannot_read() {
    let mut follow = follow();
    let source = follow.sources().first().unwrap().clone();
    assert_eq!(follow.behind(at(1_000)), None, "nothing was read yet");
    assert!(!follow.has_caught_up());
    // More lines than a poll takes: it stands where its last line does.
    follow.begin(at(2_000));
    follow.take(vec![line("a", 1_400, 1_400)]);
    follow.cap(&source);
    follow.ended(true, at(2_005));
    assert_eq!(follow.behind(at(2_010)), Some(610));
    // The rest: it stands where the poll began.
    follow.begin(at(2_010));
    follow.take(vec![line("b", 1_990, 1_990)]);
    follow.ended(true, at(2_015));
    assert_eq!(follow.behind(at(2_015)), Some(5));
    assert!(follow.has_caught_up());
    // Throttled: it stands where it stood.
    follow.begin(at(2_016));
    follow.fail(&source, true);
    follow.ended(true, at(2_020));
    assert_eq!(follow.behind(at(2_060)), Some(50));
    // Refused: no line of it is on its way.
    follow.fail(&source, false);
    assert_eq!(follow.behind(at(2_060)), None);
}
