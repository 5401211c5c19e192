//! A log group and its streams.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::clock::Time;
use crate::ecs::Definition;
use crate::world::LogSpec;

/// Streams kept per group; the oldest closed ones go first.
const STREAMS: usize = 5_000;

/// A log group.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) arn: String,
    pub(crate) created: Time,
    pub(crate) retention_days: Option<u32>,
    pub(crate) streams: BTreeMap<String, Stream>,
    /// Names of streams, oldest first.
    pub(super) order: VecDeque<String>,
}

/// Something a container said on an occasion.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) at: Time,
    pub(super) message: String,
}

/// A log stream.
#[derive(Debug)]
pub(crate) struct Stream {
    pub(crate) name: String,
    pub(crate) created: Time,
    pub(crate) closed: Option<Time>,
    pub(super) seed: u64,
    pub(super) definition: Arc<Definition>,
    pub(super) container: usize,
    pub(super) said: VecDeque<Said>,
    /// Occasional lines that are no longer kept.
    pub(super) forgotten: u64,
}

impl Stream {
    pub(super) fn spec(&self) -> Option<&LogSpec> {
        self.definition.containers.get(self.container)?.log.as_ref()
    }
}

impl Group {
    pub(super) fn open(&mut self, stream: Stream) {
        self.order.push_back(stream.name.clone());
        self.streams.insert(stream.name.clone(), stream);
        while self.order.len() > STREAMS {
            let closed = |name: &String| self.streams.get(name).is_none_or(|s| s.closed.is_some());
            let Some(oldest) = self.order.iter().position(closed) else {
                break;
            };
            if let Some(name) = self.order.remove(oldest) {
                self.streams.remove(&name);
            }
        }
    }
}
