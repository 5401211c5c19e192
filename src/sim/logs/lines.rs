//! The lines of a stream, forwards and backwards from any place.
//!
//! Invariant: both directions see the same lines in the same order, by
//! timestamp, and a line is seen only once it has been ingested.

use super::{Stream, template};
use crate::clock::{Millis, Time};
use crate::random::{Random, mix};

/// Within how many milliseconds a line is ordinarily ingested.
const SOON: (Millis, Millis) = (120, 900);

/// The place of a line in its stream: its time, then occasional lines before ordinary
/// ones, then its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) at: Time,
    pub(super) ordinary: bool,
    pub(super) number: u64,
}

impl Place {
    /// Before everything at `at`.
    pub(super) fn start_of(at: Time) -> Self {
        Place {
            at,
            ordinary: false,
            number: 0,
        }
    }
}

/// A line of a log.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) place: Place,
    pub(super) ingested: Time,
    pub(super) message: String,
}

impl Line {
    /// A number of 56 digits, as event ids are; it tells stream and line.
    pub(super) fn event_id(&self, stream: &Stream) -> String {
        let hash = mix(stream.seed ^ mix(self.place.number * 2 + u64::from(self.place.ordinary)));
        format!("39{:014}{:020}{:020}", self.place.at.0, stream.seed, hash)
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "line numbers and milliseconds stay far below 2^53, and casts saturate"
)]
impl Stream {
    /// When the ordinary line `number` is written: one in each interval, anywhere in it.
    fn written(&self, number: u64, rate: f64) -> Time {
        let lag = Random::of(self.seed, "lag", number).fraction();
        self.created + ((number as f64 + lag) * 1_000.0 / rate) as i64
    }

    /// The first ordinary line whose interval can reach `at`.
    fn first_near(&self, at: Time, rate: f64) -> u64 {
        let passed = (at - self.created).max(0) as f64;
        ((passed * rate / 1_000.0).floor() - 1.0).max(0.0) as u64
    }

    fn rate(&self) -> Option<f64> {
        let spec = self.spec()?;
        (spec.rate > 0.0 && !spec.lines.is_empty()).then_some(spec.rate)
    }

    fn ordinary(&self, number: u64, rate: f64, until: Time) -> Option<Line> {
        let at = self.written(number, rate);
        if at >= self.closed.unwrap_or(until).min(until) {
            return None;
        }
        let lines = &self.spec()?.lines;
        let chance = mix(self.seed ^ mix(number.wrapping_add(1 << 40)));
        let line = Random::of(chance, "which", 0).pick(lines)?.as_str();
        Some(Line {
            place: Place {
                at,
                ordinary: true,
                number,
            },
            ingested: self.ingested(at, chance),
            message: template::fill(line, chance),
        })
    }

    /// When a line is ingested: soon, or late, or before the time that it bears.
    fn ingested(&self, at: Time, chance: u64) -> Time {
        let mut random = Random::of(chance, "ingestion", self.seed);
        let soon = random.between(SOON.0, SOON.1);
        let Some(spec) = self.spec() else {
            return at + soon;
        };
        let lot = random.fraction();
        if lot < spec.late {
            at + spec.late_by.draw(&mut random)
        } else if lot < spec.late + spec.ahead {
            (at - spec.ahead_by.draw(&mut random)).max(self.created) + soon
        } else {
            at + soon
        }
    }

    /// How long after its time a line may be ingested.
    pub(super) fn lateness(&self) -> Millis {
        let late = self
            .spec()
            .filter(|spec| spec.late > 0.0)
            .map(|spec| spec.late_by.high);
        late.unwrap_or_default().max(SOON.1).max(self.late)
    }

    /// How far in the future the time of a line may lie that is ingested now.
    pub(super) fn horizon(&self) -> Millis {
        let ahead = self
            .spec()
            .filter(|spec| spec.ahead > 0.0)
            .map(|spec| spec.ahead_by.high);
        ahead.unwrap_or_default().max(self.ahead)
    }

