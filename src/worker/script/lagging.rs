//! A log group as CloudWatch gives it: lines come in late, early or in heaps, and calls fail.

use std::time::Duration;

use ecsdeck_core::domain::{ErrorKind, LogEvent, Time};
use ecsdeck_core::text::Clean;
use tokio::time::Instant;

use super::error;
use crate::ports::{Page, PageToken, Reply};

/// The group, and what goes wrong with its calls.
pub(crate) struct Lagging {
    /// When it is second 0.
    pub(crate) zero: Time,
    started: Instant,
    /// In the order of their time, as FilterLogEvents gives them; with the second at which each is taken in.
    lines: Vec<(f64, LogEvent)>,
    /// Lines on a page.
    page: usize,
    random: fastrand::Rng,
    /// What a call at this second fails with, and how likely.
    faults: Vec<(std::ops::Range<u64>, f64, ErrorKind)>,
    /// How likely a page is empty though others follow it.
    empty: f64,
    pub(crate) calls: u64,
    pub(crate) failed: u64,
}

impl Lagging {
    pub(crate) fn new(zero: Time, page: usize, empty: f64) -> Self {
        Self {
            zero,
            started: Instant::now(),
            lines: Vec::new(),
            page,
            random: fastrand::Rng::with_seed(7),
            faults: Vec::new(),
            empty,
            calls: 0,
            failed: 0,
        }
    }

    /// A line that bears this second, and is taken in so many seconds after it.
    pub(crate) fn line(&mut self, at: f64, lag: f64, stream: &str) {
        let number = self.lines.len();
        let event = LogEvent {
            id: Clean::own(format!("{number:056}")),
            group: Clean::literal("/g"),
            stream: Clean::new(stream),
            at: self.time(at),
            ingested: Some(self.time(at + lag)),
            message: Clean::own(format!("line {number}")),
        };
        self.lines.push((at + lag, event));
    }

    /// Everything that will be written was.
    pub(crate) fn sort(&mut self) {
        self.lines.sort_by(|(_, one), (_, other)| {
            (one.at, one.ingested).cmp(&(other.at, other.ingested))
        });
    }

    pub(crate) fn count(&self) -> usize {
        self.lines.len()
    }

    pub(crate) fn fault(&mut self, seconds: std::ops::Range<u64>, chance: f64, kind: ErrorKind) {
        self.faults.push((seconds, chance, kind));
    }

    fn time(&self, second: f64) -> Time {
        let millis = Duration::from_secs_f64(second.abs()).as_millis();
        let millis = i64::try_from(millis).unwrap() * if second < 0.0 { -1 } else { 1 };
        Time::from_millisecond(self.zero.as_millisecond() + millis).unwrap()
    }

    /// One FilterLogEvents.
    pub(crate) fn filter(&mut self, start: Time, page: Option<PageToken>) -> Reply<Page<LogEvent>> {
        self.calls += 1;
        let now = self.started.elapsed().as_secs_f64();
        let mut faults = self.faults.iter();
        let fault = faults.find(|(seconds, chance, _)| {
            (seconds.start as f64..seconds.end as f64).contains(&now) && self.random.f64() < *chance
        });
        if let Some((_, _, kind)) = fault {
            self.failed += 1;
            return Err(error(*kind));
        }
        let token: usize = page.map_or(0, |page| page.0.trim_start_matches('e').parse().unwrap());
        let first = self.lines.partition_point(|(_, event)| event.at < start);
        let from = first.max(token);
        // Each token is another one, though an empty page goes on from the same place.
        if self.random.f64() < self.empty {
            let again = self.calls as usize;
            return Ok(Page {
                items: Vec::new(),
                next: Some(PageToken(format!("{}{from}", "e".repeat(again % 900 + 1)))),
            });
        }
        let known = self.lines.iter().enumerate().skip(from);
        let known = known.filter(|(_, (ingested, _))| *ingested <= now);
        let mut items = Vec::new();
        let mut next = None;
        for (at, (_, event)) in known {
            if items.len() == self.page {
                next = Some(PageToken(at.to_string()));
                break;
            }
            items.push(event.clone());
        }
        Ok(Page { items, next })
    }
}
