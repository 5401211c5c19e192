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