    fn occasional(&self, index: usize) -> Option<Line> {
        let said = self.said.get(index)?;
        Some(Line {
            place: Place {
                at: said.at,
                ordinary: false,
                number: said.number,
            },
            ingested: said.ingested,
            message: said.message.clone(),
        })
    }

    /// Within how long the next line that is kept is ordinarily ingested.
    pub(super) fn soon(&self) -> Millis {
        Random::of(self.count, "ingestion", self.seed).between(SOON.0, SOON.1)
    }

    /// Lines at or after `from` and before `until`, oldest first.
    pub(super) fn forwards(&self, from: Place, until: Time) -> Forwards<'_> {
        let rate = self.rate();
        let said = self.said.partition_point(|said| said.at < from.at);
        Forwards {
            stream: self,
            until,
            from,
            rate,
            number: rate.map_or(0, |rate| self.first_near(from.at, rate)),
            said,
            ready: None,
        }
    }

    /// Up to `count` lines before `before` and not earlier than `from`, oldest first.
    pub(super) fn backwards(
        &self,
        from: Time,
        before: Place,
        now: Time,
        count: usize,
    ) -> Vec<Line> {
        // Reads ever longer stretches until there are enough.
        let mut stretch: i64 = 60_000;
        loop {
            let start = (before.at - stretch).max(from).max(self.begins());
            let mut lines: Vec<Line> = self
                .forwards(Place::start_of(start), before.at + 1)
                .filter(|line| line.place < before && line.ingested <= now)
                .collect();
            if lines.len() >= count || start <= from.max(self.begins()) {
                return lines.split_off(lines.len().saturating_sub(count));
            }
            stretch = stretch.saturating_mul(4);
        }
    }

    /// What time the last line bears that was ingested until `now`.
    pub(super) fn last_written(&self, now: Time) -> Option<Time> {
        self.backwards(
            self.begins(),
            Place::start_of(now + self.horizon() + 1),
            now,
            1,
        )
        .first()
        .map(|line| line.place.at)
    }
}

/// Lines of a stream, oldest first.
pub(super) struct Forwards<'a> {
    stream: &'a Stream,
    from: Place,
    until: Time,
    rate: Option<f64>,
    number: u64,
    said: usize,
    ready: Option<Line>,
}

impl Forwards<'_> {
    fn next_ordinary(&mut self) -> Option<Line> {
        if self.ready.is_none() {
            self.ready = self.stream.ordinary(self.number, self.rate?, self.until);
            self.number += 1;
        }
        self.ready.clone()
    }
}

