//! A log group and its streams.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::clock::{Millis, Time};
use crate::ecs::Definition;
use crate::random::{mix, name_key};
use crate::world::{Between, LogSpec};

/// Lines kept per stream of a container, and of callers, and the bytes of their messages.
const SAID: usize = 2_000;
const PUT: usize = 20_000;
const BYTES: usize = 8 << 20;
/// Bytes that AWS counts beside each message (source: CloudWatch Logs API reference, PutLogEvents).
pub(super) const BESIDE: usize = 26;

/// Streams kept per group; the oldest closed ones go first.
const STREAMS: usize = 5_000;

/// A log group.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) arn: String,
    pub(crate) created: Time,
    pub(crate) retention_days: Option<u32>,
    pub(super) class: String,
    /// Against deletion.
    pub(super) protected: bool,
    /// The share of the lines that callers put that are ingested late, and by how much.
    pub(super) late: f64,
    pub(super) late_by: Between,
    /// Bytes of lines from before the world begins.
    pub(super) stored_before: u64,
    /// How long a query of it runs.
    pub(super) query_takes: Millis,
    pub(crate) streams: BTreeMap<String, Stream>,
    /// Names of streams, oldest first.
    pub(super) order: VecDeque<String>,
}

/// A line that is kept: what a container said on an occasion, or what a caller put there.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) at: Time,
    /// Which of the stream's it is, in the order in which they came.
    pub(super) number: u64,
    pub(super) ingested: Time,
    pub(super) message: String,
}

/// A log stream.
#[derive(Debug)]
pub(crate) struct Stream {
    pub(crate) name: String,
    pub(crate) created: Time,
    pub(crate) closed: Option<Time>,
    pub(super) seed: u64,
    /// The container whose ordinary lines it has; one that a caller made has none.
    pub(super) container: Option<(Arc<Definition>, usize)>,
    /// The lines that are kept, in the order of their times and then of their numbers.
    pub(super) said: VecDeque<Said>,
    /// How many such lines have come.
    pub(super) count: u64,
    /// The bytes of the messages that are kept.
    bytes: usize,
    /// How long after its time a kept line was ingested at most, and how long before it.
    pub(super) late: Millis,
    pub(super) ahead: Millis,
}

impl Stream {
    /// Without any line yet.
    pub(super) fn new(name: String, created: Time, seed: u64) -> Self {
        Stream {
            seed: mix(seed ^ name_key(&name)),
            name,
            created,
            closed: None,
            container: None,
            said: VecDeque::new(),
            count: 0,
            bytes: 0,
            late: 0,
            ahead: 0,
        }
    }

    pub(super) fn spec(&self) -> Option<&LogSpec> {
        let (definition, container) = self.container.as_ref()?;
        definition.containers.get(*container)?.log.as_ref()
    }

    /// About how many bytes it holds: those that are kept, and ordinary lines by their rate and length.
    #[expect(clippy::cast_precision_loss, reason = "of a size a few digits matter")]
    fn size(&self, now: Time) -> f64 {
        let kept = self.said.iter().map(|said| said.message.len() + BESIDE);
        let kept: usize = kept.sum();
        let ordinary = self.spec().map_or(0.0, |spec| {
            let lengths = spec.lines.iter().map(|line| (line.len() + BESIDE) as f64);
            let length = lengths.sum::<f64>() / spec.lines.len().max(1) as f64;
            let open = (self.closed.unwrap_or(now) - self.created).max(0) as f64 / 1_000.0;
            length * spec.rate * open
        });
        kept as f64 + ordinary
    }

    /// From when it can have lines: a caller may put what is older than the stream.
    pub(super) fn begins(&self) -> Time {
        let first = self.said.front().map(|said| said.at);
        first.map_or(self.created, |first| first.min(self.created))
    }

    /// When the last kept line up to `now` was ingested, where it has no others.
    pub(super) fn last_ingested(&self, now: Time) -> Option<Time> {
        let kept = self.said.iter().filter(|_| self.container.is_none());
        kept.map(|said| said.ingested).filter(|at| *at <= now).max()
    }

    /// Keeps a line; the oldest go first when there are many.
    pub(super) fn keep(&mut self, at: Time, ingested: Time, message: String) {
        let number = self.count;
        self.count += 1;
        self.late = self.late.max(ingested - at);
        self.ahead = self.ahead.max(at - ingested);
        self.bytes += message.len();
        let place = self.said.partition_point(|said| said.at <= at);
        let said = Said {
            at,
            number,
            ingested,
            message,
        };
        self.said.insert(place, said);
        let most = if self.container.is_some() { SAID } else { PUT };
        while self.said.len() > most || self.bytes > BYTES {
            let Some(oldest) = self.said.pop_front() else {
                break;
            };
            self.bytes -= oldest.message.len();
        }
    }
}

impl Group {
    /// About how many bytes it holds. AWS counts them hours later; here they are reckoned by the rate of each stream.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a size in bytes, of which a few digits matter"
    )]
    pub(super) fn stored(&self, now: Time) -> u64 {
        let of_streams: f64 = self.streams.values().map(|stream| stream.size(now)).sum();
        self.stored_before.saturating_add(of_streams as u64)
    }

    pub(super) fn open(&mut self, stream: Stream) {
        self.order.push_back(stream.name.clone());
        self.streams.insert(stream.name.clone(), stream);
        while self.order.len() > STREAMS {
            let closed = |name: &String| self.streams.get(name).is_none_or(|s| s.closed.is_some());
            // Those that callers made are never closed.
            let oldest = self.order.iter().position(closed).unwrap_or_default();
            if let Some(name) = self.order.remove(oldest) {
                self.streams.remove(&name);
            }
        }
    }
}