impl Iterator for Forwards<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        loop {
            let said = self
                .stream
                .occasional(self.said)
                .filter(|line| line.place.at < self.until);
            let ordinary = self.next_ordinary();
            let line = match (said, ordinary) {
                (Some(said), Some(ordinary)) if said.place < ordinary.place => {
                    self.said += 1;
                    said
                }
                (Some(said), None) => {
                    self.said += 1;
                    said
                }
                (_, Some(ordinary)) => {
                    self.ready = None;
                    ordinary
                }
                (None, None) => return None,
            };
            if line.place >= self.from {
                return Some(line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::ecs::Definition;
    use crate::home::Home;
    use crate::world::{ContainerSpec, DefinitionSpec, LogSpec};

    fn stream(rate: f64) -> Stream {
        let home = Home {
            account: "123456789012".to_owned(),
            region: "us-east-1".to_owned(),
            caller: String::new(),
        };
        let log = LogSpec {
            group: "/ecs/web".to_owned(),
            prefix: "ecs".to_owned(),
            rate,
            lines: vec!["a {n:1..1000000}".to_owned(), "b {n:1..1000000}".to_owned()],
            ..LogSpec::default()
        };
        let container = ContainerSpec {
            name: "web".to_owned(),
            log: Some(log),
            ..ContainerSpec::default()
        };
        let spec = DefinitionSpec {
            family: "web".to_owned(),
            container: vec![container],
            ..DefinitionSpec::default()
        };
        let mut stream = Stream::new("ecs/web/1".to_owned(), Time(1_000_000), 42);
        let definition = Arc::new(Definition::of(&spec, None, &home, Time(0)));
        stream.container = Some((definition, 0));
        for message in ["hello", "again"] {
            stream.keep(Time(1_000_500), Time(1_000_700), message.to_owned());
        }
        stream
    }

    #[test]
    fn any_stretch_gives_the_same_lines_as_the_whole() {
        let stream = stream(3.0);
        let whole: Vec<Line> = stream
            .forwards(Place::start_of(Time(0)), Time(1_100_000))
            .collect();
        assert!(whole.is_sorted_by_key(|line| line.place));
        assert_eq!(whole.len(), 300 + 2);
        let mut parts = Vec::new();
        for start in (1_000_000..1_100_000).step_by(7_000) {
            let end = Time((start + 7_000).min(1_100_000));
            parts.extend(stream.forwards(Place::start_of(Time(start)), end));
        }
        assert_eq!(parts, whole);
    }

    #[test]
    fn backwards_gives_the_last_lines_in_order() {
        let stream = stream(0.5);
        let now = Time(5_000_000);
        let whole: Vec<Line> = stream
            .forwards(Place::start_of(Time(0)), now)
            .filter(|line| line.ingested <= now)
            .collect();
        let last = stream.backwards(Time(0), Place::start_of(now), now, 40);
        assert_eq!(last, whole[whole.len() - 40..]);
        let all = stream.backwards(Time(0), Place::start_of(now), now, 1_000_000);
        assert_eq!(all, whole);
    }

    #[test]
    fn a_closed_stream_says_nothing_more() {
        let mut stream = stream(10.0);
        stream.closed = Some(Time(1_002_000));
        let last = stream
            .forwards(Place::start_of(Time(0)), Time(2_000_000))
            .last()
            .unwrap();
        assert!(last.place.at < Time(1_002_000));
    }

    #[test]
    fn some_lines_are_late_and_some_are_stamped_in_the_future() {
        let mut late = stream(10.0);
        let (definition, container) = late.container.take().unwrap();
        let mut definition = Definition::clone(&definition);
        if let Some(log) = definition
            .containers
            .first_mut()
            .and_then(|c| c.log.as_mut())
        {
            (log.late, log.late_by) = (0.1, crate::world::Between::seconds(20, 60));
            (log.ahead, log.ahead_by) = (0.1, crate::world::Between::seconds(20, 60));
        }
        late.container = Some((Arc::new(definition), container));
        let lines: Vec<Line> = late
            .forwards(Place::start_of(Time(1_100_000)), Time(1_300_000))
            .collect();
        let by = |line: &Line| line.ingested - line.place.at;
        let count = |keep: &dyn Fn(i64) -> bool| lines.iter().filter(|l| keep(by(l))).count();
        assert!((120..280).contains(&count(&|by| by >= 20_000)), "late");
        assert!((120..280).contains(&count(&|by| by < 0)), "ahead");
        assert!(lines.iter().all(|line| by(line) <= late.lateness()));
        assert!(lines.iter().all(|line| -by(line) <= late.horizon()));
    }

    #[test]
    fn event_ids_have_56_digits_and_differ() {
        let stream = stream(10.0);
        let lines: Vec<Line> = stream
            .forwards(Place::start_of(Time(0)), Time(1_050_000))
            .collect();
        let ids: std::collections::BTreeSet<String> =
            lines.iter().map(|l| l.event_id(&stream)).collect();
        assert_eq!(ids.len(), lines.len());
        assert!(ids.iter().all(|id| id.len() == 56));
    }
}
